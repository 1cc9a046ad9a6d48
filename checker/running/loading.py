"""Inside the worker: run or read one derivation file and bring back what it states.

A file in LaTeX, Markdown, a notebook or a zip of them is read (``reading.derivations``); nothing of it is run.
A Python derivation file is a program that states claims; it runs under ``sympy.evaluate(False)`` with its
folder first on the import path.  It comes back as plain data: documents, problems, and the files it
read (so that the parent knows when a cached answer is stale).

Files that never come back leave a *black box*: Python's fault handler writes the stack of a crash, of
a file that is still running when its time is nearly up, or of a call to ``os._exit``; from it the
parent reads the line.
"""

from __future__ import annotations

import difflib
import faulthandler
import inspect
import io
import os
import re
import sys
import sysconfig
import traceback
import types
import warnings
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TextIO

from ..records import Document, Problem
from . import sandbox
from .headings import Asked
from .statements import Refusal, Statements

#: Sources larger than this are not derivations.
MAX_SOURCE = 2_000_000
#: How a worker ends whose file called os._exit: never 0, which would look like an idle worker.
EXIT_CALLED = 86


def load_file(path: str, root: str, black_box: str, seconds: float, notation: str = "", alone: str = "",
              asked: str = "") -> dict[str, Any]:
    """What the file states: ``{"documents": [...], "problems": [...], "inputs": [paths]}``.

    ``notation``: a file with a notation block, for documents in LaTeX that have none.  ``asked``: a file with problems
    and their notations (:class:`~.headings.Asked`): each derivation is read with that of the problem it answers.
    ``alone``: such a document takes in files of its own ``folder`` only, or none at all (``file``)."""
    box = open(black_box, "w", encoding="utf-8")  # until the process ends
    name = relative(path, root)
    written = Path(path).suffix.lower() != ".py"
    if written:
        sandbox.enter([*_needed(path, root, notation, alone), *([Path(asked)] if asked else [])])
    faulthandler.enable(file=box)
    faulthandler.dump_traceback_later(0.9 * seconds, repeat=True, file=box)
    opened = _note_opened_files()
    modules = set(sys.modules)
    read: list[str] = []
    try:
        documents, problems = (_read_written(path, root, name, notation, read, alone, asked) if written
                               else _run(path, name, box))
    finally:
        faulthandler.cancel_dump_traceback_later()
    new = [sys.modules[key] for key in set(sys.modules) - modules]
    imported = {str(file) for m in new if (file := getattr(m, "__file__", None))}
    prose = {str(Path(root, d.prose_file)) for d in documents if d.prose_file}
    inputs = {os.path.realpath(p) for p in (*opened, *imported) if _is_input(p)}
    inputs |= {os.path.realpath(p) for p in (path, *prose, *read)}
    return {
        "documents": [(d if written else _renamed(d, path, root)).to_json() for d in documents],
        "problems": [p.to_json() for p in problems],
        "inputs": sorted(inputs),
    }


def _read_written(path: str, root: str, name: str, notation: str, read: list[str], alone: str, asked: str
                  ) -> tuple[list[Document], list[Problem]]:
    """The derivations of a document in LaTeX; ``read`` gets the other files that it took in."""
    import sympy

    from ..reading.derivations import derivations
    from ..reading.documents import read_page, read_pages

    zipped, below = Path(path).suffix.lower() == ".zip", _below(path, root, alone)
    shared = Path(notation).read_text(encoding="utf-8") if notation else ""
    read += [notation] if notation else []
    with warnings.catch_warnings(), sympy.evaluate(False):
        warnings.simplefilter("ignore")
        pages = read_pages(Path(path)) if zipped else (read_page(Path(path), below, alone == "file"),)
        named = [(page, f"{name}/{page.file}" if zipped else name) for page in pages]
        if asked:
            told = Asked.read(Path(asked))
            found = [derivations(page, file, one, partial(told.wanted, notation=one))
                     for page, file in named for one in told.notations()]
        else:
            found = [derivations(page, file, shared) for page, file in named]
    read += [] if zipped else [str(below / p) for page in pages for p in page.inputs]
    return [d for documents, _ in found for d in documents], [p for _, problems in found for p in problems]


def _below(path: str, root: str, alone: str) -> Path:
    """The folder that a document may take other files from."""
    inside = not alone and Path(path).resolve().is_relative_to(Path(root).resolve())
    return Path(root) if inside else Path(path).parent


def _needed(path: str, root: str, notation: str, alone: str) -> list[Path]:
    """All that may be read for a document."""
    single = alone == "file" or Path(path).suffix.lower() == ".zip"
    return [Path(path) if single else _below(path, root, alone), *([Path(notation)] if notation else [])]


