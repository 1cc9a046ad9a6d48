"""Breaks the rules for identities over C on purpose, one line at a time: each break must turn tests/identities red.

    python tests/identities/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/identities/test_rules.py", "tests/identities/test_normal_form.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    # angles
    ("angles", "if self.within(Fraction(2 * m - 1), Fraction(2 * m + 1), True, False):",
     "if self.within(Fraction(2 * m - 1), Fraction(2 * m + 1), False, False):"),
    ("angles", "        for m in {floor(", "        if True:\n            return 0\n        for m in {floor("),
    # algebraic
    ("algebraic", "if abs(self.polynomial(p)) < arb(2) ** -bits:", "if abs(self.polynomial(p)) < arb(2) ** -60:"),
    ("algebraic", "if not self.polynomial(p).contains(acb(0)):\n                return False",
     "if not self.polynomial(p).contains(acb(0)):\n                return True"),
    # principal
    ("principal", "return self._subtract(self.times(self.constant(2), self._log_modulus(g.value)), own)",
     "return self.logarithm(self.conj(g.value))"),
    ("principal", 'case "root" if g.value is not None and self.off_cut(g.value):', 'case "root" if g.value is not None:'),
    ("principal", "allowed = (\"+\",) if not weak and e > 0 else (\"+\", \"0+\")", 'allowed = ("+", "0+", None)'),
    ("principal", "if e % 2 == 0 and (weak or e < 0 or self.nonzero(whole)):", "if True:"),
    ("principal", "return self._plus(total, self.times(pi_i, self.constant(-2 * m)))", "return total"),
    ("principal", "positive = (m % 2 == 0) == (c1 > 0)", "positive = c1 > 0"),
    ("principal", "if im == \"0\" and re in (\"+\", \"-\"):\n            return exactly(0 if re == \"+\" else 1)",
     "if im == \"0\" and re in (\"+\", \"-\"):\n            return exactly(0)"),
    ("principal", "if not self.nonzero(u):\n                    return self.opaque(t, (\"acot\", self.key(u)))", "pass"),
    ("principal", "        if self.nonzero(u):\n            return self.times(u, self._inverse(self.modulus(u)))",
     "        if True:\n            return self.times(u, self._inverse(self.modulus(u)))"),
    ("principal", "if content < 0 or any(self.signs.polynomial(f) not in (\"+\", \"0+\") for f, _ in factors):",
     "if False:"),
    ("principal", "return all(self._nonzero_factor(f) for f, _ in factors)", "return True"),
    # branches
    ("rule_branches", "sort.kind in (\"real\", \"complex\")):\n            raise", "True):\n            raise"),
    ("rule_branches", "if not (isinstance(c, App) and c.head in (\"=\", \"<\", \"<=\", \">\", \">=\")):\n        return False",
     "return True"),
    ("rule_branches", "return all(_affine(a, s) for a in args) and sum(1 for a in args if free_names(a)) <= 1",
     "return all(_affine(a, s) for a in args)"),
    ("rule_branches", "    if not shown:\n", "    if False:\n"),
    ("rule_branches", "if not field.nonzero(v):", "if False:"),
    ("rule_branches", "if not gap < 2 * arb.pi():", "if False:"),
    ("rule_branches", "if y.contains(acb(0)) or not abs(x / y - 1) < arb(1) / 2:", "if False:"),
    ("rule_branches", "        raise Reject(\"branches\", show(a), \"does not hold at the point\")", "        pass"),
    ("rule_branches", "_need(t, field.nonzero(field.frac(w)))", "pass"),
    ("rule_branches", "    if left := discharge(definedness(s.goal, here), here):", "    if left := ():"),
    # cells
    ("rule_cells", "        out.append((None, thin(c, dict(s.declarations))))", "        out.append((below, s.assuming(below)))"),
    ("rule_cells", "if case is None and shown.conditions:", "if False:"),
    ("rule_cells", "rest = s.assumptions[:k] + s.assumptions[k + 1:]", "rest = (*s.assumptions, negate(s.assumptions[k]))"),
    ("rule_cells", "if part not in (\"re\", \"im\"):", "if False:"),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
