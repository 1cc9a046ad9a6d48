"""The index normal form: sums over indices of symbolic size, deltas, exp, inverses, opaque functions.

Meaning.  A form is a *total* function of the point: the inverse of 0 is 0 (a meadow: Bergstra and
Tucker, J. ACM 54 (2007), article 7), log 0 and the like have some fixed value.  Where a term is
defined its form has the term's value, so every step below is an identity of total functions or names
what it needs (a base not 0, a positive argument).  Hence ``S_{j != i} f = S_j f - f(i)`` may pass
through ``f(i) = 1/0``, while ``x/x = 1`` needs ``x != 0``, which is the goal's own definedness.

    step                                            needs
    S_j (a f + b g) = a S_j f + b S_j g
    S_{j:m} c = m c                                 j not free in c; m a natural number
    S_{j:m} d(i,j) f(j) = f(i)                      i of the same sort, in range
    d(i,j) f(i) = d(i,j) f(j),  d(i,j) = 0          the second: i != j follows from the context
    [j<i] = 1 - d(i,j) - [i<j],  [i!=j] = 1 - d(i,j)
    f(d) = d f(1) + (1-d) f(0)                      d a delta or a truth value (0 or 1), any function f
    e^(a f + b g) = (e^f)^a (e^g)^b                 a, b rational
    1/(c M P) = (1/c)(1/M)(1/P)
    M M^-1 = 1                                      M != 0
    log(M P) = log M + log P                        M > 0 and P > 0
    prod_j f_j = P[S_j L(f_j)],  P[S] P[T] = P[S + T]         S, T from products (see ``factors_of``)
    an assumption, as a rewriting of its leading product      its guard follows, sorts agree

FAILURE: :class:`Reject` where a term is outside this language, ill-typed, or over a budget.
Places x[t + 1] and the moving of sums: ``index_places``.  Cannot do: sums over integer ranges.
Source: Graham, Knuth, Patashnik, *Concrete Mathematics*, ch. 2; Knuth, "Two notes on notation",
Amer. Math. Monthly 99 (1992) 403-422 (a bracket is strongly zero: a guard, not a factor).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from . import index_sign
from .claim import Sequent
from .evidence import Reject
from .index_facts import ORIGIN, place
from .index_product import LOG, MAX_POWER, PLACE
from .index_rewrite import Rewriting, order_of, peel
from .index_scope import RULE, Env, over_budget
from .index_written import sign_of_term
from .index_terms import ONE_POLY, ZERO_POLY, Atom, Budget, Poly, open_mono
from .term import (
    FALSE,
    REAL,
    TRUE,
    App,
    Bind,
    Index,
    Map,
    Num,
    Scalar,
    Sort,
    Term,
    Var,
    add,
    app,
    conj,
    conjuncts,
    free_names,
    fresh,
    mul,
    negate,
    num,
    show,
)

#: heads whose values are opaque: equal arguments give equal values
_OPAQUE = frozenset(
    {
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "asin",
        "acos",
        "atan",
        "acot",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "asinh",
        "acosh",
        "atanh",
        "atan2",
        "erf",
        "abs",
        "sign",
        "re",
        "im",
        "conj",
        "arg",
        "floor",
        "ceiling",
        "max",
        "min",
        "relu",
        "factorial",
        "binomial",
        "gamma",
        "rising",
        "falling",
        "harmonic",
        "fibonacci",
        "mod",
        "digamma",
    }
)


class Form(Rewriting):
    """Normal forms in the context of a sequent: its indices, their order, its assumptions."""

    def __init__(self, sequent: Sequent) -> None:
        super().__init__(sequent)
        index_sign.read_limits(self)

    def sign(self, p: Poly) -> index_sign.Sign:
        return index_sign.sign(self, p)

    def sign_of_atom(self, a: Atom) -> index_sign.Sign:
        return index_sign.sign_of_atom(self, a)

    def index_token(self, t: Term, env: Env) -> str | None:
        match t:
            case Var(name):
                token = env.get(name) or self.tokens.get(name)
                return token if token in self.sizes else None
            case Num(value) if value.denominator == 1 and value >= 0:
                return f"={int(value)}"
            case _:
                return None

    def read(self, t: Term, env: Env) -> Poly:
        self.tick()
        match t:
            case Num(value):
                return self.constant(value)
            case Var(name):
                return self._variable(name, env)
            case App("add", args):
                return self.plus(*(self.read(a, env) for a in args))
            case App("neg", (a,)):
                return self.scale(self.read(a, env), -1)
            case App("mul", args):
                out = ONE_POLY
                for a in args:
                    out = self.times(out, self.read(a, env))
                return out
            case App("div", (a, b)):
                return self.times(self.read(a, env), self.inverse(self.read(b, env)))
            case App("pow", (a, b)):
                return self._read_power(a, b, env)
            case App("exp", (a,)):
                return self.exp(self.read(a, env))
            case App("log", (a,)):
                return self.log(self.read(a, env))
            case App("sqrt", (a,)):
                return self.sqrt(self._root_of(a, env))
            case App("e", ()):
                return self.exp(ONE_POLY)
            case App("pi" | "i" as head, ()):
                return self.single(Atom("apply", head))
            case App("delta", (a, b)):
                return self.bracket(app("=", a, b), env)
            case App("cases", args):
                return self._cases(args, env)
            case App("at", args):
                return self._entry(args, env)
            case Bind("diff"):
                return self._slope(t, env)
            case App(head, args) if head in _OPAQUE:
                return self.apply(head, tuple(self.read(a, env) for a in args))
            case Bind("sum", names, sorts, (), (guard, body)):
                return self._sum(names, sorts, guard, body, env)
            case Bind("prod", names, sorts, (), (guard, body)):
                form, inside = self.under(names, sorts, guard, env)
                if form.sign(form.read(body, inside)) == {1}:
                    return self.exp(self._sum(names, sorts, guard, app("log", body), env))
                return self.product(self._sum(names, sorts, guard, body, env, Form.factors_of))
            case _:
                raise Reject(RULE, "term", f"outside the language of indices: {show(t)[:60]}")

    def _root_of(self, a: Term, env: Env) -> Poly:
        """The form of ``a``; that it is no less than 0 as written is noted, its expansion may hide that."""
        p = self.read(a, env)
        if not env and p.constant is None and p.key not in self.noted:
            self.noted[p.key] = index_sign.ANY
            self.noted[p.key] = sign_of_term(self, a, env)
            self._signs.pop(p.key, None)
        return p

    def _variable(self, name: str, env: Env) -> Poly:
        token = env.get(name) or self.tokens.get(name)
        if token is None:
            raise Reject(RULE, "term", f"{name} is not declared")
        if token in self.sizes or name in env:
            return self.single(Atom("number", "", (token,)))
        if not isinstance(self.sequent.declarations[name], Scalar):
            raise Reject(RULE, "term", f"{name} is no number")
        return self.single(Atom("scalar", token))

    def _read_power(self, a: Term, b: Term, env: Env) -> Poly:
        if a == App("e", ()):
            return self.exp(self.read(b, env))
        base = self.read(a, env)
        exponent = self.read(b, env)
        e = exponent.constant
        if e is not None and e.denominator == 1:
            if abs(e) > 200:
                raise over_budget(f"a power {e}")
            return self.power(base, int(e))
        if e is not None and e.denominator == 2 and abs(e) <= MAX_POWER:
            return self.power(self.sqrt(self._root_of(a, env)), int(2 * e))
        if self.sign(base) == {1}:
            return self.exp(self.times(exponent, self.log(base)))
        return self.apply("pow", (base, exponent))

    def _cases(self, args: Sequence[Term], env: Env) -> Poly:
        out, open_ = ZERO_POLY, ONE_POLY
        for value, guard in zip(args[0::2], args[1::2], strict=True):
            here = self.times(open_, self.bracket(guard, env))
            out = self.plus(out, self.times(here, self.read(value, env)))
            open_ = self.minus(open_, here)
        # the value where no case applies does not matter: there the term is undefined
        return out

    def _slope(self, t: Bind, env: Env) -> Poly:
        """phi'(u), phi''(u), ... of an opaque function: a function of its own, with equal values at equal u."""
        names: list[str] = []
        body: Term = t
        while isinstance(body, Bind) and body.head == "diff" and body.sorts == (REAL,) and (
                not names or body.outer == (Var(names[-1]),)):
            names.append(body.names[0])
            body = body.inner[0]
        if names and isinstance(body, App) and body.head == "at" and isinstance(body.args[0], Var):
            f, y, sort = body.args[0], Var(names[-1]), self.sequent.declarations.get(body.args[0].name)
            args = list(body.args[1:])
            others = frozenset().union(*(free_names(a) for a in args if a != y)) | {f.name}
            if args.count(y) == 1 and others.isdisjoint(names) and isinstance(sort, Map) and len(
                    sort.args) == len(args) and sort.args[k := args.index(y)] == REAL:
                args[k] = t.outer[0]
                return self._entry((f, *args), env, f"'{k}.{len(names)}")
        raise Reject(RULE, "term", f"no derivative of a function that is left open: {show(t)[:60]}")

    def _entry(self, args: Sequence[Term], env: Env, mark: str = "") -> Poly:
        f = args[0]
        if not isinstance(f, Var) or f.name in env:
            raise Reject(RULE, "term", f"no family: {show(f)[:40]}")
        sort = self.sequent.declarations.get(f.name)
        if (
            not isinstance(sort, Map)
            or len(sort.args) != len(args) - 1
            or not isinstance(sort.result, Scalar)
        ):
            raise Reject(RULE, "term", f"{f.name} does not take {len(args) - 1} arguments")
        if self._moved_places(sort, args[1:], env):
            return self.entry_at(self.tokens[f.name], tuple(self.read(a, env) for a in args[1:]))
        indices, parts = [], []
        for s, a in zip(sort.args, args[1:], strict=True):
            if isinstance(s, Index):
                token = self.index_token(a, env)
                if token is None:
                    raise Reject(RULE, "index", f"{show(a)} is not read as an index of {f.name}")
                if not token.startswith("=") and not self._same_sort(
                    self.sizes[token], self.read(s.size, {})
                ):
                    raise Reject(
                        RULE,
                        "sort",
                        f"{f.name} takes an index up to {show(s.size)}, and {show(a)} is "
                        f"an index up to {self.show(self.sizes[token])}",
                    )
                indices.append(token)
            else:
                parts.append(self.read(a, env))
        if parts:
            return self.apply(f"{self.tokens[f.name]}!{mark}", tuple(parts), tuple(indices))
        return self.single(Atom("entry", self.tokens[f.name], tuple(indices)))

    def _moved_places(self, sort: Map, args: Sequence[Term], env: Env) -> bool:
        """Whether a family is read at a place that is no index name or literal: x[t + 1], x[T]."""
        if not all(isinstance(s, Index) for s in sort.args):
            return False
        tokens = [self.index_token(a, env) for a in args]
        return None in tokens or any(
            self._shorter(self.sizes[t], self.read(s.size, {})) for t, s in zip(tokens, sort.args, strict=True)
            if t is not None and not t.startswith("=") and isinstance(s, Index))

    def _sum(self, names: Sequence[str], sorts: Sequence[Sort], guard: Term, body: Term, env: Env,
             change: Callable[[Form, Poly], Poly] | None = None) -> Poly:
        form, inside = self.under(names, sorts, TRUE, env, assumed=False)
        judge, known = self.under(names, sorts, TRUE, env)
        for s in sorts:
            if isinstance(s, Index) and not self._natural(s.size):
                raise Reject(RULE, "size", f"{show(s.size)} is not known to be a natural number")
        # what holds of every index (u <= m) need not be asked; else the body is read without the
        # guard's facts: a sum must have one form wherever it occurs
        asked = conj(*(g for g in conjuncts(guard) if not judge.facts.holds(g, judge.node_in(known))))
        summand = form.read(body, inside)
        product = form.times(form.bracket(asked, inside), summand if change is None else change(form, summand))
        for name in names:
            product = form.bind_from_one(product, inside[name], form.sizes[inside[name]])
        return product

    def _natural(self, size: Term) -> bool:
        match size:
            case Num(value):
                return value >= 0 and value.denominator == 1
            case App("add" | "mul", args):
                p = place(size, self.node)
                return all(self._natural(a) for a in args) or (
                    p is not None and self.facts.le((ORIGIN, 0), p)
                )
            case _:
                p = place(size, self.node)
                return p is not None and self.facts.le((ORIGIN, 0), p)

    def bracket(self, formula: Term, env: Env) -> Poly:
        """1 where ``formula`` holds, else 0."""
        node = self.node_in(env)
        if formula == TRUE or self.facts.holds(formula, node):
            return ONE_POLY
        if formula == FALSE or self.facts.holds(negate(formula), node):
            return ZERO_POLY
        match formula:
            case App("and", args):
                out = ONE_POLY
                for a in args:
                    out = self.times(out, self.bracket(a, env))
                return out
            case App("or", args):
                out = ONE_POLY
                for a in args:
                    out = self.times(out, self.minus(ONE_POLY, self.bracket(a, env)))
                return self.minus(ONE_POLY, out)
            case App("not", (a,)):
                return self.minus(ONE_POLY, self.bracket(a, env))
            case App("=" | "!=" | "<" | "<=" | ">" | ">=" as relation, (a, b)):
                order = order_of(formula, lambda t: self.index_token(t, env))
                if order is not None and not (order[1].startswith("=") and order[2].startswith("=")) and not (
                        self._one_within_the_other(*order[1:])):
                    return self._index_bracket(*order)
                if relation in (">", ">=", "<="):
                    swapped = {">": ("<", b, a), ">=": ("not", a, b), "<=": ("not", b, a)}[relation]
                    if swapped[0] == "<":
                        return self.bracket(app("<", b, a), env)
                    return self.minus(ONE_POLY, self.bracket(app("<", swapped[1], swapped[2]), env))
                if relation == "!=":
                    return self.minus(ONE_POLY, self.bracket(app("=", a, b), env))
                return self.truth(relation, self.minus(self.read(a, env), self.read(b, env)))
            case _:
                raise Reject(RULE, "guard", f"no truth value is formed for {show(formula)[:60]}")

    def _one_within_the_other(self, i: str, j: str) -> bool:
        """Indices up to m - 1 and up to m: numbers that may be equal."""
        a, b = self.sizes.get(i), self.sizes.get(j)
        return a is not None and b is not None and (self._shorter(a, b) or self._shorter(b, a))

    def _index_bracket(self, relation: str, i: str, j: str) -> Poly:
        match relation:
            case "=":
                return self.delta(i, j)
            case "!=":
                return self.minus(ONE_POLY, self.delta(i, j))
            case "<":
                return self.less(i, j)
            case _:
                return self.plus(self.less(i, j), self.delta(i, j))

    # ------------------------------------------------------------------ back to terms

    def show(self, p: Poly) -> str:
        return show(self.term(p))

    def term(self, p: Poly, bound: Mapping[str, str] | None = None) -> Term:
        """A kernel term with this form (for messages and for rules that continue with it)."""
        taken = bound or {}
        parts = []
        for m, c in p.terms:
            names = {self.fresh(s): s for s in m.bounds}
            labels = {t: f"j{len(taken) + k}'" for k, t in enumerate(names)}
            inside = {**taken, **labels}
            body = mul(
                *(
                    ([num(c)] if c != 1 or not m.factors else [])
                    + [
                        self._power_term(a, e, inside)
                        for a, e in sorted(open_mono(m, tuple(names)).items(), key=lambda t: t[0].key)
                        if a.kind != "less"
                    ]
                )
            )
            guards = [
                app("<", *(self._index_term(i, inside) for i in a.indices))
                for a in open_mono(m, tuple(names))
                if a.kind == "less"
            ]
            if names:
                sorts = tuple(Index(self.term(s)) for s in names.values())
                body = Bind("sum", tuple(labels.values()), sorts, (), (conj(*guards), body))
            elif guards:
                body = app("cases", body, conj(*guards), num(0), TRUE)
            parts.append(body)
        return add(*parts)

    def _index_term(self, token: str, bound: Mapping[str, str]) -> Term:
        if token.startswith("="):
            return num(int(token[1:]))
        return Var(bound[token] if token in bound else self.names.get(token, token))

    def _power_term(self, a: Atom, e: Fraction, bound: Mapping[str, str]) -> Term:
        if a.kind == "exp":
            return app("exp", self.term(self.scale(a.parts[0], e), bound))
        base = self._atom_term(a, bound)
        if a.kind == "inverse":
            return app("pow", base, num(-e))
        return base if e == 1 else app("pow", base, num(e))

    def _atom_term(self, a: Atom, bound: Mapping[str, str]) -> Term:
        indices = [self._index_term(i, bound) for i in a.indices]
        parts = [self.term(p, bound) for p in a.parts]
        match a.kind:
            case "scalar":
                return Var(self.names.get(a.head, a.head))
            case "number":
                return indices[0]
            case "entry":
                return app("at", Var(self.names[a.head]), *indices)
            case "delta":
                return app("delta", *indices)
            case "inverse":
                return parts[0]
            case "truth":
                return app("cases", num(1), app(a.head, parts[0], num(0)), num(0), TRUE)
            case _ if a.head.endswith(PLACE):
                return app("at", Var(self.names[a.head.removesuffix(PLACE)]), *parts)
            case _ if a.head == "prod":
                return app("exp", *parts)       # shown as exp of a sum of logs, whatever the signs
            case _ if a.head == LOG:
                return app("log", *parts)
            case _ if "!" in a.head:
                return self._function_term(a, indices, parts)
            case _:
                return app(a.head, *parts)


    def _function_term(self, a: Atom, indices: list[Term], parts: list[Term]) -> Term:
        """A value of an opaque function or of its derivatives; indices first, as families have them."""
        token, _, mark = a.head.partition("!")
        f = Var(self.names[token])
        if not mark:
            return app("at", f, *indices, *parts)
        k, order = (int(n) for n in mark[1:].split("."))
        place = max(k - len(indices), 0)
        y = fresh("y", frozenset[str]().union(*map(free_names, (f, *indices, *parts))))
        out: Term = app("at", f, *indices, *parts[:place], Var(y), *parts[place + 1:])
        for n in range(order):
            out = Bind("diff", (y,), (REAL,), (parts[place] if n == order - 1 else Var(y),), (out,))
        return out


