"""Discrete mathematics: gammas, powers of integers, Fibonacci numbers, sums and products with symbolic ends.

Method, in order of cost: the discrete normal form (rule ``discrete``); the same with names taken as generic
numbers (laws of binomials that hold for every upper index); remainders (``modular``); every sum with a
hypergeometric antidifference replaced (Gosper, ``summation``), of infinite sums also those with u^k/k!
(``exponential-series``); induction over an integer that stands in a bound, an exponent or a gamma, with the
hypotheses used by elimination; induction whose step is a recurrence found by Zeilberger's method; splitting
by parity or modulo 3, 4 (``residues``); a vanishing denominator as a case of its own.
Laws of sequences that are assumed join as instances (``recurrences``); inequalities are combined from the
assumed ones, and what is left goes to the other engines (``combinations``).
Why it convinces: each certificate is replayed; the engine's choices (antidifference, multiplier, bound) are
checked as identities.
Cannot: recurrences of order above 2 for sums, inequalities that must be strengthened first, sums over
several names at once that neither summation nor induction takes apart, closed forms nobody stated.
All budgets count steps; a goal without discrete heads costs a walk through it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.discrete_special import RECURRENCES
from ..kernel.evaluate import Undefined, Unknown, value
from ..kernel.evidence import Reject
from ..kernel.field import CannotNormalise
from ..kernel.kinds import is_integer
from ..kernel.prove import discharge
from ..kernel.rule_discrete import MAX_ELIMINATED, continuous, generalised, undischarged
from ..kernel.rule_exponential_series import replacement as exponential
from ..kernel.rule_ideal import equations
from ..kernel.rule_induction import MAX_ORDER, parts
from ..kernel.rule_residues import part
from ..kernel.rule_summation import replaced, replacement, series, sums
from ..kernel.term import (
    COMPLEX, INTEGER, ONE, OO, REAL, RELATIONS, App, Bind, Malformed, Num, Term, Var, add, app, conjuncts, free_names,
    fresh, negate, num, rebuild, substitute, subterms, to_json,
)
from .combinations import combinations, remainder
from .exponential_series import parts as exponential_parts
from .gosper import antidifference, recurrence
from .recurrences import instances, laws

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
HEADS = {"factorial", "binomial", "gamma", "rgamma", "rising", "falling", "harmonic", "digamma", "fibonacci", "mod",
         "floor", "ceiling", "tribonacci", "factorial2"}
CIRCULAR = {"sin", "cos", "tan", "cot", "sec", "csc", "exp"}
STEPS = 50          # attempts in one search
RESTS = 5           # inequalities left over by a combination, given to the other engines
RUNS = 3            # long searches for one claim
MAX_SUMS = 6
MAX_RESTS = 2
MAX_REST = 80        # nodes
MAX_SIZE = 400      # nodes of a goal
DIRECT: Certificate = {"rule": "discrete"}


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Certificates for atomic goals about discrete objects."""
    if not about(s.goal, s):
        return
    yield DIRECT
    seen: set[Any] = search.__dict__.setdefault("_discrete", set())
    key = (s.assumptions, s.goal)
    if key in seen:
        return
    seen.add(key)
    run = _Run(search)
    names = generic_names(s)
    if names and isinstance(s.goal, App) and s.goal.head == "=":
        yield {"rule": "discrete", "generic": names}
    if modular(s.goal):
        yield {"rule": "modular"}
    # the long search: for claims themselves and what logic makes of them, not for every subgoal of others
    state = search.__dict__
    endless = any(t.outer[1] == OO for t in sums(s.goal))
    if state.get("_discrete_busy") or state.get("_discrete_runs", 0) >= RUNS or not endless and (
            search.model is not None or not isinstance(s.goal, App) or s.goal.head == "!="):
        return
    if _open(s):
        return      # asked again where it is defined
    state["_discrete_busy"], state["_discrete_runs"] = True, state.get("_discrete_runs", 0) + 1
    try:
        found = run.prove(s, 2)
        if found is None and names:
            found = run.generically(s, names)
    finally:
        state["_discrete_busy"] = False
    if found is not None:
        yield found


