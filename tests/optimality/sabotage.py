"""Breaks the rules for gaps on purpose, one line at a time: each break must turn tests/optimality red.

    python tests/optimality/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/optimality/test_rules.py", "tests/optimality/test_zero.py",
                     "tests/optimality/test_projections.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    ("rule_resolve", "if inner == s:", "if False:"),
    ("rule_resolve", "fact.head == \"=\" and fact.args[1] == num(0) and head", "fact.head == \"=\" and head"),
    ("rule_resolve", "            args == fact.args[:1]):", "            True):"),
    ("rule_resolve", "(strict or head != \"sign\"):\n                return num(1)", "True:\n                return num(1)"),
    ("prove", "low >= 0 and (a == b or alpha(a) == alpha(b))", "(a == b or alpha(a) == alpha(b))"),
    ("prove", "low >= 0 and (a == b or alpha(a) == alpha(b))", "low >= 0"),
    ("rule_gap", "if strict and not positive:", "if False:"),
    ("rule_gap", 'relation = ">" if strict else ">="', 'relation = ">="'),
    ("rule_gap", "return app(\"=\" if exact else \">=\", sub(sub(large, small), add(*columns)), ZERO)",
     "return app(\"=\" if exact else \">=\", sub(add(*columns), add(*columns)), ZERO)"),
    ("rule_gap", "if s.goal not in (app(\">=\", wanted, ZERO), app(\">\", wanted, ZERO)):", "if False:"),
    ("rule_gap", "if left := _missing(needed, inside):", "if left := ():"),
    ("rule_gap", "evidence += unconditional(inside.with_goal(app(\">\" if strict else \">=\", second, ZERO)), c[\"bend\"], "
     "prove, rule)", "pass"),
    ("rule_gap", "evidence += unconditional(s.with_goal(app(\"!=\", u, v)), c[\"different\"], prove, rule)", "pass"),
    ("rule_gap", "evidence += unconditional(inside.with_goal(app(\">\", column.weight, ZERO)), c[\"weight\"], prove, "
     "\"gap-zero\")", "pass"),
    ("rule_gap", "if not (isinstance(equation, App) and equation.head == \"=\"):", "if False:"),
    ("finite_parts", "return not _weighted(t) and any(", "return any("),
    ("finite_parts", "not free_names(wanted) & set(names) and _whole(weight, names)", "_whole(weight, names)"),
    ("finite_parts", "and _whole(weight, names) and", "and"),
    ("finite_parts", "case App(\"pow\", (base, Num(e))) if e > 0:", "case App(\"pow\", (base, Num(e))):"),
    ("rule_gap", "if not isinstance(t, str) or t in s.declarations:", "if not isinstance(t, str):"),
    ("rule_gap", "column.guard == TRUE and n not in free_names(equal)", "n not in free_names(equal)"),
    ("rule_parabola", "if guard != TRUE:", "if False:"),
    ("rule_parabola", "declared(from_json(c[key]), s, RULE)", "declared(from_json(c[key]), inside, RULE)"),
    ("rule_parabola", "law = (guard, a, b) if relation == \"<=\" else (guard, b, a)", "law = (guard, a, b)"),
    ("rule_parabola", "guard == TRUE and 1 <= len(names) <= 2", "1 <= len(names) <= 2"),
    ("rule_definite", "s.with_goal(app(\"invertible\", m)), c[\"invertible\"])", "s.with_goal(app(\"psd\", m)), c[\"semidefinite\"])"),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
