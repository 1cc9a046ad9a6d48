"""What this project does not decide yet, by area, and what it decides wrongly.

    python -m benchmarks.open [--area AREA] [--kind theory|harvested] [--sample N] [--write FILE] [--limit SECONDS]
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import sys
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .arena import LIMIT, Answer, run
from .corpus.build import corpus
from .corpus.rows import Row, load


def main() -> None:
    parser = argparse.ArgumentParser(description="True rows not proved, false rows not refuted, wrong verdicts.")
    parser.add_argument("--area")
    parser.add_argument("--kind", default="", choices=["", "theory", "harvested"])
    parser.add_argument("--rows", type=Path, help="a file of labelled rows, instead of the corpus")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=LIMIT)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    rows = load(arguments.rows) if arguments.rows else corpus(lambda t: print(t, file=sys.stderr), arguments.kind)
    rows = [r for r in rows if arguments.area in (None, r.area)]
    if arguments.sample:
        rows = random.Random(arguments.seed).sample(rows, min(arguments.sample, len(rows)))
    done = itertools.count(1)

    def step() -> None:
        k = next(done)
        if k % 100 == 0:
            print(f"{k} of {len(rows)} rows", file=sys.stderr, flush=True)

    with ThreadPoolExecutor(arguments.processes) as pool:
        shares = [rows[k::arguments.processes] for k in range(arguments.processes)]
        answers = [a for share in pool.map(
            lambda part: list(run("checker", sys.executable, part, step, arguments.limit)), shares) for a in share]
    answers.sort(key=lambda a: (a.row.origin, a.row.area, a.row.id))
    text = report(answers)
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")
    print(text if not arguments.write else "\n".join(text.splitlines()[:24]))


def readable(row: Row) -> str:
    """The row as it is typed; rows from SymPy's tests are kept by structure and are long."""
    if "Integer(" not in row.left + row.right and "Symbol(" not in row.left + row.right:
        return row.text
    import sympy

    from .corpus.rows import PYTHON, evaluate, namespace

    with sympy.evaluate(False):
        sides = [sympy.sstr(evaluate(t, namespace()), order="none") for t in (row.left, row.right)]
    names = evaluate(row.left, namespace()).free_symbols | evaluate(row.right, namespace()).free_symbols
    declared = ", ".join(sorted(f"{s} {_kind(s)}" for s in names))
    given = f"  given {', '.join(row.given)}" if row.given else ""
    return f"{sides[0]} {PYTHON[row.relation]} {sides[1]}{given}   [{declared}]"


def _kind(s: object) -> str:
    for kind in ("odd", "even", "positive", "negative", "nonnegative", "nonpositive"):
        if getattr(s, f"is_{kind}"):
            return kind + (" integer" if s.is_integer and kind not in ("odd", "even") else "")  # type: ignore[attr-defined]
    for kind in ("integer", "rational", "real", "imaginary"):
        if getattr(s, f"is_{kind}"):
            return kind
    return "complex"


def report(answers: list[Answer]) -> str:
    lines = ["# Open rows", ""]
    times = sorted(a.more.get("decide", a.seconds) for a in answers if a.verdict not in ("unread",))
    lines.append(f"{len(answers)} rows; median {statistics.median(times):.4f} s, "
                 f"95th percentile {times[int(0.95*(len(times) - 1))]:.2f} s")
    table: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for a in answers:
        table[a.row.area, bool(a.row.label)]["WRONG" if a.wrong else a.verdict] += 1
    for (area, label), counts in sorted(table.items()):
        lines.append(f"* {area}, {'true' if label else 'false'}: " + ", ".join(
            f"{n} {verdict}" for verdict, n in sorted(counts.items())))
    wrong = [a for a in answers if a.wrong]
    lines += ["", "## Wrong (or the label is)", *(f"* {a.verdict}: {_said(a)}" for a in wrong)]
    lines += ["", "## Over 2 seconds",
              *(f"* {a.seconds:.1f} s {a.verdict}: {_said(a)}" for a in answers if a.seconds > 2)]
    for area in sorted({a.row.area for a in answers}):
        for label, title in ((True, "true, not proved"), (False, "false, not refuted")):
            some = [a for a in answers if a.row.area == area and a.row.label is label and not a.wrong
                    and a.verdict != ("proved" if label else "refuted")]
            if some:
                lines += ["", f"## {area}: {title}"]
                lines += [f"* {_said(a)}" + (f" -- {a.verdict}" if a.verdict != "undecided" else "") for a in some]
    return "\n".join(lines) + "\n"


def _said(a: Answer) -> str:
    try:
        text = readable(a.row)
    except Exception:
        text = a.row.text
    extra = f" -- {a.more['why'][:120]}" if a.verdict == "unread" else (
        f" -- {a.more.get('rule')} {a.more.get('witness') or ''} {a.more.get('conditions') or ''}" if a.wrong else "")
    return f"`{text[:400]}` ({a.row.id}{', ' + a.row.mutation if a.row.mutation else ''}){extra}"


if __name__ == "__main__":
    main()
