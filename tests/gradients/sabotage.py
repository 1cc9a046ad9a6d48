"""Breaks derivatives, dual numbers and moved places on purpose, one line at a time: each break must turn red.

    python tests/gradients/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/gradients/test_duals.py", "tests/gradients/test_places.py", "tests/gradients/test_claims.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    # derivative
    ("derivative", 'elif self.x in free_names(apart) and da != db:', "elif False:"),
    ("derivative", 'app("div", u, app("abs", u)) if self.entry is None else app("sign", u)', "num(1)"),
    ("derivative", 'return mul(*(app("delta", a, j) for a, j in zip(args, self.entry, strict=True)))', "return num(1)"),
    ("derivative", 'conj(substitute(guard, other), apart), substitute(body, other)', "guard, substitute(body, other)"),
    ("derivative", 'return self.of(a if e == 2 else app("pow", a, Num(e / 2)))', "return self.of(a)"),
    ("derivative", "t = rename(t, set(self.decls) | {n for j in self.entry or () for n in free_names(j)})\n        inner",
     "inner"),
    # dual
    ("dual", "tag = (outside.tag if isinstance(outside, DualEvaluator) else 0) + 1", "tag = 1"),
    ("dual", "Fraction(int(where == f.where))", "Fraction(1)"),
    ("dual", "if sign == 0 and (isinstance(apart, Dual) or not _is_zero(moves)):", "if False:"),
    ("dual", "if sign == 0 and (isinstance(apart, Dual) or not _is_zero(moves)):",
     "if sign == 0 and not _is_zero(moves):"),
    ("dual", "return self._times(n, f(\"pow\", [x, n - 1]), dx)", "return self._times(f(\"pow\", [x, n - 1]), dx)"),
    ("dual", "result = _moving(result, tag)", "pass"),
    # index_places
    ("index_places", "low = self.constant(q - s)", "low = self.constant(q)"),
    ("index_places", "range(0, n + (sign == 1))", "range(0, n)"),
    ("index_places", "here = self.times(self._at_least_one(value), self._at_most(value, bounds[b]))", "here = ONE_POLY"),
    ("index_places", "range(min(step, 0), max(step, 0))", "range(0)"),
    ("index_places", "for q in range(int(k))))", "for q in range(int(k) - 1)))"),
    # index_form, index_functions
    ("index_functions", "if all(c > 0 for _, c in s.terms):", "if True:"),
    ("index_form", "if args.count(y) == 1 and others.isdisjoint(names)", "if args.count(y) == 1"),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
