"""Goals about sums over indices of symbolic size, decided by their normal form.

    NF(left - right) = 0, after clearing denominators that are not 0, or for a generic index of one sum
    ---------------------------------------------------------------------------------------------------
    left = right                                          conditions: what the goal's subterms need

    sign(left - right), from the form or the terms as written, lies in what the relation allows
    ---------------------------------------------------------------------------------------------------
    left < right,  left <= right,  left != right, ...

    NF(left - right - s) = 0,  s given by the certificate, the sign of s as written fits
    ---------------------------------------------------------------------------------------------------
    left < right, ...                                     (s: a sum of squares, for instance)

    context, guards |- g(e)      the assumption: forall u, g(u): f[u, ..] = h(u)
    ---------------------------------------------------------------------------------------------------
    f[e, ..] = h(e) inside a sum, under its guard         two runs that agree on what is read

Before that ``forall``, ``implies`` and ``and`` of the goal are taken apart; relations between indices
follow from the order facts (transitivity, pigeonhole).  The certificate holds choices only: ``use``
(which assumptions rewrite, and by which leading product) and ``as`` (the term s).
FAILURE: the form is not 0, the sign does not fit, or a budget ends.
Source: two runs: Goguen and Meseguer, "Security policies and security models", IEEE S&P 1982.
Cannot do: an equation that holds only modulo several denominators under one sum; a property that needs
two terms of a sum to cancel for a reason other than equal forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .claim import Sequent
from .definedness import definedness
from .derivative import expanded, without_partials
from .evidence import Evidence, Reject
from .index_functions import PIECEWISE
from .index_form import RULE, Form, context, discharge, holds, normalise, peel
from .index_sign import Sign, alignments, cleared, denominators
from .index_written import WANTED, sign_of_term
from .index_terms import Budget, Poly
from .matrix_terms import Entries, IllTyped, NoEntries, has_entries, taken_in
from .term import (
    RELATIONS,
    TRUE,
    App,
    Bind,
    Index,
    Map,
    Scalar,
    Sort,
    Term,
    Var,
    alpha,
    apart,
    app,
    free_names,
    fresh,
    from_json,
    negate,
    num,
    rebuild,
    show,
    sub,
    substitute,
    subterms,
)

MAX_ROUNDS = 8
MAX_ALIGN = 16


def check(sequent: Sequent, certificate: Mapping[str, Any], prove: object = None) -> Evidence:
    """Raises :class:`Reject`."""
    try:
        use = _use(certificate, len(sequent.assumptions))
        square = from_json(certificate["as"]) if "as" in certificate else None
    except (KeyError, TypeError, ValueError) as error:
        raise Reject(RULE, "certificate", str(error)) from error
    if square is not None and not free_names(square) <= set(sequent.declarations):
        raise Reject(RULE, "as", "uses a name that is not declared")
    try:
        sequent = Sequent(sequent.declarations, _plain(sequent.assumptions, sequent), sequent.goal)
        _goal(sequent, use, square)
        return Evidence(open_conditions(sequent))
    except (Budget, RecursionError) as error:
        raise Reject(RULE, "budget", str(error) or "nested too deep") from error


def _use(certificate: Mapping[str, Any], count: int) -> list[tuple[int, int | None]] | None:
    data = certificate.get("use")
    if data is None:
        return None
    out = []
    for entry in data:
        k, lead = entry["assumption"], entry.get("lead")
        if type(k) is not int or not 0 <= k < count or not (lead is None or type(lead) is int):
            raise ValueError("use names no assumption")
        out.append((k, lead))
    return out


def _plain(formulas: Sequence[Term], sequent: Sequent) -> tuple[Term, ...]:
    """Assumptions with their partial derivatives taken (where one holds, these are defined)."""
    return tuple(without_partials(f, sequent.declarations) for f in formulas)


def open_conditions(sequent: Sequent) -> tuple[Term, ...]:
    """The goal's definedness, less what the assumptions give."""
    from .prove import discharge as given

    conditions = definedness(sequent.goal, sequent)
    if not conditions:
        return ()
    form = context(sequent)
    return given(tuple(c for c in conditions if not holds(form, c)), sequent)


# ------------------------------------------------------------------ the goal taken apart


def _goal(sequent: Sequent, use: list[tuple[int, int | None]] | None, square: Term | None) -> None:
    match sequent.goal:
        case App("and", parts):
            for part in parts:
                _goal(sequent.with_goal(part), use, square)
        case App("true", ()):
            return
        case App("implies", (premise, conclusion)):
            _goal(
                sequent.assuming(*_plain(_parts(premise), sequent)).with_goal(conclusion),
                _and_new(sequent, premise, use),
                square,
            )
        case Bind("forall", names, sorts, (), (guard, body)):
            taken = set(sequent.declarations)
            by: dict[str, Term] = {}
            new: dict[str, Sort] = {}
            for name, sort in zip(names, sorts, strict=True):
                if not isinstance(sort, (Scalar, Index, Map)):
                    raise Reject(RULE, "goal", f"{name} ranges over no numbers, indices or families")
                free = fresh(name, taken)
                taken.add(free)
                new[free] = sort
                by[name] = Var(free)
            guard, body = substitute(guard, by), substitute(body, by)
            inner = sequent.declaring(new)
            inner = inner.assuming(*_plain(_parts(guard), inner)).with_goal(body)
            _goal(inner, _and_new(sequent, guard, use), square)
        case App(relation, (left, right)) if relation in RELATIONS:
            _relation(sequent, relation, left, right, use, square)
        case _:
            raise Reject(RULE, "goal", f"no relation between numbers: {show(sequent.goal)[:80]}")


