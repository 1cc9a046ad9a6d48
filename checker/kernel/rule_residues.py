"""Remainders: a goal split by n modulo q, and statements decided by the finitely many remainders.

    G[qm + r / n] |- P[qm + r / n]   for r = 0, ..., q - 1      (m a new integer)
    ------------------------------------------------------------------------------  residues
    G |- P

    for every choice of remainders of the integers modulo L: an assumption is false there, or the goal true
    -------------------------------------------------------------------------------------------------------  modular
    G |- P

*Modular.*  Terms are read as d*t = v (mod M) with a fixed d: integer polynomials in integers, divided by
literals, powers a^e with a literal integer a (their period; e must be known to have left the preperiod),
Fibonacci numbers (their period).  ``t in integers``, ``mod(t, q)`` with a literal q, and relations between
such remainders and literals are decided; anything else is unknown, and an unknown goal proves nothing.
M: the common denominator; L: the lcm of M and the periods.

FAILURE: a part that is not proved or needs a condition; a state in which the goal is false or unknown.
Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., ch. 4 (congruences).

Certificates: ``residues``: ``name``, ``modulus``, ``new`` (the name m), ``parts``; ``modular``: ``modulus`` (sides that
differ modulo some number are not equal; any number is right, the engine picks one that shows it).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .field import CannotNormalise, Field
from .kinds import is_integer
from .rule_discrete import undischarged
from .term import (
    INTEGER, App, Num, Term, Var, add, app, check_name, conjuncts, free_names, mul, num, show, sort_terms,
    sub, substitute, subterms,
)

if TYPE_CHECKING:
    from .prove import Prover

RULE = "residues"
MAX_MODULUS = 12
MAX_COMMON = 5_040
MAX_STATES = 20_000


def check(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    parts = [part(s, str(c["name"]), int(c["modulus"]), r, check_name(c["new"])) for r in range(int(c["modulus"]))]
    proofs = c["parts"]
    if len(proofs) != len(parts):
        raise Reject(RULE, "parts", f"{len(parts)} remainders, {len(proofs)} proofs")
    total = Evidence()
    for r, (sequent, proof) in enumerate(zip(parts, proofs, strict=True)):
        shown = prove(sequent, proof)
        if shown.conditions:
            raise Reject(RULE, f"part {r}", f"rests on {show(shown.conditions[0])}")
        total += shown
    return total


def part(s: Sequent, name: str, modulus: int, r: int, new: str) -> Sequent:
    if s.declarations.get(name) != INTEGER:
        raise Reject(RULE, "name", f"{name} is not declared as an integer")
    if not 2 <= modulus <= MAX_MODULUS:
        raise Reject(RULE, "modulus", f"is not from 2 to {MAX_MODULUS}")
    if new in s.declarations:
        raise Reject(RULE, "new", f"{new} is taken")
    if any(name in free_names(t) for sort in s.declarations.values() for t in sort_terms(sort)):
        raise Reject(RULE, "name", f"a family or an index has the size {name}: it would stay as it is")
    whole = mul(num(modulus), Var(new))
    by = {name: add(whole, num(r)) if r else whole}
    declarations = {new if n == name else n: sort for n, sort in s.declarations.items()}
    return Sequent(declarations, tuple(substitute(a, by) for a in s.assumptions), substitute(s.goal, by))


# ------------------------------------------------------------------------ modular


class _Open(Exception):
    """Not read here: the value is unknown."""


class _Remainders:
    def __init__(self, s: Sequent) -> None:
        self.s = s
        self.field = Field(s)
        self.common = 1
        self.length = 1
        self.tables: dict[Term, tuple[int, list[int]]] = {}     # power -> (preperiod, values over a period)

    def denominator(self, t: Term) -> int:
        """d with d*t an integer, for every value of the names.  Raises _Open."""
        match t:
            case Num(q):
                return q.denominator
            case Var(name):
                if self.s.declarations.get(name) == INTEGER:
                    return 1
            case App("add", args):
                return _bounded(lcm(*(self.denominator(a) for a in args)))
            case App("mul", args):
                product = 1
                for a in args:
                    product = _bounded(product * self.denominator(a))
                return product
            case App("neg", (a,)):
                return self.denominator(a)
            case App("div", (a, Num(q))) if q != 0:
                return _bounded(self.denominator(a) * abs(q.numerator))
            case App("pow", (a, Num(q))) if q.denominator == 1 and 0 <= q <= 12:
                return _bounded(self.denominator(a) ** int(q))
            case App("pow", (Num(a), e)) if a.denominator == 1 and is_integer(e, self.s.declarations):
                self.denominator(e)
                return 1
            case App("mod", (a, Num(q))) if q.denominator == 1 and 1 <= q <= MAX_COMMON and self.denominator(a) == 1:
                return 1
            case App("fibonacci", (e,)) if is_integer(e, self.s.declarations):
                self.denominator(e)
                return 1
        raise _Open

    def moduli(self, t: Term) -> None:
        """Collect the common modulus that the formula's parts need.  Raises _Open."""
        for u in subterms(t):
            match u:
                case App("in", (a, App("integers", ()))):
                    self.common = _bounded(lcm(self.common, self.denominator(a)))
                case App("mod", (a, Num(q))) if q.denominator == 1 and q >= 1:
                    self.denominator(u)
                    self.common = _bounded(lcm(self.common, int(q)))

    def periods(self, t: Term) -> None:
        """The periods of the powers and Fibonacci numbers modulo the common modulus."""
        for u in subterms(t):
            match u:
                case App("pow", (Num(a), e)) if not isinstance(e, Num) and a.denominator == 1 and u not in self.tables:
                    self._power(u, int(a), e)
                case App("fibonacci", (_,)) if u not in self.tables:
                    values: list[int] = []
                    x, y = 0, 1 % self.common
                    while not values or (x, y) != (0, 1 % self.common):
                        values.append(x)
                        x, y = y, (x + y) % self.common
                        if len(values) > MAX_COMMON:
                            raise _Open
                    self.tables[u] = (0, values)
                    self.length = _bounded(lcm(self.length, len(values)))

    def _power(self, u: Term, a: int, e: Term) -> None:
        seen: dict[int, int] = {}
        values: list[int] = []
        x = 1 % self.common
        while x not in seen:
            seen[x] = len(values)
            values.append(x)
            x = x * a % self.common
        start = seen[x]
        try:
            if self.field.sign(sub(e, num(start))) not in ("+", "0+", "0"):
                return                       # not known to be that far: unknown
        except CannotNormalise:
            return
        period = values[start:]
        self.tables[u] = (start, period)
        self.length = _bounded(lcm(self.length, len(period)))

    # ------------------------------------------------------------------ at a state

    def scaled(self, t: Term, at: Mapping[str, int]) -> int:
        """d*t modulo the common modulus (d: ``denominator``).  Raises _Open."""
        m = self.common
        match t:
            case Num(q):
                return q.numerator % m
            case Var(name):
                return at[name] % m
            case App("add", args):
                d = self.denominator(t)
                return sum(self.scaled(a, at) * (d // self.denominator(a)) for a in args) % m
            case App("mul", args):
                product = 1
                for a in args:
                    product = product * self.scaled(a, at) % m
                return product
            case App("neg", (a,)):
                return -self.scaled(a, at) % m
            case App("div", (a, Num(q))):
                return self.scaled(a, at) * (1 if q > 0 else -1) * q.denominator % m
            case App("pow", (a, Num(q))) if q.denominator == 1:
                return pow(self.scaled(a, at), int(q), m)
            case App("pow" | "fibonacci", args):
                if t not in self.tables:
                    raise _Open
                start, values = self.tables[t]
                e = self._exponent(args[-1], at, len(values))
                return values[(e - start) % len(values)]
            case App("mod", (a, Num(q))):
                return self.scaled(a, at) % int(q)
        raise _Open

    def _exponent(self, e: Term, at: Mapping[str, int], period: int) -> int:
        """e modulo the period: an integer polynomial at the representatives, which count modulo L."""
        match e:
            case Num(q) if q.denominator == 1:
                return int(q) % period
            case Var(name):
                return at[name] % period
            case App("add", args):
                return sum(self._exponent(a, at, period) for a in args) % period
            case App("neg", (a,)):
                return -self._exponent(a, at, period) % period
            case App("mul", args):
                product = 1
                for a in args:
                    product = product * self._exponent(a, at, period) % period
                return product
            case App("pow", (a, Num(q))) if q.denominator == 1 and q >= 0:
                return pow(self._exponent(a, at, period), int(q), period)
        raise _Open

    def exact(self, t: Term, at: Mapping[str, int]) -> Fraction:
        """The value itself, where it is a literal or a remainder.  Raises _Open."""
        match t:
            case Num(q):
                return q
            case App("mod", (a, Num(q))) if q.denominator == 1 and q >= 1 and self.denominator(a) == 1:
                return Fraction(self.scaled(a, at) % int(q))
            case App("add", args):
                return sum((self.exact(a, at) for a in args), Fraction(0))
            case App("mul", args):
                product = Fraction(1)
                for a in args:
                    product *= self.exact(a, at)
                return product
            case App("neg", (a,)):
                return -self.exact(a, at)
        raise _Open

    def truth(self, t: Term, at: Mapping[str, int]) -> bool | None:
        match t:
            case App("true", ()):
                return True
            case App("false", ()):
                return False
            case App("not", (a,)):
                inner = self.truth(a, at)
                return None if inner is None else not inner
            case App("and", args):
                return _all([self.truth(a, at) for a in args])
            case App("or", args):
                found = _all([None if v is None else not v for v in (self.truth(a, at) for a in args)])
                return None if found is None else not found
            case App("implies", (a, b)):
                return self.truth(App("or", (app("not", a), b)), at)
            case App("iff", (a, b)):
                x, y = self.truth(a, at), self.truth(b, at)
                return None if x is None or y is None else x == y
        try:
            match t:
                case App("in", (a, App("integers", ()))):
                    return self.scaled(a, at) % self.denominator(a) == 0
                case App("=" | "!=" | "<" | "<=" | ">" | ">=" as relation, (a, b)):
                    try:
                        left, right = self.exact(a, at), self.exact(b, at)
                    except _Open:
                        d = self.denominator(a) * self.denominator(b)
                        if relation not in ("=", "!=") or d != 1:
                            return None
                        differ = (self.scaled(a, at) - self.scaled(b, at)) % self.common != 0
                        return (relation == "!=") if differ else None
                    return {"=": left == right, "!=": left != right, "<": left < right, "<=": left <= right,
                            ">": left > right, ">=": left >= right}[relation]
        except _Open:
            return None
        return None


def _bounded(n: int) -> int:
    if n > MAX_COMMON:
        raise _Open
    return n


def _all(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def check_modular(s: Sequent, c: Mapping[str, Any], prove: Prover) -> Evidence:
    if left := undischarged(s.goal, s):
        raise Reject("modular", "goal", f"is defined only if {show(left[0])}")
    if (failed := modular(s, c.get("modulus", 1))) is not None:
        raise Reject("modular", *failed)
    return Evidence()


def modular(s: Sequent, modulus: int = 1) -> tuple[str, str] | None:
    """None if the goal is shown, else where and why not.  ``modulus``: looked at besides those that occur."""
    if not (isinstance(modulus, int) and 1 <= modulus <= MAX_COMMON):
        return "modulus", f"is not from 1 to {MAX_COMMON}"
    r = _Remainders(s)
    r.common = modulus
    assumed: list[Term] = []
    try:
        r.moduli(s.goal)
    except _Open:
        return "goal", "has no common modulus"
    for a in (p for x in s.assumptions for p in conjuncts(x)):
        old = r.common
        try:
            r.moduli(a)
            assumed.append(a)
        except _Open:
            r.common = old
    r.length = r.common
    try:
        for t in (*assumed, s.goal):
            r.periods(t)
    except _Open:
        return "periods", "are too long"
    names = sorted({n for t in (*assumed, s.goal) for n in free_names(t) if s.declarations.get(n) == INTEGER})
    if r.length ** len(names) > MAX_STATES:
        return "states", f"more than {MAX_STATES}"
    for values in itertools.product(range(r.length), repeat=len(names)):
        at = dict(zip(names, values, strict=True))
        if r.truth(s.goal, at) is not True and all(r.truth(a, at) is not False for a in assumed):
            shown = ", ".join(f"{n} = {v}" for n, v in at.items())
            return "states", f"not shown for {shown} (mod {r.length})"
    return None


__all__ = ["check", "check_modular", "modular", "part"]
