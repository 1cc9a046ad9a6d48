"""Breaks the rules of matrices on purpose, one line at a time: each break must turn tests/matrices red.

    python tests/matrices/sabotage.py [files]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sabotage

sabotage.TESTS[:] = ["tests/matrices/test_rules.py", "tests/matrices/test_spectra.py",
                     "tests/matrices/test_equal_matrices.py"]
sabotage.WORKERS = 1
sabotage.EDITS[:] = [
    # words: what commutes, what is transposed, what is cut
    ("words", "    return tuple((n, not t) for n, t in reversed(w))", "    return tuple((n, not t) for n, t in w)"),
    ("words", "                sign, t = sign * symmetry, False", "                sign, t = sign, False"),
    # what semidefinite means
    ("rule_semidefinite", 'shown = prover(s.with_goal(symmetric), c["symmetric"])', "shown = Evidence()"),
    ("rule_definite", 'case App("!=" | ">" | "<", (left, right)) if about', 'case App("!=" | ">" | "<" | ">=", (left, right)) if about'),
    ("rule_definite", "        and b.args[0] == v and isinstance(b.args[1]", "        and isinstance(b.args[1]"),
    # letters: unit vectors, inverses
    ("word_reading", "a == r != i and self._runs_over(t, Var(i))", "a == r != i"),
    ("word_reading", "                for x in reversed(w):", "                for x in w:"),
    ("word_reading", "            if c > 0 and all(self.positive_atom(a) for a, _ in s):", "            if c > 0:"),
    ("word_reading", '        if a == ("constant", "e"):', '        if a[0] == "constant":'),
    # the rule of words
    ("rule_matrix_form", "        if not all(r.square(x) for x in lead):\n            return", "        pass"),
    ("rule_matrix_form", "            elif base.regular and base.rows == base.columns:", "            elif True:"),
    ("rule_matrix_form", "    return Evidence(tuple(discharge(definedness(s.goal, s), s)))", "    return Evidence()"),
    ("rule_matrix_form", "    if f.terms:\n        raise Reject(RULE, \"normal form\"", "    if False:\n        raise Reject(RULE, \"normal form\""),
    # signs
    ("word_signs", "        if not all(self.real_letter(x[0]) for x in w):\n            return None\n", ""),
    ("word_signs", "        if c < 0:\n            return None\n", ""),
    ("word_reading", "for n, transposed in ((columns, False), (rows, True)) if same_size(size, n)]", "for n, transposed in ((columns, False), (rows, True))]"),
    ("word_signs", "for x in w[len(w) - n:])", "for x in w[:n])"),
    ("word_signs", 'return "+" if injective and middle == "+" else "0+"', 'return "+"'),
    ("word_signs", "        if middle is None:\n            return None\n", ""),
    # equal matrices, traces by orders
    ("rule_matrix_equals", "        case Bind() if (free_names(old) | free_names(new)) & set(t.names):", "        case Bind() if False:"),
    ("rule_matrix_equals", "            return App(head, (replaced(base, old, new), *exponent))", "            return rebuild(t, lambda u: replaced(u, old, new))"),
    ("rule_matrix_equals", "    if relation == \"<\" and discharge((app(\">=\", rows, ONE),), s):", "    if False:"),
    ("rule_matrix_equals", '"pd" if relation == "<" else "psd"', '"psd"'),
    ("rule_matrix_equals", '    shown = (prover(s.with_goal(app("=", sub(b, a), app("trace", m))), c["equal"])\n             + prover', "    shown = (prover"),
    # congruence, eigenvalues
    ("rule_congruence", '    return (prover(s.with_goal(app("invertible", by)), c["regular"])\n            + prover', "    return (prover"),
    ("rule_congruence", "    if not (real_entries(by, s.declarations) and real_entries(m, s.declarations)):", "    if False:"),
    ("rule_blocks", "        if not (real_entries(f, s.declarations) and real_entries(g, s.declarations)):", "        if False:"),
    ("rule_blocks", '    return (prover(s.with_goal(app("pd", a)), c["corner"])\n            + prover', "    return (prover"),
    ("rule_blocks", '            + prover(s.with_goal(app("mat=", low, app("transpose", b))), c["symmetric"])\n', ""),
    ("rule_blocks", '        return prover(s.with_goal(app("mat=", m, whole)), c["equal"]) + own', "        return own"),
    ("rule_blocks", "            return Blocks(x.columns, x.rows, (a, c, b, d))", "            return Blocks(x.columns, x.rows, (a, b, c, d))"),
    ("rule_semidefinite", 'app(">=" if head == "psd" else ">", entry, ZERO)', 'app(">=", entry, ZERO)'),
    ("words", "            if one[0] in self.diagonals and self.shape(two)[1] == UNIT:", "            if one[0] in self.diagonals:"),
    ("rule_congruence", '            + prover(s.with_goal(app("mat=", whole, new)), c["equal"])\n', ""),
    ("rule_congruence", 'shown = (prover(s.with_goal(sign), c["sign"])\n             + prover', "shown = (prover"),
    ("rule_congruence", '        shown += prover(Sequent(s.declarations, kept, app(relation, new, ZERO)), c["proof"])', "        pass"),
    ("rule_eigen", '            + prover(s.with_goal(app("not", app("mat=", v, zero))), c["nonzero"])\n', ""),
    ("rule_eigen", '            strict = relation in ("<", ">")', "            strict = False"),
    ("rule_eigen", "or q <= 0:", "or False:"),
    ("rule_eigen", '        shown += prover(s.with_goal(app(">=", t, ZERO)), c["sign"])', "        pass"),
    ("rule_eigen", " or discharge(tuple(definedness(value, s)), s):", ":"),
    ("rule_eigenbasis", "            if name == self.definite and not held:", "            if False:"),
    ("rule_eigenbasis", "                if inner.ends is not None and inner.ends[0] == inner.ends[1]:", "                if False:"),
    ("quadratic_values", "    return definite(h, strict)", "    return True"),
    ("words", "        monic = Form(f.rows, f.columns, {k: c / abs(lead) for k, c in rest.items()})", "        monic = Form(f.rows, f.columns, {k: c / lead for k, c in rest.items()})"),
    # the rules of definite matrices
    ("rule_definite", '    if sign == "+" or sign == "0+" and not strict:', '    if sign in ("+", "0+"):'),
    ("rule_definite", "            raise Reject(\"squares\", f\"square {k}\", \"a factor whose entries may not be real\")", "            pass"),
    ("rule_definite", 'total += prover(s.with_goal(app(">" if sharp else ">=", weight, ZERO)), one["sign"])', "pass"),
    ("rule_definite", 'total += prover(s.with_goal(app("pd" if sharp else "psd", middle)), one["definite"])', "pass"),
    ("rule_definite", '    if strict and not (isinstance(c.get("strict"), int)', '    if False and not (isinstance(c.get("strict"), int)'),
    ("rule_definite", '            + prover(s.with_goal(app(">=", high, ZERO)), c["nonnegative"])\n', ""),
    ("rule_definite", '        if not same_size(n, m):\n            raise Reject("invertible"', '        if False:\n            raise Reject("invertible"'),
]

if __name__ == "__main__":
    raise SystemExit(sabotage.main())
