"""Inequalities f(w*) <= f(w), convexity and Jensen's inequality: gaps term by term.

Method: the two sides are compared place by place (anti-unification, Plotkin, Machine Intelligence 5 (1970) 153-163):
where they differ, one has a value and the other the name that is varied.  What is affine in these places needs
nothing.  Every other summand c phi(u) against c phi(u*), u affine, gets a column: c times the distance of phi from
its tangent at u* (phi convex for c > 0; |u - u*|^2 for the square of a vector), a logarithm of the wrong sign the
tangent in u*/u (log r <= r - 1), the logarithm of a sum Gibbs' inequality for the shares of its summands.  What then
is left must vanish or be of one sign: that is stationarity, and the kernel compares normal forms.  Several choices
for a summand are tried in turn.
Sources: rule ``gap`` in the kernel; Boyd, Vandenberghe, Convex Optimization, 3.1.3, 3.1.8 (Jensen), 3.2.2.
Why it convinces: every column is proved not to be negative, and the remainder is a normal form.
Cannot: multipliers of inequalities that no assumption's multiple gives; functions that are not sums of
one-variable convex functions of affine terms (norms at 0, products of varied names).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.derivative import NoDerivative
from ..kernel.matrix_terms import about_matrices
from ..kernel.prove import discharge, introduce
from ..kernel.rule_gap import Column, above_tangent, bend, emptied, remainder
from ..kernel.rule_ideal import equations
from ..kernel.rule_monotone import between
from ..kernel.rule_sos import sides
from ..kernel.term import (
    TRUE, ZERO, App, Bind, Index, Map, Num, Sort, Term, Var, add, app, conjuncts, free_names, fresh, mul, num, rebuild,
    sort_to_json, sub, substitute, subterms, to_json,
)

from .constraints import constrained
from .indices import prove_index

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
ORDER = ("<", "<=", ">", ">=")
MAX_LEAVES, MAX_CHOICES, MAX_DEPTH = 8, 8, 6
ONE = num(1)


@dataclass(frozen=True)
class Leaf:
    """A summand ``weight * b`` of the larger side against ``weight * a`` of the smaller, under indices."""

    weight: Term
    names: tuple[str, ...]
    sorts: tuple[Sort, ...]
    guard: Term
    a: Term
    b: Term
    pair: tuple[Term, Term] | None = None       # the arguments, where they are known


def _indexed(s: Sequent) -> bool:
    return any(isinstance(k, (Index, Map)) for k in s.declarations.values())


def _rational(t: Term) -> bool:
    """Polynomials and quotients: squares are found by ``order``."""
    return not any(isinstance(u, Bind) or isinstance(u, App) and u.head in ("exp", "log", "sqrt") or isinstance(
        u, App) and u.head == "pow" and not isinstance(u.args[1], Num) for u in subterms(t))


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not _indexed(s) and _rational(goal):
        return
    if search.depth > MAX_DEPTH or search.model is not None:
        return
    if isinstance(goal, Bind) and goal.head == "forall" and not all(isinstance(k, Index) for k in goal.sorts):
        inner, _ = introduce(s, goal)
        if isinstance(inner.goal, App) and inner.goal.head in ORDER:
            for found in _inequality(inner, search):
                yield {"rule": "forall", "proof": found}
            return
    if isinstance(goal, App) and goal.head in ORDER:
        yield from _inequality(s, search)
        yield from _likelihoods(s, search)
        if any(isinstance(u, App) and u.head == "matmul" for u in subterms(goal)):
            yield from _chords(s, search)


def equalities(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Equal points, where an equation f(w) = f(w*) is assumed: before matrices are opened to their entries."""
    goal = s.goal
    if search.depth > MAX_DEPTH or search.model is not None or not (_indexed(s) or not _rational(goal)):
        return
    if isinstance(goal, App) and goal.head == "=" or isinstance(goal, Bind) and goal.head == "forall":
        yield from _equality(s, search)


# ------------------------------------------------------------------ likelihoods


def _parted(t: Term) -> Term:
    """Logarithms of products, quotients, powers and exponentials as sums."""
    if isinstance(t, (App, Bind)):
        t = rebuild(t, _parted)
    return _log(t.args[0]) if isinstance(t, App) and t.head == "log" else t


def _log(u: Term) -> Term:
    match u:
        case App("mul", parts):
            return add(*map(_log, parts))
        case App("div", (a, b)):
            return _log(a) if b == ONE else app("neg", _log(b)) if a == ONE else sub(_log(a), _log(b))
        case App("exp", (a,)):
            return a
        case App("sqrt", (a,)):
            return app("div", _log(a), num(2))
        case App("pow", (a, e)):
            return mul(e, _log(a))
        case Bind("prod", names, sorts, (), (guard, body)):
            return Bind("sum", names, sorts, (), (guard, _log(body)))
    return app("log", u)


