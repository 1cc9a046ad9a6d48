"""Signs that a form shows: palindromes w^T M w with M positive semidefinite, and sums of them."""

from __future__ import annotations

from fractions import Fraction

from .kinds import entry_kind, is_real, visibly_nonnegative
from .term import Var
from .word_reading import Reader
from .words import UNIT, Atom, Form, Letter, Word, flipped

_DEPTH = 6


class Signs:
    """``+`` (positive, positive definite), ``0+`` (nonnegative, positive semidefinite) or None."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.depth = reader, 0

    def number(self, f: Form) -> str | None:
        """A number all of whose terms are nonnegative."""
        if self.depth >= _DEPTH:
            return None
        self.depth += 1
        try:
            if not f.terms:
                return "0+"
            found = [self._scalars(s, c) for (s, _), c in f.terms.items()]
        finally:
            self.depth -= 1
        return None if None in found else "+" if "+" in found else "0+"

    def matrix(self, f: Form) -> str | None:
        """A symmetric matrix all of whose terms are ``c w^T M w`` with c >= 0 and M positive semidefinite;
        positive definite if one of them has c > 0, M positive definite and w made of matrices of full column rank
        (square ones with inverses among them)."""
        if f.is_number:
            return self.number(f)
        if self.depth >= _DEPTH or f.rows != f.columns or self.reader.transpose(f).terms != f.terms:
            return None
        self.depth += 1
        try:
            found = []
            for (s, w), c in f.terms.items():
                weight, whole = self._scalars(s, c), self.palindrome(w)
                if weight is None or whole is None:
                    return None
                found.append("+" if weight == whole == "+" else "0+")
        finally:
            self.depth -= 1
        return "+" if "+" in found else "0+"

    def palindrome(self, w: Word) -> str | None:
        """w = v^T M v: semidefinite; definite if M is, and v a product of matrices of full column rank."""
        if not all(self.real_letter(x[0]) for x in w):
            return None
        n = len(w) // 2
        _, back = self.reader._signed(flipped(w[len(w) - n:]))
        if back != w[:n] or self.reader._signed(flipped(w[len(w) - n:]))[0] < 0:
            return None
        middle = self.letter(w[n]) if len(w) % 2 else "+"
        if middle is None:
            return None
        injective = all(self.injective(x) for x in w[len(w) - n:])
        return "+" if injective and middle == "+" else "0+"

    def letter(self, x: Letter) -> str | None:
        """The sign of a letter as a matrix."""
        r, (name, _) = self.reader, x
        base = r.bases[name]
        if name in r.pd:
            return "+"
        if name in r.psd:
            return "0+"
        if base.parts is not None:          # of two semidefinite matrices; of two definite ones definite
            found = [self.palindrome(p.word) if p.word else "+" for p in base.parts]
            if None in found or any(p.rows != p.columns for p in base.parts):
                return None
            return "+" if all(f == "+" for f in found) else "0+"
        if base.rows != base.columns:
            return None
        if base.compound is not None and base.symmetry == 1:        # a semidefinite matrix that has an inverse is
            return None if self.matrix(base.compound) is None else "+"        # definite, and so is the inverse
        if base.symmetry == 1:
            square = r.word(((name, False), (name, False)), base.rows, base.rows)
            if square.terms == r.letter(name).terms:                # P = P^T P
                return "0+"
        return None

    def real_letter(self, name: str) -> bool:
        """Whether the letter's entries are certainly real."""
        base = self.reader.bases[name]
        if base.term is not None:
            return entry_kind(base.term, self.reader.sorts) in ("integer", "rational", "real")
        if base.compound is not None:
            return self.real_form(base.compound)
        if base.parts is not None:
            return all(self.real_letter(x) for p in base.parts for x, _ in p.word)
        return False

    def real_form(self, f: Form) -> bool:
        return all(self.real_letter(x) for _, w in f.terms for x, _ in w) and all(
            self.real(a) or self.atom(a) is not None for s, _ in f.terms for a, _ in s)

    def regular(self, x: Letter) -> bool:
        """Whether the letter has an inverse."""
        base = self.reader.bases[x[0]]
        return base.regular or x[0] in self.reader.pd or self.reader._orthogonal(x[0])

    def injective(self, x: Letter) -> bool:
        """Whether the letter has full column rank."""
        return x in self.reader.injective or self.reader.square(x) and self.regular(x)

    def _scalars(self, s: tuple[tuple[Atom, int], ...], c: Fraction) -> str | None:
        if c < 0:
            return None
        found = "+"
        for a, e in s:
            one = self.atom(a)
            if one == "+":
                continue
            if e % 2 == 0 and (one is not None or self.real(a)):
                found = "0+"
            elif one == "0+":
                found = "0+"
            else:
                return None
        return found

    def real(self, a: Atom) -> bool:
        """Values of real matrices are real."""
        match a:
            case ("v", str(name)):
                return is_real(Var(name), self.reader.sorts)
            case ("q" | "tr", w):
                return all(self.real_letter(x) for x, _ in w)
            case ("maxeig", int(k)):
                return self.real_form(self.reader.spectra[k])
            case ("det", str(name), *_) if name in self.reader.bases:
                return self.real_letter(name)
            case _:
                return False

    def atom(self, a: Atom) -> str | None:
        r = self.reader
        match a:
            case ("v", str(name)):
                return "+" if name in r.positive else "0+" if name in r.nonnegative else None
            case ("q", w):
                return self.palindrome(w)
            case ("tr", w):
                rotations = (w[k:] + w[:k] for k in range(len(w)))
                found = [self.palindrome(v) for v in rotations]
                rows = [r.size_terms[r.shape(x)[0]] for x, one in zip(w, found, strict=True) if one == "+"]
                if any(r.at_least(n, 1) for n in rows):          # without rows the trace is 0
                    return "+"
                return "0+" if "+" in found or "0+" in found else None
            case ("maxeig", int(k)):
                return self.matrix(r.spectra[k])
            case ("inv", k):
                return "+" if self.number(r.reciprocals[k]) == "+" else None
            case ("root", int(k)):
                written = r.root_terms.get(k)
                seen = written is not None and visibly_nonnegative(written, r.sorts)
                return self.number(r.roots[k]) or ("0+" if seen else None)
            case _:
                return "+" if r.positive_atom(a) else None


__all__ = ["UNIT", "Signs"]
