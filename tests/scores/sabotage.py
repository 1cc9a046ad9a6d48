"""Breaks the rules for scores on purpose, one line at a time: each break must turn tests/scores red.

    python tests/scores/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/scores/test_claims.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    # functionals
    ("functionals", "free = [n for n in names if n in drawn and not any(n in free_names(e) for e in others)][:4]",
     "free = [n for n in names if n in drawn][:4]"),
    ("functionals", "if seen[0] == score:", "if True:"),
    ("functionals", "scores = plus(*(self._scores(d) for d in _factors(w) if self.name in free_names(d)))", "scores = {}"),
    ("functionals", "moved = plus(self.derivative(under), times(under, scores))", "moved = times(under, scores)"),
    ("functionals", "if len(seen) > 1 or score is None:", "if score is None:"),
    # rule_exchange
    ("rule_exchange", "        raise Reject(RULE, \"goal\", \"no relation between numbers\")", "        pass"),
    ("rule_exchange", "            case App(\"regular\", (Var(name),)) if sequent.declarations.get(name) == REAL:\n"
     "                return name\n    raise Reject",
     "            case App(\"regular\", (Var(name),)) if sequent.declarations.get(name) == REAL:\n"
     "                return name\n    return next(n for n, s in sequent.declarations.items() if s == REAL)\n    raise Reject"),
    # parametric
    ("parametric", "if any(m <= 0 for m in law.masses.values()):", "if False:"),
    ("parametric", "if sum((m for k, m in entries.items() if k[len(law.own):] == at), Fraction(0)) != 0:", "if False:"),
    ("parametric", "a += self.masses[where + given]\n            b += self.slopes[where + given]",
     "a += self.masses[where + given]\n            b += 0"),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
