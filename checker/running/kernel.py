"""The kernel in processes of its own: ask for a verdict, get one or the reason why not.

Every verdict that this program shows comes through here: those of a fresh search, those of the store,
and those of ``checker replay``.  A certificate that hangs, needs too much memory or crashes costs its
own answer; the process is replaced.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from .limits import Ended, Failed, Limits, Result, died, timed_out

PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])


class _Process:
    """One process; asked by one thread."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def start(self) -> None:
        self._running()

    def ask(self, request: Mapping[str, Any]) -> Result:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process without pipes")
        deadline = time.monotonic() + self.limits.wall
        try:
            process.stdin.write(json.dumps(request, separators=(",", ":")).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            return self._died()
        while b"\n" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                self.stop()
                return timed_out(self.limits)
            piece = os.read(process.stdout.fileno(), 1 << 20)
            if not piece:
                return self._died()
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return Ended(*json.loads(line))

    def stop(self) -> None:
        process, self._process, self._rest = self._process, None, b""
        if process is not None:
            process.kill()
            process.communicate()

    def _died(self) -> Failed:
        process = self._process
        code = process.wait() if process is not None else None
        self.stop()
        return died(code, self.limits)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            path = os.pathsep.join(filter(None, (PACKAGE_PARENT, os.environ.get("PYTHONPATH"))))
            self._process = subprocess.Popen(  # noqa: S603  (our interpreter, our module)
                [sys.executable, "-P", "-m", "checker.running.replay_worker", str(self.limits.memory),
                 str(self.limits.seconds)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
        return self._process


class Kernels:
    """``jobs`` such processes, each started when first needed."""

    def __init__(self, jobs: int, limits: Limits) -> None:
        self.limits = limits
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="kernel")
        self._jobs = jobs
        self._local = threading.local()
        self._all: list[_Process] = []
        self._started: list[_Process] = []  # ahead of need, not yet taken by a thread

    def start(self, count: int) -> None:
        """Start some before they are needed: importing the kernel takes longer than a replay."""
        for _ in range(min(count, self._jobs)):
            process = _Process(self.limits)
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
                process = _Process(self.limits)
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
            process.stop()
        self._threads.shutdown()
