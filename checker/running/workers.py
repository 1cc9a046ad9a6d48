"""Workers that can be killed one by one.

Untrusted work (loading a derivation file, searching for a proof) runs in processes of its own, with a
limit on the clock and one on memory.  A runaway costs its own task and nothing else:

==============================  =========================================================
what happens                    what the caller sees
==============================  =========================================================
the task ends                   ``Ended(value)``
it takes longer than allowed    ``Failed("time")``
it needs more memory            ``Failed("memory")``: MemoryError, or GMP's abort (-6, -8)
it exits, crashes, is killed    ``Failed("crash")``
it raises                       ``Failed("error")`` with the exception's text
==============================  =========================================================

Workers are forked from one server process that has imported SymPy once (the parent never does), so a
new one costs milliseconds.  The memory limit counts from the worker's size after its imports.  It is
an address-space limit: systems that do not say a process's size (no /proc) have only the clock.

What this is not: a sandbox.  A derivation file is a program; run files you would run.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
import types
from concurrent.futures import Future, TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import TracebackType
from typing import Any

from pebble import ProcessExpired, ProcessPool

from .limits import (
    Ended, Failed, Limits, Result, computing, died, leave_for_memory, limit_memory, timed_out,
)

#: A worker is renewed after so many tasks: what it has cached counts towards its limit.
RENEW_AFTER = 25
#: Imported once, before the workers are forked.
TASKS = "checker.running.tasks"


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


def _prepare(memory: int) -> None:
    """First thing in a new worker: be quiet, and be limited."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # an engine that prints must not write into the table
        os.dup2(null, stream)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 5000))
    limit_memory(memory)


def _call(seconds: float, module: str, task: str, args: tuple[Any, ...]) -> Any:
    """The task's value and how long it took.  Tasks go by name, for the parent must not import what they
    import."""
    function = getattr(importlib.import_module(module), task)
    start = time.monotonic()
    try:
        with computing(seconds):
            value = function(*args)
        return value, time.monotonic() - start
    except MemoryError:
        leave_for_memory()


class Workers:
    """A pool of limited processes.  ``fresh``: a new process for every task (for code that may leave
    things behind: derivation files).  ``module``: where the tasks are."""

    def __init__(self, count: int, limits: Limits, *, fresh: bool = False, module: str = TASKS) -> None:
        self.count, self.limits, self.fresh, self.module = count, limits, fresh, module
        self._pool: ProcessPool | None = None

    def submit(self, task: str, *args: Any) -> Future[Result]:
        """``task`` names a function of the module; arguments and value are plain data."""
        answer: Future[Result] = Future()
        self._schedule(answer, task, args, attempts=3)
        return answer

    def _schedule(self, answer: Future[Result], task: str, args: tuple[Any, ...], attempts: int) -> None:
        pool = self._running()
        try:
            inner = pool.schedule(
                _call, args=(self.limits.seconds, self.module, task, args), timeout=self.limits.wall
            )
        except (BrokenProcessPool, EOFError) as error:     # EOFError: the server that forks workers died at its start
            self._again(pool, answer, task, args, attempts, error)
            return

        def done(future: Future[Any]) -> None:
            try:
                result = self._result(future)
            except BrokenProcessPool as error:
                self._again(pool, answer, task, args, attempts, error)
            except BaseException as error:
                answer.set_exception(error)
            else:
                answer.set_result(result)

        inner.add_done_callback(done)

    def _again(
        self, pool: ProcessPool, answer: Future[Result], task: str, args: tuple[Any, ...], attempts: int,
        error: Exception,
    ) -> None:
        """A worker that dies between two tasks takes pebble's pool with it: open another."""
        if self._pool is pool:
            self._pool = None
        if attempts > 1:
            self._schedule(answer, task, args, attempts - 1)
        else:
            why = str(error) or "it does not start"
            answer.set_result(Failed("crash", f"no worker could be kept alive ({why})"))

    def _result(self, future: Future[Any]) -> Result:
        try:
            return Ended(*future.result())
        except FutureTimeout:
            return timed_out(self.limits)
        except ProcessExpired as error:
            return died(error.exitcode, self.limits)
        except BrokenProcessPool:
            raise
        except Exception as error:
            return Failed("error", f"{type(error).__name__}: {error}".rstrip(": "))

    def _running(self) -> ProcessPool:
        if self._pool is None:
            context = _Context()
            context.set_forkserver_preload([TASKS])
            self._pool = ProcessPool(
                max_workers=self.count, max_tasks=1 if self.fresh else RENEW_AFTER, context=context,
                initializer=_prepare, initargs=(self.limits.memory,),
            )
        return self._pool

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
