"""``checker watch``: check again whenever a file is saved, and say what changed.

The files are looked at a few times a second (their times and sizes).  That needs no library, works where a system's
notifications do not (network folders, containers), and survives editors that replace a file when they save it.  What is
not edited comes back from the verdict store, so a round costs what the edited lines cost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..records import Decision, Run
from ..running.config import Options
from . import derivations, rows
from .screen import problem_lines

EVERY, QUIET = 0.3, 0.2          # seconds: between looks; without a change before a round begins
MOST_FILES = 5000
MOST_KEPT = 8                    # what is as before is shown again up to so many lines
#: Derivations and what they read: prose, chapters, notation.
_SUFFIXES = (".py", ".tex", ".ltx", ".md", ".ipynb", ".zip", ".notation", ".sty")
_MARKS = {"proved": "✓", "refuted": "✗", "undecided": "?"}

Stamp = Mapping[Path, tuple[int, int]]
Key = tuple[str, str]            # file and claim: what a verdict belongs to, wherever the line moves


@dataclass(frozen=True, slots=True)
class Round:
    """One look at everything.  ``verdicts``: the decision on each claim; ``errors``: as printed."""

    verdicts: Mapping[Key, Decision]
    errors: tuple[str, ...]
    summary: str

    @staticmethod
    def of(run: Run, root: Path) -> Round:
        errors = tuple("\n".join(problem_lines(p, root)) for p in run.problems)
        told = " ".join(filter(None, (rows.summary(run), derivations.summary(run))))
        return Round({(d.stated.file, d.stated.claim.hash): d for d in run.decisions}, errors, told)


def changes(before: Round | None, now: Round) -> Iterator[str]:
    """What is new; the first round tells what is not as expected."""
    if before is None:
        yield from (_line(d) for d in now.verdicts.values() if not d.as_expected)
        yield from now.errors
        return
    for key, d in now.verdicts.items():
        was = before.verdicts.get(key)
        if was is None or was.verdict != d.verdict:
            yield _line(d) + (f"   (was {was.verdict})" if was is not None else "")
    gone = [d for key, d in before.verdicts.items() if key not in now.verdicts and not d.as_expected]
    yield from (f"  gone: {rows.statement(d.stated.claim)} ({d.verdict})" for d in gone)
    yield from (error for error in now.errors if error not in before.errors)
    mended = [error for error in before.errors if error not in now.errors]
    yield from (f"  mended: {error.partition(chr(10))[0]}" for error in mended)


def still(before: Round | None, now: Round) -> list[str]:
    """What was not as expected before, and is not now: the screen was cleared since it was told."""
    if before is None:
        return []
    kept = [_line(d) for key, d in now.verdicts.items()
            if not d.as_expected and key in before.verdicts and before.verdicts[key].verdict == d.verdict]
    kept += [error.partition("\n")[0] for error in now.errors if error in before.errors]
    more = [f"  and {len(kept) - MOST_KEPT} more"] if len(kept) > MOST_KEPT else []
    return [*kept[:MOST_KEPT], *more]


def _line(d: Decision) -> str:
    mark = _MARKS[d.verdict] if d.as_expected or d.verdict != "proved" else "!"
    odd = "" if d.as_expected else f", expected {d.stated.expected}"
    return (f"{mark} {place_of(d)}: {d.verdict}{odd}: {rows.clip(rows.statement(d.stated.claim), 160)}  "
            f"[{rows.clip(rows.because(d), 160)}]")


def place_of(d: Decision) -> str:
    return f"{d.stated.file}:{d.stated.line}"


def stamp(options: Options) -> Stamp:
    """Time and size of every file that may matter: those named, and what lies beside them."""
    folders = {(p, 20) if p.is_dir() else (p.parent, 1) for p in options.paths}
    files = {f.resolve() for folder, depth in folders for f in _below(folder, depth)}
    files |= {p.resolve() for p in (*options.paths, options.notation) if p is not None and not p.is_dir()}
    found: dict[Path, tuple[int, int]] = {}
    for file in sorted(files)[:MOST_FILES]:
        try:
            s = file.stat()
        except OSError:
            continue         # between an editor's delete and its rename
        found[file] = s.st_mtime_ns, s.st_size
    return found


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """Of a file that is named, its neighbours and the chapters one folder below."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name[0] in "._" or path.name == "build":
            continue
        if path.is_dir():
            if depth and not path.is_symlink():
                yield from _below(path, depth - 1)
        elif path.suffix.lower() in _SUFFIXES:
            yield path


def watch(options: Options, decide: Callable[[Options], Run], write: Callable[[str], None], clear: Callable[[], None],
          *, rounds: int | None = None, sleep: Callable[[float], None] = time.sleep) -> Round:
    """Until interrupted (``rounds``: so many times); the last round."""
    before: Round | None = None
    seen = stamp(options)
    while True:
        now = Round.of(decide(options), options.root)
        clear()
        told = list(changes(before, now))
        for text in told or ["no verdict changed"]:
            write(text)
        if kept := still(before, now):
            write("\nas before:")
            for text in kept:
                write(text)
        write(f"\n{now.summary}\nwatching {len(seen)} files; Ctrl-C ends")
        before = now
        if rounds is not None and (rounds := rounds - 1) <= 0:
            return now
        seen = _next(options, seen, sleep)


def _next(options: Options, seen: Stamp, sleep: Callable[[float], None]) -> Stamp:
    """Wait for a change, then until the saving is over."""
    now = stamp(options)
    while now == seen or not all(p.exists() for p in options.paths):
        sleep(EVERY)
        now = stamp(options)
    while True:
        sleep(QUIET)
        if (later := stamp(options)) == now:
            return now
        now = later


__all__ = ["Round", "changes", "stamp", "still", "watch"]
