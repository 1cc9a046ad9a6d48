"""What a runaway, a memory eater and killed workers cost the others: ``make bench-isolation``.

1. 200 tasks on two workers: 198 ordinary ones, an endless loop that swallows exceptions, a memory eater.
   Expected: 198 answers, one time-out, one memory error.
2. 2,000 claims decided twice, the second time with processes (those that load, search and replay) killed by SIGKILL
   at random.  Expected: the same verdicts, by the same rules, with the same witnesses.

    python -m benchmarks.isolation [--claims 2000] [--every 0.5]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from checker.running.config import Options
from checker.running.limits import Ended, Limits
from checker.running.run import run
from checker.running.workers import Workers

HEAD = """\
from sympy import Rational, symbols
from checker import Derivation

x, y = symbols("x y", real=True)
D = Derivation("many", title="Many claims", source="generated")
"""
ROWS = (  # every second one is false
    "(x + {n}*y)**2, '=', x**2 + {m}*x*y + {q}*y**2",
    "(x + {n}*y)**2, '=', x**2 + {n}*x*y + {q}*y**2, expected='refuted'",
    "(x - {n})*(x + {n}), '=', x**2 - {q}",
    "(x - {n})*(x + {n}), '=', x**2 + {q}, expected='refuted'",
)


def two_rogues(tasks: int = 200) -> Counter[str]:
    """How the tasks ended; ``tasks/99`` and ``tasks/2`` are the rogues."""
    with Workers(2, Limits(seconds=2, memory=2**29), module="tests.running.rogues") as workers:
        names = ["slow"] * tasks
        names[tasks // 99], names[tasks // 2] = "endless", "hungry"
        results = [f.result() for f in [workers.submit(name, n) for n, name in enumerate(names)]]
    return Counter(
        ("answer" if r.value == 2 * n else "WRONG") if isinstance(r, Ended) else r.cause for n, r in enumerate(results))


def sheet(folder: Path, claims: int) -> Options:
    lines = [f'D.claim("c{k}", {ROWS[k % len(ROWS)].format(n=n, m=2 * n, q=n * n)})'
             for k in range(claims) for n in (k // len(ROWS) + 2,)]
    (folder / "many.py").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return Options(root=folder, paths=(folder,), jobs=2, limits=Limits(30))


def verdicts(options: Options) -> dict[str, Any]:
    return {d.stated.id: (d.verdict, d.rule, str(d.witness), d.evidence, d.certificate) for d in run(options).decisions}


@contextmanager
def killed_at_random(every: float, seed: int = 6) -> Iterator[list[int]]:
    """Kills a worker of this process every so often; yields the list of those that it killed."""
    import psutil

    done, chance, killed = threading.Event(), random.Random(seed), []

    def workers() -> list[int]:
        own = psutil.Process()
        kernels = [p for p in own.children() if "checker.running.replay_worker" in p.cmdline()]
        forked = [p for c in own.children() for p in c.children()]  # by the server that forks workers
        return [p.pid for p in (*kernels, *forked)]

    def kill() -> None:
        while not done.wait(every * chance.uniform(0.5, 1.5)):
            try:
                pid = chance.choice(workers() or [0])
                if pid:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            except (psutil.Error, ProcessLookupError):
                continue

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    try:
        yield killed
    finally:
        done.set()
        killer.join()


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--claims", type=int, default=2000)
    read.add_argument("--every", type=float, default=0.5, help="seconds between two kills, about")
    given = read.parse_args()

    start = time.monotonic()
    ends = two_rogues()
    print(f"200 tasks, two rogues: {dict(sorted(ends.items()))}, {time.monotonic() - start:.1f} s", flush=True)
    good = ends == {"answer": 198, "time": 1, "memory": 1}

    with tempfile.TemporaryDirectory() as folder:
        options = sheet(Path(folder), given.claims)
        start = time.monotonic()
        calm = verdicts(options)
        between = time.monotonic()
        with killed_at_random(given.every) as killed:
            stormy = verdicts(options)
        changed = [n for n in calm if calm[n] != stormy.get(n)]
    print(f"{len(calm)} claims: {dict(Counter(v[0] for v in calm.values()))}, {between - start:.1f} s undisturbed; "
          f"with {len(killed)} processes killed {time.monotonic() - between:.1f} s, "
          f"{len(calm) - len(stormy)} lost, {len(changed)} changed", flush=True)
    for name in changed[:5]:
        print(f"  {name}: {calm[name]} -> {stormy.get(name)}")
    sys.exit(0 if good and not changed and len(calm) == given.claims else 1)


if __name__ == "__main__":
    main()