def _parted_pair(a: Term, b: Term) -> tuple[Term, Term]:
    """The same for two sides of one form, down to where b has a name that is varied."""
    if a == b or _names_of(b):
        return a, b
    match a, b:
        case App("log", (u,)), App("log", (v,)):
            return _log_pair(u, v)
        case App(h, p), App(g, q) if h == g and len(p) == len(q):
            pairs = list(map(_parted_pair, p, q))
            return App(h, tuple(x for x, _ in pairs)), App(g, tuple(y for _, y in pairs))
        case Bind(), Bind() if (c := _aligned(a, b)) is not None:
            pairs = list(map(_parted_pair, c.inner, b.inner))
            return (Bind(c.head, c.names, c.sorts, c.outer, tuple(x for x, _ in pairs)),
                    Bind(b.head, b.names, b.sorts, b.outer, tuple(y for _, y in pairs)))
    return a, b


def _log_pair(u: Term, v: Term) -> tuple[Term, Term]:
    if u == v:
        t = _log(u)
        return t, t
    match u, v:
        case App("mul", p), App("mul", q) if len(p) == len(q):
            pairs = list(map(_log_pair, p, q))
            return add(*(x for x, _ in pairs)), add(*(y for _, y in pairs))
        case App("div", (a, c)), App("div", (b, d)):
            (x, y), (z, w) = _log_pair(a, b), _log_pair(c, d)
            return (app("neg", z), app("neg", w)) if a == b == ONE else (sub(x, z), sub(y, w))
        case App("exp", (a,)), App("exp", (b,)):
            return a, b
        case App("sqrt", (a,)), App("sqrt", (b,)):
            x, y = _log_pair(a, b)
            return app("div", x, num(2)), app("div", y, num(2))
        case App("pow", (a, e)), App("pow", (b, f)):
            x, y = _log_pair(a, b)
            return mul(e, x), mul(f, y)
        case Bind("prod"), Bind("prod") if (c := _aligned(u, v)) is not None and c.inner[0] == v.inner[0]:
            x, y = _log_pair(c.inner[1], v.inner[1])
            return (Bind("sum", c.names, c.sorts, (), (c.inner[0], x)),
                    Bind("sum", v.names, v.sorts, (), (v.inner[0], y)))
    return app("log", u), app("log", v)


def _sides_parted(a: Term, b: Term) -> tuple[Term, Term]:
    if _fits(a, b):
        return _parted_pair(a, b)
    if _fits(b, a):
        return _parted_pair(b, a)[::-1]
    return _parted(a), _parted(b)


