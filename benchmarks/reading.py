"""``make bench-read``: lines of LaTeX read a second, ours beside the readers that are installed, in one run.

Three stages of ours: tokens and tree; with the kernel's claim; a whole document with its links.  Beside them
latex2sympy2, which reads single sides of plain algebra: it gets only such sides, and one process for all (its best
case).  Readers that are not installed are left out, and said so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from checker.reading.latex.declarations import read_notation
from checker.reading.latex.grammar import read
from checker.reading.latex.meaning import Meaning
from checker.reading.latex.notation import Notation
from checker.reading.latex.tokens import tokenize

NOTATION = "x, y, a, b: real\nn, k: integer >= 1\nw: vector n\nX: random\np, q: density\nz: random"
#: Lines of course notes, plain algebra first.
ALGEBRA = [
    r"(x+y)^2 - y^2 = x^2 + 2xy", r"\frac{a}{b} + \frac{b}{a} \ge 2", r"\sqrt{x^2 + y^2} \le x + y",
    r"\frac{1}{1+e^{-x}} = \frac{e^x}{1+e^x}", r"\log(ab) = \log a + \log b",
    r"\sin(x+y) = \sin x \cos y + \cos x \sin y",
]
COURSE = [
    r"\sum_{k=1}^n k^2 = \frac{n(n+1)(2n+1)}{6}", r"\int_0^1 x^2\,dx = \frac13", r"\lim_{x\to 0}\frac{\sin x}{x} = 1",
    r"\|w\|_2^2 = \sum_{i=1}^n w_i^2", r"\operatorname{Var}(aX + b) = a^2 \operatorname{Var}(X)",
    r"\log p(x) = \mathbb{E}_{z\sim q(z|x)}\left[\log\frac{p(x,z)}{q(z|x)}\right] + \mathrm{KL}(q(z|x)\,\|\,p(z|x))",
    r"\frac{d}{dx}\left(x \sin x\right) = \sin x + x\cos x", r"n^2 + 3n = O(n^2)",
]


def rate(work: Callable[[str], object], lines: Sequence[str], seconds: float = 1.5) -> float:
    """Lines a second."""
    done, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        for line in lines:
            work(line)
        done += len(lines)
    return done / (time.process_time() - start)


def ours(notation: Notation) -> dict[str, Callable[[str], object]]:
    import sympy

    def claim(line: str) -> object:
        with sympy.evaluate(False):
            meaning = Meaning(notation)
            left, right = read(tokenize(line), notation).tree.parts
            relation = next(sign for latex, sign in ((r"\ge", ">="), (r"\le", "<="), ("=", "=")) if latex in line)
            return meaning.claim(meaning.link(left, relation, right))

    return {"text to tree": lambda line: read(tokenize(line), notation), "text to claim": claim}


def main() -> None:
    notation, refused = read_notation(NOTATION)
    if refused:
        raise SystemExit(f"the benchmark's notation is not read: {refused[0].message}")
    for name, work in ours(notation).items():
        everything, algebra = rate(work, ALGEBRA + COURSE), rate(work, ALGEBRA)
        print(f"ours, {name:14} {everything:8.0f} lines/s   (plain algebra {algebra:.0f})")
    try:
        from latex2sympy2 import latex2sympy
    except ImportError:
        print("latex2sympy2 is not installed: left out")
        return
    sides = [s for line in ALGEBRA for s in line.replace(r"\ge", "=").replace(r"\le", "=").split("=")]
    foreign = rate(latex2sympy, sides) / 2
    print(f"latex2sympy2, sides  {foreign:8.0f} lines/s   (two sides a line, plain algebra only)")
    print(f"text to claim, over latex2sympy2 on plain algebra: {algebra / foreign:.1f}")


if __name__ == "__main__":
    main()
