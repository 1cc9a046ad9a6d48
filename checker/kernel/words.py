"""Noncommutative polynomials: sums of numbers times words of matrix letters, with a normal form.

A word is a product of letters, each perhaps transposed; a form is a sum of terms ``c * scalars * word`` of one
shape.  Only factors of shape 1 x 1 commute: a word is cut wherever it passes through a dimension 1, and what is
1 x 1 there becomes a scalar, ``x y^T z = (y^T z) x``.  Scalars: ``q`` (a 1 x 1 word, up to transposition), ``tr``
(a word up to rotation and transposition), reciprocals of forms, roots, and opaque values.

Rewriting rules ``word -> form`` come from structure (P P -> P, Q^T Q -> I, A A^-1 -> I) and from relations; they
are applied until none matches.  The form need not be canonical: only that it is 0 proves anything.

Sources: Helton, Stankus, Wavrik, IEEE Trans. Automatic Control 43 (1998) 302-314 (rewriting matrix expressions);
Chenavier, Hofstadler, Raab, Regensburger, arXiv:2002.03626 (typed words; no page).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from .effort import spend
from .matrix_terms import size_key
from .term import ONE, App, Term, mul

Letter: TypeAlias = tuple[str, bool]                  # name, transposed
Word: TypeAlias = tuple[Letter, ...]
Atom: TypeAlias = tuple[Any, ...]
Scalars: TypeAlias = tuple[tuple[Atom, int], ...]     # atoms with exponents, sorted
Key: TypeAlias = tuple[Scalars, Word]
MAX_STEPS = 40_000
MAX_TERMS = 3_000
UNIT = size_key(ONE)


class OverBudget(Exception):
    """More steps or terms than a normal form may take."""


@dataclass(frozen=True, slots=True)
class Form:
    """A sum of terms of one shape; ``terms`` is never changed after it is made."""

    rows: str
    columns: str
    terms: dict[Key, Fraction]

    @property
    def key(self) -> str:
        """Forms of different shapes have different keys: identities of two sizes are not one matrix."""
        return f"{self.rows} x {self.columns}: {sorted(self.terms.items(), key=repr)!r}"

    @property
    def is_number(self) -> bool:
        return self.rows == UNIT == self.columns

    def constant(self) -> Fraction | None:
        """The rational number that this is, if it is one."""
        if not self.terms:
            return Fraction(0)
        if len(self.terms) == 1 and ((), ()) in self.terms and self.is_number:
            return self.terms[(), ()]
        return None


@dataclass(frozen=True, slots=True)
class Part:
    """A factor of a Kronecker product: a word with its shape (the empty word is an identity)."""

    word: Word
    rows: str
    columns: str


@dataclass(slots=True)
class Base:
    """What is known of a letter: its shape, symmetry (1, -1 or 0), its inverse's letter, the form whose inverse
    it is."""

    rows: str
    columns: str
    symmetry: int = 0
    inverse: Letter | None = None
    compound: Form | None = None
    regular: bool = False            # an inverse exists
    term: Term | None = None         # the matrix term that the letter stands for
    parts: tuple[Part, Part] | None = None        # of a Kronecker product


@dataclass(frozen=True, slots=True)
class Rule:
    lead: Word
    rest: Form


def flipped(w: Word) -> Word:
    return tuple((n, not t) for n, t in reversed(w))


class Algebra:
    """Letters, rules, and arithmetic of forms."""

    def __init__(self) -> None:
        self.bases: dict[str, Base] = {}
        self.rules: list[Rule] = []
        self.values: dict[Atom, Form] = {}        # scalar atoms with a known value
        self.reciprocals: list[Form] = []
        self.roots: list[Form] = []
        self.spectra: list[Form] = []             # of which the largest eigenvalue is an atom
        self.sizes: dict[str, Form] = {}          # size key -> the size as a number
        self.size_terms: dict[str, Term] = {}
        self.diagonals: dict[str, Form] = {}      # letters diag(u): the vector u, one word
        self.entrywise: dict[str, tuple[Form, ...]] = {}      # letters u o v of vectors: the factors, one word each
        self.steps = MAX_STEPS
        self._memo: dict[Any, Form] = {}
        self._busy: set[Any] = set()

    def tick(self, n: int = 1) -> None:
        spend(n)
        self.steps -= n
        if self.steps < 0:
            raise OverBudget(f"more than {MAX_STEPS} steps of normalisation")

    # ------------------------------------------------------------------ letters

    def shape(self, letter: Letter) -> tuple[str, str]:
        b = self.bases[letter[0]]
        return (b.columns, b.rows) if letter[1] else (b.rows, b.columns)

    def word_shape(self, w: Word, empty: str = UNIT) -> tuple[str, str]:
        return (self.shape(w[0])[0], self.shape(w[-1])[1]) if w else (empty, empty)

    def square(self, letter: Letter) -> bool:
        b = self.bases[letter[0]]
        return b.rows == b.columns

    def add_rule(self, lead: Word, rest: Form) -> None:
        """``lead -> rest`` and its transpose."""
        self.rules.append(Rule(lead, rest))
        back = flipped(lead)
        sign, back = self._signed(back)
        other = self.transpose(rest)
        turns_back = any(w == back for _, w in rest.terms)        # A B -> B A of symmetric letters: one way only
        if back != lead and not turns_back:
            self.rules.append(Rule(back, self.times(other, Fraction(sign))))
        self.rules.sort(key=lambda r: (len(r.lead), repr(r.lead)))
        self._memo.clear()

    # ------------------------------------------------------------------ Kronecker products

    def kron(self, f: Form, g: Form) -> Form:
        """Bilinear in the factors; a product of two words is a letter of its own."""
        if f.is_number or g.is_number:
            return self.scaled(f, g) if f.is_number else self.scaled(g, f)
        rows, columns = self._times_size(f.rows, g.rows), self._times_size(f.columns, g.columns)
        out = self.zero(rows, columns)
        for (s, w), c in f.terms.items():
            for (t, v), d in g.terms.items():
                self.tick()
                one = self._kron_word(Part(w, f.rows, f.columns), Part(v, g.rows, g.columns), rows, columns)
                out = self.plus(out, self.times(self._with_scalars(self.merged(s, t), one), c * d))
        return out

    def _kron_word(self, a: Part, b: Part, rows: str, columns: str) -> Form:
        if not a.word and not b.word:
            return self.identity(rows)
        return self.word(((self._kron_letter(a, b, rows, columns), False),), rows, columns)

    def _kron_letter(self, a: Part, b: Part, rows: str, columns: str) -> str:
        name = f"#kron({a.word}: {a.rows} x {a.columns}; {b.word}: {b.rows} x {b.columns})"
        if name not in self.bases:
            self.bases[name] = Base(rows, columns, parts=(a, b))
        return name

    def _times_size(self, n: str, p: str) -> str:
        if n == UNIT or p == UNIT:
            return p if n == UNIT else n
        size = mul(self.size_terms[n], self.size_terms[p])
        key = size_key(size)
        if key not in self.sizes:
            self.sizes[key] = self.scaled(self.sizes[n], self.sizes[p])
            self.size_terms[key] = size
        return key

    def _kron_flipped(self, name: str) -> tuple[int, str]:
        """The transpose of a Kronecker product: its sign (of skew letters) and letter."""
        base = self.bases[name]
        if base.parts is None:
            return 1, name
        (s, w), (t, v) = (self._signed(flipped(x.word)) for x in base.parts)
        a, b = base.parts
        return s * t, self._kron_letter(Part(w, a.columns, a.rows), Part(v, b.columns, b.rows), base.columns, base.rows)

    def _joined(self, w: Word, rows: str, columns: str) -> Form | None:
        """Neighbouring Kronecker products that fit, as one: (A (x) B)(C (x) D) = AC (x) BD."""
        for k, (one, two) in enumerate(pairwise(w)):
            left, right = self.bases[one[0]].parts, self.bases[two[0]].parts
            if left is None or right is None or any(x.columns != y.rows for x, y in zip(left, right, strict=True)):
                continue
            f, g = (self.word(x.word + y.word, x.rows, y.columns) for x, y in zip(left, right, strict=True))
            whole = self.kron(f, g)
            return self._replaced(whole, lambda v, k=k: self.word(
                w[:k] + v + w[k + 2:], rows, columns), rows, columns)
        return None

    # ------------------------------------------------------------------ arithmetic

    @staticmethod
    def number(c: Fraction | int) -> Form:
        return Form(UNIT, UNIT, {((), ()): Fraction(c)} if c else {})

    @staticmethod
    def zero(rows: str, columns: str) -> Form:
        return Form(rows, columns, {})

    def identity(self, size: str) -> Form:
        return Form(size, size, {((), ()): Fraction(1)})

    @staticmethod
    def atom(a: Atom, e: int = 1) -> Form:
        return Form(UNIT, UNIT, {(((a, e),), ()): Fraction(1)})

    def letter(self, name: str, transposed: bool = False) -> Form:
        rows, columns = self.shape((name, transposed))
        return self.word(((name, transposed),), rows, columns)

    @staticmethod
    def times(f: Form, c: Fraction) -> Form:
        return Form(f.rows, f.columns, {k: c * v for k, v in f.terms.items()} if c else {})

    def plus(self, *forms: Form) -> Form:
        first = forms[0]
        out: dict[Key, Fraction] = {}
        for f in forms:
            if (f.rows, f.columns) != (first.rows, first.columns):
                raise ValueError(f"shapes {first.rows} x {first.columns} and {f.rows} x {f.columns} do not fit")
            for k, v in f.terms.items():
                _put(out, k, v)
        self._bounded(out)
        return Form(first.rows, first.columns, out)

    def minus(self, f: Form, g: Form) -> Form:
        return self.plus(f, self.times(g, Fraction(-1)))

    def product(self, f: Form, g: Form) -> Form:
        """The matrix product; a number times a matrix is ``scaled``."""
        if f.columns != g.rows:
            raise ValueError(f"{f.rows} x {f.columns} times {g.rows} x {g.columns}")
        return self._multiplied(f, g, f.rows, g.columns)

    def scaled(self, c: Form, f: Form) -> Form:
        return self._multiplied(c, f, f.rows, f.columns)

    def _multiplied(self, f: Form, g: Form, rows: str, columns: str) -> Form:
        out: dict[Key, Fraction] = {}
        for (s, w), c in f.terms.items():
            for (t, v), d in g.terms.items():
                self.tick()
                word = self.word(w + v, rows, columns)
                for k, e in self._with_scalars(self.merged(s, t), word).terms.items():
                    _put(out, k, c * d * e)
            self._bounded(out)
        return Form(rows, columns, out)

    def _with_scalars(self, scalars: Form, word: Form) -> Form:
        """A number times a form whose words are normal."""
        if scalars.constant() == 1:
            return word
        out: dict[Key, Fraction] = {}
        for (s, _), c in scalars.terms.items():
            for (t, w), d in word.terms.items():
                self.tick()
                for (u, _), e in self.merged(s, t).terms.items():
                    _put(out, (u, w), c * d * e)
        self._bounded(out)
        return Form(word.rows, word.columns, out)

    @staticmethod
    def _bounded(out: dict[Key, Fraction]) -> None:
        if len(out) > MAX_TERMS:
            raise OverBudget(f"more than {MAX_TERMS} terms")

    def transpose(self, f: Form) -> Form:
        out: dict[Key, Fraction] = {}
        for (s, w), c in f.terms.items():
            word = self.word(flipped(w), f.columns, f.rows)
            for (t, v), d in word.terms.items():
                for (u, _), e in self.merged(s, t).terms.items():
                    _put(out, (u, v), c * d * e)
        return Form(f.columns, f.rows, out)

    def power(self, f: Form, k: int) -> Form:
        """A number to an integer power."""
        if k < 0:
            return self.power(self.reciprocal(f), -k)
        out = self.number(1)
        for _ in range(k):
            out = self.scaled(f, out)
        return out

    # ------------------------------------------------------------------ scalars

    def merged(self, s: Scalars, t: Scalars) -> Form:
        """The product of two monomials of scalars: exponents add; even powers of a root, values that are known."""
        if not s or not t:
            return Form(UNIT, UNIT, {(s or t, ()): Fraction(1)})
        exponents = dict(s)
        for a, e in t:
            exponents[a] = exponents.get(a, 0) + e
        return self.monomial(exponents)

    def monomial(self, exponents: dict[Atom, int]) -> Form:
        kept: dict[Atom, int] = {}
        factors: list[Form] = []
        for a, e in exponents.items():
            if e == 0:
                continue
            if a[0] == "root" and e not in (0, 1):
                factors.append(self.power(self.roots[a[1]], e // 2))
                e %= 2
            elif a[0] == "det" and len(a) > 2 and a[2] == "orthogonal":
                e %= 2
            elif a[0] == "inv" and e < 0:
                factors.append(self.power(self.reciprocals[a[1]], -e))
                e = 0
            elif a in self.values:
                factors.append(self.power(self.values[a], e))
                e = 0
            if e:
                kept[a] = e
        out = Form(UNIT, UNIT, {(tuple(sorted(kept.items(), key=repr)), ()): Fraction(1)})
        for f in factors:
            out = self.scaled(f, out)
        return out

    def reciprocal(self, f: Form) -> Form:
        """1/f of a number that is not 0 (definedness says so)."""
        if not f.terms:
            raise ZeroDivisionError("the reciprocal of 0")
        if len(f.terms) == 1:
            ((s, _), c), = f.terms.items()
            return self.times(self.monomial({a: -e for a, e in s}), 1 / c)
        (_, lead) = min(f.terms.items(), key=lambda kv: repr(kv[0]))
        monic = self.times(f, 1 / lead)
        k = _place(monic, self.reciprocals)
        return self.times(self.atom(("inv", k)), 1 / lead)

    def largest(self, f: Form) -> Form:
        """The largest eigenvalue of a symmetric matrix; of a number, the number; of c N + q I with a rational c > 0, c
        times that of N, plus q."""
        if f.is_number:
            return f
        shift = Form(UNIT, UNIT, {k: c for k, c in f.terms.items() if not k[1]})
        rest = {k: c for k, c in f.terms.items() if k[1]}
        if not rest:
            return shift
        (_, lead) = min(rest.items(), key=lambda kv: repr(kv[0]))
        monic = Form(f.rows, f.columns, {k: c / abs(lead) for k, c in rest.items()})
        return self.plus(self.times(self.atom(("maxeig", _place(monic, self.spectra))), abs(lead)), shift)

    def root(self, f: Form) -> Form:
        """The principal square root; its square is f."""
        c = f.constant()
        if c is not None and c >= 0:
            for part in (Fraction(0), Fraction(1)):
                if c == part:
                    return self.number(c)
        k = _place(f, self.roots)
        return self.atom(("root", k))

    # ------------------------------------------------------------------ words

    def _signed(self, w: Word) -> tuple[int, Word]:
        """Transposes of symmetric and skew letters taken off."""
        sign, out = 1, []
        for name, t in w:
            if t and self.bases[name].parts is not None:
                more, name = self._kron_flipped(name)
                sign, t = sign * more, False
            symmetry = self.bases[name].symmetry if t else 0
            if symmetry:
                sign, t = sign * symmetry, False
            out.append((name, t))
        return sign, tuple(out)

    def word(self, w: Word, rows: str, columns: str) -> Form:
        """The normal form of a word."""
        memo = ("w", w, rows, columns)
        if memo in self._memo:
            return self._memo[memo]
        self.tick()
        sign, w2 = self._signed(w)
        pieces = self._pieces(w2, rows, columns)
        main: list[Letter] = []
        scalars: list[Form] = []
        for piece, is_scalar in pieces:
            if is_scalar:
                scalars.append(self.scalar_word(piece))
            else:
                main.extend(piece)
        out = self._reduced(tuple(main), rows, columns)
        for s in scalars:
            out = self._with_scalars(s, out)
        out = self.times(out, Fraction(sign))
        self._memo[memo] = out
        return out

    def _pieces(self, w: Word, rows: str, columns: str) -> Iterator[tuple[Word, bool]]:
        """The word cut where it passes a dimension 1, and whether a piece is a number."""
        start, begins = 0, rows == UNIT
        for k, letter in enumerate(w):
            last = k == len(w) - 1
            ends = columns == UNIT if last else self.shape(letter)[1] == UNIT
            if ends or last:
                yield w[start:k + 1], begins and ends
                start, begins = k + 1, ends

    def _diagonal_times(self, w: Word) -> Word | None:
        """diag(u) v = u o v, entry by entry, and v^T diag(u) = (u o v)^T."""
        for k, (one, two) in enumerate(pairwise(w)):
            if one[0] in self.diagonals and self.shape(two)[1] == UNIT:
                return (*w[:k], (self._hadamard_letter(self.diagonals[one[0]], two), False), *w[k + 2:])
            if two[0] in self.diagonals and self.shape(one)[0] == UNIT:
                return (*w[:k], (self._hadamard_letter(self.diagonals[two[0]], flipped((one,))[0]), True), *w[k + 2:])
        return None

    def _hadamard_letter(self, u: Form, v: Letter) -> str:
        rows, columns = self.shape(v)
        return self.hadamard_letter((u, Form(rows, columns, {((), (v,)): Fraction(1)})))

    def hadamard_letter(self, factors: Iterable[Form]) -> str:
        """The letter u o v o ... of vectors, each of one word."""
        parts: list[Form] = []
        for f in factors:
            ((_, w),) = f.terms
            known = self.entrywise.get(w[0][0]) if len(w) == 1 and not w[0][1] else None
            parts += known or (f,)
        parts.sort(key=lambda f: f.key)
        name = f"#hadamard({'; '.join(f.key for f in parts)})"
        if name not in self.bases:
            terms = [self._term(w) for f in parts for _, w in f.terms]
            whole = App("hadamard", tuple(t for t in terms if t is not None)) if None not in terms else None
            self.bases[name] = Base(parts[0].rows, parts[0].columns, term=whole)
            self.entrywise[name] = tuple(parts)
        return name

    def _term(self, w: Word) -> Term | None:
        """The matrix term of a word, where every letter stands for one."""
        parts = []
        for name, transposed in w:
            t = self.bases[name].term
            if t is None:
                return None
            parts.append(App("transpose", (t,)) if transposed else t)
        return parts[0] if len(parts) == 1 else App("matmul", tuple(parts)) if parts else None

    def _match(self, w: Word) -> tuple[int, Rule] | None:
        for rule in self.rules:
            n = len(rule.lead)
            for p in range(len(w) - n + 1):
                if w[p:p + n] == rule.lead:
                    return p, rule
        return None

    def _reduced(self, w: Word, rows: str, columns: str) -> Form:
        joined = self._joined(w, rows, columns)
        if joined is not None:
            return joined
        found = self._match(w)
        if found is None and (product := self._diagonal_times(w)) is not None:
            return self.word(product, rows, columns)
        if found is None:
            return Form(rows, columns, {((), w): Fraction(1)})
        p, rule = found
        return self._replaced(rule.rest, lambda v: self.word(w[:p] + v + w[p + len(rule.lead):], rows, columns),
                              rows, columns)

    def _replaced(self, rest: Form, place: Any, rows: str, columns: str) -> Form:
        out: dict[Key, Fraction] = {}
        for (s, v), c in rest.terms.items():
            self.tick()
            whole: Form = place(v)
            for k, d in self._with_scalars(Form(UNIT, UNIT, {(s, ()): Fraction(1)}), whole).terms.items():
                _put(out, k, c * d)
        self._bounded(out)
        return Form(rows, columns, out)

    def scalar_word(self, w: Word) -> Form:
        """A 1 x 1 word as a number."""
        if not w:
            return self.number(1)
        memo = ("q", w)
        if memo in self._memo:
            return self._memo[memo]
        self.tick()
        found = self._match(w)
        joined = self._joined(w, UNIT, UNIT)
        if joined is not None:
            out = joined
        elif found is not None:
            p, rule = found
            out = self._replaced(rule.rest, lambda v: self.word(w[:p] + v + w[p + len(rule.lead):], UNIT, UNIT),
                                 UNIT, UNIT)
        else:
            sign, back = self._signed(flipped(w))
            if back == w and sign < 0:
                out = self.number(0)
            else:
                best = min(w, back)
                out = self.times(self.monomial({("q", best): 1}), Fraction(sign if best != w else 1))
        self._memo[memo] = out
        return out

    def trace(self, f: Form) -> Form:
        out = [self.number(0)]
        for (s, w), c in f.terms.items():
            one = self._with_scalars(Form(UNIT, UNIT, {(s, ()): Fraction(1)}), self.trace_word(w, f.rows))
            out.append(self.times(one, c))
        return self.plus(*out)

    def trace_word(self, w: Word, size: str) -> Form:
        if not w:
            return self.sizes[size]
        memo = ("t", w)
        if memo in self._memo:
            return self._memo[memo]
        self.tick(len(w))
        sign, plain = self._signed(w)
        out = self.times(self._trace_of(plain), Fraction(sign))
        self._memo[memo] = out
        return out

    def _trace_of(self, w: Word) -> Form:
        rotations = [w[k:] + w[:k] for k in range(len(w))]
        for r in rotations:
            if self.shape(r[0])[0] == UNIT:         # a number: the trace of a 1 x 1 word
                return self.word(r, UNIT, UNIT)
            n = self.shape(r[0])[0]
            if (joined := self._joined(r, n, n)) is not None:
                return self.trace(joined)
            parts = self.bases[r[0][0]].parts
            if len(r) == 1 and parts is not None and all(x.rows == x.columns for x in parts):
                one, two = (self.trace_word(x.word, x.rows) for x in parts)
                return self.scaled(one, two)
            found = self._match(r)
            if found is not None:
                return self._trace_by(found[1], r[:found[0]], r[found[0] + len(found[1].lead):], self.shape(r[0])[0])
        back_sign, back = self._signed(flipped(w))
        best, other = min(rotations), min(back[k:] + back[:k] for k in range(len(back)))
        if best == other and back_sign < 0:
            return self.number(0)
        first = min(best, other)
        return self.times(self.monomial({("tr", first): 1}), Fraction(1 if first == best else back_sign))

    def _trace_by(self, rule: Rule, before: Word, after: Word, n: str) -> Form:
        return self.trace(self._replaced(rule.rest, lambda v: self.word(before + v + after, n, n), n, n))

    # ------------------------------------------------------------------ again, with new rules

    def again(self, f: Form) -> Form:
        """The form anew: rules or values may have come since."""
        out: list[Form] = [self.zero(f.rows, f.columns)]
        for (s, w), c in f.terms.items():
            number = self.number(c)
            for a, e in s:
                number = self.scaled(self.power(self.renewed(a), e), number)
            out.append(self._with_scalars(number, self.word(w, f.rows, f.columns)))
        return self.plus(*out)

    def renewed(self, a: Atom) -> Form:
        match a:
            case ("q", w):
                return self.word(w, UNIT, UNIT)
            case ("tr", w):
                return self.trace_word(w, self.shape(w[0])[0])
            case ("inv", k):
                f = self.reciprocals[k]
                if ("inv", k) in self._busy:
                    return self.atom(a)
                self._busy.add(("inv", k))
                try:
                    new = self.again(f)
                finally:
                    self._busy.discard(("inv", k))
                return self.atom(a) if new.terms == f.terms else self.reciprocal(new)
            case ("maxeig", int(k)) if a not in self._busy:
                self._busy.add(a)
                try:
                    return self.largest(self.again(self.spectra[k]))
                finally:
                    self._busy.discard(a)
            case ("root", int(k)) if a not in self._busy:
                self._busy.add(a)
                try:
                    inside = self.again(self.roots[k])
                finally:
                    self._busy.discard(a)
                return self.atom(a) if inside.terms == self.roots[k].terms else self.split_root(inside)
            case _:
                return self.monomial({a: 1})

    def split_root(self, f: Form) -> Form:
        return self.root(f)


def _place(f: Form, among: list[Form]) -> int:
    for k, known in enumerate(among):
        if known.terms == f.terms:
            return k
    among.append(f)
    return len(among) - 1


def _put(out: dict[Key, Fraction], k: Key, v: Fraction) -> None:
    total = out.get(k, Fraction(0)) + v
    if total:
        out[k] = total
    else:
        out.pop(k, None)


def show_word(w: Iterable[Letter]) -> str:
    return " ".join(f"{n}^T" if t else n for n, t in w) or "I"


def show_form(f: Form) -> str:
    """For messages."""
    def one(k: Key, c: Fraction) -> str:
        parts = [f"{a}^{e}" if e != 1 else f"{a}" for a, e in k[0]]
        return " ".join([str(c), *parts, show_word(k[1])])

    return " + ".join(one(k, c) for k, c in f.terms.items()) or "0"


def size_of(t: Term) -> str:
    return size_key(t)


__all__ = ["UNIT", "Algebra", "Atom", "Base", "Form", "Key", "Letter", "OverBudget", "Part", "Rule", "Word", "flipped",
           "show_form", "show_word", "size_of"]