def _open(s: Sequent) -> bool:
    """Undischarged conditions other than that infinite sums converge, which ``summation`` shows itself."""
    infinite = {app("finite", t) for t in sums(s.goal) if t.outer[1] == OO}
    if all(c in infinite for c in discharge(definedness(s.goal, s), s)):
        return False
    return any(c not in infinite for c in undischarged(s.goal, s))


def about(goal: Term, s: Sequent) -> bool:
    """Whether the goal is an atomic statement with discrete heads."""
    if not (isinstance(goal, App) and (goal.head in RELATIONS or goal.head in ("in", "false"))):
        return False
    if goal.head == "false":
        return False
    here = goal.head == "in"
    for count, u in enumerate(subterms(goal)):
        if count > MAX_SIZE:
            return False
        match u:
            case App(head, _) if head in HEADS:
                here = True
            case App("pow", (base, e)) if not isinstance(e, Num) and base != App("e", ()):
                here = here or bool(free_names(e))
            case App("pi", ()):
                pass
            case Bind("sum" | "prod", _, (sort,), (_, _), _) if sort == INTEGER:
                here = True
            case Bind():
                return False
    if not here and laws(s):
        return True
    if not here and any(isinstance(u, App) and u.head in CIRCULAR for u in subterms(goal)):
        here = App("pi", ()) in set(subterms(goal)) and any(sort == INTEGER for sort in s.declarations.values())
    return here


def modular(goal: Term) -> bool:
    return any(isinstance(u, App) and u.head in ("in", "mod") for u in subterms(goal))


def generic_names(s: Sequent) -> list[str]:
    """Names in which both sides are continuous, if a gamma of some kind needs them."""
    if not any(isinstance(u, App) and u.head in HEADS - {
            "mod", "floor", "ceiling", "fibonacci", "tribonacci", "factorial2", "harmonic"}
               or isinstance(u, Bind) for u in subterms(s.goal)):
        return []
    out: list[str] = []
    used = free_names(s.goal)
    for n, sort in s.declarations.items():
        if n in used and sort in (INTEGER, REAL, COMPLEX) and continuous(
                s.goal, frozenset((*out, n)), s.declarations):
            out.append(n)
    return out


def lower_bounds(s: Sequent, name: str) -> list[Term]:
    """Terms that the assumptions put below ``name``, best first."""
    out: list[Term] = []
    for a in s.assumptions:
        for c in conjuncts(a):
            match c:
                case App(">=", (Var(n), t)) | App("<=", (t, Var(n))) if n == name:
                    out.append(t)
                case App(">", (Var(n), t)) | App("<", (t, Var(n))) if n == name:
                    out.append(num(t.value + 1) if isinstance(t, Num) else add(t, ONE))
    return [t for t in dict.fromkeys(out) if name not in free_names(t) and is_integer(t, s.declarations)]


