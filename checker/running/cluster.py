"""Searches on a Dask cluster: ``--executor dask://HOST:PORT``.

    submit --> one process that speaks with the cluster (:mod:`.dask_bridge`) --> its workers (:mod:`.remote`)
       |                                                                              |
       +-- a task that is lost, late or answered with nonsense is done here  <--------+

Nothing that a cluster answers is believed: a certificate is replayed by this machine's kernel as any other.  A worker
of it that lies costs the proof of what it was asked, never a verdict; a cluster that goes away costs time.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from .exchange import MAX_ANSWER
from .kernel import PACKAGE_PARENT
from .limits import Limits, Result
from .loader import UsageError
from .remote import from_text
from .workers import Workers

#: Tasks that each thread of the cluster has before it.
EACH = 4
#: After so many tasks one after the other that came to nothing there, all is done here.
MOST_LOST = 10
#: Seconds for the first word of the process that speaks with the cluster: it imports Dask.
STARTS = 60.0
_ADDRESS = re.compile(r"dask://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})")


def parse_executor(text: str) -> str:
    """``local``, or the address of a scheduler.  Raises :class:`UsageError` with what would do."""
    found = _ADDRESS.fullmatch(text)
    if text != "dask" and (found is None or not 0 < int(found[2]) < 65536):
        raise UsageError(f"--executor {text[:60]!r}: write dask://HOST:PORT, the address of a Dask scheduler, or dask "
                         "for a cluster on this machine")
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(f"--executor {text} needs Dask, here and on the workers: "
                         "pip install 'derivation-checker[dask]'")
    return "local" if found is None else f"tcp://{found[1]}:{found[2]}"


@dataclass(slots=True)
class _Asked:
    task: str
    args: tuple[Any, ...]
    future: Future[Result]
    late: float                    # time.monotonic() from which no answer is waited for


class Cluster:
    """As :class:`~.workers.Workers`: ``submit`` gives the future of a result.  ``trouble``: for people.

    Raises :class:`UsageError` when there is no scheduler."""

    def __init__(self, address: str, jobs: int, limits: Limits) -> None:
        self.trouble: str | None = None
        self._limits = limits
        self._here = Workers(jobs, limits)
        self._lock = threading.Lock()
        self._asked: dict[int, _Asked] = {}
        self._next = self._lost = 0
        self._open = True
        self._to_say: SimpleQueue[tuple[int, _Asked] | None] = SimpleQueue()
        path = os.pathsep.join(filter(None, (PACKAGE_PARENT, os.environ.get("PYTHONPATH"))))
        self._bridge = subprocess.Popen(  # noqa: S603  (our interpreter, our module)
            [sys.executable, "-P", "-m", "checker.running.dask_bridge", address, str(limits.seconds),
             str(limits.memory), str(jobs)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path}, process_group=0 if os.name == "posix" else None)
        first = self._first_word()
        threads = first.get("ready")
        if not isinstance(threads, int):
            self._bridge.kill()
            self._bridge.wait()
            shown = address.replace("tcp://", "dask://")
            raise UsageError(f"there is no Dask scheduler at {shown} ({first.get('end', 'no answer')}); start one with "
                             "`dask scheduler`, and workers with `dask worker HOST:PORT`")
        #: How many tasks to have under way.
        self.ahead = EACH * min(max(threads, jobs), 10_000)
        for work in (self._speak, self._listen, self._look):
            threading.Thread(target=work, daemon=True).start()

    def _first_word(self) -> dict[str, Any]:
        timer = threading.Timer(STARTS, self._bridge.kill)
        timer.start()
        try:
            return self._read() or {}
        except ValueError:
            return {}
        finally:
            timer.cancel()

    def submit(self, task: str, *args: Any) -> Future[Result]:
        future: Future[Result] = Future()
        asked = _Asked(task, args, future, time.monotonic() + (EACH + 1) * self._limits.wall)
        with self._lock:
            id = self._next = self._next + 1
            there = self._open
            if there:
                self._asked[id] = asked
        if there:
            self._to_say.put((id, asked))
        else:
            self._do_here(asked)
        return future

    def _speak(self) -> None:
        """A thread of its own: who does not listen holds up nobody else."""
        while (next_ := self._to_say.get()) is not None:
            id, asked = next_
            try:
                question = json.dumps([asked.task, asked.args])
                line = json.dumps({"id": id, "question": question}, separators=(",", ":")).encode() + b"\n"
            except (RecursionError, ValueError):
                self._heard({"id": id, "lost": "it cannot be asked from afar"})
                continue
            with suppress(OSError, ValueError):      # the pipe is closed: ``_listen`` sees it, too
                if self._bridge.stdin is not None:
                    self._bridge.stdin.write(line)
                    self._bridge.stdin.flush()

    def _do_here(self, asked: _Asked) -> None:
        def done(found: Future[Result]) -> None:
            if found.cancelled():
                asked.future.cancel()
            elif (error := found.exception()) is not None:
                asked.future.set_exception(error)
            else:
                asked.future.set_result(found.result())

        try:
            self._here.submit(asked.task, *asked.args).add_done_callback(done)
        except RuntimeError:            # it is being closed
            asked.future.cancel()

    # ------------------------------------------------------------------ what comes back

    def _read(self) -> dict[str, Any] | None:
        """The next line; None at the end.  Raises ValueError for what is none."""
        if self._bridge.stdout is None:
            return None
        line = self._bridge.stdout.readline(MAX_ANSWER)
        if not line:
            return None
        if not line.endswith(b"\n"):
            raise ValueError("its answer is too long")
        try:
            data = json.loads(line)
        except RecursionError as error:
            raise ValueError(str(error)) from error
        if not isinstance(data, dict):
            raise ValueError("its answer has no known shape")
        return data

    def _listen(self) -> None:
        why = "the process that speaks with it ended"
        try:
            while (data := self._read()) is not None:
                if "end" in data:
                    why = str(data["end"])[:500]
                    break
                self._heard(data)
        except (ValueError, OSError) as error:
            why = str(error)[:500]
        self._leave(why)

    def _heard(self, data: dict[str, Any]) -> None:
        id = data.get("id")
        with self._lock:
            asked = self._asked.pop(id, None) if isinstance(id, int) else None
        if asked is None:
            return
        result = from_text(data.get("answer"))
        self._lost = 0 if result is not None else self._lost + 1
        if result is not None:
            asked.future.set_result(result)
            return
        self.trouble = self.trouble or ("the cluster gave no answer to some tasks, which were done here "
                                        f"({str(data.get('lost', 'nonsense'))[:200]})")
        self._do_here(asked)
        if self._lost >= MOST_LOST:
            self._leave("it answers nothing that is asked")

    def _leave(self, why: str) -> None:
        """The rest is done here."""
        with self._lock:
            if not self._open:
                return
            self._open = False
            left, self._asked = list(self._asked.values()), {}
        self.trouble = f"the cluster was left ({why}); the rest was done on this machine"
        self._bridge.kill()
        for asked in left:
            self._do_here(asked)

    def _look(self) -> None:
        """What is late is done here."""
        while self._open:
            time.sleep(0.5)
            now = time.monotonic()
            with self._lock:
                late = [id for id, a in self._asked.items() if a.late < now]
            for id in late:
                self._heard({"id": id, "lost": "no answer in time"})

    # ------------------------------------------------------------------ the end

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._open = False
            self._asked = {}
        self._to_say.put(None)
        self._bridge.terminate()       # what the cluster still does for it is given up
        with suppress(subprocess.TimeoutExpired):
            self._bridge.wait(5)
        self._bridge.kill()
        self._bridge.wait()
        self._here.__exit__(kind, error, trace)



__all__ = ["Cluster", "parse_executor"]
