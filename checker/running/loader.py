"""From paths to documents: finds derivation files, loads each in a limited worker, remembers.

A file that fails is a :class:`Problem` with its name (and its line, where Python can tell); the others
load all the same.  What a file stated is remembered under the hashes of everything it read, so a
second run need not import SymPy.
"""

from __future__ import annotations

import difflib
import re
import tempfile
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..records import Document, Problem
from .config import Options
from .limits import Ended, Failed
from .loading import EXIT_CALLED, relative
from .store import Moment, Store

_NOT_OF_IDS = re.compile(r"[^A-Za-z0-9_.-]+")
_CODES = {"time": "load-timeout", "memory": "load-memory", "crash": "load-crash", "error": "load-error"}


class UsageError(ValueError):
    """A path or option that cannot be used."""


@dataclass(frozen=True, slots=True)
class Loaded:
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]


#: Documents with formulas in LaTeX.  In a folder only those that say so are derivations (:func:`marked`).
WRITTEN = (".tex", ".ltx", ".md", ".ipynb", ".zip")
_MARK = re.compile(
    r"^[ \t]*%+[ \t]*(?:notation|checker)[ \t]*:"                       # a LaTeX comment
    r"|^[ \t]*<!--[ \t]*(?:notation|checker)[ \t]*:"                    # a Markdown comment
    r"|\A---[ \t]*\n(?:(?!---).*\n){0,200}?(?:notation|checker|course)[ \t]*:"   # a key of the front matter
    r"|^[ \t]*```[ \t]*\{?notation\b"                                  # a fenced notation block
    r'|"[^"\n]*(?:%|<!--|---\\n)[ \t]*(?:notation|checker)[ \t]*:'      # any of them in a notebook's cell
    r'|"notation[ \t]*:', re.MULTILINE)


def find_files(paths: Sequence[Path], everything: bool = False) -> list[Path]:
    """Derivation files below each folder, except names that begin with ``_`` or ``.`` (helpers): ``*.py``, and
    documents in LaTeX that are marked as derivations (``everything``: all of them).  A file that is named is read.

    Raises :class:`UsageError` for a path that is not there or not a derivation file.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.suffix.lower() in (".py", *WRITTEN)):
                hidden = any(part[0] in "_." for part in file.relative_to(path).parts)
                prose = everything and file.with_suffix(".py").is_file()      # of a Python derivation
                if not hidden and file.is_file() and (
                        file.suffix == ".py" or everything and not prose or marked(file)):
                    found.setdefault(file.resolve())
        elif not path.exists():
            raise UsageError(f"{path}: there is no such file or folder{_nearest(path)}")
        elif not path.is_file():
            raise UsageError(f"{path} is no ordinary file")
        elif path.suffix.lower() not in (".py", *WRITTEN):
            raise UsageError(f"{path}: a derivation file ends in .py, {', '.join(WRITTEN[:-1])} or {WRITTEN[-1]}")
        else:
            found.setdefault(path.resolve())
    return list(found)


def _nearest(path: Path) -> str:
    """What was meant by a path that is not there; the folder that is the default is named by nobody."""
    try:
        near = difflib.get_close_matches(path.name, [p.name for p in path.parent.iterdir()], 1, 0.7)
    except OSError:
        near = []
    if near:
        return f"; did you mean {path.with_name(near[0])}?"
    return "; name what to check, e.g. checker check homework.tex" if path.name == "derivations" else ""


def source_of(file: str, known: Container[str]) -> str:
    """The file among ``known`` that it stands in: of a document in a zip (``hw.zip/main.tex``) the zip."""
    while file not in known and "/" in file:
        file = file.rpartition("/")[0]
    return file


def marked(file: Path) -> bool:
    """Does a document say that it is a derivation: by a notation block or a ``checker:`` mark?  The prose of a
    Python derivation, a README or a chapter that is \\input says no such thing."""
    if file.suffix.lower() == ".zip":
        return False
    try:
        with file.open(encoding="utf-8", errors="replace") as f:
            return _MARK.search(f.read(200_000)) is not None
    except OSError:
        return False


def load(files: Sequence[Path], options: Options, store: Store) -> Loaded:
    """The documents of ``files``, in order, and what went wrong."""
    found = load_each(files, options, store)
    documents = [d for file in files for d in found[file].documents]
    return Loaded(tuple(distinct(documents)), tuple(p for file in files for p in found[file].problems))


def load_each(files: Sequence[Path], options: Options, store: Store) -> dict[Path, Loaded]:
    """File by file; derivations of different files may have one id."""
    found: dict[Path, Loaded] = {}
    for file in files:
        if (known := store.document(file, *_context(options))) is not None:
            found[file] = _read(known, file, options)
    missing = [f for f in files if f not in found]
    if missing:
        found.update(_load_afresh(missing, options, store))
    return found


def _read(answer: Any, file: Path, options: Options) -> Loaded:
    """What a worker says that ``file`` states.  It has handled somebody's text: what it says of other files, whose
    documents and whose failures are others', is not believed.  Raises :class:`_Unbelievable`."""
    name = relative(str(file), str(options.root))
    try:
        loaded = Loaded(tuple(Document.from_json(d) for d in answer["documents"]),
                        tuple(Problem(**p) for p in answer["problems"]))
        places = [d.file for d in loaded.documents]
        places += [p.file for p in loaded.problems if p.code.startswith(("load", "unreadable"))]
        for file_read in answer["inputs"]:
            Path(file_read)
        own = all(place == name or place.startswith(f"{name}/") for place in places) and all(
            c.id.startswith(f"{d.id}.") for d in loaded.documents for c in d.claims)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise _Unbelievable("its answer has no known shape") from error
    if not own and file.suffix.lower() != ".py":    # that is a program, which may do what we may
        raise _Unbelievable("its answer speaks of other documents")
    return loaded


