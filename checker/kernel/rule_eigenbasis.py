"""Inequalities between numbers made of one symmetric matrix, or of a definite and a symmetric one, by eigenvalues.

A positive definite S and a symmetric M of the same size are W^T W and W^T diag(l) W for one invertible W: S is R^T R,
and R^-T M R^-1 = Q^T diag(l) Q gives W = Q R (Horn and Johnson, Matrix Analysis, 7.6; no page).  Without S, W = Q is
orthogonal.  Then every product that fits is ``left diag(f) right`` with left in {W^T, W^-1}, right in {W, W^-T} and f
a function of l, so its trace is sum_i f_i, its determinant prod_i f_i times 1, det S or 1/det S, and it is positive
semidefinite if and only if all f_i are nonnegative (left and right each other's transposes).  The same with S^-1 for S
gives S = W^-1 W^-T and M = W^T diag(l) W (``dual``): the pair in which S M has a trace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .claim import Sequent
from .evidence import Evidence, Reject
from .matrix_terms import MATRIX, OF_MATRIX, IllTyped, factors, same_size
from .prove import Prover, grounded
from .term import (
    ONE, REAL, TRUE, ZERO, App, Bind, Index, Map, Num, Sort, Term, Var, add, app, free_names, fresh, mul, sort_terms,
)

RULE = "eigenbasis"
AXIOM = ("spectral theorem: a positive definite and a symmetric matrix are diagonal in one basis "
         "(Horn and Johnson, Matrix Analysis, 7.6)")
MAX_POWER = 6


class NotDiagonal(Exception):
    """A term that is not ``left diag(f) right``, or no number made of such."""


@dataclass(frozen=True, slots=True)
class Diagonal:
    """``left diag(body) right``: ``ends`` tells W^T from W^-1 and W from W^-T (both have a ``True`` for the plain W);
    None for multiples of the identity, and where W is orthogonal."""

    ends: tuple[bool, bool] | None
    body: Term


class Reduction:
    """Reads terms about S and M.  ``entry`` is l_i; ``single``: M alone, orthonormal basis; ``dual``: S^-1 = W^T W."""

    def __init__(self, s: Sequent, definite: str | None, other: str | None, dual: bool = False) -> None:
        self.s, self.definite, self.other, self.dual = s, definite, other, dual
        self.single = definite is None or other is None
        self.gone = frozenset(n for n in (definite, other) if n is not None)
        known = {*s.declarations, *(n for a in (*s.assumptions, s.goal) for n in free_names(a))}
        self.values, self.index, self.scale = fresh("l", known), fresh("i", known), fresh("D", known)
        self.size = self._size()
        self.entry = app("at", Var(self.values), Var(self.index))
        self.positive: list[Term] = []        # what must be positive for a logarithm to come apart

    def _size(self) -> Term:
        sizes = []
        for name in self.gone:
            match self.s.declarations.get(name):
                case Map((Index(n), Index(m)), kind) if kind == REAL and same_size(n, m):
                    sizes.append(n)
                case _:
                    raise Reject(RULE, name, "is no declared real square matrix")
            if any(name in free_names(t) for k in self.s.declarations.values() for t in sort_terms(k)):
                raise Reject(RULE, name, "is what a size is made of")
        if not sizes or not all(same_size(n, sizes[0]) for n in sizes):
            raise Reject(RULE, "matrices", "are of different sizes")
        for name in self.gone:
            x = Var(name)
            held = app("pd", x) in self.s.assumptions
            if name == self.definite and not held:
                raise Reject(RULE, name, "is not assumed to be positive definite")
            if not (held or app("psd", x) in self.s.assumptions
                    or app("mat=", app("transpose", x), x) in self.s.assumptions):
                raise Reject(RULE, name, "is not assumed to be symmetric")
        return sizes[0]

    # ------------------------------------------------------------------ matrices

    def matrix(self, t: Term) -> Diagonal:
        match t:
            case Var(name) if name in self.gone:
                if self.single:
                    return Diagonal(None, self.entry)
                if name != self.definite:
                    return Diagonal((True, True), self.entry)
                return Diagonal((not self.dual, not self.dual), ONE)
            case App("identity", (n,)) if same_size(n, self.size):
                return Diagonal(None, ONE)
            case App("matadd", args):
                parts = [self.matrix(a) for a in args]
                ends = {p.ends for p in parts}
                if len(ends) > 1 and not (len(ends) == 2 and None in ends and not self.single and all(
                        e is None or e[0] != e[1] for e in ends)):
                    raise NotDiagonal("a sum of matrices in different bases")
                return Diagonal(next((e for e in ends if e is not None), None), add(*(p.body for p in parts)))
            case App("scale", (c, a)):
                inner = self.matrix(a)
                return Diagonal(inner.ends, _times(self.number(c), inner.body))
            case App("transpose", (a,)):
                inner = self.matrix(a)
                return Diagonal(None if inner.ends is None else inner.ends[::-1], inner.body)
            case App("inverse", (a,)):
                return self._inverse(self.matrix(a))
            case App("matpow", (a, Num(k))) if k.denominator == 1 and abs(k) <= MAX_POWER and k != 0:
                inner = self.matrix(a)
                return self._product([inner if k > 0 else self._inverse(inner)] * abs(int(k)))
            case App("matmul", _):
                return self._product([self.matrix(a) for a in factors(t)])
            case _:
                raise NotDiagonal("no matrix in this basis")

    @staticmethod
    def _inverse(a: Diagonal) -> Diagonal:
        ends = None if a.ends is None else (not a.ends[1], not a.ends[0])
        return Diagonal(ends, ONE if a.body == ONE else app("div", ONE, a.body))

    @staticmethod
    def _product(parts: list[Diagonal]) -> Diagonal:
        out = parts[0]
        for p in parts[1:]:
            if out.ends is not None and p.ends is not None:
                if out.ends[1] == p.ends[0]:          # W W^T does not cancel; W W^-1 does
                    raise NotDiagonal("a product in which the bases do not cancel")
                ends: tuple[bool, bool] | None = (out.ends[0], p.ends[1])
            else:
                ends = out.ends if p.ends is None else p.ends
            out = Diagonal(ends, _times(out.body, p.body))
        return out

    # ------------------------------------------------------------------ numbers and statements

    def _over(self, head: str, body: Term) -> Term:
        return Bind(head, (self.index,), (Index(self.size),), (), (TRUE, body))

    def _about(self, t: Term) -> bool:
        return bool(free_names(t) & self.gone)

    def number(self, t: Term) -> Term:
        if not self._about(t):
            return t
        match t:
            case App("trace", (a,)):
                inner = self.matrix(a)
                if inner.ends is not None and inner.ends[0] == inner.ends[1]:
                    raise NotDiagonal("a trace in a basis that is not orthonormal")
                return self._over("sum", inner.body)
            case App("det", (a,)):
                inner = self.matrix(a)
                return self._scaled(inner, ONE if inner.body == ONE else self._over("prod", inner.body))
            case App("log", (App("det", (a,)),)):
                inner = self.matrix(a)
                if inner.body == ONE:
                    return self._log_scale(self._sign(inner))
                self.positive.append(Bind("forall", (self.index,), (Index(self.size),), (), (
                    TRUE, app(">", inner.body, ZERO))))
                total = self._over("sum", app("log", inner.body))
                sign = self._sign(inner)
                return total if sign == 0 else add(self._log_scale(sign), total)
            case App(head, _) if head in MATRIX or head in OF_MATRIX:
                raise NotDiagonal("a number that eigenvalues do not give")
            case App(head, args):
                return App(head, tuple(self.number(a) for a in args))
            case _:
                raise NotDiagonal("a sum over entries")

    def _log_scale(self, sign: int) -> Term:
        part = app("log", Var(self.scale))
        return ZERO if sign == 0 else part if sign > 0 else app("neg", part)

    @staticmethod
    def _sign(a: Diagonal) -> int:
        return 0 if a.ends is None or a.ends[0] != a.ends[1] else 1 if a.ends[0] else -1

    def _scaled(self, a: Diagonal, whole: Term) -> Term:
        sign = self._sign(a)
        return whole if sign == 0 else mul(Var(self.scale), whole) if sign > 0 else app("div", whole, Var(self.scale))

    def statement(self, t: Term) -> Term:
        if not self._about(t):
            return t
        match t:
            case App("psd" | "pd" as head, (a,)):
                inner = self.matrix(a)
                if inner.ends is not None and inner.ends[0] != inner.ends[1]:
                    raise NotDiagonal("a product that need not be symmetric")
                return self._each(app(">=" if head == "psd" else ">", inner.body, ZERO))
            case App("mat=", (a, b)):
                left, right = self.matrix(a), self.matrix(b)
                if left.ends != right.ends:
                    raise NotDiagonal("an equation between matrices in different bases")
                return self._each(app("=", left.body, right.body))
            case App("invertible", (a,)):
                return self._each(app("!=", self.matrix(a).body, ZERO))
            case App("=" | "!=" | "<" | "<=" | ">" | ">=" as relation, (a, b)):
                return app(relation, self.number(a), self.number(b))
            case App("not" | "and" | "or" | "implies" as head, args):
                return App(head, tuple(self.statement(a) for a in args))
            case _:
                raise NotDiagonal("a statement that eigenvalues do not give")

    def _each(self, body: Term) -> Term:
        return Bind("forall", (self.index,), (Index(self.size),), (), (TRUE, body))

    def sequent(self) -> Sequent:
        """Raises NotDiagonal."""
        goal = self.statement(self.s.goal)
        needed = list(self.positive)
        known: list[Term] = []
        for a in self.s.assumptions:
            try:
                self.positive = []
                one = self.statement(a)
                if not self.positive and a != app("pd", Var(self.definite or "")):
                    known.append(one)
            except (NotDiagonal, IllTyped):
                continue
        self.positive = needed
        declared: dict[str, Sort] = {n: k for n, k in self.s.declarations.items() if n not in self.gone}
        declared[self.values] = Map((Index(self.size),), REAL)
        if not self.single:
            declared[self.scale] = REAL
            known.append(app(">", Var(self.scale), ZERO))
        return Sequent(declared, tuple(known), goal)


def _times(a: Term, b: Term) -> Term:
    match a:
        case App("div", (one, c)) if one == ONE != b:
            return app("div", b, c)
    return b if a == ONE else a if b == ONE else mul(a, b)


def reduced(s: Sequent, c: Any) -> Reduction:
    def name(key: str) -> str | None:
        return None if c.get(key) is None else str(c[key])

    return Reduction(s, name("definite"), name("other"), c.get("dual") is True)


def check(s: Sequent, c: Any, prover: Prover) -> Evidence:
    """
        G', l real numbers, D > 0  |-  P'      f_i > 0 for every log(prod_i f_i) that was taken apart
        ---------------------------------------------------------------------------------------------
        G, S positive definite, M symmetric  |-  P
    P' and G' are P and G with sums over l for traces, products for determinants, D for det S (1/D if ``dual``); what is
    assumed and not of this kind is dropped.
    FAILURE: a third matrix; an M that is not assumed to be symmetric; a trace of W^T diag(f) W; a premise under a
    condition that speaks of l.
    """
    work = reduced(s, c)
    try:
        inner = work.sequent()
    except NotDiagonal as reason:
        raise Reject(RULE, "goal", str(reason)) from reason
    proofs: list[tuple[Term, Any]] = [(inner.goal, c["proof"]), *zip(work.positive, c.get("positive", ()), strict=True)]
    shown = Evidence()
    for goal, proof in proofs:
        one = prover(inner.with_goal(goal), proof)
        if any(free_names(x) - set(s.declarations) or free_names(x) & work.gone for x in one.conditions):
            raise Reject(RULE, "proof", "rests on a condition on the eigenvalues")
        shown += one
    return grounded(s, shown, RULE) + Evidence((), (AXIOM,))


__all__ = ["AXIOM", "NotDiagonal", "Reduction", "check", "reduced"]
