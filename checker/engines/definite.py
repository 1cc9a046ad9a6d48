"""Definite matrices and inequalities between numbers made of matrices.

First the signs that the form shows (palindromes); then M = M^T M (projections); then a sum of squares whose
factors are combinations of halves of the words (Powers and Woermann's Gram matrix, J. Pure Appl. Algebra 127
(1998) 99-104, here of noncommutative words): the equations for the Gram matrix are solved over Q, what stays
free is tried at small numbers, and L D L^T gives the squares.
Class decided: M = sum c Z^T A Z with c a monomial of known sign, A a semidefinite letter or I, Z a rational
combination of halves; for products of two inner products Z is a combination of Kronecker products.
Cannot do: coefficients that are no rational numbers; more than three free parameters.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.evidence import Reject
from ..kernel.matrix_terms import IllTyped, NoEntries, about_matrices, is_one, shape
from ..kernel.prove import introduce
from ..kernel.rule_entries import expanded
from ..kernel.rule_matrix_form import MatrixForm
from ..kernel.rule_semidefinite import factored, forms, weights
from ..kernel.term import (
    ONE, TRUE, ZERO, App, Bind, Index, Map, Num, Term, Var, add, app, free_names, mul, num, sub, substitute, subterms,
    to_json,
)
from ..kernel.word_reading import Reader
from ..kernel.word_signs import Signs
from ..kernel.words import UNIT, Atom, Form, Key, Letter, OverBudget, Part, Word, flipped
from . import word_terms
from .gram import ldl
from .matrices import has_known_entries

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
_UNREADABLE = (Reject, OverBudget, IllTyped, ZeroDivisionError, ValueError, KeyError, word_terms.NoTerm)
MAX_HALVES, MAX_UNKNOWNS, MAX_FREE = 7, 40, 3
_TRIED = tuple(Fraction(x) for x in (0, 1, -1, "1/2", 2, "-1/2"))


def proofs(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not isinstance(goal, App) or not (about_matrices(goal) or has_known_entries(s) or any(
            isinstance(u, Bind) and u.head == "sum" and not u.outer for u in subterms(goal))):
        return
    match goal:
        case App("psd" | "pd", (m,)):
            if goal.head == "psd" and app("pd", m) in s.assumptions:
                yield {"rule": "semidefinite", "proof": {"rule": "assumption"}}
            yield {"rule": "definite"}
            if goal.head == "psd":
                if (c := _itself(search, s, m)) is not None:
                    yield c
            yield from _assumed(s, search)
            yield from by_squares(s, search)
            yield from _weighted(s, search)
            yield from _by_congruence(s, search)
            yield from _by_forms(s, search)
            yield from _by_roots(s, search)
        case App("invertible", _) | App("!=", (App("det", _), Num(0)) | (Num(0), App("det", _))):
            yield {"rule": "invertible"}
        case App(">=" | ">" | "<=" | "<", _):
            yield {"rule": "definite"}
            yield from by_squares(s, search)
            if goal.head in (">=", "<=") and (c := isolated(s, search)) is not None:
                yield c
            yield from _instances(s, search)
            yield from _by_roots(s, search)


def _by_forms(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """v^T M v >= 0 for all v, where M is no word: sums of outer products with weights, Hessians."""
    try:
        symmetric, sign = forms(s)
    except (Reject, IllTyped):
        return
    if (one := search.prove(s.with_goal(symmetric))) is not None and (
            two := search.prove(introduce(s, sign)[0])) is not None:
        yield {"rule": "forms", "symmetric": one, "form": two}


def _instances(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """What is assumed of every vector, at the vectors of the goal."""
    for k, a in enumerate(s.assumptions):
        match a:
            case Bind("forall", (x,), (Map((Index(),), _) as sort,)):
                for v in sorted(v for v in free_names(s.goal) if s.declarations.get(v) == sort)[:2]:
                    body = substitute(a.inner[1], {x: Var(v)})
                    if body not in s.assumptions and (proof := search.prove(s.assuming(body))) is not None:
                        yield {"rule": "instance", "assumption": k, "terms": {x: to_json(Var(v))}, "proof": proof}


def _weighted(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """sum_r w_r X_r X_r^T = X^T diag(w) X with nonnegative weights; a diagonal matrix by its entries."""
    if not isinstance(s.goal, App):
        return
    head, (m,) = s.goal.head, s.goal.args
    opened = m
    if isinstance(m, Bind) and m.head == "lambda" and len(m.names) == 2:
        try:
            inside = s.declaring(dict(zip(m.names, m.sorts, strict=True)))
            opened = Bind("lambda", m.names, m.sorts, (), (expanded(m.inner[0], inside),))
        except (NoEntries, IllTyped):
            return
    match opened:
        case App("diag", (w,)):
            if (c := search.prove(s.with_goal(weights(w, head, s)))) is not None:
                yield {"rule": "diagonal", "proof": c}
        case Bind("lambda", (i, j), _, (), (body,)) if head == "psd" and (found := _outer(body, i, j)) is not None:
            family, w = found
            middle = app("diag", w)
            equal = app("mat=", m, App("matadd", (app("scale", ONE, app(
                "matmul", app("transpose", family), middle, family)),)))
            proof: Certificate = {"rule": "matrix-form"}
            if search.accepted(s.with_goal(equal), proof) is None:
                return
            for c in _weighted(s.with_goal(app("psd", middle)), search):
                yield {"rule": "squares", "squares": [{
                    "factor": to_json(family), "middle": to_json(middle), "definite": c}], "equal": proof}


def _outer(body: Term, i: str, j: str) -> tuple[Term, Term] | None:
    """``sum_r w_r X_ri X_rj`` as X and the vector w."""
    outside: list[Term] = []
    while isinstance(body, App) and body.head == "mul":
        sums = [k for k, a in enumerate(body.args) if isinstance(a, Bind) and a.head == "sum"]
        if len(sums) != 1:
            return None
        outside += [a for k, a in enumerate(body.args) if k != sums[0]]
        body = body.args[sums[0]]
    match body:
        case Bind("sum", (r,), (Index() as sort,), (), (guard, inner)) if guard == TRUE:
            pass
        case _:
            return None
    parts = _flat(inner)
    ends = {name: [p for p in parts if isinstance(p, App) and p.head == "at" and isinstance(p.args[0], Var)
                   and p.args[1:] == (Var(r), Var(name))] for name in (i, j)}
    if any(len(e) != 1 for e in ends.values()) or ends[i][0].args[0] != ends[j][0].args[0]:
        return None
    rest = [*outside, *(p for p in parts if p not in (ends[i][0], ends[j][0]))]
    if any({i, j} & free_names(p) for p in rest):
        return None
    return ends[i][0].args[0], Bind("lambda", (r,), (sort,), (), (mul(*rest) if rest else ONE,))


def _flat(t: Term) -> list[Term]:
    match t:
        case App("mul", args):
            return [p for a in args for p in _flat(a)]
        case App("div", (a, b)):
            return [*_flat(a), app("div", ONE, b)]
        case _:
            return [t]


def _by_congruence(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """Multiplied from both sides by what is inverted: A^-1 - (A + B)^-1 becomes B + B A^-1 B."""
    goal = s.goal
    if not isinstance(goal, App):
        return
    try:
        work = MatrixForm(s, {})
        r = work.reader
        r.matrix(goal.args[0])
        by = [word_terms.matrix(r, b.compound) for b in r.bases.values() if b.compound is not None][:2]
    except _UNREADABLE:
        return
    for n in by:
        try:
            again = MatrixForm(s, {})
            f = again.reader.matrix(app("matmul", app("transpose", n), goal.args[0], n))
            again.prepare()
            new = word_terms.matrix(again.reader, again.reader.again(f))
        except _UNREADABLE:
            continue
        regular, equal = search.prove(s.with_goal(app("invertible", n))), {"rule": "matrix-form"}
        if regular is None or search.accepted(s.with_goal(app("mat=", app(
                "matmul", app("transpose", n), goal.args[0], n), new)), equal) is None:
            continue
        if (proof := search.prove(s.with_goal(app(goal.head, new)))) is not None:
            yield {"rule": "congruence", "by": to_json(n), "new": to_json(new), "regular": regular, "equal": equal,
                   "proof": proof}


def _by_roots(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """A semidefinite matrix is R^T R: a trace of it is one of a palindrome, and of A <= B one matrix is eliminated."""
    heads = {u.head for u in subterms(s.goal) if isinstance(u, App)}
    if heads & {"det", "log"}:
        return          # no palindromes
    traces = "trace" in heads
    known = [(k, a) for k, a in enumerate(s.assumptions) if isinstance(a, App) and a.head in ("psd", "pd")
             and free_names(a) & free_names(s.goal) and (traces or not isinstance(a.args[0], Var))]
    for k, _ in sorted(known, key=lambda one: isinstance(one[1].args[0], Var)):       # Loewner's order first
        try:
            inner, _ = factored(s, k)
        except Reject:
            continue
        if (proof := search.prove(inner)) is not None:
            yield {"rule": "root", "assumption": k, "proof": proof}


def _assumed(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """A sum of matrices that are assumed to be semidefinite: Loewner's order is transitive."""
    goal = s.goal
    known = [a for a in s.assumptions if isinstance(a, App) and a.head in ("psd", "pd")
             and not isinstance(a.args[0], Var)]
    if not isinstance(goal, App) or goal.head != "psd" or not known:
        return
    n = shape(goal.args[0], s.declarations)[0]
    one = app("identity", n)
    for some in itertools.chain(*(itertools.combinations(known[:4], k) for k in (1, 2))):
        parts = [app("scale", ONE, app("matmul", app("transpose", one), a.args[0], one)) for a in some]
        equal = app("mat=", goal.args[0], App("matadd", tuple(parts)))
        proof = {"rule": "matrix-form"}
        if search.accepted(s.with_goal(equal), proof) is None:
            continue
        squares = []
        for a in some:
            shown: Certificate = {"rule": "assumption"}
            if a.head == "pd":
                shown = {"rule": "semidefinite", "proof": shown}
            squares.append({"factor": to_json(one), "middle": to_json(a.args[0]), "definite": shown})
        yield {"rule": "squares", "squares": squares, "equal": proof}


