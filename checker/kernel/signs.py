"""Signs from assumptions: what is visible of a polynomial's sign, and the facts it rests on.

1. **Monomials.** Every monomial is a product of generators known positive, nonnegative, or real to
   an even power; all coefficients have one sign: so has the sum.
1b. **Assumed.**  p = c h + rest with an assumed h >= 0, a rational c > 0, and rest >= 0 by 1: 1 - a b from
   a b <= 1, which no shift of one name gives.
2. **Shift.** An assumption ``h >= 0`` in which a name x occurs linearly with a rational coefficient
   makes x = (y + rest)/coefficient with y >= 0 (y = h; over the integers ``h > 0`` gives h = 1 + y).
   Substitute, then 1.  So m >= 3 makes m - 2 = y + 1 positive.
3. **Factors.** The sign of a product; even powers of real factors are nonnegative.
4. **Square.** a x^2 + b x + c with a > 0 and 4ac - b^2 >= 0 (by 1 to 3) is >= 0; strictly if > 0.
   (4a p = (2 a x + b)^2 + 4ac - b^2.)
5. **Ends.** p of degree 1 in x, and rational l <= x <= u by assumption: p lies between its values at l and u
   (p = ((u - x) p(l) + (x - l) p(u))/(u - l)), so it has their common sign; inside (l < x < u) it is not 0 if
   one of the two is not.

FAILURE: None, "not visible".  Never uses independence of generators; zero is only reported for the
zero polynomial.  Not complete: sums of squares in several variables are another rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import fmpq, fmpq_mpoly

from .effort import spend
from .term import App, Index, Num, Term, Var, conjuncts, free_names

if TYPE_CHECKING:
    from .field import Field, Frac

MAX_FACTS = 10
MAX_FACTORED = 60
MAX_SHIFTS = 160
_FLIP = {"+": "-", "-": "+", "0+": "0-", "0-": "0+", "0": "0", "+-": "+-", None: None}


@dataclass(frozen=True, slots=True)
class Fact:
    """``poly >= 0``, or ``> 0`` if strict."""

    poly: fmpq_mpoly
    strict: bool
    integer: bool


def product(a: str | None, b: str | None) -> str | None:
    if a == "0" or b == "0":
        return "0"
    if a is None or b is None:
        return None
    if "+-" in (a, b):
        other = b if a == "+-" else a
        return "+-" if other in ("+", "-", "+-") else None
    negative = a.endswith("-") != b.endswith("-")
    weak = a.startswith("0") or b.startswith("0")
    return ("0" if weak else "") + ("-" if negative else "+")


class Signs:
    """Sign questions about fractions of one :class:`~.field.Field`."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.bounds: dict[str, str] = {}      # sign of a name by a bound with a rational constant
        self.formulas: list[tuple[Term, str, Term]] = []
        for a in field.sequent.assumptions:
            for c in conjuncts(a):
                if isinstance(c, App) and c.head in ("<", "<=", ">", ">=", "!="):
                    left, right = c.args
                    relation = c.head
                    if relation in ("<", "<="):
                        left, right, relation = right, left, ">" if relation == "<" else ">="
                    self.formulas.append((left, relation, right))
                    self._note_bound(left, relation, right)
        self._facts: list[Fact] | None = None
        self._nonzero: list[fmpq_mpoly] | None = None
        self._collecting = False
        self._steps = MAX_SHIFTS

    def _note_bound(self, left: Term, relation: str, right: Term) -> None:
        if relation == "!=":
            for x, zero in ((left, right), (right, left)):
                if isinstance(x, Var) and isinstance(zero, Num) and zero.value == 0:
                    self.bounds[x.name] = {"0+": "+", "0-": "-"}.get(
                        old := self.bounds.get(x.name, "+-"), old)
            return
        match left, right:
            case Var(name), Num(c):
                if c > 0 or (c == 0 and relation == ">"):
                    self.bounds[name] = "+"
                elif c == 0 and relation == ">=":
                    self.bounds[name] = "+" if self.bounds.get(name) in ("+", "+-") else "0+"
            case Num(c), Var(name):
                if c < 0 or (c == 0 and relation == ">"):
                    self.bounds[name] = "-"
                elif c == 0 and relation == ">=":
                    self.bounds[name] = "-" if self.bounds.get(name) in ("-", "+-") else "0-"

    def of_name(self, name: str) -> str | None:
        sort = self.field.sequent.declarations.get(name)
        if isinstance(sort, Index):
            return "+"        # an index is at least 1
        return self.bounds.get(name)

    # ------------------------------------------------------------------ facts

    def facts(self) -> list[Fact]:
        if self._facts is None and not self._collecting:
            from .field import CannotNormalise

            self._collecting = True
            facts: list[Fact] = []
            nonzero: list[fmpq_mpoly] = []
            try:
                for left, relation, right in self.formulas:
                    try:
                        d = self.field._subtract(self.field.frac(left), self.field.frac(right))
                    except CannotNormalise:
                        continue
                    den = self.polynomial(d.den)
                    if relation == "!=":
                        nonzero.append(d.num)
                        continue
                    if den not in ("+", "-") or not self.real(d):
                        continue
                    p = d.num if den == "+" else -d.num
                    integer = all(self._integer_generator(k) for k in self._used(p)) and all(
                        int(c.q) == 1 for c in p.coeffs())
                    facts.append(Fact(p, relation == ">", integer))
            finally:
                self._collecting = False
            self._facts, self._nonzero = facts, nonzero
        return self._facts or []

    def _used(self, p: fmpq_mpoly) -> list[int]:
        return [k for k, d in enumerate(p.degrees()) if d] if p != 0 else []

    def _integer_generator(self, k: int) -> bool:
        return k < len(self.field.generators) and self.field.generators[k].integer

    def real(self, a: Frac) -> bool:
        return all(self.field.generators[k].real for p in (a.num, a.den) for k in self._used(p))

    def leading_negative(self, a: Frac) -> bool:
        return a.num != 0 and a.num.leading_coefficient() < 0

    # ------------------------------------------------------------------ signs

    def frac(self, a: Frac) -> str | None:
        if a.num == 0:
            return "0"
        return product(self.polynomial(a.num), self.polynomial(a.den))

    def polynomial(self, p: fmpq_mpoly) -> str | None:
        if p == 0:
            return "0"
        if (sign := self._monomials(p, {})) is not None:
            return sign[1] if sign in ("0+", "0-") and self._nonzero_monomial(p) else sign
        if not all(self.field.generators[k].real for k in self._used(p)):
            return self._known_nonzero(p)
        facts = self.facts()[:MAX_FACTS]
        best: str | None = None
        # few shifts first; what is left of the budget bounds the search among many facts
        self._steps = MAX_SHIFTS
        rules: tuple[Callable[[], str | None], ...] = (
            lambda: self._assumed(p, facts),
            lambda: self._shifted(p, facts, {}, 1), lambda: self._shifted(p, facts, {}, 2),
            lambda: self._shifted(p, facts, {}, 3), lambda: self._square(p, facts), lambda: self._ends(p, facts, 2))
        for rule in rules:
            sign = rule()
            if sign in ("+", "-"):
                return sign
            best = best or sign
        spend(25 + 4*len(p))
        if max(map(int, p.degrees())) > MAX_FACTORED:
            return best or self._known_nonzero(p)
        content, factors = p.factor()
        if len(factors) > 1 or (factors and int(factors[0][1]) > 1):
            sign = "+" if content > 0 else "-"
            for f, e in factors:
                one = self.polynomial(f) if len(factors) > 1 or int(e) > 1 else None
                if int(e) % 2 == 0:
                    one = "+" if one in ("+", "-", "+-") else "0+"
                sign = product(sign, one) or ""
                if not sign:
                    break
            if sign in ("+", "-"):
                return sign
            best = best or sign or None
        nonzero = self._known_nonzero(p)
        if nonzero and best in ("0+", "0-"):
            return best[1]
        return best or nonzero

    def _assumed(self, p: fmpq_mpoly, facts: list[Fact]) -> str | None:
        """p = c h + rest (or its opposite), c > 0 rational so that a monomial of h goes, the rest >= 0 by monomials."""
        of_p = {tuple(map(int, e)): c for e, c in p.to_dict().items()}
        for fact in facts:
            if len(fact.poly) < 2 or len(fact.poly) > 6:
                continue
            for e, c in fact.poly.to_dict().items():
                ratio = of_p.get(tuple(map(int, e)), fmpq(0)) / c
                if ratio == 0 or not any(map(int, e)):
                    continue
                side = 1 if ratio > 0 else -1
                rest = self._monomials(side*p - abs(ratio)*fact.poly, {})
                if rest in ("0", "0+", "+"):
                    sign = "+" if fact.strict or rest == "+" else "0+"
                    return sign if side > 0 else _FLIP[sign]
        return None

    def _nonzero_monomial(self, p: fmpq_mpoly) -> bool:
        """One monomial whose generators are each known to be nonzero."""
        return len(p) == 1 and all(
            self.field.generators[k].sign in ("+", "-", "+-") or self._known_nonzero(self._generator(k)) is not None
            for k in self._used(p))

    def _known_nonzero(self, p: fmpq_mpoly) -> str | None:
        """p divides an assumption known to be nonzero (a product is nonzero only if its factors are)."""
        self.facts()
        for q in self._nonzero or []:
            if q != 0 and divmod(q, p)[1] == 0:
                return "+-"
        for f in self._facts or []:
            if f.strict and f.poly != 0 and divmod(f.poly, p)[1] == 0:
                return "+-"
        return None

    def _monomials(self, p: fmpq_mpoly, extra: dict[int, str]) -> str | None:
        """Rule 1.  ``extra``: signs of the y that stand in place of shifted generators."""
        spend(2 + len(p))
        seen: set[str] = set()
        for exponents, c in p.to_dict().items():
            sign: str | None = "+" if c > 0 else "-"
            for k, e in enumerate(exponents):
                if not e:
                    continue
                known = extra.get(k)
                if known is None:
                    g = self.field.generators[k]
                    known = g.sign
                    if int(e) % 2 == 0 and known not in ("+", "-"):
                        known = ("+" if known == "+-" else "0+") if g.real else "+-" if known == "+-" else None
                    elif int(e) % 2 == 0:
                        known = "+"
                elif int(e) % 2 == 0:
                    known = "+" if known == "+" else "0+"
                sign = product(sign, known)
                if sign is None:
                    return None
            seen.add(sign or "")
        if seen <= {"+", "0+"}:
            return "+" if "+" in seen else "0+"
        if seen <= {"-", "0-"}:
            return "-" if "-" in seen else "0-"
        return "+-" if len(p) == 1 and seen == {"+-"} else None

    def _shifted(self, p: fmpq_mpoly, facts: list[Fact], extra: dict[int, str], depth: int) -> str | None:
        """Rule 2, each fact used at most once on a branch, at most ``depth`` shifts."""
        if depth == 0:
            return None
        best: str | None = None
        used = set(self._used(p))
        for j, fact in enumerate(facts):
            for k in self._used(fact.poly):
                if k not in used or k in extra:
                    continue
                self._steps -= 1
                if self._steps < 0:
                    return best
                shifted = self._solve(fact, k)
                if shifted is None:
                    continue
                replacement, sign = shifted
                q = self._compose(p, k, replacement)
                if q is None:
                    continue
                now = {**extra, k: sign}
                result = self._monomials(q, now)
                if result is None and depth > 1:
                    moved = []
                    for f in facts[:j] + facts[j + 1:]:
                        m = self._compose(f.poly, k, replacement) if int(f.poly.degrees()[k]) else f.poly
                        if m is not None:
                            moved.append(Fact(m, f.strict, f.integer))
                    result = self._shifted(q, moved, now, depth - 1)
                if result in ("+", "-", "0"):
                    return result
                best = best or result
        return best

    def _solve(self, fact: Fact, k: int) -> tuple[fmpq_mpoly, str] | None:
        """x_k = (y + ...)/a where fact.poly = a x_k + rest; y reuses the place of generator k."""
        x = self._generator(k)
        a: Fraction | None = None
        rest = {}
        for exponents, c in fact.poly.to_dict().items():
            e = int(exponents[k])
            if e == 0:
                rest[exponents] = c
            elif e == 1 and sum(map(int, exponents)) == 1:
                a = Fraction(int(c.p), int(c.q))
            else:
                return None
        if a is None:
            return None
        remainder = x.context().from_dict(rest)
        shift = 1 if fact.strict and fact.integer else 0
        sign = "+" if fact.strict and not fact.integer else "0+"
        return (x + shift - remainder) * fmpq(a.denominator, a.numerator), sign

    def _generator(self, k: int) -> fmpq_mpoly:
        from .field import _GENS

        return _GENS[k]

    def _compose(self, p: fmpq_mpoly, k: int, by: fmpq_mpoly) -> fmpq_mpoly | None:
        """p with ``by`` in place of generator k; None if the degree is too high to expand."""
        spend(4 + len(p))
        parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for exponents, c in p.to_dict().items():
            e = list(map(int, exponents))
            d, e[k] = e[k], 0
            parts.setdefault(d, {})[tuple(e)] = c
        total = by * 0
        context = by.context()
        for d, terms in parts.items():
            if d > 12:
                return None
            total += context.from_dict(terms) * by**d
        return total

    def _square(self, p: fmpq_mpoly, facts: list[Fact]) -> str | None:
        """Rule 4, in each variable of degree 2."""
        for k in self._used(p):
            if int(p.degrees()[k]) != 2:
                continue
            parts: dict[int, dict[tuple[int, ...], fmpq]] = {0: {}, 1: {}, 2: {}}
            for exponents, c in p.to_dict().items():
                e = list(map(int, exponents))
                d, e[k] = e[k], 0
                parts[d][tuple(e)] = c
            context = p.context()
            c0, b, a = (context.from_dict(parts[d]) for d in (0, 1, 2))
            sign = self._simple(a, facts)
            if sign not in ("+", "-"):
                continue
            gap = self._simple(4 * a * c0 - b * b, facts)
            if gap == "+":
                return sign
            if gap in ("0+", "0"):
                return "0" + sign
        return None

    def _ends(self, p: fmpq_mpoly, facts: list[Fact], depth: int) -> str | None:
        """Rule 5, in each variable of degree 1 that lies between two rational numbers."""
        for k in self._used(p) if depth else ():
            if int(p.degrees()[k]) != 1 or (found := self._range(k, facts)) is None:
                continue
            low, high, inside = found
            signs = []
            for end in (low, high):
                q = self._compose(p, k, p * 0 + fmpq(end.numerator, end.denominator))
                if q is None:
                    break
                signs.append("0" if q == 0 else self._monomials(q, {}) or self._ends(q, facts, depth - 1))
            if len(signs) != 2 or None in signs:
                continue
            for way in ("+", "-"):
                if all(sign in (way, "0" + way, "0") for sign in signs):
                    strict = all(sign == way for sign in signs) or (inside and way in signs)
                    return way if strict else "0" + way
        return None

    def _range(self, k: int, facts: list[Fact]) -> tuple[Fraction, Fraction, bool] | None:
        """``(low, high, strictly between)`` of generator k, by facts a x + b >= 0 with rational a, b."""
        low: tuple[Fraction, bool] | None = None
        high: tuple[Fraction, bool] | None = None
        for fact in facts:
            if self._used(fact.poly) != [k] or int(fact.poly.degrees()[k]) != 1:
                continue
            a, b = Fraction(0), Fraction(0)
            for exponents, c in fact.poly.to_dict().items():
                value = Fraction(int(c.p), int(c.q))
                if int(exponents[k]):
                    a = value
                else:
                    b = value
            end = (-b / a, fact.strict)
            if a > 0:
                low = end if low is None or end > low else low
            else:
                high = end if high is None or end < high else high
        if low is None or high is None or low[0] >= high[0]:
            return None
        return low[0], high[0], low[1] and high[1]

    def _simple(self, p: fmpq_mpoly, facts: list[Fact]) -> str | None:
        if p == 0:
            return "0"
        sign = self._monomials(p, {})
        if sign in ("+", "-"):
            return sign
        self._steps = max(self._steps, MAX_SHIFTS // 4)
        return self._shifted(p, facts, {}, 2) or sign or self._square(p, facts)


__all__ = ["Fact", "Signs", "free_names", "product"]
