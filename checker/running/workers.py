"""Workers that can be killed one by one.

Untrusted work (loading a derivation file, searching for a proof) runs in processes of its own, with limits on
computing time, on the clock, on memory and on files.  A runaway costs its own task and nothing else:

==============================  =========================================================
what happens                    what the caller sees
==============================  =========================================================
the task ends                   ``Ended(value)``
it takes longer than allowed    ``Failed("time")``
it needs more memory            ``Failed("memory")``: MemoryError, or GMP's abort (-6, -8)
it exits or crashes             ``Failed("crash")``
it raises                       ``Failed("error")`` with the exception's text
its worker is killed            the task is given to another one, as long as its time on the clock lasts
==============================  =========================================================

Workers are forked from one server process that has imported SymPy once (the parent never does), so a
new one costs milliseconds.  Each has pipes of its own and shares no lock with another, so that one that is killed
or stopped at a bad moment takes nobody along; what comes back is JSON, never a pickle, for the parent must not
run what a worker says (docs/decisions/0008).

Workers are *boxed* (:mod:`.sandbox`): no network, no writing, no programs.  Not so where a Python derivation file
is loaded: it is a program; run files that you would run.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import TracebackType
from typing import Any

from . import sandbox
from .exchange import Gone, Nonsense, TooLate, exchange
from .limits import (
    KILLED, Ended, Failed, Limits, Result, attempts, computing, died, killed, leave_for_memory, limit_computing,
    limit_process, memory_is_limited, out_of_memory, waited,
)

#: A worker is renewed after so many tasks: what it has cached counts towards its limit.
RENEW_AFTER = 25
#: Imported once, before the workers are forked.
TASKS = "checker.running.tasks"
#: What reads documents in LaTeX: half a second that their workers share, and others need not pay.
READING = ("checker.reading.documents", "checker.reading.derivations")
_LAST = "checker.running.before_fork"
#: How a worker seems to end when the server that forked it is killed.
_ORPHANED = 255


# ------------------------------------------------------------------------------- in the worker


def _serve(questions: Connection, answers: Connection, module: str, limits: Limits, boxed: bool, tasks: int) -> None:
    """The life of a worker: tasks by name, for the parent must not import what they import."""
    _close_others(questions.fileno(), answers.fileno())
    functions = _prepare(module, limits, boxed, tasks)
    with os.fdopen(os.dup(questions.fileno()), "rb") as lines:
        for line in lines:
            task, args = json.loads(line)
            answer = _answer(getattr(functions, task), args, limits.seconds)
            _write(answers.fileno(), answer)


def _close_others(*own: int) -> None:
    """What the server that forks workers has left open leads to it, and through it to the other workers."""
    try:
        found = [int(d) for d in os.listdir("/proc/self/fd" if sys.platform == "linux" else "/dev/fd")]
    except (OSError, ValueError):
        found = list(range(65536))
    for descriptor in found:  # no range to the limit: in containers it is 2**30, and not every Python skips the gaps
        if descriptor > 2 and descriptor not in own:
            with suppress(OSError):
                os.close(descriptor)


def _prepare(module: str, limits: Limits, boxed: bool, tasks: int) -> types.ModuleType:
    """First thing in a new worker: be quiet, be limited, be boxed."""
    with suppress(OSError):
        os.setpgid(0, 0)  # a key pressed at the terminal is for the parent; and children end with their worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sandbox.die_with_parent()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # an engine that prints must not write into the table
        os.dup2(null, stream)
    functions = importlib.import_module(module)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 5000))
    limit_process(limits.memory)
    limit_computing(tasks, limits.seconds)
    if boxed:
        sandbox.enter()
    return functions


def _answer(function: Callable[..., Any], args: list[Any], seconds: float) -> bytes:
    try:
        with computing(seconds):
            return json.dumps({"value": function(*args)}, separators=(",", ":")).encode()
    except MemoryError:
        leave_for_memory()
        raise
    except BaseException as error:  # SystemExit, KeyboardInterrupt and their like are a task's own affair
        text = f"{type(error).__name__}: {error}".rstrip(": ")
        return json.dumps({"error": text[:2000]}).encode()


def _write(to: int, answer: bytes) -> None:
    rest = memoryview(answer + b"\n")
    while rest:
        rest = rest[os.write(to, rest):]


# ------------------------------------------------------------------------------- in the parent


class _WorkerProcess(ForkServerProcess):
    """A process that does not import its parent's main module again (not needed, slow, and it would
    run a script that has no ``if __name__ == "__main__"``), and whose sets have one order: the same
    claims are to give the same bytes."""

    @staticmethod
    def _Popen(process: Any) -> Any:
        main, seed = sys.modules["__main__"], os.environ.get("PYTHONHASHSEED")
        sys.modules["__main__"] = types.ModuleType("__main__")
        os.environ["PYTHONHASHSEED"] = "0"  # read by the server when it starts, and inherited
        try:
            return ForkServerProcess._Popen(process)
        finally:
            sys.modules["__main__"] = main
            if seed is None:
                del os.environ["PYTHONHASHSEED"]
            else:
                os.environ["PYTHONHASHSEED"] = seed


class _Context(ForkServerContext):
    Process = _WorkerProcess


_starting = threading.Lock()  # _Popen changes what the whole process sees


class _Worker:
    """One process; asked by one thread."""

    def __init__(self, limits: Limits, module: str, boxed: bool, tasks: int, preload: Sequence[str]) -> None:
        self.limits, self.left = limits, tasks
        context = _Context()
        context.set_forkserver_preload([TASKS, *preload, _LAST])   # heard by the first worker's server only
        questions, self._questions = multiprocessing.Pipe(duplex=False)
        self._answers, answers = multiprocessing.Pipe(duplex=False)
        try:
            with _starting:
                self.process = context.Process(
                    target=_serve, args=(questions, answers, module, limits, boxed, tasks), daemon=True)
                self.process.start()
        finally:
            questions.close()
            answers.close()
        self._measure = None if memory_is_limited() else _Measure(self.process.pid or 0, limits)

    def ask(self, task: str, args: tuple[Any, ...]) -> Result | None:
        """None: it was killed by somebody else."""
        self.left -= 1
        start = time.monotonic()
        try:
            answer = exchange(
                self._questions.fileno(), self._answers.fileno(), [task, args], start + self.limits.wall,
                sentinel=self.process.sentinel, look=self._measure)
        except TooLate:
            self.stop()
            return waited(self.limits)
        except _TooLarge:
            self.stop()
            return out_of_memory(self.limits)
        except Nonsense as error:
            self.stop()
            return Failed("crash", str(error))
        except (Gone, OSError):
            return self._ended()
        match answer:
            case {"value": value}:
                return Ended(value, time.monotonic() - start)
            case {"error": str(text)}:
                return Failed("error", text)
        self.stop()
        return Failed("crash", "its answer has no known shape")

    def _ended(self) -> Failed | None:
        self.process.join(1)
        code = self.process.exitcode
        self.stop()
        if code is None:
            return Failed("crash", "its process stopped listening")
        return None if code in (KILLED, _ORPHANED) else died(code, self.limits)

    def stop(self) -> None:
        """The process and what it has started."""
        self.left = 0
        self.kill()
        self.process.join()
        self._questions.close()
        self._answers.close()

    def kill(self) -> None:
        with suppress(OSError):
            if self.process.pid is not None:
                os.killpg(self.process.pid, signal.SIGKILL)
        with suppress(OSError):
            self.process.kill()


class _TooLarge(Exception):
    pass


class _Measure:
    """Looks at the memory of a process whose system does not bound it (macOS), and counts from the first look."""

    def __init__(self, pid: int, limits: Limits) -> None:
        import psutil  # only there; see pyproject.toml

        self._process, self._gone, self._limits = psutil.Process(pid), psutil.Error, limits
        self._base: int | None = None

    def __call__(self) -> None:
        try:
            size = self._process.memory_info().rss
        except self._gone:
            return
        self._base = size if self._base is None else self._base
        if size > self._base + self._limits.memory:
            raise _TooLarge


class Workers:
    """A pool of limited processes.  ``fresh``: a new process for every task (for what may leave
    things behind: derivation files).  ``module``: where the tasks are.  ``boxed``: from the start; tasks may also
    box themselves, once they know what they have to read.  ``preload``: modules that every task will import."""

    def __init__(
        self, count: int, limits: Limits, *, fresh: bool = False, module: str = TASKS, boxed: bool = True,
        preload: Sequence[str] = (),
    ) -> None:
        self.count, self.limits, self.fresh, self.module, self.boxed = count, limits, fresh, module, boxed
        self._preload = preload
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="worker")
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._closing = False

    def submit(self, task: str, *args: Any) -> Future[Result]:
        """``task`` names a function of the module; arguments and value are plain data."""
        return self._threads.submit(self._run, task, args)

    def _run(self, task: str, args: tuple[Any, ...]) -> Result:
        failed = killed(1)
        for attempt in attempts(self.limits):
            try:
                worker = self._take()
            except (EOFError, OSError) as error:  # the server that forks workers died at its start
                failed = Failed("crash", f"no process for it could be started ({error or 'it does not start'})")
                continue
            if worker is None:
                break
            result = worker.ask(task, args)
            self._put_back(worker)
            if result is not None:
                return result
            failed = killed(attempt)
        return failed

    def _take(self) -> _Worker | None:
        with self._lock:
            if self._closing:
                return None
            if self._idle:
                return self._idle.pop()
        worker = _Worker(self.limits, self.module, self.boxed, 1 if self.fresh else RENEW_AFTER, self._preload)
        with self._lock:
            self._all.add(worker)
            closing = self._closing
        if closing:
            worker.stop()
        return worker

    def _put_back(self, worker: _Worker) -> None:
        if worker.left > 0:
            with self._lock:
                self._idle.append(worker)
        else:
            worker.stop()
            with self._lock:
                self._all.discard(worker)

    def pids(self) -> list[int]:
        """The processes of now."""
        with self._lock:
            return [w.process.pid for w in self._all if w.process.pid is not None]

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closing = True
            left = list(self._all)
        for worker in left:  # the threads that wait for them go on, and end
            worker.kill()
        self._threads.shutdown()
        for worker in self._idle:
            worker.stop()