class _Run:
    """One search: what the kernel accepts is asked of ``search``; ``steps`` bounds the attempts."""

    def __init__(self, search: Searcher) -> None:
        self.search, self.steps, self.rests = search, STEPS, RESTS
        self.divided = False        # an antidifference or a recurrence failed at its own denominators

    def accepts(self, s: Sequent, c: Certificate) -> bool:
        self.steps -= 1
        if self.steps < 0:
            return False
        shown = self.search.accepted(s, c)
        return shown is not None and not shown.conditions

    # ------------------------------------------------------------------ one goal

    def plain(self, s: Sequent) -> Certificate | None:
        """The normal form, or an induction by it, and nothing given to the other engines."""
        rests, self.rests = self.rests, 0
        found = None if _open(s) else self.direct(s) or self.by_induction(s, 1)
        self.rests = rests
        return found

    def direct(self, s: Sequent) -> Certificate | None:
        """Without sums replaced: the normal form, with the assumed equations and inequalities."""
        if not free_names(s.goal):
            if self.accepts(s, {"rule": "evaluate"}):
                return {"rule": "evaluate"}
        tried = -1
        for steps in (instances(s, few=True), instances(s)):
            if len(steps) == tried:
                break
            tried = len(steps)
            here = steps[-1][1] if steps else s
            for c in self._direct(here, 4 + len(steps)):
                if self.accepts(here, c):
                    for instance, _ in reversed(steps):
                        c = {**instance, "proof": c}
                    return c
        return None

    def _direct(self, s: Sequent, most: int = 4) -> Iterator[Certificate]:
        yield DIRECT
        goal = s.goal
        if not isinstance(goal, App):
            return
        if goal.head == "=":
            known = equations(s)
            positions = list(range(len(known)))[-min(most, MAX_ELIMINATED):]
            if len(known) > 1:
                yield {"rule": "discrete", "use": positions[::-1]}
            if positions:
                yield {"rule": "discrete", "use": positions}
                for k in reversed(positions) if len(positions) > 1 else ():
                    yield {"rule": "discrete", "use": [k]}
        elif goal.head in RELATIONS:
            yield from self._multiplied(s)
        if modular(goal):
            yield {"rule": "modular"}

    def _multiplied(self, s: Sequent) -> Iterator[Certificate]:
        """goal - c_1 h_1 - ... - c_r h_r, each c the ratio of the coefficients of a common generator."""
        recurrent = any(isinstance(u, App) and u.head in RECURRENCES for u in subterms(s.goal))
        found = combinations(s, recurrent)
        for c in found:
            yield c
        for c in found[:MAX_RESTS]:
            if self.rests <= 0:
                return
            self.rests -= 1
            rest = remainder(s, c)
            if rest is not None and (size(rest.goal) > MAX_REST or _tower(rest.goal)):
                rest = None
            proof = None if rest is None else self.search.unconditionally(rest)
            if proof is not None:
                yield {**c, "rest": proof}

    def prove(self, s: Sequent, depth: int) -> Certificate | None:
        """Unconditionally."""
        if self.steps <= 0:
            return None
        if _open(s):
            return None
        found = self.direct(s)
        if found is not None:
            return found
        found = self.by_summation(s, depth)
        if found is None and depth > 0:
            found = self.by_induction(s, depth) or self.by_residues(s, depth) or self.by_case(s, depth)
        return found

    # ------------------------------------------------------------------ sums

    def by_summation(self, s: Sequent, depth: int) -> Certificate | None:
        """Replace the first sum that has an antidifference, then go on."""
        if self.steps <= 0:
            return None
        for k, target in enumerate(sums(s.goal)[:MAX_SUMS]):
            if free_names(target) - set(s.declarations):
                continue
            name = fresh(target.names[0], set(s.declarations) | free_names(target))
            low, high = target.outer
            body = substitute(target.inner[1], {target.names[0]: Var(name)})
            inner = s.declaring({name: INTEGER}).assuming(app("<=", low, Var(name)))
            if high != OO:      # t(k+1)/t(k) is wanted where both are in the range
                inner = inner.assuming(app("<", Var(name), high))
            elif not is_integer(low, s.declarations):
                continue
            t = antidifference(body, name, inner)
            if t is None and high == OO and (found := self._exponential(s, k, target, name)) is not None:
                return found
            if t is None:
                continue
            c: Certificate = {"rule": "summation", "sum": k, "name": name, "antidifference": to_json(t)}
            if high == OO:
                found = self._series(s, c, target, name, t)
                if found is not None:
                    return found
                continue
            try:
                equation, new = replacement(s.assuming(*undischarged(s.goal, s)), target, name, t, [])
            except Reject:
                continue
            if not self.accepts(equation, DIRECT):
                self.divided = True
                continue
            proof = self.direct(s.with_goal(replaced(s.goal, target, new))) or (
                self.by_summation(s.with_goal(replaced(s.goal, target, new)), depth))
            if proof is not None:
                return {**c, "step": DIRECT, "proof": proof}
        return None

    def _series(self, s: Sequent, c: Certificate, target: Bind, name: str, t: Term) -> Certificate | None:
        low, _ = target.outer
        others = [a for a in s.goal.args if target not in set(subterms(a))] if isinstance(s.goal, App) else []
        t = _with_gammas(t)
        c = {**c, "antidifference": to_json(t)}
        start = substitute(t, {name: low})
        for limit_value in dict.fromkeys([*_guessed(t, name), num(0), *(add(a, start) for a in others), ONE]):
            try:
                equation, limit, new = series(s, target, name, t, limit_value)
            except Reject:
                continue
            if not self.accepts(equation, DIRECT):
                return None
            proof = self.direct(s.with_goal(replaced(s.goal, target, new)))
            if proof is None:
                continue
            converges = self.search.unconditionally(limit)
            if converges is not None:
                return {**c, "value": to_json(limit_value), "step": DIRECT, "limit": converges, "proof": proof}
        return None

    def _exponential(self, s: Sequent, place: int, target: Bind, name: str) -> Certificate | None:
        """The summand as a combination of u^k/(k - j)!: u^k k!-free, the rest a polynomial in k."""
        for u, coefficients in exponential_parts(s, target, name):
            try:
                equation, new = exponential(s.assuming(*undischarged(s.goal, s)), target, name, u, coefficients)
            except Reject:
                continue
            if not self.accepts(equation, DIRECT):
                continue
            proof = self.direct(s.with_goal(replaced(s.goal, target, new)))
            if proof is not None:
                return {"rule": "exponential-series", "sum": place, "name": name, "u": to_json(u),
                        "coefficients": [to_json(c) for c in coefficients], "step": DIRECT, "proof": proof}
        return None

    # ------------------------------------------------------------------ induction

    def by_induction(self, s: Sequent, depth: int) -> Certificate | None:
        for name in self._names(s):
            for least in lower_bounds(s, name)[:2]:
                found = self._induction(s, name, least, depth)
                if found is not None:
                    return found
        return None

    def _names(self, s: Sequent) -> list[str]:
        """Integers to try, those in bounds first."""
        goal_names = [n for n in s.declarations if s.declarations[n] == INTEGER and n in free_names(s.goal)]
        bounds: list[str] = []
        for u in subterms(s.goal):
            if isinstance(u, Bind) and u.head in ("sum", "prod"):
                bounds += [n for t in u.outer for n in free_names(t)]
        rank = {n: (0 if n in bounds else 1) for n in goal_names}
        return sorted(goal_names, key=lambda n: rank[n])[:3]

    def _induction(self, s: Sequent, name: str, least: Term, depth: int) -> Certificate | None:
        carry = [k for k, a in enumerate(s.assumptions) if name in free_names(a) and isinstance(a, App)
                 and a.head in ("<", "<=") and a.args[0] == Var(name)]
        own = orders(s)
        for order in sorted({1, 2, *own}):
            try:
                premises, step = parts(s, name, least, order, False, carry)
            except Reject:
                if not carry:
                    return None
                carry = []
                continue
            proof = self._step(s, step, name, order)
            if proof is None:
                continue
            bases = []
            for p in premises:
                base = self.prove(p, 0)
                if base is None and depth > 1:
                    base = self.prove(p, depth - 1)
                if base is None:
                    break
                bases.append(base)
            if len(bases) == order:
                return {"rule": "integer-induction", "name": name, "least": to_json(least), "bases": bases,
                        "step": proof, "carry": carry}
        return None

    def _step(self, s: Sequent, step: Sequent, name: str, order: int) -> Certificate | None:
        """P(n), ... |- P(n + order)."""
        if undischarged(step.goal, step):
            return None
        if order == 1 or order in orders(s):
            found = self.direct(step)
            if found is not None:
                return found
        for peel in (0, order):
            found = self._by_recurrence(s, step, name, order, peel)
            if found is not None:
                return found
        return self.by_summation(step, 0) if order == 1 else None

    def _by_recurrence(self, s: Sequent, step: Sequent, name: str, order: int, peel: int) -> Certificate | None:
        later = add(Var(name), num(order))
        chain: list[Certificate] = []
        here = step
        for original in sums(s.goal)[:2]:
            body = original.inner[1]
            low, high = original.outer
            if name not in free_names(body) or name in free_names(low) or high == OO:
                continue
            target = substitute(original, {name: later})
            listed = sums(here.goal)
            if not isinstance(target, Bind) or target not in listed:
                continue
            k = fresh(original.names[0], set(s.declarations) | free_names(original))
            here_and_later = [add(Var(name), num(j)) if j else Var(name) for j in range(order + 1)]
            bodies = tuple(substitute(body, {original.names[0]: Var(k), name: t}) for t in here_and_later)
            end = target.outer[1]
            inner = here.declaring({k: INTEGER}).assuming(
                app("<=", low, Var(k)), app("<", Var(k), add(end, num(-peel)) if peel else end))
            found = recurrence(bodies, k, inner)
            if found is None:
                return None
            rest = list(zip(found.factors, bodies, strict=False))
            try:
                equation, new = replacement(here, target, k, found.antidifference, rest, peel)
            except Reject:
                return None
            if not self.accepts(equation, DIRECT):
                self.divided = True
                return None
            chain.append({"rule": "summation", "sum": listed.index(target), "name": k, "peel": peel,
                          "antidifference": to_json(found.antidifference), "step": DIRECT,
                          "rest": [[to_json(a), to_json(b)] for a, b in rest]})
            here = here.with_goal(replaced(here.goal, target, new))
        if not chain:
            return None
        proof = self.direct(here)
        if proof is None:
            return None
        for c in reversed(chain):
            proof = {**c, "proof": proof}
        return proof

    # ------------------------------------------------------------------ cases

    def by_residues(self, s: Sequent, depth: int) -> Certificate | None:
        """n = q m + r, for signs, roots of unity, floors and remainders."""
        for name, modulus in moduli(s):
            new = fresh("m", set(s.declarations))
            proofs_: list[Certificate] = []
            for r in range(modulus):
                try:
                    sequent = part(s, name, modulus, r, new)
                except Reject:
                    break
                if undischarged(sequent.goal, sequent):
                    break
                found = self.direct(sequent)
                if found is None and self.accepts(sequent, {"rule": "modular"}):
                    found = {"rule": "modular"}      # the assumptions exclude this remainder
                if found is None and depth > 1:
                    found = self.by_residues(sequent, depth - 1)
                if found is None:
                    break
                proofs_.append(found)
            if len(proofs_) == modulus:
                return {"rule": "residues", "name": name, "modulus": modulus, "new": new, "parts": proofs_}
        return None

    def by_case(self, s: Sequent, depth: int) -> Certificate | None:
        """The least value as a case of its own: n >= a + 1, or n = a."""
        if not self.divided or not any(isinstance(u, Bind) for u in subterms(s.goal)):
            return None
        for name in self._names(s)[:2]:
            for least in lower_bounds(s, name)[:1]:
                after = num(least.value + 1) if isinstance(least, Num) else add(least, ONE)
                beyond = app(">=", Var(name), after)
                equal = app("=", Var(name), least)
                by = {name: least}
                known = (*s.assumptions, negate(beyond), equal)
                first = Sequent(s.declarations, (*(substitute(a, by) for a in known), equal), substitute(s.goal, by))
                base = self.prove(first, 0)
                if base is None:
                    continue
                second = s.assuming(beyond)
                rest = self.prove(second, depth - 1) if depth > 1 else self.by_summation(second, 0)
                if rest is None:
                    rest = self._induction(second, name, after, depth)
                if rest is None:
                    continue
                found: Certificate = {"rule": "cases", "on": to_json(beyond), "parts": [rest, {
                    "rule": "have", "fact": to_json(equal), "because": {"rule": "discrete", "squeeze": True},
                    "proof": {"rule": "substitute", "assumption": len(known) - 1, "proof": base}}]}
                if self.accepts(s, found):
                    return found
        return None

    # ------------------------------------------------------------------ generic names

    def generically(self, s: Sequent, names: list[str]) -> Certificate | None:
        """Rule ``generic`` around the rest: powers of names that may be 0, upper indices without bounds."""
        used = list(subterms(s.goal))
        bases = dict.fromkeys(u.args[0] for u in used if isinstance(u, App) and u.head == "pow"
                              and free_names(u.args[0]) & set(names) and not isinstance(u.args[1], Num))
        avoid: list[Term] = []
        for base in bases:
            try:
                generalised(s, frozenset(names), [to_json(base)])
                avoid.append(base)
            except (Reject, Malformed, CannotNormalise):
                continue
        uppers = [t for u in used if isinstance(u, App) for t in _uppers(u) if free_names(t) & set(names)]
        fractional: list[Any] = []
        for t in dict.fromkeys(uppers):
            try:
                generalised(s, frozenset(names), (), [to_json(t)])
                fractional.append(to_json(t))
            except (Reject, Malformed, CannotNormalise):
                continue
        c: Certificate = {"rule": "generic", "names": names, "avoid": [to_json(t) for t in avoid],
                          "fractional": fractional}
        try:
            here = generalised(s, frozenset(names), c["avoid"], fractional)
        except (Reject, Malformed, CannotNormalise):
            return None
        here = here.assuming(*undischarged(here.goal, here))
        proof = _Run(self.search).prove(here, 2)
        return None if proof is None else {**c, "proof": proof}