class _Unbelievable(ValueError):
    pass


def _context(options: Options) -> tuple[str, ...]:
    """What a file is read with besides itself."""
    return str(options.root), str(options.notation or ""), options.alone, str(options.asked or "")


def distinct(documents: Sequence[Document]) -> list[Document]:
    """Derivations in LaTeX have the name of their file, and students hand in files of one name: those that share
    an id get the names of their folders before it, or their suffix behind it."""
    taken = Counter(d.id for d in documents)
    seen: set[str] = {d.id for d in documents if taken[d.id] == 1}
    out: list[Document] = []
    for d in documents:
        if taken[d.id] > 1 and d.lines:
            folders = [_NOT_OF_IDS.sub("-", part).strip("-.") for part in Path(d.file).parts[:-1]]
            candidates = [".".join([*filter(None, folders[k:]), d.id]) for k in range(len(folders) - 1, -1, -1)]
            candidates += [f"{c}.{Path(d.file).suffix[1:]}" for c in (d.id, *candidates)]
            candidates += [f"{d.id}.{k}" for k in range(2, len(documents) + 2)]
            name = next(c for c in candidates if c not in seen and not (c == d.id))
            d = renamed(d, name)
        seen.add(d.id)
        out.append(d)
    return out


def renamed(document: Document, id: str) -> Document:
    """The same derivation in LaTeX by another id; the ids of its claims begin with it."""
    def new(name: str) -> str:
        return id + name[len(document.id):]

    claims = tuple(replace(c, id=new(c.id), parent=None if c.parent is None else new(c.parent))
                   for c in document.claims)
    lines = tuple(replace(
        line, claims=tuple(map(new, line.claims)), never=new(line.never) if line.never else "",
        needs=tuple(tuple(replace(o, claims=tuple(map(new, o.claims))) for o in need) for need in line.needs))
        for line in document.lines)
    return replace(document, id=id, claims=claims, lines=lines)


def _load_afresh(files: Sequence[Path], options: Options, store: Store) -> dict[Path, Loaded]:
    from .workers import READING, Workers  # 90 ms that a second run need not pay

    found: dict[Path, Loaded] = {}
    before = Moment(files)
    count = min(len(files), 2 * options.jobs)
    with (
        tempfile.TemporaryDirectory(prefix="checker-") as boxes,
        Workers(count, options.limits, fresh=True, boxed=False,              # a document's boxes itself
                preload=READING if any(f.suffix.lower() in WRITTEN for f in files) else ()) as workers,
    ):
        futures = {}
        for k, file in enumerate(files):
            box = Path(boxes, str(k))
            futures[file] = box, workers.submit(
                "load_file", str(file), str(options.root), str(box), options.limits.seconds,
                "" if options.notation is None else str(options.notation), options.alone,
                "" if options.asked is None else str(options.asked),
            )
        for file, (box, future) in futures.items():
            match future.result():
                case Ended(answer):
                    try:
                        found[file] = _read(answer, file, options)
                    except _Unbelievable as error:
                        failed = Failed("crash", str(error))
                        found[file] = Loaded((), (_never_came_back(file, failed, box, options),))
                    else:
                        store.remember_document(file, answer, *_context(options), before=before)
                case Failed() as failed:
                    found[file] = Loaded((), (_never_came_back(file, failed, box, options),))
    return found


def _never_came_back(file: Path, failed: Failed, box: Path, options: Options) -> Problem:
    name = relative(str(file), str(options.root))
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
