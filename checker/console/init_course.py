"""``checker grade --init``: the folder or workflow that runs the grading where a course lives.

    gradescope     setup.sh, run_autograder, the problem file; ``--zip FILE``: the archive to upload, files at its root
    prairielearn   a question: info.json, question.html, the Dockerfile of its image, tests/ with the problem file
    github         .github/workflows/derivations.yml

What grades must be what was tried, so the version that is installed is pinned.
"""

from __future__ import annotations

import html
import json
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from ..grading.problem import GradedProblem, read_problems, shown
from ..resources import template_dir
from ..running.loader import UsageError
from ..versions import program

#: What a person does with what was written.
NEXT = {
    "gradescope": "next: upload {archive} as the autograder of a programming assignment; set its points to {points}, "
                  "the sum of the problem file's",
    "prairielearn": "next: build the image of the Dockerfile, name it in info.json; the folder goes below questions/",
    "github": "next: commit {files}; on every pull request the workflow grades what is in {submissions}",
}
#: Where it is written if nothing is said: the root of the repository, a folder of its own.
FOLDERS = {"gradescope": Path("autograder"), "prairielearn": Path("question"), "github": Path()}
#: What becomes executable, and where the problem file goes.
_SCRIPTS = ("setup.sh", "run_autograder", "run.sh")
_HOME = {"gradescope": Path(), "prairielearn": Path("tests"), "github": Path(".github/workflows")}
#: From where the installation runs: the place of a wheel that is taken along, as pip sees it.
_WHEELS = {"gradescope": ("", "./"), "prairielearn": ("", "/tmp/"), "github": (".github/checker", "./.github/checker/")}  # noqa: S108


@dataclass(frozen=True, slots=True)
class Course:
    """What the written files name.  ``install``: a wheel file, or what pip takes; ``timeout``: seconds for a claim."""

    problems: Path
    people: Path
    submissions: str
    install: str
    timeout: float


def default_install() -> str:
    """This version, pinned."""
    return f"derivation-checker=={program()}"


def next_step(kind: str, course: Course, points: Fraction, archive: Path | None) -> str:
    """What a person does now, and what the installation rests on."""
    wheel = course.install.endswith(".whl")
    words = NEXT[kind].format(
        archive=archive or "an archive with these files at its root (--zip FILE writes it)", points=shown(points),
        files="the workflow and the wheel beside it (.github/checker)" if wheel else "the workflow",
        submissions=course.submissions)
    if wheel:
        return words
    return (f"{words}\nnote: pip installs {course.install} there; to take a wheel along instead: make wheel, then "
            "--install dist/NAME.whl")


def people_of(problems: Path) -> Path:
    """Where people's decisions are kept."""
    return problems.with_name("decisions.jsonl")


def init(kind: str, folder: Path, course: Course, archive: Path | None = None) -> list[Path]:
    """Write the files of ``kind`` into ``folder``, and for Gradescope the archive; the paths written.

    Nothing that is there is overwritten.  Raises :class:`UsageError`.
    """
    if not course.problems.is_file():
        raise UsageError(f"{course.problems}: there is no such problem file; it is named in what is written")
    if archive is not None and kind != "gradescope":
        raise UsageError("--zip goes with --init gradescope: the other systems take the files as they are")
    if kind == "github":
        problems, submissions = (_in_repository(Path(p), folder) for p in (course.problems, course.submissions))
        course = replace(course, problems=problems, submissions=submissions.as_posix())
    contents = _contents(kind, course)
    targets = {folder / name: data for name, data in contents.items()}
    for target, data in targets.items():
        if target.exists() and target.read_bytes() != data:
            raise UsageError(f"{target} is there already: move it away, or name another folder with --out")
    for target, data in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if target.name in _SCRIPTS:
            target.chmod(0o755)
    if archive is None:
        return list(targets)
    _write_zip(archive, contents)
    return [*targets, archive]


def _in_repository(path: Path, root: Path) -> Path:
    """As the workflow names it, which runs at the root of the repository.  Raises :class:`UsageError`."""
    if path.resolve().is_relative_to(root.resolve()):
        return path.resolve().relative_to(root.resolve())
    if path.is_absolute():
        raise UsageError(f"{path} is not below {root}: the workflow runs in the repository; name its folder with --out")
    return path