def _parts(formula: Term) -> tuple[Term, ...]:
    if formula == TRUE:
        return ()
    return tuple(formula.args) if isinstance(formula, App) and formula.head == "and" else (formula,)


def _and_new(
    sequent: Sequent, premise: Term, use: list[tuple[int, int | None]] | None
) -> list[tuple[int, int | None]] | None:
    """Premises of the goal are used as well."""
    if use is None:
        return None
    start = len(sequent.assumptions)
    return use + [(start + k, None) for k in range(len(_parts(premise)))]


def _relation(
    sequent: Sequent,
    relation: str,
    left: Term,
    right: Term,
    use: list[tuple[int, int | None]] | None,
    square: Term | None,
) -> None:
    left, right = (rewrite_entries(_opened(side, sequent), sequent) for side in (left, right))
    form = context(sequent, use)
    if form.facts.holds(app(relation, left, right), form.node):
        return
    for c in definedness(sequent.goal, sequent):
        _note_condition(form, c)
    difference = form.minus(form.read(left, {}), form.read(right, {}))
    if relation == "=":
        if not is_zero(form, difference) and not _equal_by_cases(sequent, left, right, use):
            raise Reject(
                RULE, "goal", f"the difference has the normal form {form.show(difference)[:300]}, not 0"
            )
        return
    found: Sign
    if square is not None:
        if not is_zero(form, form.minus(difference, form.read(square, {}))):
            raise Reject(RULE, "as", "does not equal left - right")
        found = sign_of_term(form, square, {})
    else:
        found = form.sign(difference)
        if found is None or not found <= WANTED[relation]:
            found = sign_of_term(form, sub(left, right), {})
    if found is None or not found <= WANTED[relation]:
        raise Reject(RULE, "goal", f"the sign of {form.show(difference)[:300]} does not show it")


def _equal_by_cases(
    sequent: Sequent, left: Term, right: Term, use: list[tuple[int, int | None]] | None
) -> bool:
    """The same where abs, max and their like are read by truth values: max(u, 0) [u < 0] is 0."""
    if not any(isinstance(t, App) and t.head in PIECEWISE for side in (left, right) for t in subterms(side)):
        return False
    form = context(sequent, use)
    form.piecewise = True
    for c in definedness(sequent.goal, sequent):
        _note_condition(form, c)
    return is_zero(form, form.minus(form.read(left, {}), form.read(right, {})))


def _opened(side: Term, sequent: Sequent) -> Term:
    """``side`` with its derivatives taken and the entries of its matrices written as sums."""
    side = expanded(side, sequent.declarations)
    if not has_entries(side):
        return side
    try:
        return Entries(sequent.declarations, taken_in(side)).expand(side)
    except (NoEntries, IllTyped) as error:
        raise Reject(RULE, "goal", str(error)) from error


def _note_condition(form: Form, condition: Term) -> None:
    """What the goal divides by is not 0 where the goal is defined."""
    match condition:
        case App("!=" | ">" | "<", (a, b)):
            form.note_nonzero(form.minus(form.read(a, {}), form.read(b, {})))
        case App("and", parts):
            for part in parts:
                _note_condition(form, part)
        case _:
            _note_corner(form, condition)


def _note_corner(form: Form, condition: Term) -> None:
    """forall j: f(j) != 0 or s(j) = 0, where a partial derivative meets a corner: s(j) [f(j) = 0] is 0."""
    names, sorts, guard, body = peel(condition)
    match body:
        case App("or", (App("!=", (a, b)), App("=", (s, zero)))) if zero == num(0) and guard == TRUE:
            form.read_corner(names, sorts, sub(a, b), s)
        case _:
            return


def is_zero(form: Form, p: Poly, depth: int = 0) -> bool:
    """Clear denominators; if that does not end at 0, look at a generic index of one sum."""
    for _ in range(MAX_ROUNDS):
        if p.is_zero:
            return True
        found = denominators(form, p)
        if not found:
            break
        p = cleared(form, p, *found[0])
    if p.is_zero:
        return True
    if depth >= 2:
        return False
    return any(is_zero(form, body, depth + 1) for _, _, body in alignments(form, p, MAX_ALIGN))


# ------------------------------------------------------------------ entries under guards


