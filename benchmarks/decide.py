"""``make bench-decide``: who proves and who refutes what, on the same rows, in one run; writes docs/benchmarks.md.

Rows: SymPy's own tests (read by AST, see corpus/harvest.py) and theory, with mutants; labels by mpmath over a
wide range of points.  Every row has 10 seconds in a process that is killed after them.  Contestants: this
project; ``simplify(l - r) == 0``; ``l.equals(r)``; math-verify, in an environment of its own because it pins
another antlr; Arb balls at random points.  A statement that only this project reads counts for nobody else.

Also: how our time grows with terms, nesting, links and variables, and how many certificates a second replay.
"""

from __future__ import annotations

import argparse
import math
import platform
import random
import statistics
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from .arena import LIMIT, Answer, run
from .corpus.build import BUILD, corpus
from .corpus.rows import Row, load
from .growth import FAMILIES, family_rows

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
VENV = BUILD / "venv-math-verify"
NAMES = {
    "checker": "this project", "simplify": "`simplify(l - r) == 0`", "equals": "`l.equals(r)`",
    "math-verify": "math-verify", "arb": "Arb at random points",
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Provers and refuters on the same rows; writes docs/benchmarks.md.")
    parser.add_argument("--quick", action="store_true", help="40 true and 40 false rows")
    parser.add_argument("--size", type=int, default=150, help="true rows, and as many false ones")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds for one row")
    parser.add_argument("--only", choices=sorted(NAMES), action="append", help="these contestants")
    parser.add_argument("--rows", type=Path, help="a file of labelled rows, instead of the corpus")
    parser.add_argument("--output", type=Path, default=PAGE)
    arguments = parser.parse_args()
    console = Console(stderr=True)
    size = 40 if arguments.quick else arguments.size

    everything = load(arguments.rows) if arguments.rows else corpus(console.print)
    rows = sample(everything, size, arguments.seed)
    contestants = {name: sys.executable for name in NAMES if name != "math-verify"}
    python = math_verify_python(console)
    if python:
        contestants["math-verify"] = python
    if arguments.only:
        contestants = {n: p for n, p in contestants.items() if n in arguments.only}
    answers, growing = measured(contestants, rows, arguments.limit, console)
    text = page(everything, rows, answers, growing, arguments.limit, arguments.seed)
    arguments.output.write_text(text, encoding="utf-8")
    console.print(f"wrote {arguments.output}")


def sample(rows: list[Row], size: int, seed: int) -> list[Row]:
    """``size`` true rows, each area and origin in proportion, and as many false ones; equations and
    inequalities, for statements have no contestants."""
    r = random.Random(seed)
    out: list[Row] = []
    for label in (True, False):
        groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            if row.label is label and row.relation:
                groups[row.area, row.origin].append(row)
        every = sorted(groups.items())
        total = sum(len(g) for _, g in every)
        for _, group in every:
            out += r.sample(group, min(len(group), math.ceil(size*len(group)/max(1, total))))
    r.shuffle(out)
    return out


def math_verify_python(console: Console) -> str | None:
    """The interpreter of an environment with math-verify, made when it is first needed."""
    python = VENV / ("Scripts" if platform.system() == "Windows" else "bin") / "python"
    if not python.exists():
        console.print("making an environment for math-verify (once)")
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
        if made.returncode:
            console.print("math-verify is left out: no environment could be made")
            return None
    if subprocess.run([str(python), "-c", "import math_verify"], capture_output=True, check=False).returncode:
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                   f"sympy=={version('sympy')}", "math-verify"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            console.print(f"math-verify is left out: it could not be installed ({done.stderr.strip()[-200:]})")
            return None
    return str(python)


def measured(contestants: dict[str, str], rows: list[Row], limit: float, console: Console
             ) -> tuple[dict[str, list[Answer]], list[Answer]]:
    """Two contestants at a time; their bars are shown."""
    answers: dict[str, list[Answer]] = {name: [] for name in contestants}
    growing: list[Answer] = []
    work = list(contestants.items())
    lock = threading.Lock()
    with Progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
                  TimeElapsedColumn(), console=console) as progress:
        bars = {name: progress.add_task(NAMES[name].strip("`"), total=len(rows)) for name in contestants}

        def step(name: str) -> Callable[[], None]:
            return lambda: progress.advance(bars[name])

        def serve() -> None:
            while True:
                with lock:
                    if not work:
                        return
                    name, python = work.pop(0)
                answers[name] = list(run(name, python, rows, step(name), limit))

        threads = [threading.Thread(target=serve) for _ in range(2)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        if "checker" in contestants:
            some = family_rows()
            bar = progress.add_task("growth", total=len(some))
            growing = list(run("checker", sys.executable, some, lambda: progress.advance(bar), limit))
    return answers, growing


# ------------------------------------------------------------------ the page


def page(everything: list[Row], rows: list[Row], answers: dict[str, list[Answer]], growing: list[Answer],
         limit: float, seed: int) -> str:
    true, false = [sum(r.label is label for r in rows) for label in (True, False)]
    lines = [
        "# Benchmarks", "",
        "Written by `make bench-decide`. Every row has "
        f"{limit:g} s of processor time, after which its process ends; contestants that print nothing, "
        "crash or run out of time are undecided.", "",
        f"## {true} true and {false} false rows", "", versions(), "",
        "| contestant | reads | proves the true | refutes the false | wrong | over the limit | median s | 95 % s |",
        "|---|---|---|---|---|---|---|---|",
        *(_line(name, a) for name, a in answers.items()), "",
        "*Reads*: rows the contestant has a word for (`simplify`, `equals` and math-verify take equations without "
        "assumptions). *Wrong*: a true row called false or a false row called true. math-verify answers yes or no, so "
        "all that it does not find equal counts as refuted. Arb never proves.", "",
        "### By area (this project)", "",
        "| area | true | proved | false | refuted | wrong |", "|---|---|---|---|---|---|",
        *_areas(answers.get("checker", [])), "",
        "### Where the rows are from", "", "| origin | area | true | false | in this run |", "|---|---|---|---|---|",
        *_origins(everything, rows), "",
        "A label is an independent opinion: mpmath at 50 digits and up to 70 points of the stated domain (negative, "
        "zero, complex, large imaginary parts), quadrature for integrals, the course along a geometric sequence for "
        "limits. Rows that it cannot judge are left out. Mutants change one sign, coefficient, exponent, term, factor, "
        f"index, function or relation of a true row. Sampled with seed {seed}, areas in proportion.", "",
        "## How our time grows", "", *_growth(growing), "",
        "## Certificates replayed", "", *_replays(answers.get("checker", [])), "",
        "## Time of the commands", "",
        "`make bench` measures `checker check`, cold and warm, in units of `python -c \"import sympy\"`: the aims are "
        "15 and 2.", ""]
    return "\n".join(lines)


def versions() -> str:
    said = [f"Python {platform.python_version()}"]
    for name in ("sympy", "python-flint", "mpmath"):
        try:
            said.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    found = list(VENV.glob("lib/*/site-packages/math_verify-*.dist-info"))
    if found:
        said.append("math-verify " + found[0].name.split("-")[1].removesuffix(".dist"))
    return ", ".join(said) + f"; {platform.machine()}, {platform.system()}."


def percent(part: int, whole: int) -> str:
    return f"{part} ({100*part/whole:.0f} %)" if whole else "0"


def _line(name: str, answers: list[Answer]) -> str:
    true = [a for a in answers if a.row.label]
    false = [a for a in answers if not a.row.label]
    times = sorted(a.seconds for a in answers if a.verdict != "unread") or [0.0]
    return (f"| {NAMES[name]} | {len(answers) - sum(a.verdict == 'unread' for a in answers)} "
            f"| {percent(sum(a.verdict == 'proved' for a in true), len(true))} "
            f"| {percent(sum(a.verdict == 'refuted' for a in false), len(false))} "
            f"| {sum(a.wrong for a in answers)} | {sum(a.verdict == 'time' for a in answers)} "
            f"| {statistics.median(times):.3f} | {times[int(0.95*(len(times) - 1))]:.2f} |")


def _areas(answers: list[Answer]) -> list[str]:
    lines = []
    for area in sorted({a.row.area for a in answers}):
        some = [a for a in answers if a.row.area == area]
        true, false = [a for a in some if a.row.label], [a for a in some if not a.row.label]
        lines.append(f"| {area} | {len(true)} | {percent(sum(a.verdict == 'proved' for a in true), len(true))} "
                     f"| {len(false)} | {percent(sum(a.verdict == 'refuted' for a in false), len(false))} "
                     f"| {sum(a.wrong for a in some)} |")
    return lines


def _origins(everything: list[Row], rows: list[Row]) -> list[str]:
    counts = Counter((r.origin, r.area, r.label) for r in everything)
    run_ = Counter((r.origin, r.area) for r in rows)
    return [f"| {origin} | {area} | {counts[origin, area, True]} | {counts[origin, area, False]} "
            f"| {run_[origin, area]} |" for origin, area in sorted({(o, a) for o, a, _ in counts})]


def _growth(growing: list[Answer]) -> list[str]:
    lines = ["Seconds to decide, after the import (`>`: over the limit, `?`: undecided).", ""]
    by_family: dict[str, list[Answer]] = defaultdict(list)
    for a in growing:
        by_family[a.row.area].append(a)
    for name, (what, sizes, _) in FAMILIES.items():
        some = by_family.get(name, [])
        cells = [f"{a.more.get('decide', a.seconds):.3f}" + ("?" if a.verdict == "undecided" else "")
                 if a.verdict != "time" else ">" for a in some]
        lines += [f"**{name}**: {what}", "", "| size | " + " | ".join(map(str, sizes)) + " |",
                  "|" + "---|"*(len(sizes) + 1), "| s | " + " | ".join(cells) + " |", ""]
    return lines


def _replays(answers: list[Answer]) -> list[str]:
    by_rule: dict[str, list[float]] = defaultdict(list)
    for a in answers:
        if "replay" in a.more:
            kind = a.more["rule"] if a.verdict == "proved" else f"refuted: {a.more['rule']}"
            by_rule[kind].append(a.more["replay"])
    lines = ["One process, claim and certificate already read; per second, at the median.", "",
             "| certificate | in this run | replayed per second |", "|---|---|---|"]
    for kind, times in sorted(by_rule.items(), key=lambda item: -len(item[1])):
        lines.append(f"| {kind} | {len(times)} | {1/max(1e-6, statistics.median(times)):,.0f} |")
    return lines


if __name__ == "__main__":
    main()
