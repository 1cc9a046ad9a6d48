"""From paths to documents: finds derivation files, loads each in a limited worker, remembers.

A file that fails is a :class:`Problem` with its name (and its line, where Python can tell); the others
load all the same.  What a file stated is remembered under the hashes of everything it read, so a
second run need not import SymPy.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..records import Document, Problem
from .config import Options
from .limits import Ended, Failed
from .loading import EXIT_CALLED
from .store import Store

_CODES = {"time": "load-timeout", "memory": "load-memory", "crash": "load-crash", "error": "load-error"}


class UsageError(ValueError):
    """A path or option that cannot be used."""


@dataclass(frozen=True, slots=True)
class Loaded:
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Derivation files: ``*.py`` below each folder, except names that begin with ``_`` or ``.`` (helpers).

    Raises :class:`UsageError` for a path that is not there or not a derivation file.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*.py")):
                if not any(part[0] in "_." for part in file.relative_to(path).parts):
                    found.setdefault(file.resolve())
        elif not path.exists():
            raise UsageError(f"{path}: there is no such file or folder")
        elif path.suffix != ".py":
            raise UsageError(f"{path}: a derivation file ends in .py")
        else:
            found.setdefault(path.resolve())
    return list(found)


def load(files: Sequence[Path], options: Options, store: Store) -> Loaded:
    """The documents of ``files``, in order, and what went wrong."""
    answers: dict[Path, dict[str, Any]] = {}
    for file in files:
        if (known := store.document(file)) is not None:
            answers[file] = known
    missing = [f for f in files if f not in answers]
    if missing:
        answers.update(_load_afresh(missing, options, store))
    documents: list[Document] = []
    problems: list[Problem] = []
    for file in files:
        documents += [Document.from_json(d) for d in answers[file]["documents"]]
        problems += [Problem(**p) for p in answers[file]["problems"]]
    return Loaded(tuple(documents), tuple(problems))


def _load_afresh(files: Sequence[Path], options: Options, store: Store) -> dict[Path, dict[str, Any]]:
    from .workers import Workers  # 90 ms that a second run need not pay

    answers: dict[Path, dict[str, Any]] = {}
    count = min(len(files), 2 * options.jobs)
    with (
        tempfile.TemporaryDirectory(prefix="checker-") as boxes,
        Workers(count, options.limits, fresh=True) as workers,
    ):
        futures = {}
        for k, file in enumerate(files):
            box = Path(boxes, str(k))
            futures[file] = box, workers.submit(
                "load_file", str(file), str(options.root), str(box), options.limits.seconds
            )
        for file, (box, future) in futures.items():
            match future.result():
                case Ended(answer):
                    answers[file] = answer
                    store.remember_document(file, answer)
                case Failed() as failed:
                    problem = _never_came_back(file, failed, box, options)
                    answers[file] = {"documents": [], "problems": [problem.to_json()]}
    return answers


def _never_came_back(file: Path, failed: Failed, box: Path, options: Options) -> Problem:
    name = str(file.relative_to(options.root)) if file.is_relative_to(options.root) else str(file)
    line = _last_line(box, file)
    seconds = f"{options.limits.seconds:g} s"
    messages = {
        "time": f"still loading after {seconds}" + (": it was at this line" if line else "")
        + ". Look for a loop without end; `--timeout` allows more",
        "memory": f"loading {failed.detail}; `--memory` allows more",
        "error": f"loading failed: {failed.detail}",
    }
    message = messages.get(failed.cause, f"loading failed: {failed.detail}")
    if f"exit status {EXIT_CALLED}" in failed.detail:
        message = "this ends the process (os._exit); a derivation file only states claims. Remove the call"
        return Problem(name, line, None, "exit", message)
    return Problem(name, line, None, _CODES[failed.cause], message)


def _last_line(box: Path, file: Path) -> int | None:
    """The line of ``file`` on the innermost frame of the last stack in the black box."""
    try:
        text = box.read_text(encoding="utf-8", errors="replace")[-100_000:]
    except OSError:
        return None
    for stack in reversed(re.split(r"(?m)^(?:Current thread|Thread) .*$", text)):
        if found := re.search(rf'File "{re.escape(str(file))}", line (\d+)', stack):
            return int(found[1])
    return None
