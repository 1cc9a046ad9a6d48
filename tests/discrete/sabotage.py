"""Breaks the rules of discrete mathematics on purpose, one line at a time: each must turn the tests red.

    python tests/discrete/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/discrete/test_rules.py", "tests/discrete/test_known.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    ("rule_exponential_series", "before = [term(num(j)) for j in range(int(low.value))]", "before = []"),
    ("rule_exponential_series", "if high != OO or not (", "if not ("),
    ("rule_exponential_series", "if loose := free_names(t) - set(s.declarations):",
     "if loose := free_names(t) - set(s.declarations) - {name}:"),
    ("rule_exponential_series", "if any(undischarged(t, here) for t in (u, *coefficients)):", "if False:"),
    ("rule_exponential_series", "if name in s.declarations or name in free_names(target):", "if False:"),
    ("rule_discrete", 'if sign not in ("+", "0+", "0"):', "if False:"),
    ("rule_discrete", "if not defined(c, here) or not is_real(c, s.declarations) and not field.real(c):", "if False:"),
    ("rule_discrete", 'above = ">=" if strict or goal.head in ("<=", ">=") else ">"', 'above = ">="'),
    ("rule_residues", "if not (isinstance(modulus, int) and 1 <= modulus <= MAX_COMMON):", "if False:"),
    ("rule_residues", 'return (relation == "!=") if differ else None', 'return relation == "!="'),
    ("rule_induction", "first = [Sequent(s.declarations, (*rest, *(at(a, t) for a in carried)), at(s.goal, t)) for t in starts]",
     "first = []"),
    ("definedness", 'if {OO, app("neg", OO)} & set(sides):', "if False:"),
    ("closed_sum", "if foreign := discharge(shown.conditions, given):", "if foreign := ():"),
    ("evaluate", "a, b, c = 0, 1, 1", "a, b, c = 0, 0, 1"),
    ("discrete_special", 'sign = "0+"', 'sign = "+"'),
    ("discrete_special", "natural, positive = _NONNEGATIVE[head]", "natural, positive = -2, -2"),
    ("discrete_special", "odd = field.times(half, field._subtract(field.constant(1), sign))",
     "odd = field.times(half, field._plus(field.constant(1), sign))"),
    ("definedness", 'case "factorial2", (u,):', 'case "factorial2-", (u,):'),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main(sys.argv[1:]) if hasattr(sabotage, "main") else 0)
