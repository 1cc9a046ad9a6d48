"""The one door to the terminal: whatever a command prints goes through it.

Lines of somebody's file, its name, a message about them may hold what a terminal obeys (an escape sequence
that clears the screen, a mark that turns the text around) or what a build system obeys (``::error::`` at the beginning
of a line, ``##[...]`` anywhere).  Here each such character is shown by its code point, and each such line is broken.

    with guarded():                 from here on sys.stdout and sys.stderr are doors
        print(...)                  nothing a file says is obeyed
        commands(...)               workflow commands that we mean: their text is escaped by who makes them
        console(sys.stdout)         colours: rich writes to the stream itself ...
        styled(text, "green")       ... what went through ``styled``
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from ..reporting.escape import terminal


class Door:
    """A stream for text that is not trusted.  (No ``io.TextIOBase``: that closes the stream when it is forgotten.)"""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._begins = True             # the next character begins a line

    @property
    def encoding(self) -> str:
        return getattr(self.stream, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str | None:
        return getattr(self.stream, "errors", None)

    @property
    def closed(self) -> bool:
        return self.stream.closed

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self.stream.isatty()

    def fileno(self) -> int:
        return self.stream.fileno()

    def flush(self) -> None:
        self.stream.flush()

    def close(self) -> None:
        self.stream.close()

    def write(self, text: str | bytes) -> int:
        if isinstance(text, bytes):         # click writes what completes a word as bytes
            text = text.decode("utf-8", "replace")
        self.raw(terminal(text, self._begins))
        return len(text)

    def raw(self, text: str) -> None:
        """What is ours: as it is, as far as the stream can spell it."""
        if text:
            self.stream.write(text.encode(self.encoding, "replace").decode(self.encoding))
            self._begins = text.endswith("\n")


@contextmanager
def guarded() -> Iterator[None]:
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast(TextIO, Door(out)), cast(TextIO, Door(err))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


def commands(text: str, out: TextIO | None = None) -> None:
    """Workflow commands, for the system that runs us."""
    stream: Any = sys.stdout if out is None else out
    (stream.raw if isinstance(stream, Door) else stream.write)(text + "\n")


def clear() -> None:
    """An empty screen, where there is one."""
    stream: Any = sys.stdout
    if stream.isatty() and os.environ.get("TERM") != "dumb":
        (stream.raw if isinstance(stream, Door) else stream.write)("\x1b[2J\x1b[H")
        stream.flush()


def console(stream: TextIO) -> Any:
    """A rich console on the stream itself: what it prints comes from ``styled``."""
    from rich.console import Console

    inner: Any = stream
    return Console(file=inner.stream if isinstance(inner, Door) else stream, highlight=False, markup=False)


def styled(text: str, style: str = "") -> Any:
    """Text for a rich console."""
    from rich.text import Text

    return Text(terminal(text), style)


__all__ = ["Door", "clear", "commands", "console", "guarded", "styled", "terminal"]
