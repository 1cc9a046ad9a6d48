"""Breaks the rules for families on purpose, one line at a time: each break must turn tests/families red.

    python tests/families/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/families/test_rules.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    ("functional_form", "if p.power != ZERO and not self.positive or not all(", "if not all("),
    ("functional_values", "_need(r.is_positive(b) and r.is_positive(ratio))", "_need(r.is_positive(ratio))"),
    ("functional_values", "_need(r.is_positive(b) and r.is_positive(ratio))", "_need(r.is_positive(b))"),
    ("functional_values", "_need(r.is_positive(a) and r.real(b))", "_need(r.real(b))"),
    ("functional_values", "    _need(r.is_positive(below) and", "    _need(True or"),
    ("rule_functional", "if Reading(s, k).sign(high) not in (\"+\", \"0+\", \"0\"):", "if False:"),
    ("functional_values", "                r.equal(f.args[0], n) and f.args[1] == k):", "                f.args[1] == k):"),
    ("rule_functional", "return Evidence(tuple(left))", "return Evidence(())"),
    ("rule_divergence", "if t.sorts[0] == REAL and not oriented(s, name, t.outer):", "if False:"),
    ("rule_divergence", "or not _positive(moved, reading):", "or False:"),
    ("rule_functional", "and c.head in (\"<\", \">\", \"!=\")", "and True"),
    ("rule_products", "if sign != \"+\" and discharge((app(\">\", t, num(0)),), s):", "if False:"),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
