"""Forms of words back to terms."""

from __future__ import annotations

from fractions import Fraction

from ..kernel.matrix_terms import Term
from ..kernel.term import ONE, App, Num, Var, add, app, mul, num
from ..kernel.word_reading import Reader
from ..kernel.words import Atom, Form, Letter, Word


class NoTerm(Exception):
    """A letter or number that came from no term."""


def letter(r: Reader, x: Letter) -> Term:
    name, transposed = x
    base = r.bases[name]
    if base.term is not None:
        t = base.term
    elif base.compound is not None:
        t = app("inverse", matrix(r, base.compound))
    elif base.parts is not None:
        one, two = (word(r, p.word, p.rows) for p in base.parts)
        t = app("kron", one, two)
    else:
        raise NoTerm(name)
    return app("transpose", t) if transposed else t


def word(r: Reader, w: Word, rows: str) -> Term:
    if not w:
        return app("identity", r.size_terms[rows])
    parts = [letter(r, x) for x in w]
    return parts[0] if len(parts) == 1 else App("matmul", tuple(parts))


def atom(r: Reader, a: Atom) -> Term:
    match a:
        case ("v", str(name)):
            return Var(name)
        case ("prime", int(p)):
            return num(p)
        case ("constant", str(name)):
            return App(name, ())
        case ("q", w):
            return word(r, w, "")
        case ("tr", w):
            return app("trace", word(r, w, r.shape(w[0])[0]))
        case ("inv", int(k)):
            return app("div", ONE, number(r, r.reciprocals[k]))
        case ("maxeig", int(k)):
            return app("maxeig", r.spectrum_terms[k] if k in r.spectrum_terms else matrix(r, r.spectra[k]))
        case ("root", int(k)):
            return app("sqrt", r.root_terms[k] if k in r.root_terms else number(r, r.roots[k]))
        case _:
            raise NoTerm(str(a))


def scalars(r: Reader, s: tuple[tuple[Atom, int], ...], c: Fraction) -> Term:
    above, below = [], []
    for a, e in s:
        t = atom(r, a)
        power = t if abs(e) == 1 else app("pow", t, num(abs(e)))
        (above if e > 0 else below).append(power)
    top = mul(*([Num(c)] if c != 1 or not above else []), *above)
    return app("div", top, mul(*below)) if below else top


def number(r: Reader, f: Form) -> Term:
    return add(*(scalars(r, s, c) for (s, _), c in f.terms.items()))


def matrix(r: Reader, f: Form) -> Term:
    parts = []
    for (s, w), c in f.terms.items():
        one = word(r, w, f.rows)
        weight = scalars(r, s, c)
        parts.append(one if weight == ONE else app("scale", weight, one))
    if not parts:
        return app("zeros", r.size_terms[f.rows], r.size_terms[f.columns])
    return parts[0] if len(parts) == 1 else App("matadd", tuple(parts))


__all__ = ["NoTerm", "atom", "letter", "matrix", "number", "scalars", "word"]
