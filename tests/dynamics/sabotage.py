"""Breaks the rules about orbits on purpose, one line at a time: each break must turn tests/dynamics red.

    python tests/dynamics/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/dynamics/test_rules.py", "tests/dynamics/test_guards.py",
                     "tests/dynamics/test_sequences.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    ("schur_cohn", "return [*out, field._subtract(a[1], a[0]), field._plus(a[1], a[0])]",
     "return [*out, field._subtract(a[1], a[0])]"),
    ("schur_cohn", "field._subtract(ends, a[1]), field._subtract(a[2], a[0])]", "field._subtract(a[2], a[0])]"),
    ("schur_cohn", "if p[n] ** 2 <= p[0] ** 2:", "if p[n] ** 2 < p[0] ** 2:"),
    ("orbit_system", "for n in range(self.size))", "for n in range(0))"),
    ("rule_orbit_limit", 'relation = ">=" if len(lower) <= 2 else ">"', 'relation = ">="'),
    ("rule_orbit_limit", "if order and hankel.det() == 0:", "if False:"),
    ("rule_orbit_limit", "if field._subtract(field.times(field.frac(value), total), first).num != 0:", "if False:"),
    ("rule_orbit_limit", "if not u.annihilated(_times_difference(field, p) if one else p):", "if False:"),
    ("rule_orbit_limit", "    q.show(moves[0] if len(moves) == 1 else App(\"or\", tuple(moves)), q.c[\"moves\"], \"moves\")\n", ""),
    ("orbit_tendency", '    q.show(app("=", line.map(value), value), q.c["fixed"], "fixed")\n    inside', "    inside"),
    ("orbit_tendency", '    q.show(less(line.map(t), value, False), q.c["stays"], "stays", inside)\n', ""),
    ("orbit_tendency", '    q.show(less(t, line.map(t)), q.c["moves"], "moves", inside)\n', ""),
    ("orbit_tendency", "isinstance(rate, Num) and 0 <= rate.value < 1", "isinstance(rate, Num)"),
    ("rule_recurrence", "if left := discharge(tuple(conjuncts(guard)), inside):", "if left := ():"),
    ("rule_definition", "if self.guard != TRUE and not holds(substitute(self.guard, by), here):", "if False:"),
    ("rule_definition", "if f == self.f and f not in free_names(y):",
     "if f == self.f:"),
    ("discrete_form", "if self._plain_sign(surplus) not in _NATURAL:", "if False:"),
    ("discrete_form", "value = self._plus(self.times(base, value), self.frac(x))",
     "value = self._plus(value, self.frac(x))"),
    ("field", "elif self.signs.frac(n) in natural:", "elif True:"),
    ("field", "here = t if first == count else Bind(", "here = t if True else Bind("),
    ("signs", 'if rest in ("0", "0+", "+"):', "if True:"),
    ("rule_orbit_invariant", '    show_all([p.stays()], [c["stays"]], "stays")\n', ""),
    ("rule_orbit_invariant", '    show_all([p.start()], [c["start"]], "start")\n', ""),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
