"""Equations between matrices of symbolic size, by the normal form of noncommutative words."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from .claim import Sequent
from .definedness import definedness
from .derivative import without_partials
from .evidence import Evidence, Reject
from .matrix_terms import IllTyped, about_matrices
from .prove import Prover, discharge
from .term import App, Term, Var, free_names, from_json
from .word_reading import Reader
from .word_signs import Signs
from .words import UNIT, Form, Key, OverBudget, Word, show_form

RULE = "matrix-form"
MAX_MULTIPLIERS = 6
MAX_DERIVED = 12
MAX_CLEARED = 6


class MatrixForm:
    """The two sides of an equation in normal form, modulo the relations that hold."""

    def __init__(self, s: Sequent, c: Any) -> None:
        self.certificate = c
        self.reader = Reader(s)
        self.turned: dict[str, Form] = {}

    def difference(self, left: Term, right: Term) -> Form:
        r = self.reader
        read = r.matrix if App("mat=", (left, right)) == r.sequent.goal else r.scalar
        left, right = (without_partials(t, r.sequent.declarations) for t in (left, right))
        return r.minus(read(left), read(right))

    def prepare(self) -> None:
        """Orient every relation; then those that the certificate derives from them."""
        r = self.reader
        for k, a in enumerate(r.sequent.assumptions):
            match a:
                case App("=", (left, right)):
                    self._number(f"a{k}", left, right)
        self.turned = {f"{name}^T": r.transpose(f) for name, f in r.relations.items()}     # before any rule is there
        kept = set(self.certificate.get("keep", ()))
        for name in sorted(r.relations, key=lambda n: (n[0] != "a", n)):
            if name not in kept:
                self._orient(name, r.relations[name])
        for k, one in enumerate(list(self.certificate.get("derived", ()))[:MAX_DERIVED]):
            self._orient(f"d{k}", self.combined(one["terms"]), one.get("lead"))

    def _number(self, name: str, left: Term, right: Term) -> None:
        """An assumed equation of numbers: a declared number that it gives, or a 1 x 1 word or trace."""
        r = self.reader
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Var) and one.name not in free_names(other) and about_matrices(other):
                value = r.scalar(other)
                r.values["v", one.name] = value
                return
        if about_matrices(left) or about_matrices(right):
            f = r.minus(r.scalar(left), r.scalar(right))
            if f.terms:
                r.relations[name] = f

    def _orient(self, name: str, f: Form, choice: Any = None) -> None:
        r = self.reader
        f = r.again(f)
        if not f.terms:
            return
        choice = self.certificate.get("leads", {}).get(name, choice)
        if f.is_number:
            self._orient_number(f, choice)
            return
        options = sorted({w for _, w in f.terms if w}, key=lambda w: (-len(w), repr(w)))
        divisors = {w: self._divisor(f, w) for w in options}
        options = [w for w in options if divisors[w] is not None]
        if not options:
            return
        lead = options[int(choice) % len(options)] if choice is not None else options[0]
        by = divisors[lead]
        rest = r.times(Form(f.rows, f.columns, {k: v for k, v in f.terms.items() if k[1] != lead}), Fraction(-1))
        rest = rest if by is None else r.scaled(by, rest)
        r.add_rule(lead, rest)
        self._rotations(lead, rest)

    def _divisor(self, f: Form, w: Word) -> Form | None:
        """The reciprocal of the word's coefficient, where that is certainly not 0: a rational number, a divisor
        of the equation, or a number that shows that it is positive."""
        r = self.reader
        p = Form(UNIT, UNIT, {(s, ()): c for (s, v), c in f.terms.items() if v == w})
        known = p.constant() is not None or Signs(r).number(p) == "+"
        if not known:
            lead = min(p.terms.items(), key=lambda kv: repr(kv[0]))[1]
            monic = r.times(p, 1 / lead)
            known = any(monic.terms == q.terms for q in r.reciprocals)
        return r.reciprocal(p) if known else None

    def _orient_number(self, f: Form, choice: Any) -> None:
        r = self.reader
        options = sorted((k for k in f.terms if self._may_lead(k)), key=lambda k: (-_length(k), repr(k)))
        if not options:
            return
        k = options[int(choice) % len(options)] if choice is not None else options[0]
        rest = r.times(Form(UNIT, UNIT, {h: v for h, v in f.terms.items() if h != k}), -1 / f.terms[k])
        ((atom, _),) = k[0]
        if atom[0] == "q":
            r.add_rule(atom[1], rest)
        else:
            r.values[atom] = rest

    @staticmethod
    def _may_lead(k: Key) -> bool:
        """In a relation of numbers: one 1 x 1 word, trace or determinant."""
        scalars, _ = k
        return len(scalars) == 1 and scalars[0][1] == 1 and scalars[0][0][0] in ("q", "tr", "det", "at")

    def _rotations(self, lead: Word, rest: Form) -> None:
        """X Y = I for square X and Y gives Y X = I."""
        r = self.reader
        if rest.rows != rest.columns or rest.terms != r.identity(rest.rows).terms or len(lead) > 4:
            return
        if not all(r.square(x) for x in lead):
            return
        for k in range(1, len(lead)):
            turned = lead[k:] + lead[:k]
            if turned != lead:
                r.add_rule(turned, rest)

    def combined(self, terms: Any) -> Form:
        """``sum c * l * relation * r``: what follows from the relations, each summand typed; c a rational number or
        the term of a number."""
        r = self.reader
        out: Form | None = None
        for c, left, name, right in list(terms)[:24]:
            f = r.relations[str(name)] if str(name) in r.relations else self.turned[str(name)]
            for word, front in ((_word(left), True), (_word(right), False)):
                if word:
                    if any(r.shape(a)[1] != r.shape(b)[0] for a, b in pairwise(word)):
                        raise Reject(RULE, "derived", f"{word} is no product")
                    rows, columns = r.word_shape(word)
                    g = Form(rows, columns, {((), word): Fraction(1)})
                    f = r.product(g, f) if front else r.product(f, g)
            f = r.times(f, Fraction(c)) if isinstance(c, str) else r.scaled(r.scalar(self._coefficient(c)), f)
            out = f if out is None else r.plus(out, f)
        if out is None:
            raise Reject(RULE, "derived", "a relation made of nothing")
        return out

    def _coefficient(self, data: Any) -> Term:
        """A number that is defined everywhere: a polynomial in declared numbers."""
        c = from_json(data)
        s = self.reader.sequent
        if not free_names(c) <= set(s.declarations) or definedness(c, s):
            raise Reject(RULE, "coefficient", "may be undefined, or speaks of undeclared names")
        return c

    def multiply(self, f: Form) -> Form:
        """By a form or letter that has an inverse: what becomes 0 was 0."""
        r = self.reader
        for side, name in list(self.certificate.get("multiply", ()))[:MAX_MULTIPLIERS]:
            base = r.bases[str(name)]
            if base.compound is not None:
                by = base.compound
            elif base.regular and base.rows == base.columns:
                by = r.letter(str(name))
            else:
                raise Reject(RULE, "multiply", f"{name} is not known to have an inverse")
            f = r.product(by, f) if side == "left" else r.product(f, by)
        return r.again(f)

    def clear(self, f: Form) -> Form:
        """Reciprocals of numbers are multiplied out, the last one made first: none of them is 0 where the
        equation is defined."""
        r = self.reader
        for _ in range(MAX_CLEARED):
            present = {a[1]: max(e for (s, _) in f.terms for b, e in s if b == a)
                       for (s2, _) in f.terms for a, e2 in s2 if a[0] == "inv" and e2 > 0}
            if not f.terms or not present:
                return f
            k = max(present)
            power = present[k]
            p = r.again(r.reciprocals[k])
            parts = [r.zero(f.rows, f.columns)]
            for (s, w), c in f.terms.items():
                e = dict(s).get(("inv", k), 0)
                rest = tuple((a, x) for a, x in s if a != ("inv", k))
                term = Form(f.rows, f.columns, {(rest, w): c})
                parts.append(r.scaled(r.power(p, power - e), term))
            f = r.again(r.plus(*parts))
        return f


def _length(k: Key) -> int:
    return len(k[1]) + sum(len(a[1]) for a, _ in k[0] if a[0] in ("q", "tr"))


def _word(data: Any) -> Word:
    return tuple((str(n), bool(t)) for n, t in data)


def check(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        NF(L - R) = 0 modulo the relations of G and S N = I, N S = I for every inverse S = N^-1 in L, R
        (perhaps NF(N (L - R)) = 0 for such an N, or NF(p (L - R)) = 0 for a divisor p in L, R)
        -----------------------------------------------------------------------------------------------
        G |- L = R     wherever L and R are defined
    Each relation is turned into a rule for one of its words, which the certificate may choose (or it is kept as it
    is, for the consequences only); it may also list
    consequences ``sum c l r`` of relations (cofactors).  ``Y X = I`` follows from ``X Y = I`` for square matrices.
    FAILURE: a factor that is not square (then the inverse of a product is no product of inverses), a multiplier
    without an inverse, more steps than the bound.
    Source: Petersen and Pedersen, The Matrix Cookbook (2012), 3.1-3.2; Hofstadler, Raab, Regensburger, ACM
    Communications in Computer Algebra 53 (2019) 49-52 (cofactors as certificates; no page).
    """
    match s.goal:
        case App("mat=" | "=", (left, right)):
            pass
        case _:
            raise Reject(RULE, "goal", "is no equation")
    try:
        work = MatrixForm(s, c)
        f = work.difference(left, right)
        work.prepare()
        f = work.reader.again(f)
        if f.terms and "minus" in c:         # what the relations give in another way
            f = work.reader.again(work.reader.minus(f, work.combined(c["minus"])))
        if f.terms and "multiply" in c:
            f = work.multiply(f)
        f = work.clear(f)
    except (OverBudget, IllTyped, ZeroDivisionError) as error:
        raise Reject(RULE, "goal", str(error)) from error
    if f.terms:
        raise Reject(RULE, "normal form", f"the difference is {show_form(f)[:200]}")
    return Evidence(tuple(discharge(definedness(s.goal, s), s)))


__all__ = ["MatrixForm", "check"]
