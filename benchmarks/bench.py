"""``make bench``: what ``make check`` costs, in units of ``python -c "import sympy"``.

Cold: no store, every file loaded, every claim searched and minted.  Warm: every verdict replayed from
the store.  All three are measured in the same run, in turn, so that a busy machine slows them alike;
the least of a few is reported, for noise only adds.  Aims: cold <= 15, warm <= 2.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AIMS = {"cold": 15.0, "warm": 2.0}


def main() -> None:
    parser = argparse.ArgumentParser(description="Time of `checker check`, cold and warm.")
    parser.add_argument("paths", nargs="*", default=sorted(map(str, Path("derivations").glob("*.py"))),
                        help="what to check (the founding document)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--strict", action="store_true", help="exit 1 when an aim is missed")
    arguments = parser.parse_args()

    unit = [sys.executable, "-c", "import sympy"]
    check = [sys.executable, "-m", "checker", "check", *map(str, arguments.paths), "--output-format", "json"]
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        check += ["--store", folder + "/store", "--certificates", folder + "/certificates"]
        for _ in range(max(1, arguments.rounds)):
            shutil.rmtree(folder + "/store", ignore_errors=True)
            for name, command in (("unit", unit), ("cold", check), ("warm", check)):
                best[name] = min(best.get(name, float("inf")), seconds(command))
    print(f"import sympy  {best['unit']:6.2f} s")
    missed = False
    for name, aim in AIMS.items():
        ratio = best[name] / best["unit"]
        missed = missed or ratio > aim
        verdict = "within" if ratio <= aim else "ABOVE"
        print(f"check, {name}   {best[name]:6.2f} s  = {ratio:5.2f} x  ({verdict} the aim of {aim:g} x)")
    if missed and arguments.strict:
        sys.exit(1)


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode not in (0, 1):
        said = done.stdout[-500:] + done.stderr[-2000:]
        sys.exit(f"{' '.join(command)} failed ({done.returncode}):\n{said}")
    return taken


if __name__ == "__main__":
    main()
