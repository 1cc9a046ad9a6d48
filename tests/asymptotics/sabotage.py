"""Breaks the rules for sums of growing length, series and recurrences on purpose, one line at a time: each break
must turn tests/asymptotics red.

    python tests/asymptotics/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/asymptotics/test_series.py", "tests/asymptotics/test_recurrences.py",
                     "tests/asymptotics/test_orders.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    # expansion_sums
    ("expansion_sums", "return self._pruned(result.terms, [*errors, self.one])",
     "return self._pruned(result.terms, errors)"),
    ("expansion_sums", "            if exponent.num != 0:", "            if True:"),
    # expand
    ("expand", "if free_names(inside) >= {self.variable}:", "if False:"),
    # corners
    ("corners", "if len(set(flat)) < len(flat):", "if False:"),
    ("corners", "if len(signs) != 1 or 0 in signs:", "if False:"),
    # limit_case
    ("limit_case", "return out + _reached(inner, [conj(start, guard),", "return out or _reached([], [conj(start, guard),"),
    # rule_series
    ("rule_series", "return all(e.order_of_sum(m) == e.one for m in [*f.terms, *f.error])", "return True"),
    ("rule_series", "up = e.compare(g, e.one) == {1}", "up = True"),
    ("rule_series", "if found.infinite or found.value is None or found.value.num != 0:", "if False:"),
    ("rule_series", "e.eventual_sign(e.plus(e.expand(after), e.negative(e.expand(g))))", "_ = after"),
    ("rule_series", 'return 0 not in e.c.signs(e.c.read(app("sin", half)))', "return True"),
    ("rule_series", "j is not None and j.denominator == 1 and j % 2 == 1", "j is not None"),
    ("rule_series", "signs.count(False) != (0 if converges else 1)", "False"),
    ("rule_series", "or discharge((app(\"<=\", start.outer[0], k),), s):", "or False:"),
    ("rule_series", 'if prove(inner.with_goal(app("=", body, new)), c["rewrite"]["proof"]).conditions:', "if False:"),
    # rule_order_recurrence
    ("rule_order_recurrence", 'if r.known == "o" and not refuted and (r.opposite or r.head not in ("big-o", "little-o")):',
     "if False:"),
    ("rule_order_recurrence", "if e.eventual_sign(f) != 1:", "if False:"),
    ("rule_order_recurrence", "if e.c.signs(_characteristic(e, r, p)) != {0}:", "if False:"),
    ("rule_order_recurrence", "if e.c.signs(_characteristic(e, r, exponent)) != {-1}:", "if False:"),
    ("rule_order_recurrence", "if not f.zero and e.c.signs(e.c.minus(q, _ratio(e, f))) != {1}:", "if False:"),
    ("rule_order_recurrence", "            if not e.c.signs(total) == {0}:", "            if False:"),
    ("rule_order_recurrence", "any(a <= 0 or name in free_names(r) for a, r in calls)", "False"),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