def _contents(kind: str, course: Course) -> dict[str, bytes]:
    """The files by their names in the folder."""
    wheel = Path(course.install)
    taken = wheel.suffix == ".whl"
    if taken and not wheel.is_file():
        raise UsageError(f"--install {wheel}: there is no such file; `make wheel` in a checkout builds one into dist/")
    place, prefix = _WHEELS[kind]
    values = {
        "install": prefix + wheel.name if taken else course.install, "submissions": course.submissions,
        "problems": course.problems.as_posix() if kind == "github" else course.problems.name,
        "timeout": f"{course.timeout:g}",
    }
    for name, value in values.items():
        if any(c in value for c in '"$`\\\n'):
            raise UsageError(f"{name} {value!r}: quotes, $, `, \\ and line ends cannot stand in a script")
    source = template_dir() / "init" / kind
    out: dict[str, bytes] = {}
    if kind == "prairielearn":
        values |= _question(read_problems(course.problems), wheel.name if taken else None)
        out["solution.tex"] = _solution(read_problems(course.problems)).encode()
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        home = _HOME[kind] if kind == "github" else Path()
        out[str(home / path.relative_to(source))] = _filled(path.read_text("utf-8"), values)
    if kind != "github":
        for p in (course.problems, course.people):
            if p.is_file():
                out[str(_HOME[kind] / p.name)] = p.read_bytes()
    if taken:
        out[str(Path(place, wheel.name))] = wheel.read_bytes()
    return out


def _filled(template: str, values: Mapping[str, str]) -> bytes:
    for name, value in values.items():
        template = template.replace(f"@@{name}@@", value)
    return template.encode()


def _question(problems: list[GradedProblem], wheel: str | None) -> dict[str, str]:
    """What a PrairieLearn question says besides; its identity is that of the problems, so that it is kept."""
    title = ", ".join(p.title for p in problems)
    headings = "\n".join(f"    <li><code>\\section*{{{html.escape(p.id)}}}</code> {html.escape(p.title)} "
                         f"({shown(p.points)} points): {html.escape(_asked(p))}</li>" for p in problems)
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, "derivation-checker:" + ":".join(p.id for p in problems))),
        "title": json.dumps(title, ensure_ascii=False)[1:-1], "headings": headings,
        "copy": f"COPY {wheel} /tmp/\n" if wheel else "",
    }


def _asked(p: GradedProblem) -> str:
    """The task in a sentence, from the problem file; the lecturer writes a better one."""
    start, goal = (f"\\({x.strip()}\\)" if x else "" for x in (p.start, p.goal))
    return f"from {start} to {goal}" if start and goal else f"show {goal}" if goal else f"begin with {start}"


def _solution(problems: list[GradedProblem]) -> str:
    """What the students' editor shows first."""
    return "\n".join(f"\\section*{{{p.id}}}\n\\begin{{align*}}\n\n\\end{{align*}}\n" for p in problems)


def _write_zip(archive: Path, contents: Mapping[str, bytes]) -> None:
    """Files at the root, scripts executable; the same files give the same bytes."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o755 if Path(name).name in _SCRIPTS else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(entry, data)


def points_of_assignment(metadata: Path, problems: Sequence[GradedProblem]) -> str:
    """Whether Gradescope's assignment has the points of the problem file; for the instructor, who sees the output."""
    ours = sum((p.points for p in problems), Fraction(0))
    try:
        theirs = float(json.loads(metadata.read_text(encoding="utf-8"))["assignment"]["total_points"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"{metadata}: says nothing of the assignment's points; they should be {shown(ours)}"
    if theirs != float(ours):
        return (f"the assignment has {theirs:g} points in Gradescope and {shown(ours)} in the problem file: "
                "make them equal, or the scores do not add up to it")
    return f"the assignment has {theirs:g} points, as the problem file"


__all__ = ["Course", "default_install", "init", "next_step", "people_of", "points_of_assignment"]
