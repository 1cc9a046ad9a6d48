"""Workers that can be killed one by one.

Untrusted work (loading a derivation file, searching for a proof) runs in processes of its own, with a
limit on the clock and one on memory.  A runaway costs its own task and nothing else:

==============================  =========================================================
what happens                    what the caller sees
==============================  =========================================================
the task ends                   ``Ended(value)``
it takes longer than allowed    ``Failed("time")``
it needs more memory            ``Failed("memory")``: MemoryError, or GMP's abort (exit -6)
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
import multiprocessing
import os
import sys
from concurrent.futures import Future, TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any

from pebble import ProcessExpired, ProcessPool

from .limits import Ended, Failed, Limits, Result, died, leave_for_memory, limit_memory

#: A worker is renewed after so many tasks: what it has cached counts towards its limit.
RENEW_AFTER = 25
#: Imported once, before the workers are forked.
TASKS = "checker.running.tasks"


def _prepare(memory: int) -> None:
    """First thing in a new worker: be quiet, and be limited."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # an engine that prints must not write into the table
        os.dup2(null, stream)
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 5000))
    limit_memory(memory)


def _call(task: str, args: tuple[Any, ...]) -> Any:
    """Tasks go by name, for the parent must not import what they import."""
    function = getattr(importlib.import_module(TASKS), task)
    try:
        return function(*args)
    except MemoryError:
        leave_for_memory()


class Workers:
    """A pool of limited processes.  ``fresh``: a new process for every task (for code that may leave
    things behind: derivation files)."""

    def __init__(self, count: int, limits: Limits, *, fresh: bool = False) -> None:
        self.count, self.limits, self.fresh = count, limits, fresh
        self._pool: ProcessPool | None = None

    def submit(self, task: str, *args: Any) -> Future[Result]:
        """``task`` names a function of tasks.py; arguments and value are plain data."""
        answer: Future[Result] = Future()
        self._schedule(answer, task, args, attempts=3)
        return answer

    def _schedule(self, answer: Future[Result], task: str, args: tuple[Any, ...], attempts: int) -> None:
        pool = self._running()
        inner = pool.schedule(_call, args=(task, args), timeout=self.limits.seconds)

        def done(future: Future[Any]) -> None:
            try:
                result = self._result(future)
            except BrokenProcessPool as error:
                # A worker that dies between two tasks takes pebble's pool with it: open another.
                if self._pool is pool:
                    self._pool = None
                if attempts > 1:
                    self._schedule(answer, task, args, attempts - 1)
                else:
                    answer.set_result(Failed("crash", f"no worker could be kept alive ({error})"))
            except BaseException as error:
                answer.set_exception(error)
            else:
                answer.set_result(result)

        inner.add_done_callback(done)

    def _result(self, future: Future[Any]) -> Result:
        try:
            return Ended(future.result())
        except FutureTimeout:
            return Failed("time", f"not done after {self.limits.seconds:g} s")
        except ProcessExpired as error:
            return died(error.exitcode, self.limits)
        except BrokenProcessPool:
            raise
        except Exception as error:
            return Failed("error", f"{type(error).__name__}: {error}".rstrip(": "))

    def _running(self) -> ProcessPool:
        if self._pool is None:
            context = multiprocessing.get_context("forkserver")
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