def isolated(s: Sequent, search: Searcher) -> Certificate | None:
    """Roots with a positive sign on one side, the rest on the other: square both."""
    goal = s.goal
    if not isinstance(goal, App):
        return None
    low, high = goal.args if goal.head == "<=" else goal.args[::-1]
    try:
        work = MatrixForm(s, {})
        f = work.reader.scalar(sub(high, low))
        work.prepare()
        f = work.reader.again(f)
        r = work.reader
        above = {k: c for k, c in f.terms.items() if c > 0 and any(a[0] == "root" and e > 0 for a, e in k[0])}
        if not above:
            return None
        rest = {k: -c for k, c in f.terms.items() if k not in above}
        d = word_terms.number(r, Form(UNIT, UNIT, above))
        c = word_terms.number(r, Form(UNIT, UNIT, rest))
    except _UNREADABLE:
        return None
    nonnegative, equal = {"rule": "definite"}, {"rule": "matrix-form"}
    squared = s.with_goal(app("<=", app("pow", c, num(2)), app("pow", d, num(2))))
    if search.accepted(s.with_goal(app(">=", d, ZERO)), nonnegative) is None or search.accepted(
            s.with_goal(app("=", sub(high, low), sub(d, c))), equal) is None:
        return None
    proof = search.prove(squared)
    if proof is None:
        return None
    return {"rule": "isolated", "low": to_json(c), "high": to_json(d), "equal": equal, "nonnegative": nonnegative,
            "squared": proof}