def _with_gammas(t: Term) -> Term:
    """1/gamma for rgamma: what limits are known of."""
    match t:
        case App("rgamma", (u,)):
            return app("div", ONE, app("gamma", u))
        case App():
            return rebuild(t, _with_gammas)
        case _:
            return t


def _guessed(t: Term, name: str) -> list[Term]:
    """The limit of a term in ``name`` alone, if it looks like a fraction."""
    if free_names(t) != {name}:
        return []
    try:
        near, far = (float(value(app("re", substitute(t, {name: num(k)})), {}, {}).real) for k in (512, 1024))
    except (Undefined, Unknown, ValueError, OverflowError):
        return []
    guess = Fraction(2*far - near).limit_denominator(400)
    return [num(guess)] if abs(float(guess) - (2*far - near)) < 1e-4 else []


def orders(s: Sequent) -> set[int]:
    """How many hypotheses a step may want: the orders of the recurrences about; an inequality may need a late
    start, which as many base cases give."""
    found = {law.order for law in laws(s)}
    found |= {len(RECURRENCES[u.head]) for u in subterms(s.goal) if isinstance(u, App) and u.head in RECURRENCES}
    if isinstance(s.goal, App) and s.goal.head not in ("=", "!="):
        found |= {2, MAX_ORDER}
    return {r for r in found if 1 <= r <= MAX_ORDER}


