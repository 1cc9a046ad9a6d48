"""Breaks the rules of calculus on purpose, one line at a time: each break must turn tests/calculus red.

    python tests/calculus/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/calculus/test_rules.py", "tests/calculus/test_attacks.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    # rule_integral
    ("rule_integral", 'goal = app("<" if strict else "<=", self.low, self.high)', "return Evidence()"),
    ("rule_integral", "evidence += here.ordered(piece, not all(closed), prove)",
     "evidence += here.ordered(piece, False, prove)"),
    ("rule_integral", 'if direction == "any" and not all(closed):', "if False:"),
    ("rule_integral", "if self.free or self.low == MINUS_OO or self.high == OO:", "if True:"),
    ("rule_integral", "inner = tuple(g for g in dict.fromkeys(guards) if g not in whole)", "inner = ()"),
    ("rule_integral", "whole = (*definedness(antiderivative, edge), *ends)", "whole = definedness(antiderivative, edge)"),
    ("rule_integral", 'parts.append(part if sign == 1 else app("neg", part))', "parts.append(part)"),
    ("rule_integral", "        real_end(p, s)\n    return", "    return"),
    ("rule_integral", 'total = app("neg", total)', "pass"),
    ("rule_integral", "if relation != \"=\" and grows != (relation == \">=\"):", "if False:"),
    ("rule_integral", "if infinite not in _INFINITE:", "if False:"),
    ("rule_integral", 'evidence += plain(prove(s.with_goal(app("<=", small, large)), c[key]), key)', "pass"),
    ("rule_integral", 'evidence += plain(prove(s.with_goal(app(">", u, num(-1))), e["positive"]), "positive")',
     "evidence = Evidence()"),
    ("rule_integral", "if t.outer != (num(0), OO):", "if False:"),
    # rule_equal_derivative
    ("rule_equal_derivative", "whole = tuple(dict.fromkeys((*definedness(f, inside), *guards)))",
     "whole = definedness(f, inside)"),
    ("rule_equal_derivative", 'evidence += _plain(prove(inside.with_goal(app("=", slope, num(0))), c["slope"]), "slope")',
     "pass"),
    ("rule_equal_derivative", "evidence += _plain(prove(apart.with_goal(app(\"<\", lower, point)), at[\"above\"]), \"above\")",
     "pass"),
    # rule_slope
    ("rule_slope", 'app("two-sided")', 'app("from-above")'),
    # excluded
    ("verdict", "evidence += excluded.check(", "(lambda *_: None)("),
    ("excluded", 'goal.head in ("=", "<=", ">=")) or', 'goal.head in ("=", "<=", ">=", "!=", ">")) or'),
    ("excluded", "if left := discharge(guards, around.assuming(*kept)):", "if False:"),
    ("excluded", "    _room(s, x)\n", ""),
    ("excluded", "    for c in open_:\n        _isolated", "    for c in ():\n        _isolated"),
    ("excluded", "if x in free_names(Bind(t.head, t.names, t.sorts, (num(0),), t.inner)):", "if False:"),
    # rule_arc, rule_resolve
    ("rule_arc", "if sign and sign != (1 if k % 2 == 0 else -1):", "if False:"),
    ("rule_arc", 'relation = "<" if strict else "<="', 'relation = "<="'),
    ("rule_arc", 'shift = Fraction(0) if function == "sin" else Fraction(-1, 2)', "shift = Fraction(0)"),
    ("rule_resolve", 'if large == u and small == Num(num(0).value) and (strict or head != "sign"):',
     "if large == u and small == Num(num(0).value):"),
    ("rule_resolve", "case Bind() if not free_names(fact) & set(t.names):", "case Bind():"),
    # derivative, continuity
    ("derivative", "*(u for s in t.sorts for u in sort_terms(s)))):", ")):"),
    ("derivative", 'self.guard(app("!=", u, num(0)))\n                return app("neg", app("div", du, add(num(1), square)))',
     'return app("neg", app("div", du, add(num(1), square)))'),
    ("derivative", 'self.guards.append(app("!=", a, b))', "pass"),
    ("derivative", "self.guards += closed_over(dict.fromkeys(guards), (y,), (REAL,), between(low, high, Var(y)))", "pass"),
    ("derivative", 'parts.append(edge if sign == 1 else app("neg", edge))', "parts.append(edge)"),
    ("derivative", 'self.guards.append(app("not", app("in", u, app("integers"))))', "pass"),
    ("continuity", 'self._guard(app("not", app("in", u, app("integers"))))', "return"),
    ("continuity", 'case "sign", (u,) if real:\n                self._guard(app("!=", u, num(0)))',
     'case "sign", (u,) if real:\n                return'),
    ("continuity", 'case "acot", (u,) if real:\n                self._guard(app("!=", u, num(0)))',
     'case "acot", (u,) if real:\n                return'),
    # definedness, field, enclosure
    ("definedness", "return _conditions(without_derivatives(u, decls), decls)", "return _conditions(u, decls)"),
    ("field", 'or g.kind == "opaque" and g.term == App("pow", ()):', ":"),
    ("field", 'fresh(f"\\\\0{self._open_integrals}", free_names(body)', 'fresh("\\\\0", free_names(t)'),
    ("enclosure", "if analytic and not _off_cut(head, values):", "if False:"),
    ("enclosure", "if analytic and not _right_of_cut(x):\n                raise", "if False:\n                raise"),
    ("enclosure", 'if analytic:\n        raise Unknown("a corner")', 'if False:\n        raise Unknown("a corner")'),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