def _itself(search: Searcher, s: Sequent, m: Term) -> Certificate | None:
    """M = M^T M."""
    whole = app("matadd", app("scale", ONE, app("matmul", app("transpose", m), m)))
    proof = {"rule": "matrix-form"}
    if search.accepted(s.with_goal(app("mat=", m, whole)), proof) is None:
        return None
    return {"rule": "squares", "squares": [{"factor": to_json(m)}], "equal": proof}


# ------------------------------------------------------------------ Gram matrices


@dataclass
class Group:
    """Squares of one weight and one middle: ``weight * Z^T middle Z``."""

    scalars: tuple[tuple[Atom, int], ...]
    middle: Letter | None
    halves: list[Form]


def by_squares(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    try:
        yield from _Squares(s, search).certificates()
    except _UNREADABLE:
        return


class _Squares:
    def __init__(self, s: Sequent, search: Searcher) -> None:
        self.s, self.search = s, search
        self.goal = goal = s.goal if isinstance(s.goal, App) else app("true")
        self.strict = goal.head in ("pd", ">", "<")
        self.numbers = goal.head not in ("psd", "pd")
        match goal:
            case App("psd" | "pd", (m,)):
                target = m
            case App(">=" | ">", (a, b)):
                target = sub(a, b)
            case App(_, (a, b)):
                target = sub(b, a)
            case _:
                raise ValueError("no order")
        work = MatrixForm(s, {})
        self.r: Reader = work.reader
        f = self.r.scalar(target) if self.numbers else self.r.matrix(target)
        work.prepare()
        self.target = self.r.again(f)
        self.signs = Signs(self.r)

    def certificates(self) -> Iterator[Certificate]:
        if not self.r.all_real or not self.target.terms or len(self.target.terms) > 40:
            return
        if any(a[0] in ("inv", "fn", "opaque") and e > 0 for (t, _) in self.target.terms for a, e in t if a[0] == "fn"):
            return
        for groups in self.groupings():
            found = self.solve(groups)
            if found is not None and (c := self.certificate(groups, found)) is not None:
                yield c

    # ------------------------------------------------------------------ halves

    def groupings(self) -> Iterator[list[Group]]:
        by: dict[tuple[Any, Letter | None], dict[str, Form]] = {}
        weights: dict[Any, set[Word]] = {}
        products: list[tuple[Any, Word, Word]] = []
        for (scalars, w) in self.target.terms:
            if not self.numbers:
                weights.setdefault(scalars, set()).add(w)
                continue
            inner = [(a, e) for a, e in scalars if a[0] in ("q", "tr")]
            rest = tuple((a, e) for a, e in scalars if a[0] not in ("q", "tr"))
            if len(inner) == 1 and inner[0][1] == 1:
                a = inner[0][0]
                words = [a[1]] if a[0] == "q" else [a[1][k:] + a[1][:k] for k in range(len(a[1]))]
                weights.setdefault(rest, set()).update(words)
            elif sum(e for _, e in inner) == 2 and all(e > 0 for _, e in inner):
                one, two = [a for a, e in inner for _ in range(e)]
                products.append((rest, one[1], two[1]))
            elif not inner:
                continue
            else:
                return
        for rest, words in weights.items():
            for w in sorted(words, key=len):
                for half, middle in self._splits(w):
                    group = by.setdefault((rest, middle), {})
                    if len(group) < MAX_HALVES:
                        group.setdefault(half.key, half)
        for rest in list(weights):            # c h beside h: what a number multiplies may be half of a square
            if rest and all(a[0] == "v" and e == 1 for a, e in rest):
                number = self.r.monomial(dict(rest))
                for w in sorted(weights[rest], key=len):
                    for half, _ in self._splits(w):
                        weighted = self.r.scaled(number, half)
                        for (other, middle), halves in list(by.items()):
                            fits = middle is None or half.rows == self.r.bases[middle[0]].rows
                            if not other and fits and len(halves) < MAX_HALVES:
                                halves.setdefault(weighted.key, weighted)
        for rest, w, v in products:
            self._middles(by, rest, w, v)
            group = by.setdefault((rest, None), {})
            for one, two in itertools.product(*([h for h, m in self._splits(x) if m is None][:2] for x in (w, v))):
                for pair in ((one, two), (two, one)):
                    if len(group) < MAX_HALVES and not any(x.is_number for x in pair):
                        whole = self.r.kron(*pair)
                        group.setdefault(whole.key, whole)
        for (rest, middle), halves in by.items():         # what other squares are made of may be halves here too
            if middle is not None:
                for half in by.get((rest, None), {}).values():
                    if half.rows == self.r.bases[middle[0]].rows and len(halves) < MAX_HALVES:
                        halves.setdefault(half.key, half)
        groups = [Group(rest, middle, list(halves.values())) for (rest, middle), halves in by.items() if halves]
        for middle in dict.fromkeys(g.middle for g in groups):
            yield [Group(g.scalars, g.middle, list(g.halves)) for g in groups if g.middle == middle]
        if len({g.middle for g in groups}) > 1:
            yield groups

    def _middles(self, by: dict[tuple[Any, Letter | None], dict[str, Form]], rest: Any, w: Word, v: Word) -> None:
        """(x^T S y)(z^T R u): halves x (x) z about the middle S (x) R."""
        found = [[(h, m) for h, m in self._splits(x) if m is not None][:2] for x in (w, v)]
        for (h, m), (g, k) in itertools.product(*found):
            if m is None or k is None:
                continue
            one, two = (Part((x,), *self.r.shape(x)) for x in (m, k))
            rows = self.r.kron(self.r.letter(*m), self.r.letter(*k)).rows
            middle = (self.r._kron_letter(one, two, rows, rows), False)
            group = by.setdefault((rest, middle), {})
            for pair in ((h, g), (g, h)):
                if len(group) < MAX_HALVES:
                    whole = self.r.kron(*pair)
                    group.setdefault(whole.key, whole)

    def _splits(self, w: Word) -> Iterator[tuple[Form, Letter | None]]:
        """Right halves of a word, and of its transpose: at the middle, then elsewhere."""
        order = sorted(range(len(w) + 1), key=lambda p: abs(2 * p - len(w)))
        for p in order[:3]:
            for half in (w[p:], flipped(w[:p])):
                if half and not (self.numbers and len(half) == len(w) > 1 and self.r.word_shape(w)[0] == UNIT) or (
                        not half and not self.numbers):
                    yield self._half(half), None
        for p in range(len(w)):
            if abs(2 * p + 1 - len(w)) <= 1 and self.signs.letter(w[p]) is not None:
                rows = self.r.shape(w[p])[1]
                yield self._half(w[p + 1:], rows), (w[p][0], False)
                if len(w) > 1:
                    yield self._half(flipped(w[:p]), rows), (w[p][0], False)

    def _half(self, w: Word, rows: str = "") -> Form:
        if not w:
            n = rows or self.target.rows
            return self.r.identity(n)
        n, m = self.r.word_shape(w)
        return self.r.word(w, n, m)

    # ------------------------------------------------------------------ the Gram matrix

    def square(self, g: Group, one: Form, two: Form) -> Form | None:
        r = self.r
        left = r.transpose(one)
        if g.middle is not None:
            left = r.product(left, r.letter(*g.middle))
        if left.columns != two.rows:
            return None
        whole = r.product(left, two)
        if self.numbers:
            whole = whole if whole.is_number else r.trace(whole) if whole.rows == whole.columns else None  # type: ignore[assignment]
        elif (whole.rows, whole.columns) != (self.target.rows, self.target.columns):
            return None
        return None if whole is None else r.scaled(r.monomial(dict(g.scalars)), whole)

    def columns(self, groups: list[Group]) -> tuple[list[tuple[int, int, int]], list[dict[Key, Fraction]]]:
        """The unknown entries of the Gram matrices, and what each contributes."""
        unknowns, columns = [], []
        for k, g in enumerate(groups):
            for i, j in itertools.combinations_with_replacement(range(len(g.halves)), 2):
                f = self.square(g, g.halves[i], g.halves[j])
                if f is not None and i != j:
                    back = self.square(g, g.halves[j], g.halves[i])
                    f = None if back is None else self.r.plus(f, back)
                if f is not None:
                    unknowns.append((k, i, j))
                    columns.append(f.terms)
        return unknowns, columns

    def pruned(self, groups: list[Group]) -> None:
        """A half whose square has a term that only squares bring, and the target has not, is in no sum of squares."""
        for g in groups:
            g.halves = [h for h in g.halves if self.square(g, h, h) is not None]
        while True:
            unknowns, columns = self.columns(groups)
            crossed = {key for (_, i, j), c in zip(unknowns, columns, strict=True) if i != j for key in c}
            idle = {(k, i) for (k, i, j), c in zip(unknowns, columns, strict=True) if i == j and any(
                x > 0 and key not in self.target.terms and key not in crossed for key, x in c.items())}
            negative = {key for (_, i, j), c in zip(unknowns, columns, strict=True) if i == j
                        for key, x in c.items() if x < 0}
            idle = {(k, i) for k, i in idle if not negative}
            if not idle:
                return
            for k, i in sorted(idle, reverse=True):
                del groups[k].halves[i]

    def solve(self, groups: list[Group]) -> list[list[list[Fraction]]] | None:
        self.pruned(groups)
        unknowns, columns = self.columns(groups)
        if not unknowns or len(unknowns) > MAX_UNKNOWNS:
            return None
        space = _affine(columns, self.target.terms)
        if space is None:
            return None
        base, directions = space
        if len(directions) > 2 * MAX_FREE:
            return None
        tried = _TRIED if len(directions) <= MAX_FREE else _TRIED[:3]
        for choice in itertools.islice(itertools.product(tried, repeat=len(directions)), 800):
            x = [b + sum((c * d[k] for c, d in zip(choice, directions, strict=True)), Fraction(0))
                 for k, b in enumerate(base)]
            grams = [[[Fraction(0)] * len(g.halves) for _ in g.halves] for g in groups]
            for (k, i, j), value in zip(unknowns, x, strict=True):
                grams[k][i][j] = grams[k][j][i] = value
            if all(ldl([list(row) for row in m]) is not None for m in grams if m):
                return grams
        return None

    # ------------------------------------------------------------------ the certificate

    def certificate(self, groups: list[Group], grams: list[list[list[Fraction]]]) -> Certificate | None:
        squares: list[Certificate] = []
        parts: list[Term] = []
        strict: Certificate = {}
        for g, gram in zip(groups, grams, strict=True):
            split = ldl([list(row) for row in gram]) if gram else []
            for d, row in split or []:
                z = self.r.plus(*(self.r.times(h, c) for h, c in zip(g.halves, row, strict=True) if c))
                weight = word_terms.scalars(self.r, g.scalars, d)
                one = self._square(g, z, weight, d, strict, len(squares))
                if one is None:
                    return None
                squares.append(one[0])
                parts.append(one[1])
        if self.strict and not strict:
            return None
        goal = self.goal
        if self.numbers:
            left, right = goal.args if goal.head in (">=", ">") else goal.args[::-1]
            wanted = app("=", sub(left, right), add(*parts))
        else:
            wanted = app("mat=", goal.args[0], App("matadd", tuple(parts)))
        proof = {"rule": "matrix-form"}
        if self.search.accepted(self.s.with_goal(wanted), proof) is None:
            return None
        return {"rule": "squares", "squares": squares, "equal": proof, **strict}

    def _square(self, g: Group, z: Form, weight: Term, d: Fraction, strict: Certificate, place: int
                ) -> tuple[Certificate, Term] | None:
        s, search = self.s, self.search
        factor = word_terms.matrix(self.r, z)
        out: Certificate = {"factor": to_json(factor)}
        if weight != ONE:
            out["weight"] = to_json(weight)
        sharp = self.strict and not strict and self._sharp(g, z, factor, strict, place)
        if not isinstance(weight, Num):
            sign = search.prove(s.with_goal(app(">" if sharp else ">=", weight, ZERO)))
            if sign is None:
                return None
            out["sign"] = sign
        inner = [app("transpose", factor), factor]
        if g.middle is not None:
            middle = word_terms.letter(self.r, g.middle)
            shown = search.prove(s.with_goal(app("pd" if sharp else "psd", middle)))
            if shown is None:
                return None
            out.update(middle=to_json(middle), definite=shown)
            inner.insert(1, middle)
        whole: Term = App("matmul", tuple(inner))
        if not self.numbers:
            return out, app("scale", weight, whole)
        one = is_one(shape(factor, s.declarations)[1])
        return out, mul(weight, whole if one else app("trace", whole))

    def _sharp(self, g: Group, z: Form, factor: Term, strict: Certificate, place: int) -> bool:
        """Whether this square is positive: its factor is not 0, or has an inverse."""
        if g.middle is not None and self.signs.letter(g.middle) != "+":
            return False
        if self.numbers:
            rows, columns = shape(factor, self.s.declarations)
            goal = app("not", app("mat=", factor, app("zeros", rows, columns)))
            key = "nonzero"
        else:
            if z.rows != z.columns:
                return False
            goal, key = app("invertible", factor), "regular"
        proof = self.search.prove(self.s.with_goal(goal))
        if proof is None:
            return False
        strict.update({"strict": place, key: proof})
        return True


def _affine(columns: list[dict[Key, Fraction]], target: dict[Key, Fraction]
            ) -> tuple[list[Fraction], list[list[Fraction]]] | None:
    """The solutions of ``sum x_k columns_k = target``: one, and the directions that stay free."""
    keys = list(dict.fromkeys([*target, *(k for c in columns for k in c)]))
    rows = [[c.get(k, Fraction(0)) for c in columns] + [target.get(k, Fraction(0))] for k in keys]
    n, pivots, at = len(columns), [], 0
    for k in range(n):
        p = next((i for i in range(at, len(rows)) if rows[i][k] != 0), None)
        if p is None:
            continue
        rows[at], rows[p] = rows[p], rows[at]
        rows[at] = [x / rows[at][k] for x in rows[at]]
        for i in range(len(rows)):
            if i != at and rows[i][k] != 0:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[at], strict=True)]
        pivots.append(k)
        at += 1
    if any(row[n] != 0 for row in rows[at:]):
        return None
    base = [Fraction(0)] * n
    for i, k in enumerate(pivots):
        base[k] = rows[i][n]
    directions = []
    for free in range(n):
        if free in pivots:
            continue
        d = [Fraction(0)] * n
        d[free] = Fraction(1)
        for i, k in enumerate(pivots):
            d[k] = -rows[i][free]
        directions.append(d)
    return base, directions


__all__ = ["UNIT", "by_squares", "isolated", "proofs"]
