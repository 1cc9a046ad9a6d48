"""How long a class takes, and how much memory: ``make bench-classes``.

Generated submissions of eight lines for one problem; the share ``--equal`` of the students hand in the same
derivation, the others one with a coefficient of their own; every fourth has a wrong line.

    python -m benchmarks.classes [--students 300 1000] [--jobs 2] [--equal 0.8] [-- --executor dask]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
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


class Memory:
    """What the processes below this one hold (Linux), looked at twice a second."""

    def __init__(self, root: int) -> None:
        self._root = root
        self.largest = 0                                  # bytes that one process held at its peak
        self.main: list[int] = []                         # what the first one held, look by look

    def look(self) -> None:
        for pid in self._below(self._root):
            try:
                status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
            except OSError:
                continue
            found = {k: int(v.split()[0]) * 1024 for k, _, v in (x.partition(":") for x in status.splitlines())
                     if k in ("VmHWM", "VmRSS")}
            self.largest = max(self.largest, found.get("VmHWM", 0))
            if pid == self._root and found:
                self.main.append(found["VmRSS"])

    def _below(self, pid: int) -> list[int]:
        found = [pid]
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                found += [p for child in children.read_text().split() for p in self._below(int(child))]
            except OSError:
                continue
        return found

    def quarters(self) -> list[int]:
        """What the first process held after each quarter of the time."""
        return [self.main[max(0, len(self.main) * k // 4 - 1)] for k in (1, 2, 3, 4)] if self.main else []


def measure(students: int, jobs: int, equal: float, more: Sequence[str]) -> tuple[float, Memory]:
    """Seconds by the clock, and memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, students, equal)
        began = time.monotonic()
        with (folder / "out.txt").open("w") as out, (folder / "err.txt").open("w") as err:
            run = subprocess.Popen([sys.executable, "-m", "checker", "grade", "problems.yaml", "submissions", "--out",
                                    "out", "--jobs", str(jobs), *more], cwd=folder, stdout=out, stderr=err)
        memory = Memory(run.pid)
        while run.poll() is None:
            memory.look()
            time.sleep(0.5)
        clock = time.monotonic() - began
        if run.returncode:
            raise SystemExit(f"checker grade: exit {run.returncode}\n{(folder / 'err.txt').read_text()[-2000:]}")
        pages = sum(1 for _ in (folder / "out" / "students").glob("*.md"))
        if pages != students:
            raise SystemExit(f"{pages} pages for {students} students")
    return clock, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, nargs="*", default=[300])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--equal", type=float, default=0.8)
    parser.add_argument("more", nargs="*", help="options of checker grade, after --")
    asked = parser.parse_args()
    print("| students | equal | jobs | s | lines a second | largest process, MB | first process by quarters, MB |")
    print("|---:|---:|---:|---:|---:|---:|---|", flush=True)
    for students in asked.students:
        clock, memory = measure(students, asked.jobs, asked.equal, asked.more)
        quarters = ", ".join(f"{m / 2**20:.0f}" for m in memory.quarters())
        print(f"| {students} | {asked.equal:.0%} | {asked.jobs} | {clock:.1f} | {students * LINES / clock:.0f} "
              f"| {memory.largest / 2**20:.0f} | {quarters} |", flush=True)


if __name__ == "__main__":
    main()
