"""On the machines of a cluster: one question, answered in a box of its own, as on this machine.

A worker of the cluster keeps one process below it for each of its threads (``python -m checker.running.remote``); that
one forks limited and boxed workers (:mod:`.workers`) and asks them.  So a runaway costs its own task and not the
worker of the cluster, which a neighbour's task may be running on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from typing import Any

from .exchange import MAX_ANSWER, Gone, Nonsense, TooLate, exchange
from .limits import Ended, Failed, Limits, Result, killed, waited
from .kernel import PACKAGE_PARENT

#: What may be asked from afar.
ASKED = ("search", "repair")
_local = threading.local()


def ask(question: str, seconds: float, memory: int) -> str:
    """What a cluster calls.  ``question``: JSON of ``[task, [arguments]]``; the answer is JSON of a result."""
    task, args = json.loads(question)
    if task not in ASKED:
        raise ValueError(f"there is no task {task!r}")
    limits = Limits(seconds, memory)
    asked = [task, args, seconds, memory]
    answer = None
    for _ in range(2):                       # the process may have been killed while it was idle
        process = _process()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process without pipes")
        late = time.monotonic() + 2 * limits.wall
        try:
            answer = exchange(process.stdin.fileno(), process.stdout.fileno(), asked, late)
            break
        except TooLate:
            _stop()
            return to_text(waited(limits))
        except (Gone, Nonsense, OSError):
            _stop()
    return to_text(killed(2)) if answer is None else json.dumps(answer)


def _process() -> subprocess.Popen[bytes]:
    process: subprocess.Popen[bytes] | None = getattr(_local, "process", None)
    if process is None or process.poll() is not None:
        path = os.pathsep.join(filter(None, (PACKAGE_PARENT, os.environ.get("PYTHONPATH"))))
        process = _local.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "checker.running.remote"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, bufsize=0, env={**os.environ, "PYTHONPATH": path})
    return process


def _stop() -> None:
    process: subprocess.Popen[bytes] | None = getattr(_local, "process", None)
    _local.process = None
    if process is not None:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


# ------------------------------------------------------------------------------- results as text


def to_text(result: Result) -> str:
    match result:
        case Ended(value, seconds):
            return json.dumps({"value": value, "seconds": seconds}, separators=(",", ":"))
        case Failed(cause, detail, seconds):
            return json.dumps({"cause": cause, "detail": detail, "seconds": seconds})


def from_text(text: Any) -> Result | None:
    """What somebody says is a result; None: it is none."""
    if not isinstance(text, str) or len(text) > MAX_ANSWER:
        return None
    try:
        data = json.loads(text)
        seconds = min(max(float(data.get("seconds", 0.0)), 0.0), 1e6)
        match data:
            case {"value": value}:
                return Ended(value, seconds)
            case {"cause": "time" | "memory" | "crash" | "error" as cause, "detail": str(detail)}:
                return Failed(cause, detail[:2000], seconds)
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass
    return None


# ----------------------------------------------------------------------- the process below a worker


def main() -> None:
    from .workers import Workers

    pools: dict[tuple[float, int], Workers] = {}
    for line in sys.stdin.buffer:
        task, args, seconds, memory = json.loads(line)
        if (seconds, memory) not in pools:
            for pool in pools.values():
                pool.__exit__(None, None, None)
            pools = {(seconds, memory): Workers(1, Limits(seconds, memory))}
        result: Result = pools[seconds, memory].submit(task, *args).result()
        sys.stdout.buffer.write(to_text(result).encode() + b"\n")
        sys.stdout.buffer.flush()
    for pool in pools.values():
        pool.__exit__(None, None, None)


if __name__ == "__main__":
    main()
