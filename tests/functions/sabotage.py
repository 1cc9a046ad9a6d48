"""Breaks the rules about functions of vectors on purpose, one line at a time: each break must turn tests/functions red.

    python tests/functions/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/functions/test_rules.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    ("rule_gradient_bounds", "    _assumed(s, laws.convex(f, mu, turned), \"tangent\")\n", ""),
    ("rule_gradient_bounds", "            _assumed(s, derivative_of(g, f), rule)\n", ""),
    ("rule_gradient_bounds", "    _assumed(s, laws.minimiser(f, at), \"fermat\")\n", ""),
    ("rule_gradient_bounds", "    _assumed(s, derivative_of(h, g), \"schwarz\")\n", ""),
    ("rule_gradient_bounds", "        _assumed(s, part, \"taylor\")\n", "        pass\n"),
    ("rule_values", "around = tuple(n for n in bound if any(n in free_names(a) for a, _ in points))", "around = ()"),
    ("rule_values", '    if naming.left:\n        raise Reject(RULE, show(s.goal)[:80], "a value at a vector that is bound there")\n', ""),
    ("rule_values", 'f"#slot {k}" for k', 'f"slot {k}" for k'),
    ("rule_values", 'return "form " + form.read(entry, {}).key', 'return "form"'),
    ("rule_values", "    return Evidence(own, shown.axioms)", "    return Evidence((), shown.axioms)"),
    ("rule_unroll", "                if not Field(here).equal(found, slope):", "                if False:"),
    ("rule_unroll", "                if left := discharge(needed, here):", "                if left := ():"),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
