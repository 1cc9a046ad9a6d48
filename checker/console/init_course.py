"""``checker grade --init``: the folder or workflow that runs the grading where a course lives."""

from __future__ import annotations

import shutil
from pathlib import Path
from string import Template

from ..resources import template_dir
from ..running.loader import UsageError

KINDS = ("gradescope", "github")
INSTALL = "derivation-checker"


def init(kind: str, folder: Path, problems: Path, submissions: str, install: str, timeout: str) -> list[Path]:
    """Write the files of ``kind`` into ``folder`` and return them; nothing that is there is overwritten.

    Gradescope: ``setup.sh``, ``run_autograder`` and the problem file, to be zipped from inside the folder.  GitHub:
    ``.github/workflows/derivations.yml``.  Raises :class:`UsageError`.
    """
    if not problems.is_file():
        raise UsageError(f"{problems}: there is no such problem file; it is named in what is written")
    values = {"install": install, "problems": problems.name if kind == "gradescope" else problems.as_posix(),
              "submissions": submissions, "timeout": timeout}
    for name, value in values.items():
        if any(c in value for c in '"$`\\\n'):
            raise UsageError(f"{name} {value!r}: quotes, $, `, \\ and line ends cannot stand in a script")
    where = folder if kind == "gradescope" else folder / ".github" / "workflows"
    sources = sorted((template_dir() / "init" / kind).iterdir())
    targets = [where / s.name for s in sources]
    if kind == "gradescope":
        targets.append(where / problems.name)
    for target in targets:
        if target.exists() and not (target.resolve() == problems.resolve()):
            raise UsageError(f"{target} is there already: move it away, or name another folder with --out")
    where.mkdir(parents=True, exist_ok=True)
    for source, target in zip(sources, targets, strict=False):
        target.write_text(Template(source.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
        if kind == "gradescope":
            target.chmod(0o755)
    if kind == "gradescope" and not targets[-1].exists():
        shutil.copy(problems, targets[-1])
    return targets


__all__ = ["INSTALL", "KINDS", "init"]
