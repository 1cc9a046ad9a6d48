"""Decides the rows and prints what is not as it should be, with times.

    python -m tests.identities.measure [part of a row's left side]
"""

from __future__ import annotations

import statistics
import sys
import time

from .rows import ATTACKS, ROWS
from .state import verdict


def main(wanted: str) -> None:
    times: dict[str, list[float]] = {"true": [], "false": []}
    counts: dict[tuple[str, str], int] = {}
    rows = [(*r[:4], "true") for r in ROWS]
    rows += [(r[0], r[1], m, r[3], "false") for r in ROWS for m in r[4]]
    rows += [(*r, "false") for r in ATTACKS]
    for left, relation, right, given, truth in rows:
        if wanted not in left:
            continue
        start = time.perf_counter()
        try:
            found, conditions = verdict(left, relation, right, given)
        except Exception as error:  # noqa: BLE001
            found, conditions = f"{type(error).__name__}: {error}"[:90], ()
        took = time.perf_counter() - start
        times[truth].append(took)
        counts[truth, found] = counts.get((truth, found), 0) + 1
        good = {"true": "proved", "false": "refuted"}[truth]
        if found != good or took > 0.5 or conditions:
            wrong = "WRONG " if truth == "true" and found == "refuted" or truth == "false" and found == "proved" \
                and not conditions else ""
            print(f"{wrong}{truth}: {found} {len(conditions)} {took:.2f}s  {left} {relation} {right}   {given}", flush=True)
    print(counts)
    for truth, t in times.items():
        if t:
            print(f"{truth}: median {statistics.median(t):.4f} s, 95 % {sorted(t)[int(len(t)*.95)]:.3f} s, "
                  f"max {max(t):.2f} s, total {sum(t):.1f}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
