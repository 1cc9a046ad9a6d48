"""Runs contestants over rows: each row has a limit of processor time, at which its process ends and a new one is
made.  One that only waits is killed by the clock on the wall, ``PATIENCE`` times later."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .corpus.rows import Row

ROOT = Path(__file__).resolve().parents[1]
LIMIT, PATIENCE = 10.0, 4
START = 120.0    # seconds a contestant may take to import what it needs


@dataclass(slots=True)
class Answer:
    row: Row
    verdict: str          # proved, refuted, undecided, unread, time, crash
    seconds: float
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def wrong(self) -> bool:
        return (self.verdict, self.row.label) in (("proved", False), ("refuted", True))


class Contestant:
    """A process that answers rows; made anew when it is killed."""

    def __init__(self, name: str, python: str, limit: float = LIMIT) -> None:
        self.name, self.python, self.limit = name, python, limit
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def ask(self, row: Row) -> Answer:
        process = self._running()
        start = time.perf_counter()
        try:
            process.stdin.write(json.dumps(row.json()).encode() + b"\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        except BrokenPipeError:
            self.stop()
            return Answer(row, "crash", 0.0)
        line = self._line(PATIENCE*self.limit)
        taken = time.perf_counter() - start
        if line is None:
            code = process.poll()
            self.stop()
            over = code in (None, -signal.SIGPROF)
            return Answer(row, "time" if over else "crash", self.limit if over else taken, {"exit": code})
        data = json.loads(line)
        return Answer(row, data.pop("verdict"), data.pop("seconds"), data)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            environment = {**os.environ, "PYTHONHASHSEED": "0"}
            self._process = subprocess.Popen(
                [self.python, str(ROOT / "benchmarks" / "worker.py"), self.name, str(self.limit)],
                cwd=ROOT, env=environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self._rest = b""
            if self._line(START) is None:
                raise RuntimeError(f"{self.name} does not start")
        return self._process

    def _line(self, seconds: float) -> bytes | None:
        """One line of its output, or None where the time is over or the process has ended."""
        out = self._process.stdout  # type: ignore[union-attr]
        end = time.monotonic() + seconds
        while b"\n" not in self._rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:  # type: ignore[list-item]
                return None
            chunk = os.read(out.fileno(), 1 << 16)  # type: ignore[union-attr]
            if not chunk:
                self._process.wait()  # type: ignore[union-attr]
                return None
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def run(name: str, python: str, rows: list[Row], step: Callable[[], None], limit: float = LIMIT) -> Iterator[Answer]:
    contestant = Contestant(name, python, limit)
    try:
        for row in rows:
            yield contestant.ask(row)
            step()
    finally:
        contestant.stop()


__all__ = ["LIMIT", "Answer", "Contestant", "run"]
