"""Limits on processes, and what it means when one ends against them.

Time is computing time: the kernel's profiling timer ends a process that has used it up, whatever the
code does about exceptions, and a busy machine changes no verdict.  A process that only waits is ended by
the clock on the wall, ``PATIENCE`` times later.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

GIB = 2**30
#: How a worker that ran out of memory ends: its heap is not fit for another task.
MEMORY_EXIT = 77
_ABORT, _OVERFLOW, _KILL = -6, -8, -9  # the first two are GMP: no memory, a number of absurd size
_TIMER = -signal.SIGPROF
PATIENCE = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What one claim, one file or one replay may use."""

    seconds: float = 10.0  # of computing
    memory: int = 2 * GIB  # bytes over the worker's size after its imports

    @property
    def wall(self) -> float:
        return PATIENCE * self.seconds


@dataclass(frozen=True, slots=True)
class Ended:
    """``seconds``: how long the task itself took, without its time in the queue."""

    value: Any
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """``cause``: time, memory, crash or error; ``detail``: a sentence without a full stop."""

    cause: str
    detail: str
    seconds: float = field(default=0.0, compare=False)


Result: TypeAlias = Ended | Failed


def address_space() -> int | None:
    """Bytes of address space this process has now, or None where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as f:
            return int(f.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return None


def limit_memory(extra: int) -> None:
    """Allow this process ``extra`` bytes over what it has now, for good."""
    size = address_space()
    if size is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = size + extra if hard < 0 else min(size + extra, hard)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, wanted))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def computing(seconds: float) -> Iterator[None]:
    """End this process, by signal, once it has computed for ``seconds`` in here."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def leave_for_memory() -> None:
    os._exit(MEMORY_EXIT)


def died(code: int | None, limits: Limits) -> Failed:
    """Why a process ended with ``code``.

    >>> died(-6, Limits(memory=2**30)).cause, died(-11, Limits()).cause
    ('memory', 'crash')
    """
    if code in (MEMORY_EXIT, _ABORT, _OVERFLOW):
        return Failed("memory", f"needs more than {size_text(limits.memory)} of memory")
    if code == _TIMER:
        return timed_out(limits)
    if code == _KILL:
        return Failed("crash", "its process was killed (signal 9; is the machine out of memory?)")
    if code is not None and code < 0:
        return Failed("crash", f"its process crashed (signal {-code})")
    return Failed("crash", f"its process ended by itself (exit status {code})")


def timed_out(limits: Limits) -> Failed:
    return Failed("time", f"not done after {limits.seconds:g} s", limits.seconds)


def size_text(size: int) -> str:
    """
    >>> size_text(2 * 2**30), size_text(300 * 2**20)
    ('2 GiB', '300 MiB')
    """
    for unit, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
