"""Breaks the rules for random quantities on purpose, one line at a time: each break must turn tests/samples red.

    python tests/samples/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/samples/test_rules.py", "tests/samples/test_random.py", "tests/samples/test_claims.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    # expectation
    ("expectation", "deltas.append(app(\"delta\", x, y))", "pass"),
    ("expectation", "guards = tuple(substitute(g, by) for g in s.guards)", "guards = ()"),
    ("expectation", "if guard != TRUE and not mentioned & {n for n, _ in bound}:", "if False:"),
    ("expectation", "and sorts.get(x.name) == over and isinstance(y, (Var, Num)):", "and isinstance(y, (Var, Num)):"),
    ("expectation", "new = fresh(name, self.taken)", "new = name"),
    ("expectation", "sizes = [self._size(k) for n, k in bound if n not in moving]", "sizes = []"),
    ("expectation", "        if k < s:\n", "        if k <= s:\n"),
    ("expectation", "if any(e.group != first.group or e.draw != first.draw", "if any(e.group != first.group"),
    ("expectation", "bounded_moments(f, members, joint, group.law, MAX_DEGREE)) not in self._known:",
     "bounded_moments(f, members, joint, group.law, MAX_DEGREE)) is None:"),
    # expect_terms
    ("expect_terms", "if len(set(laws)) != len(laws):", "if False:"),
    ("expect_terms", "if cut < 0 or args[cut:] != slots:", "if False:"),
    ("expect_terms", "return polynomial(a, names) and not free_names(b) & names", "return polynomial(a, names)"),
    # rule_moments
    ("rule_moments", "if not g.apart:", "if True:"),
    ("rule_moments", "if any(Var(atom) in subterms(u) for _, u in rest):", "if False:"),
    # joint_laws
    ("joint_laws", "if any(mass <= 0 for mass, _ in out) or sum(mass for mass, _ in out) != 1:", "if False:"),
    ("joint_laws", "if sort.values and not set(entries.values()) <= set(sort.values):", "if False:"),
    ("joint_laws", "if any(low is not None and v < low or high is not None and v > high for v in entries.values()):",
     "if False:"),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