def _run(path: str, name: str, box: TextIO) -> tuple[list[Document], list[Problem]]:
    import sympy

    from ..language import derivation

    def problem(code: str, message: str, line: int | None = None, column: int | None = None) -> Problem:
        return Problem(name, line, column, code, message)

    module = types.ModuleType(Path(path).stem)
    module.__file__ = path
    try:
        source = _read(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            statements = Statements(source, path, module.__dict__)
    except SyntaxError as error:
        return [], [problem("syntax", _syntax_message(error), error.lineno, error.offset)]
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        return [], [problem("unreadable", f"cannot be read as Python: {error or type(error).__name__}")]

    sys.modules.setdefault(module.__name__, module)
    sys.path.insert(0, str(Path(path).parent))
    sys.dont_write_bytecode = True
    sys.argv = [path]
    leave = _watch_exit(box)
    printed = _Printed(path)
    sys.stdout = sys.stderr = printed
    below = _capture_descriptors()
    derivation.reset()
    try:
        with warnings.catch_warnings(), sympy.evaluate(False):
            warnings.simplefilter("ignore")
            statements.run()
    finally:
        os._exit = leave  # the worker's own way out
    documents = derivation.collected()
    problems = [_problem_of(r, path, name, module.__dict__) for r in statements.refused]
    if text := printed.text or _written(below):
        problems.append(problem(
            "output",
            f"this prints {_excerpt(text)}: a derivation file only states claims. Remove the output; "
            "a sentence for the reader goes into text= or the prose",
            printed.line,
        ))
    return list(documents), problems


def _read(path: str) -> bytes:
    size = os.path.getsize(path)
    if size > MAX_SOURCE:
        raise ValueError(f"{size} bytes are more than a derivation file has (limit {MAX_SOURCE})")
    return Path(path).read_bytes()


# ----------------------------------------------------------------------- errors, for people


def _syntax_message(error: SyntaxError) -> str:
    text = error.msg or "not Python"
    if "was never closed" in text or "EOF" in text:
        return f"{text}: the file ends before the bracket is closed"
    return text


def _problem_of(refusal: Refusal, path: str, name: str, namespace: dict[str, Any]) -> Problem:
    """Where in the file it happened, what would help, and what else was not read for it."""
    error = refusal.error
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f.filename == path]
    line = own[-1].lineno if own else None
    column = own[-1].colno + 1 if own and own[-1].colno is not None else None
    code, message = _explain(error, namespace)
    other = [f for f in frames if f.filename != path and _is_input(f.filename)]
    if other and frames.index(other[-1]) > (frames.index(own[-1]) if own else -1):
        message += f" (in {Path(other[-1].filename).name}, line {other[-1].lineno})"
    if refusal.rests:
        lines = list(dict.fromkeys(refusal.rests))
        shown = ", ".join(map(str, lines[:20])) + (", ..." if len(lines) > 20 else "")
        message += f". Not read for it: line{'s' if len(lines) > 1 else ''} {shown}"
    if refusal.ends:
        message += ". What stands below it in the file is not read"
    return Problem(name, line, column, code, message)


def _explain(error: BaseException, namespace: dict[str, Any]) -> tuple[str, str]:
    match error:
        case NameError(name=str(missing)):
            near = difflib.get_close_matches(missing, [n for n in namespace if not n.startswith("__")], 1)
            hint = f"did you mean `{near[0]}`?" if near else _how_to_declare(missing)
            return "unknown-name", f"unknown name `{missing}`; {hint}"
        case ModuleNotFoundError(name=str(missing)):
            return "import", f"there is no module `{missing}`; helper files stand beside the derivation file"
        case ImportError():
            return "import", _no_such_import(str(error))
        case AttributeError(name=str(missing), obj=obj) if type(obj).__module__.startswith("checker."):
            return "load-error", f"a {type(obj).__name__} has no `{missing}`{_meant(missing, dir(type(obj)))}"
        case TypeError() if (m := _KEYWORD.match(str(error))) is not None and m[1] in _derivation_keywords():
            known = _derivation_keywords()[m[1]]
            return "load-error", f"{m[1]}(...) takes no `{m[2]}=`{_meant(m[2], known)}; it takes {', '.join(known)}"
        case SystemExit():
            return "exit", "this ends the program; a derivation file only states claims. Remove the call"
        case MemoryError():
            return "load-memory", "this needs more memory than a derivation file may use"
        case RecursionError():
            return "load-error", "this recurses without end"
        case SyntaxError(filename=str(filename), lineno=lineno):
            return "syntax", f"{error.msg} in {Path(filename).name}, line {lineno}"
    code = getattr(error, "code", None)
    if type(error).__name__ == "StatementError":
        return (code if isinstance(code, str) else "statement"), str(error)
    text = _excerpt(str(error), 300, quote=False)
    return "load-error", f"{type(error).__name__}: {text}" if text else type(error).__name__


