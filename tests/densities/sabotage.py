"""Breaks the rules for densities on purpose, one line at a time: each break must turn tests/densities red.

    python tests/densities/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/densities/test_course.py", "tests/densities/test_form.py", "tests/densities/test_rules.py", "tests/densities/test_random.py", "tests/densities/test_two_densities.py",
                     "tests/densities/test_claims.py", "tests/densities/test_processing.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    # rule_two_densities
    ("rule_two_densities", "or c*sum(share) > 1:", "or False:"),
    ("rule_two_densities", "or min(share) < 0 or", "or"),
    ("rule_two_densities", "if n or sum(units) != number or", "if n or"),
    ("rule_two_densities", "    if doubtful and not null:\n", "    if False:\n"),
    ("rule_two_densities", "        if strict:\n", "        if False:\n"),
    ("rule_two_densities", "if degree(mul(p.weight, p.rest)) not in (None, 1):", "if False:"),
    # rule_processing
    ("rule_processing", "    if n != m or sorted(", "    if sorted("),
    ("rule_processing", "if p.law != q.law or p.channel is not None:", "if p.channel is not None:"),
    ("rule_processing", "or any(whole.get(k) != v for k, v in kept.items())", ""),
    ("rule_processing", 'for field in ("labels", "channel", "through"):', 'for field in ("labels",):'),
    ("rule_processing", "not {g for g, _ in behind} <= set(sort.given):", "False:"),
    ("rule_processing", "    if any(p.alone for p in parts):", "    if False:"),
    ("rule_processing", "    if only_p is not None:", "    if False:"),
    # conditions of what is multiplied by 0; weights with parameters
    ("density_reading", "if factor is not None and not factor.body.terms:", "if False:"),
    ("density_reading", 'self.scalar_sign(scalar_term(coefficient)) == "+")', "True)"),
    ("evaluate", "if _divergence(side) and error.divergence == side:", "if True:"),
    # density_form
    ("density_form", "if not isinstance(a, Density) or e != 1 or v in [x for _, x in a.given]:",
     "if not isinstance(a, Density) or e != 1:"),
    ("density_form", "if not isinstance(a, Density) or e != 1 or v in [x for _, x in a.given]:",
     "if not isinstance(a, Density) or v in [x for _, x in a.given]:"),
    ("density_form", "if len(holders) != 1:", "if not holders:"),
    ("density_form", "                if before < 0:\n                    cancelled.append(smaller)\n", ""),
    ("density_form", "and set(own) <= set(b.own) for b in above):", "for b in above):"),
    ("density_form", "if any(isinstance(b, Density) and b.law == law and b.given == given\n",
     "if any(isinstance(b, Density)\n"),
    ("density_form", 'f"~free{height}.{k}"', 'f"~free.{k}"'),
    ("density_form", "if by.setdefault(v, w) != w:", "if False:"),
    ("density_form", "        premise = rename_mono(f.premise, by)", "        premise = ()"),
    ("density_form", "if all(may_leave(a) for a, _ in inside):", "if True:"),
    ("density_form", "if len(set(values)) != len(values):", "if False:"),
    # density_reading
    ("density_reading", "if not all(self.known.positive(f, rest) for f, _ in shared):", "if False:"),
    ("density_reading", "if all(self.known.positive(d, upper) and self.known.positive(d, ((x, 1),)) for d in below):",
     "if True:"),
    ("density_reading", "if left is None or right is None or left[1] != right[1]:",
     "if left is None or right is None:"),
    ("density_reading", "if any(e > 0 and a not in upper and not self.known.positive(a, whole) for a, e in p.weight):",
     "if False:"),
    ("density_reading", "if several and not (c > 0 and self.known.nonnegative_mono(whole)):", "if False:"),
    ("density_reading", "names = tuple(self.fresh(n, s) for n, s in zip(t.names, t.sorts, strict=True))",
     "names = t.names"),
    ("density_reading", "return mono([(whole, 1), (below, -1)]), (Need(below, nonzero=True),)", "return ((whole, 1),), ()"),
    ("density_reading", "if summed.left or summed.value or not all(\n                    self.known.positive(a, outer)",
     "if not all(\n                    self.known.positive(a, outer)"),
    # density_groups
    ("density_groups", "elif shares[k] != 1:", "elif False:"),
    ("density_groups", "if not lifts(reader, mu, rest, weight):", "if False:"),
    ("density_groups", "if e > 0 and a not in upper and not reader.known.positive(a, new):", "if False:"),
    ("density_groups", "if set(by) != {n for n, _ in p.names} or len(set(by.values())) != len(by):", "if False:"),
    ("density_groups", "if not isinstance(name, str) or name in reader.sorts or not name or name[0] in \"~#@\":",
     "if False:"),
    # expectations
    ("rule_expectation", 'if not equation and reader.scalar_sign(factor) not in ("+", "0+", "0"):', "if False:"),
    ("rule_expectation", "if p.names and not moments.finite(t.parts):", "if False:"),
    ("rule_expectation", "if prove(s.assuming(*extra), entry[\"proof\"]).conditions:", "if False:"),
    ("density_independence", "if len(holders) != 1 or holders[0][1] != 1", "if holders[0][1] != 1"),
    ("density_groups", 'if factor > 0 and getattr(formula, "head", "") != "=":', "if False:"),
    # rules
    ("rule_density_equal", "if not left.terms:\n        return Evidence()", "if True:\n        return Evidence()"),
    ("rule_gibbs", 'if sign != "+" and (strict or sign not in _NONNEGATIVE):', "if False:"),
    ("rule_gibbs", "        if allowance < 0:", "        if False:"),
    ("rule_gibbs", "                allowance += c * self._mass(m)", "                allowance += 0"),
    ("rule_gibbs", "                if not known.positive(a, mu):", "                if False:"),
    ("rule_gibbs", "if not (c <= 1 and self._discrete(m)) and not self._inverse_at_least_one(c, m):", "if False:"),
    ("rule_gibbs", 'if self.reader.scalar_sign(self.term) not in _NONNEGATIVE:', "if False:"),
    ("rule_gibbs", "return value > 0 if strict else value >= 0", "return True"),
    ("rule_gibbs", "if settled(reader, total).terms:", "if False:"),
    ("rule_gibbs", "if common == times(found[1], power(d2, -1)) and all(", "if all("),
    ("rule_gibbs", "                goal_reader.known.positive(a, ()) for a, _ in common):", "                True for a, _ in common):"),
    # gaussian
    ("density_gaussian", "if extra.terms:", "if False:"),
    ("density_gaussian", "out.append(mean * out[k] + (variance * out[k - 1]).scaled(k))",
     "out.append(mean * out[k] + variance * out[k - 1])"),
    ("density_gaussian", "if not reader.field().equal(scale, ONE):", "if False:"),
    # finite
    ("finite", "if total != 1:", "if False:"),
    ("finite", "if not isinstance(t, Num) or t.value < 0:", "if not isinstance(t, Num):"),
    ("finite", 'if measure == "counting" and cell != 1:', "if False:"),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
