"""The kernel in processes of its own: ask for a verdict, get one or the reason why not.

Every verdict that this program shows comes through here: those of a fresh search, those of the store,
and those of ``checker replay``.  A certificate that hangs, needs too much memory or crashes costs its
own answer; the process is replaced.  The processes are boxed (:mod:`.sandbox`): they can read Python, its packages
and the certificates they are sent to, and do nothing else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from .exchange import Gone, Nonsense, TooLate, exchange
from .limits import KILLED, Ended, Failed, Limits, Result, attempts, died, killed, waited

PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])


class _Process:
    """One process; asked by one thread."""

    def __init__(self, limits: Limits, folders: Sequence[str]) -> None:
        self.limits, self.folders, self.ended = limits, folders, False
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._running()

    def ask(self, request: Mapping[str, Any]) -> Result:
        """Asks another process where one is killed by somebody else."""
        failed = killed(1)
        for attempt in attempts(self.limits):
            if (result := self._ask(request)) is not None:
                return result
            failed = killed(attempt)
        return failed

    def _ask(self, request: Mapping[str, Any]) -> Result | None:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process without pipes")
        try:
            answer = exchange(process.stdin.fileno(), process.stdout.fileno(), request,
                              time.monotonic() + self.limits.wall)
        except TooLate:
            self.stop()
            return waited(self.limits)
        except Nonsense as error:
            self.stop()
            return Failed("crash", str(error))
        except (Gone, OSError):
            return self._died(process)
        return Ended(*answer)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
            process.wait()

    def _died(self, process: subprocess.Popen[bytes]) -> Failed | None:
        code: int | None = None
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(1)
        self.stop()
        return None if code == KILLED and not self.ended else died(code, self.limits)

    def end(self) -> None:
        """From another thread: the one that asks sees its pipe close, and tidies up."""
        self.ended = True
        if (process := self._process) is not None:
            process.kill()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            path = os.pathsep.join(filter(None, (PACKAGE_PARENT, os.environ.get("PYTHONPATH"))))
            self._process = subprocess.Popen(  # noqa: S603  (our interpreter, our module)
                [sys.executable, "-P", "-m", "checker.running.replay_worker", str(self.limits.memory),
                 str(self.limits.seconds), *self.folders],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
                env={**os.environ, "PYTHONPATH": path},
                process_group=0 if os.name == "posix" else None,  # a key pressed at the terminal is for the parent
            )
            if self.ended:
                self.stop()
                raise RuntimeError("asked after the end")
        return self._process


class Kernels:
    """``jobs`` such processes, each started when first needed.  ``readable``: files and folders with certificates."""

    def __init__(self, jobs: int, limits: Limits, readable: Sequence[Path] = ()) -> None:
        self.limits, self._readable = limits, [str(p.absolute()) for p in readable]
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="kernel")
        self._jobs = jobs
        self._local = threading.local()
        self._all: list[_Process] = []
        self._started: list[_Process] = []  # ahead of need, not yet taken by a thread

    def start(self, count: int) -> None:
        """Start some before they are needed, if there is none: importing the kernel takes longer than a replay."""
        for _ in range(0 if self._all or self._started else min(count, self._jobs)):
            process = _Process(self.limits, self._readable)
            process.start()
            self._started.append(process)

    def submit(self, request: Mapping[str, Any]) -> Future[Result]:
        return self._threads.submit(self._ask, request)

    def _ask(self, request: Mapping[str, Any]) -> Result:
        process = getattr(self._local, "process", None)
        if process is None:
            try:
                process = self._started.pop()
            except IndexError:
                process = _Process(self.limits, self._readable)
            self._local.process = process
            self._all.append(process)
        return process.ask(request)

    def __enter__(self) -> Kernels:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in (*self._all, *self._started):
            process.end()
        self._threads.shutdown()
        for process in (*self._all, *self._started):
            process.stop()
