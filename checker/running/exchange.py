"""One question to a process, one answer, whatever the process does: one line of JSON each way.

The other side is not trusted: it may say nothing, too much, half a line, stop reading, or leave a child that holds
the pipe.  Nothing of what it says is unpickled, and no wait is without end.
"""

from __future__ import annotations

import json
import os
import selectors
import time
from collections.abc import Callable
from typing import Any

#: Bytes of one answer.  A certificate file has 16 MB at most (replay_worker.MAX_FILE).
MAX_ANSWER = 64_000_000
#: Between two looks at the memory of a process whose system does not bound it.
TICK = 0.05
_PIECE = 1 << 20


class Gone(Exception):
    """The process ended, or closed its end."""


class TooLate(Exception):
    """The clock ran out."""


class Nonsense(Exception):
    """What came back is no answer; the text is for people."""


def exchange(
    write: int, read: int, question: Any, deadline: float, *, sentinel: int | None = None,
    look: Callable[[], None] | None = None,
) -> Any:
    """Raises the exceptions above, or what ``look`` raises, which is called every ``TICK`` seconds.

    ``sentinel``: becomes readable when the process ends (its pipe may be held open by a child of it)."""
    try:
        rest = memoryview(json.dumps(question, separators=(",", ":")).encode() + b"\n")
    except RecursionError:
        raise Nonsense("what it was to be asked is nested too deeply") from None
    os.set_blocking(write, False)
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(read, selectors.EVENT_READ)
        selector.register(write, selectors.EVENT_WRITE)
        if sentinel is not None:
            selector.register(sentinel, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TooLate
            ready = [key.fd for key, _ in selector.select(left if look is None else min(left, TICK))]
            if look is not None:
                look()
            if write in ready and rest:
                try:
                    rest = rest[os.write(write, rest[:_PIECE]):]
                except BlockingIOError:
                    pass
                except BrokenPipeError:
                    raise Gone from None
                if not rest:
                    selector.unregister(write)
            if read in ready:
                piece = os.read(read, _PIECE)
                if not piece:
                    raise Gone
                answer += piece
                if len(answer) > MAX_ANSWER:
                    raise Nonsense(f"its answer is longer than {MAX_ANSWER} bytes")
                if piece.endswith(b"\n"):
                    return _read(bytes(answer))
            elif sentinel is not None and sentinel in ready:
                raise Gone


def _read(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        raise Nonsense("its answer is not JSON") from None


__all__ = ["Gone", "Nonsense", "TooLate", "exchange"]