def within_budget(action: Callable[[], Poly]) -> Poly:
    """Turns the data module's size limits into a rejection."""
    try:
        return action()
    except Budget as error:
        raise over_budget(str(error)) from error
    except RecursionError as error:
        raise over_budget("nested too deep") from error


def normalise(term: Term, sequent: Sequent) -> Poly:
    """The normal form of ``term`` under the sequent's assumptions."""
    form = context(sequent)
    return within_budget(lambda: form.read(term, {}))


def context(sequent: Sequent, use: Sequence[tuple[int, int | None]] | None = None) -> Form:
    """A form that uses the equations among the assumptions: all of them by their default lead, or
    those named as (position, lead)."""
    form = Form(sequent)
    chosen = [(k, None) for k in range(len(sequent.assumptions))] if use is None else list(use)
    try:
        # equations between numbers first: m = 2 changes the sort Index(m)
        chosen.sort(key=lambda t: isinstance(sequent.assumptions[t[0]], Bind))
        for k, lead in chosen:
            try:
                new = form.rewrites_of(sequent.assumptions[k], lead)
            except Reject:
                if use is not None:
                    raise
                continue
            form.rewrites += new
            if new and not new[0].patterns:
                form.declare_again()
        index_sign.read_inequalities(form)
    except Budget as error:
        raise over_budget(str(error)) from error
    return form


def discharge(condition: Term, sequent: Sequent) -> bool:
    """Whether a definedness condition follows from the assumptions, by orders and signs of sums."""
    try:
        return holds(context(sequent), condition)
    except Reject:
        return False


def holds(form: Form, condition: Term) -> bool:
    try:
        from .index_written import formula_holds

        return formula_holds(form, condition, {})
    except (Reject, Budget, RecursionError):
        return False


__all__ = ["RULE", "Form", "context", "discharge", "holds", "normalise", "peel", "within_budget"]
