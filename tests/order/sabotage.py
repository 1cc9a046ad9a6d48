"""Breaks the rules for inequalities on purpose, one line at a time: each break must turn tests/order red.

    python tests/order/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/order/test_rules.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    ("rule_both_sides", "(n.denominator > 1 or n % 2 == 0)", "n.denominator > 1"),
    ("rule_both_sides", "1 <= n <= 60", "n <= 60"),
    ("rule_termwise", "if guard != TRUE:", "if False:"),
    ("rule_termwise", "if len(c[\"sizes\"]) != len(sizes):", "if False:"),
    ("rule_termwise", "if whole.outer or not all(isinstance(k, Index) for k in whole.sorts):", "if False:"),
    ("rule_sos", 'shown = prove(here.with_goal(app("=", left, add(*right))), c["identity"])',
     'shown = prove(here.with_goal(app("=", left, left)), c["identity"])'),
    ("signs", "if int(p.degrees()[k]) != 1 or (found := self._range(k, facts)) is None:",
     "if (found := self._range(k, facts)) is None:"),
    ("signs", "strict = all(sign == way for sign in signs) or (inside and way in signs)", "strict = way in signs"),
    ("signs", "if low is None or high is None or low[0] >= high[0]:", "if low is None or high is None:"),
    ("definedness", "return tuple(dict.fromkeys(c for c in go(t) if core(c) not in loose))",
     "return tuple(dict.fromkeys(go(t)))"),
    ("definedness", "return necessary(open_[0], decls) if len(open_) == 1 else []",
     "return [c for a in open_ for c in necessary(a, decls)]"),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
