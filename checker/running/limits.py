"""Limits on processes, and what it means when one ends against them.

Time is computing time: the system's profiling timer ends a process that has used it up, whatever the
code does about exceptions, and a busy machine changes no verdict.  Code that disarms the timer meets a second
limit on processor time, and a process that only waits is ended by the clock on the wall, ``PATIENCE`` times later.

==================  =================================================  ==========================================
bound               by                                                 where the system has no such thing
==================  =================================================  ==========================================
computing           ITIMER_PROF, behind it RLIMIT_CPU                  the clock on the wall
waiting             the watch (:mod:`.watch`) kills
memory              RLIMIT_AS, over the size after the imports         the watch measures (psutil) and kills
size of a file      RLIMIT_FSIZE (also of a file in memory)
open files          RLIMIT_NOFILE
core dumps          RLIMIT_CORE = 0
==================  =================================================  ==========================================

FAILURE: none is silent; :func:`died` says which limit it was, and its number.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

GIB = 2**30
#: How a worker that ran out of memory ends: its heap is not fit for another task.
MEMORY_EXIT = 77
_ABORT, _OVERFLOW, KILLED = -6, -8, -9  # the first two are GMP: no memory, a number of absurd size
_TIMER = tuple(-getattr(signal, name) for name in ("SIGPROF", "SIGXCPU") if hasattr(signal, name))
PATIENCE = 3
#: Processes that a task is given to when they are killed by somebody else, as long as its time on the clock lasts.
ATTEMPTS = 25
#: Bytes in one file that a worker writes, and files it may have open.
MAX_FILE, MAX_OPEN = 64 * 2**20, 256


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
            return int(f.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def memory_is_limited() -> bool:
    """Does the system bound the memory of a process?  Else the watch measures it."""
    return resource is not None and address_space() is not None


def limit_process(extra: int) -> None:
    """Allow this process ``extra`` bytes of memory over what it has now, and few and small files; for good."""
    if resource is None:
        return
    size = address_space()
    if size is not None:
        _lower(resource.RLIMIT_AS, size + extra)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, MAX_FILE)
    _lower(resource.RLIMIT_NOFILE, MAX_OPEN)


def _lower(which: int, wanted: int) -> None:
    _, hard = resource.getrlimit(which)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(which, (value, value))


def limit_computing(tasks: int, seconds: float) -> None:
    """All the processor time that ``tasks`` tasks of ``seconds`` can come to: code that disarms the timer and lifts
    the limit of its own task ends there, for this limit can be lowered only."""
    if resource is not None:
        _lower(resource.RLIMIT_CPU, _used() + int(tasks * (2 * seconds + 2)) + 1)


def _used() -> int:
    return int(sum(os.times()[:2])) + 1


@contextmanager
def computing(seconds: float) -> Iterator[None]:
    """End this process, by signal, once it has computed for ``seconds`` in here."""
    if resource is None or not hasattr(signal, "setitimer"):
        yield  # the watch alone
        return
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = _used() + int(2 * seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
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
        return out_of_memory(limits)
    if code in _TIMER:
        return timed_out(limits)
    if code == KILLED:
        return killed(1)
    if code is not None and code < 0:
        return Failed("crash", f"its process crashed (signal {-code})")
    return Failed("crash", f"its process ended by itself (exit status {code})")


def attempts(limits: Limits) -> Iterator[int]:
    """1, 2, ...: a process that somebody else kills is not the task's fault; a task for which the system kills for
    memory looks the same."""
    end = time.monotonic() + limits.wall
    for attempt in range(1, ATTEMPTS + 1):
        yield attempt
        if time.monotonic() > end:
            return


def killed(times: int) -> Failed:
    return Failed("crash", f"{times} processes for it were killed (signal 9; is the machine out of memory?)")


def timed_out(limits: Limits) -> Failed:
    return Failed("time", f"not done after {limits.seconds:g} s", limits.seconds)


def waited(limits: Limits) -> Failed:
    return Failed("time", f"not done after {limits.wall:g} s on the clock ({limits.seconds:g} s of computing allowed)",
                  limits.wall)


def out_of_memory(limits: Limits) -> Failed:
    return Failed("memory", f"needs more than {size_text(limits.memory)} of memory")


def size_text(size: int) -> str:
    """
    >>> size_text(2 * 2**30), size_text(300 * 2**20)
    ('2 GiB', '300 MiB')
    """
    for unit, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