_KEYWORD = re.compile(r"Derivation\.(\w+)\(\) got an unexpected keyword argument '(\w+)'")
_IMPORT = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")


def _meant(missing: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(missing, [n for n in names if not n.startswith("_")], 1)
    return f" (did you mean `{near[0]}`?)" if near else ""


def _no_such_import(text: str) -> str:
    """Without the path of a library on this machine, and with the name that was meant."""
    m = _IMPORT.match(text)
    if m is None:
        return text
    return f"cannot import name `{m[1]}` from `{m[2]}`{_meant(m[1], dir(sys.modules.get(m[2], object)))}"


def _derivation_keywords() -> dict[str, list[str]]:
    """What the methods of a derivation take by name."""
    from ..language.derivation import Derivation

    return {name: [p.name for p in inspect.signature(method).parameters.values() if p.kind is p.KEYWORD_ONLY]
            for name, method in vars(Derivation).items() if inspect.isfunction(method)}


def _how_to_declare(missing: str) -> str:
    if missing in ("symbols", "Rational", "exp", "log", "sqrt", "oo", "pi", "Sum", "Integral", "I", "Eq"):
        return f"import it: from sympy import {missing}"
    if missing in ("Derivation", "limit", "forall", "exists"):
        return f"import it: from checker import {missing}"
    return f'declare it, for example: {missing} = symbols("{missing}", real=True)'


def _excerpt(text: str, length: int = 60, *, quote: bool = True) -> str:
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    flat = flat if len(flat) <= length else flat[: length - 1] + "…"
    return repr(flat) if quote else flat


# ------------------------------------------------------------------------- output and exits


class _Printed(io.TextIOBase):
    """Stands in for stdout and stderr; remembers what was written first, and from which line."""

    def __init__(self, path: str) -> None:
        self.path, self.text = path, ""
        self.line: int | None = None

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.line is None and text:
            frame = sys._getframe(1)
            while frame is not None and frame.f_code.co_filename != self.path:
                frame = frame.f_back  # type: ignore[assignment]
            self.line = frame.f_lineno if frame is not None else None
        if len(self.text) < 1000:
            self.text += text[:1000]
        return len(text)


def _capture_descriptors() -> int:
    """Send what goes around sys.stdout (os.write, C code) to a file without a name."""
    capture = os.memfd_create("output") if hasattr(os, "memfd_create") else os.open(os.devnull, os.O_RDWR)
    os.dup2(capture, 1)
    os.dup2(capture, 2)
    return capture


def _written(capture: int) -> str:
    try:
        os.lseek(capture, 0, os.SEEK_SET)
        return os.read(capture, 1000).decode(errors="replace")
    except OSError:
        return ""


def _watch_exit(box: TextIO) -> Any:
    """``os._exit`` leaves no traceback: note the line first.  Returns the real one."""
    leave = os._exit

    def noted(status: int = 0) -> NoReturn:
        faulthandler.cancel_dump_traceback_later()
        faulthandler.dump_traceback(file=box, all_threads=False)
        leave(EXIT_CALLED)

    os._exit = noted
    return leave


# --------------------------------------------------------------------------- what was read


def _note_opened_files() -> set[str]:
    opened: set[str] = set()

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str) and len(opened) < 10_000:
            opened.add(os.path.abspath(args[0]))

    sys.addaudithook(hook)
    return opened


_OUTSIDE = tuple(
    os.path.realpath(p) + os.sep
    for p in (
        *(sysconfig.get_path(k) for k in ("stdlib", "platstdlib", "purelib", "platlib")),
        str(Path(__file__).parents[1]), "/proc", "/dev", "/sys", "/etc",
    )
)


def _is_input(path: str) -> bool:
    """Is it the person's own file (not a library's, ours, or the system's)?"""
    if path.endswith(".pyc") or path.startswith("<"):
        return False
    real = os.path.realpath(path)
    return not real.startswith(_OUTSIDE) and Path(real).is_file()


def relative(path: str, root: str) -> str:
    """``path`` as people write it: below the root without the root."""
    real, base = os.path.realpath(path), os.path.realpath(root)
    return os.path.relpath(real, base) if real.startswith(base + os.sep) else path


def _renamed(document: Document, path: str, root: str) -> Document:
    """Paths relative to the root, so that reports are the same on every machine."""
    from dataclasses import replace

    return replace(
        document,
        file=relative(document.file, root),
        prose_file=relative(document.prose_file, root) if document.prose_file else "",
        claims=tuple(replace(c, file=relative(c.file, root)) for c in document.claims),
    )