def rewrite_entries(goal: Term, sequent: Sequent) -> Term:
    """Replace ``f[e, ..]`` by ``h(e)`` wherever an assumption ``forall u, g(u): f[u, ..] = h(u)`` has
    its guard from the context and the guards of the sums above."""
    rules = [r for a in sequent.assumptions for r in _entry_rules(a)]
    if not rules:
        return goal
    form = Form(sequent)
    taken = frozenset(sequent.declarations) | {n for r in rules for n in _all_names(r)}
    return _replace(apart(goal, taken), form, {}, rules)


_EntryRule = tuple[tuple[str, ...], tuple[Sort, ...], Term, App, Term]


def _entry_rules(assumption: Term) -> list[_EntryRule]:
    names, sorts, guard, body = peel(assumption)
    out: list[_EntryRule] = []
    for f in _parts(body):
        match f:
            case App("=", (App("at", (Var(name), *args)) as left, right)) if name not in names:
                seen = [a.name for a in args if isinstance(a, Var) and a.name in names]
                heads = {u.args[0] for u in _entries(right)}
                if set(seen) == set(names) and len(seen) == len(names) and Var(name) not in heads:
                    out.append((names, sorts, guard, left, right))
    return out


def _entries(t: Term) -> list[App]:
    out = [t] if isinstance(t, App) and t.head == "at" else []
    parts: Sequence[Term] = (
        t.args if isinstance(t, App) else (*t.outer, *t.inner) if isinstance(t, Bind) else ()
    )
    for u in parts:
        out += _entries(u)
    return out


def _all_names(rule: _EntryRule) -> frozenset[str]:
    return frozenset(rule[0]) | free_names(rule[3]) | free_names(rule[4])


def _replace(t: Term, form: Form, env: Mapping[str, str], rules: Sequence[_EntryRule]) -> Term:
    match t:
        case App("at", (Var(), *_)):
            t = rebuild(t, lambda u: _replace(u, form, env, rules))
            for rule in rules:
                new = _instance(t, form, env, rule)
                if new is not None:
                    return new
            return t
        case App("cases", args):
            out: list[Term] = []
            here = form
            for value, guard in zip(args[0::2], args[1::2], strict=True):
                inside, _ = here.under((), (), guard, env)
                inside.facts.tell(guard, inside.node_in(env))
                out += [_replace(value, inside, env, rules), _replace(guard, here, env, rules)]
                here, _ = here.under((), (), TRUE, env)
                here.facts.tell(negate(guard), here.node_in(env))
            return App("cases", tuple(out))
        case Bind("sum" | "prod" as head, names, sorts, (), (guard, body)) if all(
            isinstance(s, Index) for s in sorts
        ):
            inside, inner_env = form.under(names, sorts, TRUE, env)
            new_guard = _replace(guard, inside, inner_env, rules)
            guarded, _ = inside.under((), (), guard, inner_env)
            guarded.facts.tell(guard, guarded.node_in(inner_env))
            return Bind(head, names, sorts, (), (new_guard, _replace(body, guarded, inner_env, rules)))
        case App():
            return rebuild(t, lambda u: _replace(u, form, env, rules))
        case _:
            return t


def _instance(t: Term, form: Form, env: Mapping[str, str], rule: _EntryRule) -> Term | None:
    names, sorts, guard, left, right = rule
    if not isinstance(t, App) or t.args[0] != left.args[0] or len(t.args) != len(left.args):
        return None
    by: dict[str, Term] = {}
    pairs = list(zip(left.args[1:], t.args[1:], strict=True))
    for pattern, actual in pairs:
        if isinstance(pattern, Var) and pattern.name in names:
            sort = sorts[names.index(pattern.name)]
            token = form.index_token(actual, env)
            if (
                token is None
                or not isinstance(sort, Index)
                or not form._in_range(token, form.read(sort.size, {}))
            ):
                return None
            by[pattern.name] = actual
    for pattern, actual in pairs:
        if alpha(substitute(pattern, by)) != alpha(actual):
            return None
    if not form.facts.holds(substitute(guard, by), form.node_in(env)):
        return None
    return substitute(right, by)


# ------------------------------------------------------------------ for other rules


def index_equal(a: Term, b: Term, sequent: Sequent, hints: Mapping[str, Any] | None = None) -> Evidence:
    """Evidence for ``a = b``.  Raises :class:`Reject`."""
    return check(sequent.with_goal(app("=", a, b)), hints or {})


def index_sign(t: Term, sequent: Sequent) -> str | None:
    """``+``, ``0+``, ``-``, ``0-``, ``0``, ``!=0``, or None where nothing is known."""
    try:
        form = context(sequent)
        found = sign_of_term(form, t, {})
    except (Reject, Budget, RecursionError):
        return None
    names = {(1,): "+", (0, 1): "0+", (-1,): "-", (-1, 0): "0-", (0,): "0", (-1, 1): "!=0"}
    return None if found is None else names.get(tuple(sorted(found)))


__all__ = [
    "check",
    "discharge",
    "index_equal",
    "index_sign",
    "normalise",
    "open_conditions",
    "rewrite_entries",
]