def size(t: Term) -> int:
    return sum(1 for _ in subterms(t))


def _tower(t: Term) -> bool:
    """A variable in the base and in the exponent, as in n^n: the other engines only lose time."""
    return any(isinstance(u, App) and u.head == "exp" and any(
        isinstance(v, App) and v.head == "log" and free_names(v) for v in subterms(u)) for u in subterms(t))


def _uppers(u: App) -> list[Term]:
    match u:
        case App("binomial" | "falling", (x, _)) | App("gamma" | "digamma" | "factorial", (x,)):
            return [x]
        case App("rising", (x, k)):
            return [x, add(x, k)]
        case _:
            return []


def moduli(s: Sequent) -> list[tuple[str, int]]:
    """(name, modulus) pairs worth a split."""
    out: list[tuple[str, int]] = []
    names = [n for n in sorted(free_names(s.goal)) if s.declarations.get(n) == INTEGER]
    wanted: set[int] = set()
    for u in [v for t in (s.goal, *s.assumptions) for v in subterms(t)]:
        match u:
            case App("pow", (Num(b), e)) if b == -1 and free_names(e):
                wanted |= {2, 4} if any(isinstance(v, App) and v.head == "div" for v in subterms(e)) else {2}
            case App("pow", (App("i", ()), e)) if free_names(e):
                wanted |= {2, 4}
            case App("floor" | "ceiling", (a,)):
                wanted |= {int(v.value) for v in _divisors(a)}
            case App("mod", (_, Num(q))) if q.denominator == 1:
                wanted.add(abs(int(q)))
            case App("in", (a, _)):
                wanted |= {int(v.value) for v in _divisors(a)}
            case App("sin" | "cos" | "exp", (a,)) if App("pi", ()) in set(subterms(a)) and free_names(a):
                wanted |= {2, 4}
    for w in sorted(w for w in wanted if 2 <= w <= 12):
        out += [(n, w) for n in names]
    return out[:6]


def _divisors(t: Term) -> list[Num]:
    return [u.args[1] for u in subterms(t) if isinstance(u, App) and u.head == "div" and isinstance(u.args[1], Num)
            and u.args[1].value.denominator == 1] + [
        num(u.value.denominator) for u in subterms(t) if isinstance(u, Num) and u.value.denominator > 1]


__all__ = ["about", "proofs"]