def _likelihoods(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Logarithms taken apart; of two positive products, their logarithms."""
    if not isinstance(s.goal, App) or search.depth >= MAX_DEPTH:
        return
    a, b = s.goal.args
    x, y = _sides_parted(a, b)
    if (x, y) != (a, b):
        ends = [_same(s, search, *pair) for pair in ((a, x), (y, b))]
        found = search.prove(s.with_goal(app(s.goal.head, x, y))) if None not in ends else None
        if found is not None:
            yield {"rule": "through", "terms": [to_json(x), to_json(y)], "relations": ["=", s.goal.head, "="],
                   "parts": [ends[0], found, ends[1]]}
    elif any(isinstance(u, Bind) and u.head == "prod" for t in (a, b) for u in subterms(t)) or (
            _is_product(a) and _is_product(b)):
        small, large, strict = sides(s.goal, "both-sides")
        positive = [search.unconditionally(s.with_goal(app(">", t, ZERO))) for t in (small, large)]
        if None in positive:
            return
        logs = app("<" if strict else "<=", app("log", small), app("log", large))
        found = search.unconditionally(s.with_goal(logs))
        if found is not None:
            yield {"rule": "both-sides", "function": "log", "small": positive[0], "large": positive[1],
                   "proof": found}


def _is_product(t: Term) -> bool:
    """A product with an exponential or a power with a symbolic exponent as a factor (a density)."""
    match t:
        case App("mul" | "div", args):
            return any(map(_is_product, args))
        case App("pow", (_, e)):
            return not isinstance(e, Num)
        case App("exp", _):
            return True
    return False


def _same(s: Sequent, search: Searcher, a: Term, b: Term) -> Certificate | None:
    goal = s.with_goal(app("=", a, b))
    return next((c for rule in ("field", "index-form") if search.accepted(goal, c := {"rule": rule}) is not None), None)


# ------------------------------------------------------------------ places that differ


def _names_of(t: Term) -> bool:
    return isinstance(t, Var) or isinstance(t, App) and t.head == "at" and isinstance(t.args[0], Var)


def _aligned(a: Bind, b: Bind) -> Bind | None:
    """``a`` with the bound names of ``b``."""
    if a.head != b.head or a.sorts != b.sorts or len(a.names) != len(b.names) or a.outer != b.outer:
        return None
    if a.names == b.names:
        return a
    by: dict[str, Term] = {n: Var(m) for n, m in zip(a.names, b.names, strict=True)}
    if any(set(b.names) & (free_names(u) - set(a.names)) for u in a.inner):
        return None
    return Bind(a.head, b.names, b.sorts, b.outer, tuple(substitute(u, by) for u in a.inner))


def _affine(a: Term, b: Term) -> bool:
    """b differs from a in varied names only, and is affine in them."""
    if a == b or _names_of(b):
        return True
    match a, b:
        case App(h, p), App(g, q) if h == g and len(p) == len(q):
            if h in ("add", "neg", "matadd"):
                return all(map(_affine, p, q))
            if h in ("mul", "matmul", "scale"):
                moved = [k for k in range(len(p)) if p[k] != q[k]]
                return len(moved) == 1 and _affine(p[moved[0]], q[moved[0]])
            if h == "div":
                return p[1] == q[1] and _affine(p[0], q[0])
        case Bind("sum"), Bind("sum"):
            c = _aligned(a, b)
            return c is not None and c.inner[0] == b.inner[0] and _affine(c.inner[1], b.inner[1])
    return False


def _fits(a: Term, b: Term) -> bool:
    """b has the form of a with names where they differ."""
    if a == b or _names_of(b):
        return True
    match a, b:
        case App(h, p), App(g, q):
            return h == g and len(p) == len(q) and all(map(_fits, p, q))
        case Bind(), Bind():
            c = _aligned(a, b)
            return c is not None and all(map(_fits, c.inner, b.inner))
    return False


def _arguments(a: Term, b: Term) -> list[tuple[Term, Term]] | None:
    """The largest affine parts of b that differ from a, with their values in a; None if the forms do not fit."""
    if a == b:
        return []
    if _affine(a, b):
        return [(a, b)]
    match a, b:
        case App(h, p), App(g, q) if h == g and len(p) == len(q):
            out = []
            for x, y in zip(p, q, strict=True):
                inner = _arguments(x, y)
                if inner is None:
                    return None
                out += inner
            return list(dict.fromkeys(out))
    return None


def _leaves(a: Term, b: Term, weight: list[Term], under: tuple[Any, ...]) -> list[Leaf] | None:
    """The summands of b that are not affine; None where the sides have different forms."""
    if _affine(a, b):
        return []
    match a, b:
        case App("add", p), App("add", q) if len(p) == len(q):
            out: list[Leaf] = []
            for x, y in zip(p, q, strict=True):
                inner = _leaves(x, y, weight, under)
                if inner is None:
                    return None
                out += inner
            return out
        case App("neg", (x,)), App("neg", (y,)):
            return _leaves(x, y, [app("neg", ONE), *weight], under)
        case App("mul", p), App("mul", q) if len(p) == len(q):
            moved = [k for k in range(len(p)) if p[k] != q[k]]
            found = _arguments(a, b)
            if len(moved) > 1 and found is not None and len(found) == 1:
                rest = [q[k] for k in range(len(q)) if k not in moved]
                return [_leaf(mul(*(p[k] for k in moved)), mul(*(q[k] for k in moved)), [*weight, *rest], under)]
            out = []
            for k in moved:
                inner = _leaves(p[k], q[k], [*weight, *q[:k], *q[k + 1:]], under)
                if inner is None:
                    return None
                out += inner
            return out
        case App("div", (x, c)), App("div", (y, d)):
            if c == d:
                return _leaves(x, y, [*weight, app("div", ONE, d)], under)
            if x == y:
                return [_leaf(app("div", ONE, c), app("div", ONE, d), [*weight, y], under)]
            found = _arguments(a, b)
            if found is not None and len(found) == 1:
                return [_leaf(a, b, weight, under)]
            return _leaves(x, y, [*weight, app("div", ONE, d)], under)
        case Bind("sum"), Bind("sum") if not b.outer:
            c = _aligned(a, b)
            if c is None or c.inner[0] != b.inner[0]:
                return None
            names, sorts, guard, taken = under
            if clash := taken & set(b.names):
                by: dict[str, Term] = {n: Var(fresh(n, taken | free_names(b) | free_names(c))) for n in clash}
                return _leaves(_renamed(c, by), _renamed(b, by), weight, under)
            both = TRUE if guard == b.inner[0] == TRUE else App("and", (*conjuncts(guard), *conjuncts(b.inner[0])))
            within = ((*names, *b.names), (*sorts, *b.sorts), both, taken | set(b.names))
            return _leaves(c.inner[1], b.inner[1], weight, within)
    return [_leaf(a, b, weight, under)]


def _renamed(t: Bind, by: dict[str, Term]) -> Bind:
    names = tuple(u.name if isinstance(u := by.get(n), Var) else n for n in t.names)
    return Bind(t.head, names, t.sorts, t.outer, tuple(substitute(u, by) for u in t.inner))


def _leaf(a: Term, b: Term, weight: list[Term], under: tuple[Any, ...]) -> Leaf:
    minus = sum(w == app("neg", ONE) for w in weight) % 2
    kept = [w for w in weight if w not in (app("neg", ONE), ONE)]
    w = mul(*kept) if kept else ONE
    return Leaf(app("neg", w) if minus else w, *under[:3], a, b)


# ------------------------------------------------------------------ columns


class Columns:
    """Makes columns for leaves; every part is proved as it is made."""

    def __init__(self, s: Sequent, search: Searcher) -> None:
        self.s, self.search = s, search

    def inside(self, leaf: Leaf) -> Sequent | None:
        if set(leaf.names) & set(self.s.declarations):
            return None
        return self.s.declaring(dict(zip(leaf.names, leaf.sorts, strict=True))).assuming(*conjuncts(leaf.guard))

    def options(self, leaf: Leaf) -> Iterator[list[Certificate]]:
        inner = self.inside(leaf)
        if inner is None:
            return
        weight = leaf.weight
        turned = isinstance(weight, App) and weight.head == "neg"
        size = weight.args[0] if turned and isinstance(weight, App) else weight
        positive = True
        shown = ({"rule": "sign"} if size == ONE
                 else self.search.unconditionally(inner.with_goal(app(">=", size, ZERO))))
        if shown is None:
            shown = self.search.unconditionally(inner.with_goal(app("<=", size, ZERO)))
            if shown is None:
                return
            positive, size = False, app("neg", size)
            shown = self.search.unconditionally(inner.with_goal(app(">=", size, ZERO)))
            if shown is None:
                return
        sign = positive != turned
        head = leaf.b.head if isinstance(leaf.b, App) else ""
        found = [leaf.pair] if leaf.pair is not None else _arguments(leaf.a, leaf.b)
        if found is not None and len(found) == 1:
            (v, u), = found
            yield from self._tangent(leaf, inner, size, shown, sign, u, v)
            if head == "log" and sign and isinstance(leaf.b, App):
                phi = app("neg", app("log", Var("t'")))
                yield from self._made(leaf, inner, size, shown, phi, _ratio(v, u), ONE)
        if sign and (away := _distance(leaf.a, leaf.b)) is not None:
            square = app("matmul", app("transpose", away), away)
            proof = {"rule": "squares", "squares": [{"factor": to_json(away)}], "equal": {"rule": "matrix-form"}}
            yield [self._column(leaf, size, shown, square, proof, (leaf.b, leaf.a))]
            return
        if head == "log" and sign and isinstance(leaf.b, App) and isinstance(leaf.a, App):
            yield from self._shares(leaf, inner, size, shown, leaf.a.args[0], leaf.b.args[0])
        if not (found is not None and len(found) == 1 and head == "pow"):
            yield []

    def _tangent(self, leaf: Leaf, inner: Sequent, size: Term, shown: Certificate, sign: bool, u: Term, v: Term
                 ) -> Iterator[list[Certificate]]:
        t = fresh("t'", frozenset(inner.declarations))
        phi = _replaced(leaf.b, u, Var(t))
        if phi in (app("pow", Var(t), num(2)), mul(Var(t), Var(t))) and sign:
            u, v = _apart(u, v)
            term = app("pow", sub(u, v), num(2))
            yield [self._column(leaf, size, shown, term, {"rule": "sign"}, (u, v))]
            return
        if leaf.names and set(leaf.names) & free_names(phi) or t not in free_names(phi):
            phi = _replaced(leaf.b, u, Var(t))
        yield from self._made(leaf, inner, size, shown, phi if sign else app("neg", phi), u, v, t)

    def _made(self, leaf: Leaf, inner: Sequent, size: Term, shown: Certificate, phi: Term, u: Term, v: Term,
              t: str = "t'") -> Iterator[list[Certificate]]:
        """The column of a tangent, on the whole line or on the positive numbers."""
        found = self.tangent(inner, phi, t, u, v)
        if found is not None:
            term, proof = found
            yield [self._column(leaf, size, shown, term, proof, (u, v))]

    def tangent(self, inner: Sequent, phi: Term, t: str, u: Term, v: Term, strict: bool = False
                ) -> tuple[Term, Certificate] | None:
        if t in inner.declarations:
            return None
        try:
            term = above_tangent(phi, t, u, v, inner)
            second, needed = bend(phi, t, inner)
        except NoDerivative:
            return None
        for lower in (None, ZERO):
            within = between(inner, t, lower, None)
            if discharge(needed, within):
                continue
            proof: Certificate = {"rule": "above-tangent", "variable": t, "function": to_json(phi), "point": to_json(u),
                                  "at": to_json(v)}
            curved = self._curved(within, second, strict)
            if curved is None:
                continue
            proof["bend"] = curved
            if lower is not None:
                ends = [self._shown(inner.with_goal(app("<", lower, x))) for x in (u, v)]
                if None in ends:
                    return None
                proof["lower"] = {"at": to_json(lower), "proofs": ends}
            if strict:
                apart = self.search.unconditionally(inner.with_goal(app("!=", u, v)))
                if apart is None:
                    return None
                proof["different"] = apart
            return term, proof
        return None

    def _curved(self, within: Sequent, second: Term, strict: bool) -> Certificate | None:
        """That the second derivative has its sign; no search where the opposite is visible."""
        goal = within.with_goal(app(">" if strict else ">=", second, ZERO))
        for sign in ({"rule": "sign"}, {"rule": "evaluate"}):
            if not (sign["rule"] == "evaluate" and free_names(second)) and self.search.accepted(goal, sign) is not None:
                return sign
        if not free_names(second) or self.search.accepted(within.with_goal(app("<", second, ZERO)), {"rule": "sign"}):
            return None
        return self.search.unconditionally(goal)

    def _shown(self, goal: Sequent) -> Certificate | None:
        """By a visible sign, if there is one."""
        for c in ({"rule": "sign"}, {"rule": "index-form"}):
            shown = self.search.accepted(goal, c)
            if shown is not None and not shown.conditions:
                return c
        return self.search.unconditionally(goal)

    def _shares(self, leaf: Leaf, inner: Sequent, size: Term, shown: Certificate, a: Term, b: Term
                ) -> Iterator[list[Certificate]]:
        """log of a sum, G = sum g_j: the shares g_j/G against those at the point (Gibbs)."""
        phi = app("neg", app("log", Var("t'")))
        out = []
        if isinstance(a, Bind) and isinstance(b, Bind) and b.head == "sum" and not b.outer:
            c = _aligned(a, b)
            if c is None or c.inner[0] != b.inner[0] or set(b.names) & set(leaf.names):
                return
            parts = [((*leaf.names, *b.names), (*leaf.sorts, *b.sorts), App("and", (
                *conjuncts(leaf.guard), *conjuncts(b.inner[0]))), c.inner[1], b.inner[1])]
        elif isinstance(a, App) and isinstance(b, App) and a.head == b.head == "add" and len(a.args) == len(b.args):
            parts = [(leaf.names, leaf.sorts, leaf.guard, x, y) for x, y in zip(a.args, b.args, strict=True)]
        else:
            return
        for names, sorts, guard, x, y in parts:
            if guard == App("and", ()):
                guard = TRUE
            one = Leaf(ONE, names, sorts, guard, x, y)
            here = self.inside(one)
            if here is None:
                return
            share = app("div", x, a)
            ratio = app("div", app("div", y, b), share)
            weight = share if size == ONE else mul(size, share)
            positive = self.search.unconditionally(here.with_goal(app(">=", weight, ZERO)))
            found = self.tangent(here, phi, "t'", ratio, ONE)
            if positive is None or found is None:
                return
            out.append(self._column(one, weight, positive, *found, (ratio, ONE)))
        yield out

    def _column(self, leaf: Leaf, size: Term, shown: Certificate, term: Term, proof: Certificate,
                then: tuple[Term, Term]) -> Certificate:
        out: Certificate = {"term": to_json(term), "proof": proof}
        if leaf.names:
            out |= {"names": list(leaf.names), "sorts": [sort_to_json(x) for x in leaf.sorts]}
            if leaf.guard != TRUE:
                out["guard"] = to_json(leaf.guard)
        if size != ONE:
            out |= {"weight": to_json(size), "positive": shown}
        out["_"] = (leaf, size, term, then)         # for the search only
        return out


def _apart(u: Term, v: Term) -> tuple[Term, Term]:
    """w, m for x - w, x - m: as far apart, but for the sign."""
    while isinstance(u, App) and isinstance(v, App) and u.head == v.head and u.head in ("add", "neg") and (
            len(u.args) == len(v.args)):
        found = [(x, y) for x, y in zip(u.args, v.args, strict=True) if x != y]
        if len(found) != 1:
            break
        (u, v), = found
    return u, v


def _ratio(a: Term, b: Term) -> Term:
    match a, b:
        case App("div", (x, c)), App("div", (y, d)) if c == d:
            return app("div", x, y)
    return app("div", a, b)


def _replaced(t: Term, old: Term, new: Term) -> Term:
    if t == old:
        return new
    if isinstance(t, App):
        return App(t.head, tuple(_replaced(u, old, new) for u in t.args))
    return t


def _distance(a: Term, b: Term) -> Term | None:
    """u - v for the squares |v|^2 and |u|^2 of vectors: |u - v|^2 is what |u|^2 is above its tangent at v."""
    match a, b:
        case (App("matmul", (App("transpose", (v,)), v2)), App("matmul", (App("transpose", (u,)), u2))) if (
                u == u2 and v == v2 and _affine(v, u)):
            return app("matadd", u, app("scale", num(-1), v))
    return None


def _plain(columns: list[Certificate]) -> list[Certificate]:
    return [{k: v for k, v in c.items() if k != "_"} for c in columns]


def _total(c: Certificate) -> Term:
    leaf, size, term, _ = c["_"]
    body = term if size == ONE else mul(size, term)
    return Bind("sum", leaf.names, leaf.sorts, (), (leaf.guard, body)) if leaf.names else body


def _rest(s: Sequent, search: Searcher, small: Term, large: Term, columns: list[Certificate], patience: int
          ) -> Certificate | None:
    """Proof of what is left: an identity (0), a visible sign (1), or whatever the portfolio finds (2)."""
    goal = s.with_goal(remainder(small, large, list(map(_total, columns)), patience == 0))
    exact = {"exact": True} if patience == 0 else {}
    if patience == 2:
        found = search.unconditionally(goal)
        return None if found is None else {"rest": found}
    words = [{"rule": "matrix-form"}] if patience == 0 and about_matrices(goal.goal) else []
    for c in itertools.chain(({"rule": "field" if patience == 0 else "sign"},), words, prove_index(goal, search)):
        shown = search.accepted(goal, c)
        if shown is not None and not shown.conditions:
            return {**exact, "rest": c}
    if patience == 1 and (by_multiplier := constrained(goal, search)) is not None:
        return {"rest": by_multiplier}
    if patience == 0 and (by_slope := _by_slope(goal, search, columns)) is not None:
        return {**exact, "rest": by_slope}
    return None


def _by_slope(goal: Sequent, search: Searcher, columns: list[Certificate]) -> Certificate | None:
    """What is left is a multiple w - w* of a derivative that is assumed to be 0."""
    known = equations(goal)
    if not known:
        return None
    for c in columns:
        u, v = c["_"][3]
        for name, value in {(b, a) for a, b in _differences(v, u)}:
            still = [k for k, pair in enumerate(known) if not free_names(app("=", *pair)) & free_names(name)]
            for k in still[::-1][:2]:
                for step in (sub(name, value), sub(value, name)):
                    if free_names(step) - set(goal.declarations):
                        continue
                    last = {"rule": "ideal", "cofactors": [[k, to_json(step)]]}
                    made = last
                    if _indexed(goal):
                        middle = mul(step, known[k][0]) if known[k][1] == ZERO else mul(step, sub(*known[k]))
                        made = {"rule": "through", "terms": [to_json(middle)], "relations": ["=", "="],
                                "parts": [{"rule": "index-form"}, last]}
                    shown = search.accepted(goal, made)
                    if shown is not None and not shown.conditions:
                        return made
    return None


def _first_rest(s: Sequent, search: Searcher, small: Term, large: Term, choices: list[list[Certificate]]
                ) -> tuple[list[Certificate], Certificate] | None:
    """The first choice of columns that leaves something provable; the cheap ways first.  Numbers alone have
    engines of their own for what is left."""
    for patience in (0, 1, 2) if _indexed(s) else (0, 1):
        for columns in choices:
            rest = _rest(s, search, small, large, columns, patience)
            if rest is not None:
                return columns, rest
    return None


# ------------------------------------------------------------------ goals


def _decompositions(small: Term, large: Term, taken: frozenset[str] = frozenset()) -> Iterator[list[Leaf]]:
    """The leaves of the goal: one side is the other at a point, or a chord against the value between."""
    top = ((), (), TRUE, taken)
    for a, b, minus in ((small, large, False), (large, small, True)):
        found = _leaves(a, b, [app("neg", ONE)] if minus else [], top) if _fits(a, b) else None
        if found and len(found) <= MAX_LEAVES:
            yield found
        if isinstance(b, App) and b.head == "add" and all(isinstance(p, App) and p.head == "mul" and len(p.args) == 2
                                                        for p in b.args):
            out: list[Leaf] | None = []
            for p in b.args:
                weight, value = p.args
                inner = _leaves(a, value, [app("neg", ONE), weight] if minus else [weight], top) if _fits(
                    value, a) or _fits(a, value) else None
                out = None if inner is None or out is None else out + inner
            if out and len(out) <= MAX_LEAVES:
                yield out
    yield from _jensen(small, large, top)


def _applications(t: Term, weight: list[Term], under: tuple[Any, ...]) -> Iterator[Leaf]:
    """The summands of ``t`` that are functions: exp, log, powers, and what is no arithmetic."""
    match t:
        case App("add", parts):
            for p in parts:
                yield from _applications(p, weight, under)
        case App("neg", (a,)):
            yield from _applications(a, [app("neg", ONE), *weight], under)
        case App("mul", parts):
            inner = [k for k, p in enumerate(parts) if isinstance(p, (App, Bind)) and p.head in (
                "exp", "log", "pow", "sqrt", "sum", "add", "neg")]
            for k in inner:
                yield from _applications(parts[k], [*weight, *parts[:k], *parts[k + 1:]], under)
        case App("div", (a, b)):
            yield from _applications(a, [*weight, app("div", ONE, b)], under)
        case Bind("sum", names, sorts, (), (guard, body)):
            if not set(names) & under[3]:
                both = TRUE if guard == under[2] == TRUE else App("and", (*conjuncts(under[2]), *conjuncts(guard)))
                within = ((*under[0], *names), (*under[1], *sorts), both, under[3] | set(names))
                yield from _applications(body, weight, within)
        case App("exp" | "log" | "sqrt" | "pow"):
            yield _leaf(t, t, weight, under)


def _jensen(small: Term, large: Term, top: tuple[Any, ...]) -> Iterator[list[Leaf]]:
    """phi of a mean against the mean of phi: the tangents at the mean."""
    every = [*_applications(large, [], top), *_applications(small, [app("neg", ONE)], top)]
    means = [x for x in every if not x.names]
    for m in means:
        out = []
        for x in every:
            if x is m or not (isinstance(x.b, App) and isinstance(m.b, App)) or x.b.head != m.b.head or (
                    x.b.args[1:] != m.b.args[1:]):
                continue
            out.append(Leaf(x.weight, x.names, x.sorts, x.guard, m.b, x.b, (m.b.args[0], x.b.args[0])))
        if len(out) <= MAX_LEAVES and any(x.names for x in out):
            yield out


def _inequality(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Where a side is not defined everywhere (a division by the data's variance), that is a condition."""
    needed = discharge(definedness(s.goal, s), s)
    for found in _gaps(s.assuming(*needed), search):
        yield {"rule": "where-defined", "proof": found} if needed else found


def _at_the_centre(s: Sequent, small: Term, large: Term) -> Iterator[tuple[Term, Term]]:
    """Where a family has a known total, a side against its own value at equal entries: what the other side is there
    is left to the remainder (the entropy of m weights against log m)."""
    for a in (c for x in s.assumptions for c in conjuncts(x)):
        match a:
            case App("=", (Bind("sum", (k,), (Index() as sort,), (), (guard, App("at", (Var(w), Var(j))))), value)) if (
                    j == k and guard == TRUE and not free_names(value) & {w, k}):
                even = value if sort.size == ONE else app("div", value, sort.size)
                if w in free_names(large) and w not in free_names(small):
                    yield _with_entries(large, w, even), large
                elif w in free_names(small) and w not in free_names(large):
                    yield small, _with_entries(small, w, even)


def _with_entries(t: Term, w: str, value: Term) -> Term:
    if isinstance(t, App) and t.head == "at" and t.args[0] == Var(w):
        return value
    return rebuild(t, lambda u: _with_entries(u, w, value)) if isinstance(t, (App, Bind)) else t


def _gaps(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    small, large, strict = sides(s.goal, "gap")
    make = Columns(s, search)
    for leaves in itertools.chain(_decompositions(small, large, frozenset(s.declarations)),
                                  *(_decompositions(*pair, frozenset(s.declarations))
                                    for pair in _at_the_centre(s, small, large))):
        choices = [c for c in _choices(make, leaves) if not strict or _sharpen(make, c)]
        found = _first_rest(s, search, small, large, choices)
        if found is not None:
            columns, rest = found
            yield {"rule": "gap", "columns": _plain(columns), **rest}
            return


def _chords(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Convexity of a quadratic form of vectors: the gap of the chord is t (1 - t) q(u - v), q the part of degree 2."""
    small, large, strict = sides(s.goal, "gap")
    for side in (large, small):
        match side:
            case App("add", (App("mul", (t, x)), App("mul", (rest, y)))) if not strict:
                first, second = free_names(x) - free_names(y), free_names(y) - free_names(x)
            case _:
                continue
        if len(first) != 1 or len(second) != 1:
            continue
        (u,), (v,) = first, second
        if not isinstance(s.declarations.get(u), Map) or s.declarations.get(u) != s.declarations.get(v):
            continue
        step = app("matadd", Var(u), app("scale", num(-1), Var(v)))
        at = [substitute(x, {u: p}) for p in (step, app("scale", num(-1), step), app("scale", ZERO, step))]
        bent = sub(app("div", add(at[0], at[1]), num(2)), at[2])
        bent = bent if side is large else app("neg", bent)
        weight = mul(t, rest)
        column = {"term": to_json(bent), "weight": to_json(weight),
                  "positive": search.unconditionally(s.with_goal(app(">=", weight, ZERO)))}
        column["proof"] = search.unconditionally(s.with_goal(app(">=", bent, ZERO)))
        exact = s.with_goal(remainder(small, large, [mul(weight, bent)], True))
        found = search.unconditionally(exact)
        if found is not None and None not in column.values():
            yield {"rule": "gap", "columns": [column], "exact": True, "rest": found}


def _choices(make: Columns, leaves: list[Leaf]) -> Iterator[list[Certificate]]:
    options = [list(itertools.islice(make.options(leaf), 4)) for leaf in leaves]
    for pick in itertools.islice(itertools.product(*options), MAX_CHOICES):
        columns = [c for part in pick for c in part]
        if columns:
            yield columns


def _sharpen(make: Columns, columns: list[Certificate]) -> bool:
    """Make one column strict: its weight and its term are positive for every index."""
    for c in sorted(columns, key=lambda c: len(c["_"][0].names)):
        leaf, size, term, (u, v) = c["_"]
        inner = make.inside(leaf)
        if inner is None or leaf.guard != TRUE:
            continue
        positive: Certificate | None = {"rule": "sign"}
        if size != ONE:
            positive = make.search.unconditionally(inner.with_goal(app(">", size, ZERO)))
        if positive is None:
            continue
        proof = _strictly(make, inner, c, term, u, v)
        if proof is not None:
            c |= {"strict": True, "proof": proof}
            if size != ONE:
                c["positive"] = positive
            return True
    return any(_gathered(make, columns, k) for k in range(len(columns)))


def _gathered(make: Columns, columns: list[Certificate], k: int) -> bool:
    """sum_j w_j (c_j (w - w*))^2 as (sum_j w_j c_j^2) (w - w*)^2, for w != w* assumed: the first factor may be
    positive where no summand surely is."""
    leaf, size, term, (u, v) = columns[k]["_"]
    if not leaf.names or leaf.guard != TRUE or term != app("pow", sub(u, v), num(2)):
        return False
    for a in make.s.assumptions:
        if not (isinstance(a, App) and a.head == "!=" and isinstance(a.args[0], Var)
                and a.args[0].name in free_names(u)):
            continue
        name = a.args[0].name
        c = sub(substitute(u, {name: ONE}), substitute(u, {name: ZERO}))
        weight = Bind("sum", leaf.names, leaf.sorts, (), (TRUE, mul(size, app("pow", c, num(2)))))
        square = app("pow", sub(*a.args), num(2))
        positive = make.search.unconditionally(make.s.with_goal(app(">", weight, ZERO)))
        if positive is None:
            continue
        one = Leaf(weight, (), (), TRUE, a.args[1], a.args[0])
        columns[k] = make._column(one, weight, positive, square, {"rule": "sign"}, a.args) | {"strict": True}
        return True
    return False


def _strictly(make: Columns, inner: Sequent, c: Certificate, term: Term, u: Term, v: Term) -> Certificate | None:
    if c["proof"].get("rule") == "above-tangent":
        from ..kernel.term import from_json

        found = make.tangent(inner, from_json(c["proof"]["function"]), c["proof"]["variable"], u, v, strict=True)
        return None if found is None else found[1]
    goal = inner.with_goal(app(">", term, ZERO))
    for rule in ("sign", "index-form"):
        shown = make.search.accepted(goal, {"rule": rule})
        if shown is not None and not shown.conditions:
            return {"rule": rule}
    return make.search.unconditionally(goal) if term == app("pow", sub(u, v), num(2)) else None


def _equality(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """f(w) = f(w*) was assumed: nothing is left for any column, so u = u* in each of them."""
    equations_ = [(k, a) for k, a in enumerate(s.assumptions) if isinstance(a, App) and a.head == "="]
    for centred, (k, a), flip, minus in itertools.product((False, True), equations_, (False, True), (False, True)):
        small, large = a.args[::-1] if flip else a.args
        for pair in _at_the_centre(s, small, large) if centred else ((small, large),):
            there, moved = pair[::-1] if minus else pair
            if not _fits(there, moved):
                continue
            found = _leaves(there, moved, [app("neg", ONE)] if minus else [],
                            ((), (), TRUE, frozenset(s.declarations)))
            if not found or len(found) > MAX_LEAVES:
                continue
            make = Columns(s, search)
            whole = _first_rest(s, search, small, large, list(_choices(make, found)))
            if whole is not None:
                yield from _emptied(s, search, make, *whole, k, flip)


def _emptied(s: Sequent, search: Searcher, make: Columns, columns: list[Certificate], rest: Certificate, k: int,
             flip: bool) -> Iterator[Certificate]:
    for place, c in enumerate(columns):
        leaf, size, term, pair = c["_"]
        inner = make.inside(leaf)
        if inner is None:
            continue
        column = Column(s, c, "gap-zero")
        if emptied(column, *pair, s) in s.assumptions:
            return
        positive = None if size == ONE else search.unconditionally(inner.with_goal(app(">", size, ZERO)))
        if size != ONE and positive is None:
            continue
        weight = {} if positive is None else {"weight": positive}
        for u, v in dict.fromkeys((*_places(leaf.a, leaf.b), pair)):
            fact = emptied(column, u, v, s)
            if fact in s.assumptions:
                continue
            apart = _strictly(make, inner.assuming(app("!=", u, v)), c, term, *pair)
            proof = search.prove(s.assuming(fact)) if apart is not None else None
            if proof is not None:
                yield {"rule": "gap-zero", "assumption": k, "flip": flip, "columns": _plain(columns), "column": place,
                       "then": [to_json(u), to_json(v)], "apart": apart, **weight, **rest, "proof": proof}
                return


def _places(a: Term, b: Term) -> Iterator[tuple[Term, Term]]:
    """Where a value stands in a and a name in b, if that is one pair."""
    found = set(_differences(a, b))
    if len(found) == 1:
        yield from found


def _differences(a: Term, b: Term) -> Iterator[tuple[Term, Term]]:
    if a == b:
        return
    if _names_of(b) or not isinstance(a, App) or not isinstance(b, App) or a.head != b.head or (
            len(a.args) != len(b.args)):
        yield a, b
        return
    for x, y in zip(a.args, b.args, strict=True):
        yield from _differences(x, y)


__all__ = ["equalities", "proofs"]
