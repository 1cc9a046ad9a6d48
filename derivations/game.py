"""Question 4: min over p, max over q of f(p, q) = p*q, alternating steps of size 1."""

from sympy import symbols

from checker import Derivation, and_, converges, eq, forall, iff, implies, ne, not_, or_

D = Derivation("game", title="A bilinear game with alternating steps", source="Assignment 5, Q4",
               prose="game.md")

p, q = symbols("p q", real=True)
n = symbols("n", integer=True, nonnegative=True)

# One round: q ascends along df/dq = p, then p descends along df/dp = q, the new q.
G = D.iteration((p, q), [(q, q + p), (p, p - q)])
f = p*q


def of(expression, steps, start=None):
    return G.at(expression, steps, start)


one = (1, 1)
not_origin = or_(ne(p, 0), ne(q, 0))

D.claim("table",
        and_(*(eq(G.after(t, start=one), pair) for t, pair in enumerate(
            [(-1, 2), (-2, 1), (-1, -1), (1, -2), (2, -1), (1, 1)], start=1))),
        source="Q4(a)", text="The student's table, from p_0 = q_0 = 1.")
D.claim("period-six", G.after(6), "=", G.start, source="Q4(b)",
        text="Every start comes back after six rounds.")
D.claim("shorter-period", G.after(3), "=", G.start, expected="refuted", source="Q4(b)",
        erratum="Three rounds reverse the sign of every start: the period is six, not three.")
D.claim("does-not-converge",
        and_(not_(converges(of(p, n), n)), not_(converges(of(q, n), n)), not_(converges(of(f, n), n))),
        given=[not_origin], source="Q4(b)",
        text="Neither p, nor q, nor f = pq converges, from any start but the origin.")
D.claim("invariant", G.keeps(p**2 + p*q + q**2), source="beyond the text",
        text="The orbit stays on an ellipse.")
D.claim("fixed-point-condition", of(f, n + 1) - of(f, n), "=", -of(q, n)*(of(q, n) + 2*of(p, n)),
        source="Q4(c)", text="What f gains in one round.")
D.claim("q-never-zero", forall(n, ne(of(q, n, one), 0)), source="Q4(c)",
        text="On the orbit of (1, 1).")
D.claim("condition-forces-zero",
        forall(n, implies(eq(of(f, n + 1, one), of(f, n, one)), eq(of(q, n, one), 0))),
        expected="refuted", source="Q4(c)",
        erratum="f also stays the same where q_t = -2 p_t, and the orbit of (1, 1) visits such a point.")
D.claim("condition-never-met", forall(n, ne(of(f, n + 1, one), of(f, n, one))),
        expected="refuted", source="Q4(c)",
        erratum="The condition is met on the orbit of (1, 1), although no coordinate is ever 0.")
D.claim("only-equilibrium", iff(eq(G.after(1), G.start), and_(eq(p, 0), eq(q, 0))), source="Q4(c)",
        text="The only fixed point is the origin.")
D.claim("one-zero-is-equilibrium", implies(or_(eq(p, 0), eq(q, 0)), eq(G.after(1), G.start)),
        expected="refuted", source="Q4(c)",
        erratum="One coordinate at 0 is no equilibrium unless the other is 0 too.")

D.plot("orbit", iteration=G.after(6, start=one), level=p**2 + p*q + q**2,
       title="The orbit of (1, 1) on its ellipse", caption="Six rounds, then the start again.")
