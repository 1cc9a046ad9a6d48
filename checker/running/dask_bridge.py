"""The process that speaks with a Dask cluster.

    python -m checker.running.dask_bridge ADDRESS SECONDS MEMORY THREADS

    stdin   {"id": 7, "question": "..."}       a line of JSON each; the end of it ends this process
    stdout  {"ready": 16}                      threads of the cluster; then, in any order,
            {"id": 7, "answer": "..."}         what the cluster answers, believed by nobody
            {"id": 7, "lost": "why"}           it gives no answer
            {"end": "why"}                     the scheduler is gone, or was never there

Dask's protocol has pickles in it, and who loads a pickle runs what it says.  Therefore this process and no other
speaks it, in a box: it has the network, and no programs, processes, writing, or reading outside Python.  Only
for a cluster of its own (ADDRESS ``local``) there is no box.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import remote, sandbox
from .limits import limit_process

#: Seconds that a scheduler may take to answer at first.
CONNECT = 15.0
#: What finding a host by its name reads.
_NAMES = ("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services",
          "/run/systemd/resolve", "/proc/self", "/proc/stat", "/proc/uptime")


class _Out:
    """Lines to the one who asks; answers come from several threads."""

    def __init__(self) -> None:
        self._to = os.dup(1)
        os.dup2(2, 1)                      # what a library prints is no answer
        self._lock = threading.Lock()

    def line(self, **data: Any) -> None:
        rest = memoryview(json.dumps(data, separators=(",", ":")).encode() + b"\n")
        with self._lock:
            try:
                while rest:
                    rest = rest[os.write(self._to, rest):]
            except OSError:                # nobody listens any more
                os._exit(1)

    def end(self, why: str) -> None:
        self.line(end=why[:500])
        os._exit(1)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    address, seconds, memory, threads = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    out = _Out()
    try:
        import distributed
    except ImportError as error:
        return out.end(f"{type(error).__name__}: {error}")
    cluster = None
    try:
        if address == "local":
            cluster = distributed.LocalCluster(n_workers=threads, threads_per_worker=1, dashboard_address=None)
        else:
            sandbox.enter([Path(p) for p in _NAMES], network=True)
            limit_process(memory)
        client = distributed.Client(cluster or address, timeout=CONNECT, set_as_default=False,
                                    deserializers=["dask", "msgpack"])
        ready = sum(client.nthreads().values())
    except Exception as error:
        return out.end(f"{type(error).__name__}: {error}")
    out.line(ready=ready)
    threading.Thread(target=_watch, args=(client, out), daemon=True).start()
    try:
        _serve(client, out, seconds, memory)
    finally:
        with suppress(Exception):
            client.close(timeout=2)        # what the cluster still does for us is given up
        with suppress(Exception):
            if cluster is not None:
                cluster.close(timeout=5)
        os._exit(0)


def _watch(client: Any, out: _Out) -> None:
    while client.status == "running":
        time.sleep(0.3)
    out.end("its scheduler no longer answers")


def _serve(client: Any, out: _Out, seconds: float, memory: int) -> None:
    own = os.urandom(8).hex()
    under_way: dict[int, Any] = {}         # a future that nobody holds is given up by the cluster

    def told(id: int, future: Any) -> None:
        try:
            answer = future.result(timeout=CONNECT)
            if isinstance(answer, str):
                out.line(id=id, answer=answer)
            else:
                out.line(id=id, lost="its answer is no text")
        except BaseException as error:
            out.line(id=id, lost=f"{type(error).__name__}: {error}"[:500])
        under_way.pop(id, None)

    for line in sys.stdin.buffer:
        asked = json.loads(line)
        id = asked["id"]
        try:
            future = client.submit(remote.ask, asked["question"], seconds, memory, key=f"checker-{own}-{id}")
            under_way[id] = future
            future.add_done_callback(lambda f, id=id: told(id, f))
        except Exception as error:
            out.line(id=id, lost=f"{type(error).__name__}: {error}"[:500])


if __name__ == "__main__":
    main()
