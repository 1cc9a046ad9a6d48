"""Random claims: what is proved holds at many points, what is refuted fails there, balls contain values.

Pairs of terms are made by rewriting that is often wrong (sqrt(uv) = sqrt u sqrt v, log exp u = u,
|u| = u, ...), so the prover sees as many false equations as true ones, over reals, complexes and
integers, at zeros, poles and cuts.  The reference is mpmath at 50 digits, which shares no code with
the kernel; points where it cannot tell (overflow, nearly equal values) say nothing.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim, Sequent
from checker.kernel.evaluate import Undefined, Unknown, value
from checker.kernel.evidence import Reject
from checker.kernel.prove import prove
from checker.kernel.term import (
    COMPLEX,
    INTEGER,
    REAL,
    TRUE,
    App,
    Bind,
    Num,
    Scalar,
    Sort,
    Term,
    Var,
    add,
    app,
    free_names,
    mul,
    num,
    show,
    sub,
)
from checker.kernel.verdict import Proved, Refuted, verify

MP = mpmath.mp.clone()
MP.dps = 50
X, Y, Z, W, N, M, A = (Var(v) for v in "xyzwnma")
SORTS: dict[str, Sort] = {
    "x": REAL,
    "y": REAL,
    "z": COMPLEX,
    "w": COMPLEX,
    "n": INTEGER,
    "m": INTEGER,
    "a": REAL,
}
REALS = [MP.mpc(v) for v in (0, 1, -1, "0.5", -2, 3, "-0.5", "2.5")]
COMPLEXES = REALS[:6] + [
    MP.mpc(*v) for v in ((0, 1), (0, -1), (1, 2), (-3, 5), (-1, -2), (0, 7), (-2, "0.25"))
]
INTEGERS = [MP.mpc(v) for v in (0, 1, -1, 2, -2, 3, 4, -3)]


class NoValue(Exception):
    """Undefined at the point."""


class CannotTell(Exception):
    """Too large, too small, or too nearly equal to be sure."""


def reference(t: Term, at: Mapping[str, Any]) -> Any:
    match t:
        case Num(q):
            return MP.mpc(MP.mpf(q.numerator) / q.denominator)
        case Var(name):
            return at[name]
        case App("i", ()):
            return MP.mpc(0, 1)
        case App("pi", ()):
            return MP.mpc(MP.pi)
        case Bind("sum", (k,), _, (low, high), (_, body)):
            span = range(int(reference(low, at).real), int(reference(high, at).real) + 1)
            return sum((reference(body, {**at, k: MP.mpc(j)}) for j in span), MP.mpc(0))
        case App(head, args):
            values = [reference(a, at) for a in args]
            if any(abs(v) > 1e9 or 0 < abs(v) < 1e-9 for v in values):
                raise CannotTell
            return function(head, values)
    raise CannotTell


def function(head: str, a: list[Any]) -> Any:
    u = a[0]
    zero = abs(u) == 0
    match head:
        case "add":
            return sum(a, MP.mpc(0))
        case "mul":
            return MP.fprod(a)
        case "neg":
            return -u
        case "div":
            if abs(a[1]) == 0:
                raise NoValue
            return u / a[1]
        case "pow":
            return power(u, a[1])
        case "log":
            if zero:
                raise NoValue
            return on_cut(MP.log, u)
        case "sqrt":
            return on_cut(MP.sqrt, u)
        case "exp" | "sin" | "cos" | "sinh" | "cosh":
            return getattr(MP, head)(u)
        case "abs":
            return MP.mpc(abs(u))
        case "re":
            return MP.mpc(u.real)
        case "im":
            return MP.mpc(u.imag)
        case "conj":
            return MP.conj(u)
        case "sign":
            return u / abs(u) if not zero else u
        case "relu":
            return MP.mpc(max(real(u), 0))
        case "max":
            return MP.mpc(max(map(real, a)))
    raise CannotTell


def on_cut(f: Any, u: Any) -> Any:
    if u.real < 0 and 0 < abs(u.imag) < 1e-20 * abs(u):
        raise CannotTell
    return f(u)


def power(u: Any, e: Any) -> Any:
    if e.imag == 0 and e.real == MP.nint(e.real):
        n = int(e.real)
        if abs(u) == 0 and n < 0:
            raise NoValue
        return MP.mpc(1) if n == 0 else u**n
    if abs(u) == 0:
        if e.imag == 0 and e.real > 0:
            return MP.mpc(0)
        raise NoValue
    return MP.exp(e * on_cut(MP.log, u))


def real(u: Any) -> Any:
    if u.imag != 0:
        raise NoValue if abs(u.imag) > 1e-20 else CannotTell
    return u.real


def same(u: Any, v: Any) -> bool:
    gap, size = abs(u - v), 1 + abs(u) + abs(v)
    if size > 1e9 or 1e-35 < gap / size < 1e-12 or 0 < abs(u) < 1e-12 or 0 < abs(v) < 1e-12:
        raise CannotTell
    return bool(gap / size <= 1e-35)


def holds(t: Term, at: Mapping[str, Any]) -> bool:
    match t:
        case App("true", ()):
            return True
        case App("and", args):
            return all(holds(a, at) for a in args)
        case App("or", args):
            return any(holds(a, at) for a in args)
        case App("not", (a,)):
            return not holds(a, at)
        case App("implies", (a, b)):
            return not holds(a, at) or holds(b, at)
        case App("in", (a, App(where, ()))):
            v = reference(a, at)
            return v.imag == 0 and (where == "reals" or v.real == MP.nint(v.real))
        case App("=" | "!=" as head, (a, b)):
            return same(reference(a, at), reference(b, at)) == (head == "=")
        case App("<" | "<=" | ">" | ">=" as head, (a, b)):
            u, v = real(reference(a, at)), real(reference(b, at))
            if same(MP.mpc(u), MP.mpc(v)):
                return "=" in head
            return bool(u < v if head[0] == "<" else u > v)
        case Bind("forall", (k,)):
            return all(holds(t.inner[1], {**at, k: MP.mpc(j)}) for j in range(-1, 5))
    raise CannotTell


# ------------------------------------------------------------------------- random claims

ASSUMPTIONS = [
    app(">", X, num(0)),
    app("<", X, num(0)),
    app(">=", X, num(0)),
    app("!=", X, num(0)),
    app(">=", X, num(-1)),
    app("<=", X, num(1)),
    app(">", X, Y),
    app(">", add(X, Y), num(0)),
    app(">", mul(X, Y), num(0)),
    app(">=", N, num(0)),
    app(">", N, num(0)),
    app(">=", N, num(-1)),
    app("<", N, num(0)),
    app("!=", X, Y),
    app("!=", X, num(1)),
    app("!=", Z, num(0)),
    app("<=", Y, num(0)),
    app("<", mul(num(2), X), num(3)),
    app(">", mul(num(2), N), num(1)),
    app("!=", mul(Z, W), num(0)),
    app(">", A, num(0)),
    app(">", N, M),
    app("<", sub(Y, mul(num(3), X)), num(2)),
    app("!=", sub(mul(X, X), num(1)), num(0)),
]
POOLS = [[X, Y], [X, N], [Z], [Z, W], [X, Z], [X, Y, N], [Z, N], [X, A, M], [N, M], [Z, X, N]]
HEADS = (
    "add add mul mul neg div pow pow sqrt exp log abs sin cos conj re im sign relu root symbolic max sinh sum"
).split()


def term(r: random.Random, depth: int, names: list[Var]) -> Term:
    if depth == 0 or r.random() < 0.15:
        if r.random() < 0.3:
            return num(r.choice(["0", "1", "2", "-1", "1/2", "-2", "3", "-1/2", "4"]))
        return app(r.choice(["i", "pi"])) if r.random() < 0.05 else r.choice(names)
    head = r.choice(HEADS)
    u = term(r, depth - 1, names)
    match head:
        case "add" | "mul" | "max" | "div":
            return App(head, (u, term(r, depth - 1, names)))
        case "pow":
            return app("pow", u, num(r.choice([-2, -1, 0, 1, 2, 3])))
        case "root":
            return app("pow", u, num(r.choice(["1/2", "-1/2", "1/3", "3/2", "2/3", "-1/3"])))
        case "symbolic":
            return app(
                "pow", u, r.choice([N, M, add(N, num(1)), add(N, num(-2)), X, add(N, M), mul(num(2), N)])
            )
        case "sum":
            return Bind(
                "sum", ("k",), (INTEGER,), (num(0), num(r.choice([0, 2, 3]))), (TRUE, mul(Var("k"), u))
            )
    return app(head, u)


def rewritten(r: random.Random, t: Term) -> Term:
    """Something that a careless person might call equal to ``t``."""
    if isinstance(t, App) and t.args and r.random() < 0.45:
        k = r.randrange(len(t.args))
        if not (t.head == "pow" and k == 1):
            t = App(t.head, (*t.args[:k], rewritten(r, t.args[k]), *t.args[k + 1 :]))
    i = app("i")
    half = num("1/2")
    options: list[Term] = [t]
    match t:
        case App("sqrt", (App("mul", (p, q)),)):
            options = [mul(app("sqrt", p), app("sqrt", q))]
        case App("sqrt", (App("pow", (p, Num(e))),)):
            options = [app("pow", p, Num(e / 2)), app("abs", p), app("pow", app("sqrt", p), Num(e))]
        case App("sqrt", (p,)):
            options = [
                app("pow", p, half),
                app("exp", mul(half, app("log", p))),
                mul(app("sqrt", app("neg", p)), i),
            ]
        case App("log", (App("mul", (p, q)),)):
            options = [add(app("log", p), app("log", q))]
        case App("log", (App("div", (p, q)),)):
            options = [sub(app("log", p), app("log", q))]
        case App("log", (App("pow", (p, e)),)):
            options = [mul(e, app("log", p))]
        case App("log" | "exp", (App("exp" | "log" as inner, (p,)),)) if inner != t.head:
            options = [p]
        case App("log", (p,)):
            options = [
                add(app("log", app("neg", p)), mul(i, app("pi"))),
                app("neg", app("log", app("div", num(1), p))),
            ]
        case App("exp", (App("add", (p, q)),)):
            options = [mul(app("exp", p), app("exp", q))]
        case App("exp", (p,)):
            options = [app("pow", app("exp", mul(half, p)), num(2)), app("sqrt", app("exp", mul(num(2), p)))]
        case App("pow", (App("mul" | "div" as h, (p, q)), e)):
            options = [app(h, app("pow", p, e), app("pow", q, e))]
        case App("pow", (App("pow", (p, e)), g)):
            options = [
                app(
                    "pow",
                    p,
                    Num(e.value * g.value) if isinstance(e, Num) and isinstance(g, Num) else mul(e, g),
                )
            ]
        case App("pow", (p, App("add", (e, g)))):
            options = [mul(app("pow", p, e), app("pow", p, g))]
        case App("pow", (p, Num(e))):
            options = [mul(app("pow", p, Num(e - 1)), p), app("exp", mul(Num(e), app("log", p)))]
        case App("pow", (p, e)):
            options = [
                app("exp", mul(e, app("log", p))),
                app("div", num(1), app("pow", p, app("neg", e))),
                mul(app("pow", p, sub(e, num(1))), p),
            ]
        case App("abs", (App("mul", (p, q)),)):
            options = [mul(app("abs", p), app("abs", q))]
        case App("abs", (p,)):
            options = [
                app("sqrt", app("pow", p, num(2))),
                app("neg", p),
                p,
                mul(p, app("sign", p)),
                app("max", p, app("neg", p)),
                app("sqrt", mul(p, app("conj", p))),
            ]
        case App("conj" | "re", (p,)):
            options = [p, app("re", p)]
        case App("im", (p,)):
            options = [num(0), app("neg", i)]
        case App("relu", (p,)):
            options = [p, num(0), mul(half, add(p, app("abs", p))), app("max", p, num(0))]
        case App("div", (p, q)):
            options = [
                mul(p, app("pow", q, num(-1))),
                app("div", mul(p, q), mul(q, q)),
                app("div", mul(p, app("conj", q)), app("pow", app("abs", q), num(2))),
            ]
        case App("add" | "mul" as h, (p, q)):
            options = [
                App(h, (q, p)),
                app("div", sub(mul(p, p), mul(q, q)), sub(p, q))
                if h == "add"
                else mul(app("pow", p, num(2)), app("div", q, p)),
            ]
        case Var():
            options = [
                app("sqrt", mul(t, t)),
                app("abs", t),
                app("exp", app("log", t)),
                app("log", app("exp", t)),
                app("pow", app("pow", t, num(3)), num("1/3")),
            ]
    return r.choice(options)


def equation(r: random.Random) -> Sequent:
    names = r.choice(POOLS)
    t = term(r, r.choice([1, 2, 3]), names)
    u = t
    for _ in range(r.choice([1, 1, 2, 3])):
        u = rewritten(r, u)
    return Sequent(SORTS, tuple(r.sample(ASSUMPTIONS, r.choice([0, 0, 1, 2]))), app("=", t, u))


def inequality(r: random.Random) -> Sequent:
    names = [v for v in r.choice(POOLS) if SORTS[v.name] != COMPLEX] or [X]
    t, u = term(r, r.choice([1, 2, 3]), names), r.choice([num(0), num(0), num(1), term(r, 1, names)])
    return Sequent(
        SORTS,
        tuple(r.sample(ASSUMPTIONS, r.choice([0, 1, 2]))),
        app(r.choice(["<", "<=", ">", ">=", "!="]), t, u),
    )


def points(r: random.Random, s: Sequent, count: int) -> list[dict[str, Any]]:
    names = sorted(frozenset().union(free_names(s.goal), *map(free_names, s.assumptions)))
    pool = {"real": REALS, "complex": COMPLEXES, "integer": INTEGERS}
    kinds = {n: k.kind for n, k in SORTS.items() if isinstance(k, Scalar)}
    return [{n: r.choice(pool[kinds[n]]) for n in names} for _ in range(count)]


def check_at_points(r: random.Random, s: Sequent, conditions: tuple[Term, ...]) -> None:
    for at in points(r, s, 25):
        try:
            if not all(holds(c, at) for c in (*s.assumptions, *conditions)):
                continue
        except (NoValue, CannotTell):
            continue
        try:
            true = holds(s.goal, at)
        except CannotTell:
            continue
        except NoValue:
            pytest.fail(f"{show(s.goal)} is undefined at {at}, conditions {[show(c) for c in conditions]}")
        assert true, (show(s.goal), [show(a) for a in s.assumptions], [show(c) for c in conditions], at)


BOUNDED = settings(
    max_examples=350,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@seed(1)
@BOUNDED
@given(st.integers(0, 10**9), st.sampled_from([("field", equation), ("sign", inequality)]))
def test_what_a_rule_accepts_holds_at_every_point(number: int, kind: Any) -> None:
    r = random.Random(number)
    rule, make = kind
    s = make(r)
    try:
        shown = prove(s, {"rule": rule})
    except Reject:
        return
    check_at_points(r, s, shown.conditions)


@seed(2)
@settings(BOUNDED, max_examples=30)
@given(st.integers(0, 10**9), st.sampled_from([equation, inequality]))
def test_verdicts_of_search_and_mint_agree_with_the_reference(number: int, make: Any) -> None:
    r = random.Random(number)
    s = make(r)
    used = sorted(frozenset().union(free_names(s.goal), *map(free_names, s.assumptions)))
    claim = Claim(tuple((n, SORTS[n]) for n in used), s.assumptions, s.goal)
    certificate = decide(claim, {}).certificate
    if certificate is None:
        return
    minted = verify(claim, certificate)
    if isinstance(minted, Proved):
        check_at_points(r, s, minted.conditions)
        return
    assert isinstance(minted, Refuted)
    if minted.witness["kind"] != "point":
        return
    at = {n: reference(closed(v), {}) for n, v in minted.witness["point"].items()}
    try:
        assert all(holds(a, at) for a in s.assumptions)
        assert not holds(s.goal, at), (show(s.goal), minted.witness)
    except CannotTell:
        return


def closed(data: Any) -> Term:
    from checker.kernel.term import from_json

    return from_json(data["term"] if isinstance(data, dict) else data)


@seed(3)
@settings(BOUNDED, max_examples=250)
@given(st.integers(0, 10**9))
def test_balls_contain_the_value(number: int) -> None:
    """Rational points, among them zeros, cuts and poles."""
    r = random.Random(number)
    t = term(r, r.choice([1, 2, 3]), [Z, X, N])
    at = points(r, Sequent(SORTS, (), app("=", t, add(Z, X, N))), 1)[0]
    try:
        exact = {n: term_of(v) for n, v in at.items()}
        found = value(t, exact, SORTS)
    except (Undefined, Unknown):
        return
    try:
        expected = reference(t, at)
    except NoValue:
        pytest.fail(f"{show(t)} has the value {found} at {at}, where it is undefined")
    except CannotTell:
        return
    if isinstance(found, Fraction):
        assert abs(expected - MP.mpf(found.numerator) / found.denominator) < 1e-20 * (1 + abs(expected))
    else:
        middle = MP.mpc(
            MP.mpf(found.real.mid().str(40, radius=False)), MP.mpf(found.imag.mid().str(40, radius=False))
        )
        radius = float(found.real.rad()) + float(found.imag.rad())
        assert abs(expected - middle) <= radius + 1e-15 * (1 + abs(expected)), (show(t), at)


def term_of(v: Any) -> Term:
    def q(u: Any) -> Term:
        return Num(Fraction(str(MP.nstr(u, 10))))

    return q(v.real) if v.imag == 0 else add(q(v.real), mul(q(v.imag), app("i")))
