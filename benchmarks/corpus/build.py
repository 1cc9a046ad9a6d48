"""All rows, labelled: harvested, theory, mutants.  Built once (minutes) and kept in build/corpus.jsonl.

    python -m benchmarks.corpus.build            what there is, by area
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import sympy

from .harvest import harvest
from .label import opinion
from .mutate import mutants
from .rows import Row, load, save, theory

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build"
PROCESSES = 4


def corpus(say: Callable[[str], None] = lambda text: None, kind: str = "") -> list[Row]:
    """Labelled rows; those that nobody can label are left out (``say`` tells how many).  ``kind``: theory
    or harvested only."""
    makers = {"theory": theory, "harvested": lambda: list(harvest(BUILD / "harvest"))}
    return [row for name, make in makers.items() if kind in ("", name) for row in _kept(name, make, say)]


def _kept(kind: str, make: Callable[[], list[Row]], say: Callable[[str], None]) -> list[Row]:
    path = BUILD / f"corpus-{kind}-{_version(kind)}.jsonl"
    if path.is_file():
        return load(path)
    say(f"{kind}: reading")
    rows = make()
    say(f"{kind}: {len(rows)} rows; labelling them and their mutants")
    labelled: list[Row] = []
    with ProcessPoolExecutor(PROCESSES) as pool:
        for k, group in enumerate(pool.map(labelled_with_mutants, rows, chunksize=8), 1):
            labelled += group
            if k % 200 == 0:
                say(f"{kind}: {k} of {len(rows)}")
    kept = [r for r in labelled if r.label is not None]
    save(kept, path)
    say(f"{kind}: {len(kept)} labelled, {len(labelled) - len(kept)} dropped for want of a label")
    return kept


def labelled_with_mutants(row: Row) -> list[Row]:
    seen = opinion(row)
    if row.label is not None and seen is not None and seen != row.label:
        return [replace(row, label=None, origin=row.origin + ", label disputed")]
    checked = replace(row, label=row.label if row.label is not None else seen)
    out = [checked]
    if checked.label is not True:
        return out
    try:
        for m in mutants(checked):
            if opinion(m) is False:
                out.append(replace(m, label=False))
    except Exception:  # a mutant that SymPy cannot build is no row
        return out
    return out


def _version(kind: str) -> str:
    files = [HERE / f"{name}.py" for name in ("rows", "label", "mutate")]
    files += sorted(HERE.glob("theory/*.txt")) if kind == "theory" else [HERE / "harvest.py"]
    text = sympy.__version__ + "".join(f.read_text(encoding="utf-8") for f in files)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def main() -> None:
    rows = corpus(lambda text: print(text, file=sys.stderr))
    for key, count in sorted(Counter((r.origin, r.area, str(r.label)) for r in rows).items()):
        print(f"{count:6}  {'  '.join(key)}")


if __name__ == "__main__":
    main()

__all__ = ["corpus"]
