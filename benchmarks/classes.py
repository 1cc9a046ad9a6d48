"""How long a class takes, and how much memory: ``make bench-classes``.

Generated submissions of eight lines for one problem; the share ``--equal`` of the students hand in the same
derivation, the others one with a coefficient of their own; every fourth has a wrong line.

    python -m benchmarks.classes [--students 300] [--jobs 2] [--equal 0.8]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LINES = 8
PROBLEM = """\
title: Generated
problems:
  - id: square
    title: Square
    points: 4
    notation: "x, y: real"
"""


def derivation(n: int, slip: bool) -> str:
    """Eight lines; with ``slip`` the fifth loses a factor."""
    square = n * n
    steps = [
        f"(x+{n}y)^2 - x^2", f"(x+{n}y)(x+{n}y) - x^2", f"x(x+{n}y) + {n}y(x+{n}y) - x^2",
        f"x^2 + {n}xy + {n}xy + {square}y^2 - x^2", f"x^2 + {2 * n}xy + {square}y^2 - x^2",
        f"{n if slip else 2 * n}xy + {square}y^2", f"y({n if slip else 2 * n}x + {square}y)",
        f"{n}y({1 if slip else 2}x + {n}y)", f"{n}({1 if slip else 2}xy + {n}y^2)"]
    chain = " \\\\\n&= ".join(steps[1:])
    return f"\\section*{{Square}}\n\\begin{{align*}}\n{steps[0]} &= {chain}\n\\end{{align*}}\n"


def write(folder: Path, students: int, equal: float) -> None:
    (folder / "problems.yaml").write_text(PROBLEM, encoding="utf-8")
    (folder / "submissions").mkdir()
    for k in range(students):
        n = 2 if (k % 100) < 100 * equal else k + 3
        (folder / "submissions" / f"student{k}.tex").write_text(derivation(n, k % 4 == 3), encoding="utf-8")


def largest() -> int:
    """Bytes that the largest process of this program's children held (Linux)."""
    import resource

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def measure(students: int, jobs: int, equal: float) -> tuple[float, float, int]:
    """Seconds by the clock, seconds of processors, bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, students, equal)
        before, began = os.times(), time.monotonic()
        done = subprocess.run([sys.executable, "-m", "checker", "grade", "problems.yaml", "submissions", "--out", "out",
                               "--jobs", str(jobs)], cwd=folder, capture_output=True, text=True, check=False)
        clock, after = time.monotonic() - began, os.times()
        if done.returncode:
            raise SystemExit(f"checker grade: exit {done.returncode}\n{done.stderr[-2000:]}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return clock, used, largest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--equal", type=float, default=0.8)
    asked = parser.parse_args()
    clock, used, held = measure(asked.students, asked.jobs, asked.equal)
    lines = asked.students * LINES
    print(f"| {asked.students} | {asked.equal:.0%} | {asked.jobs} | {clock:.1f} | {used:.1f} | {lines / clock:.0f} "
          f"| {held / 2**20:.0f} |", flush=True)


if __name__ == "__main__":
    main()
