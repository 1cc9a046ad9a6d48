"""Matrix terms and the numbers made of them as forms of ``words``, with what assumptions say of the letters.

Inverses: if every factor of a product is square, its inverse is the product of the inverses in reverse (an
inverse of the product exists only if each factor has one); else the inverse is a letter S of its own with the
relations S N = I and N S = I.  That the inverses exist is the definedness of the terms; the rule that reads them
answers for it.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import isqrt

from .claim import Sequent
from .kinds import is_integer, is_real
from .matrix_terms import MATRIX, Entries, IllTyped, NoEntries, is_matrix, is_one, is_scalar_shape, same_size, shape
from .term import (
    ONE, TRUE, App, Bind, Index, Map, Num, Scalar, Sort, Term, Var, alpha, app, free_names, fresh, num, show,
    sort_terms,
)
from .networks import Networks, NoNetwork
from .words import UNIT, Algebra, Atom, Base, Form, Letter, Rule, Word, size_of

MAX_POWER = 8


class Reader(Algebra):
    """Reads terms of a sequent.  ``relations``: forms known to be 0, by name."""

    def __init__(self, s: Sequent) -> None:
        super().__init__()
        self.sequent, self.sorts = s, dict(s.declarations)
        self.relations: dict[str, Form] = {}
        self._open: set[Term] = set()
        self._sizing: set[str] = set()
        self._declared = {size_of(size) for k in s.declarations.values() for size in sort_terms(k)}
        self.root_terms: dict[int, Term] = {}        # what a root was written of
        self.spectrum_terms: dict[int, Term] = {}    # what a largest eigenvalue was written of
        self.psd: set[str] = set()             # letters that are positive semidefinite
        self.pd: set[str] = set()
        self.injective: set[Letter] = set()    # of full column rank: A v = 0 only for v = 0
        self.positive: set[str] = set()        # declared numbers that are > 0, >= 0
        self.nonnegative: set[str] = set()
        self.all_real = all(_real_entries(k) for k in s.declarations.values())
        self._structure(s)

    # ------------------------------------------------------------------ assumptions

    def _structure(self, s: Sequent) -> None:
        """What the assumptions say of single letters."""
        for a in s.assumptions:
            match a:
                case App("psd" | "pd" | "invertible" as head, (Var(name),)) if is_matrix(Var(name), self.sorts):
                    base = self.bases[self._name(Var(name))]
                    if head != "invertible":
                        base.symmetry = 1
                        self.psd.add(name)
                    if head == "pd":
                        self.pd.add(name)
                    base.regular = base.regular or head != "psd"
                case App("=", (App("rank", (Var(name),)), size) | (size, App("rank", (Var(name),)))) if is_matrix(
                        Var(name), self.sorts):
                    self._full_rank(name, size)
                case App("mat=", (left, right)):
                    self._symmetry(left, right)
                case App("not", (App("mat=", (Var(name), App("zeros", _))),)) if is_matrix(Var(name), self.sorts):
                    if self.bases[self._name(Var(name))].columns == UNIT:        # v c = 0 only for c = 0
                        self.injective.add((name, False))
                case App(">" | ">=" as sign, (Var(name), Num(c))):
                    if c > 0 or c == 0 and sign == ">":
                        self.positive.add(name)
                    elif c == 0:
                        self.nonnegative.add(name)
                case App("<" | "<=" as sign, (Num(c), Var(name))):
                    if c > 0 or c == 0 and sign == "<":
                        self.positive.add(name)
                    elif c == 0:
                        self.nonnegative.add(name)
        for k, a in enumerate(s.assumptions):
            match a:
                case App("mat=", (left, right)) if not self._is_symmetry(left, right):
                    f = self.minus(self.matrix(left), self.matrix(right))
                    if f.terms:
                        self.relations[f"a{k}"] = f

    def _full_rank(self, name: str, size: Term) -> None:
        """rank(A) = number of columns: A v = 0 only for v = 0; = number of rows: the same of A^T."""
        self._name(Var(name))
        rows, columns = shape(Var(name), self.sorts)
        full = [transposed for n, transposed in ((columns, False), (rows, True)) if same_size(size, n)]
        self.injective |= {(name, transposed) for transposed in full}
        if len(full) == 2:
            self.bases[name].regular = True

    def _symmetry(self, left: Term, right: Term) -> None:
        for one, other in ((left, right), (right, left)):
            match one, other:
                case App("transpose", (Var(name),)), Var(second) if name == second:
                    self.bases[self._name(Var(name))].symmetry = 1
                case App("transpose", (Var(name),)), App("scale", (Num(c), Var(second))) if (
                        name == second and c == -1):
                    self.bases[self._name(Var(name))].symmetry = -1
                case Var(name), App("diag", (App("diagonal", (Var(second),)),)) if name == second:
                    self.bases[self._name(Var(name))].symmetry = 1

    @staticmethod
    def _is_symmetry(left: Term, right: Term) -> bool:
        for one, other in ((left, right), (right, left)):
            match one, other:
                case (App("transpose", (Var(name),)), Var(second)) if name == second:
                    return True
                case (App("transpose", (Var(name),)), App("scale", (Num(c), Var(second)))) if (
                        name == second and c == -1):
                    return True
                case (Var(name), App("diag", (App("diagonal", (Var(second),)),))) if name == second:
                    return True
        return False

    # ------------------------------------------------------------------ letters

    def _name(self, t: Var) -> str:
        if t.name not in self.bases:
            rows, columns = self._shape(t)
            self.bases[t.name] = Base(rows, columns, term=t)
        return t.name

    def _shape(self, t: Term) -> tuple[str, str]:
        n, m = shape(t, self.sorts)
        for size in (n, m):
            key = size_of(size)
            if key not in self.sizes:
                if key in self._sizing:
                    raise IllTyped(f"a size that is made of matrices of this size: {show(size)[:60]}")
                self._sizing.add(key)
                try:
                    value = self.scalar(self._natural(size))
                finally:
                    self._sizing.discard(key)
                self.size_terms[key], self.sizes[key] = size, value
        return size_of(n), size_of(m)

    def _natural(self, size: Term) -> Term:
        """A size of a declared range, or a number that is certainly one of 0, 1, 2, ...: the trace of an identity is
        its size only then."""
        if size_of(size) not in self._declared and not (
                is_integer(size, self.sorts) and self.at_least(size, 0)):
            raise IllTyped(f"{show(size)[:60]} is not known to be a natural number")
        return size

    def at_least(self, size: Term, least: int) -> bool:
        from .prove import discharge

        return not discharge((app(">=", size, num(least)),), self.sequent)

    def _written(self, t: Term) -> str:
        """A name for an opaque term: of its entries written as sums, so that (A x)_r is one thing however it is put."""
        try:
            t = Entries(self.sorts, free_names(t)).expand(t)
        except (NoEntries, IllTyped):
            pass
        return f"#{alpha(t)!r}"

    def _opaque(self, t: Term, name: str, symmetry: int = 0) -> Form:
        rows, columns = self._shape(t)
        if name not in self.bases:
            self.bases[name] = Base(rows, columns, symmetry, term=t)
        return self.letter(name)

    # ------------------------------------------------------------------ matrices

    def matrix(self, t: Term) -> Form:
        """The form of a matrix term (of a number, if it is 1 x 1)."""
        self.tick()
        rows, columns = self._shape(t)
        match t:
            case Var():
                return self.letter(self._name(t))
            case App("matmul", (first, *rest)):
                out = self.matrix(first)
                for a in rest:
                    out = self.product(out, self.matrix(a))
                return out
            case App("matadd", args):
                return self.plus(*(self.matrix(a) for a in args))
            case App("scale", (c, a)):
                return self.scaled(self.scalar(c), self.matrix(a))
            case App("transpose", (a,)):
                return self.transpose(self.matrix(a))
            case App("identity", _):
                return self.identity(rows)
            case App("zeros", _):
                return self.zero(rows, columns)
            case App("ones", (n, m)):
                return self.product(self._ones(n), self.transpose(self._ones(m)))
            case App("inverse", (a,)):
                return self.inverse(self.matrix(a))
            case App("matpow", (a, Num(k))) if k.denominator == 1 and abs(k) <= MAX_POWER:
                base = self.matrix(a) if k >= 0 else self.inverse(self.matrix(a))
                out = self.identity(rows)
                for _ in range(abs(int(k))):
                    out = self.product(out, base)
                return out
            case App("hadamard", args) if columns == UNIT != rows:
                return self._entry_by_entry([self.matrix(a) for a in args], rows)
            case App("hadamard", args):
                forms = sorted((self.matrix(a) for a in args), key=lambda f: f.key)
                symmetric = all(self.transpose(f).terms == f.terms for f in forms) and rows == columns
                return self._opaque(t, f"#hadamard({'; '.join(f.key for f in forms)})", int(symmetric))
            case App("diag", (a,)):
                return self._diagonal(t, self.matrix(a))
            case App("kron", (a, b)):
                return self.kron(self.matrix(a), self.matrix(b))
            case App("diagonal" | "vec" | "block" as head, args):
                return self._opaque(t, f"#{head}({'; '.join(self.matrix(a).key for a in args)})")
            case Bind("lambda"):
                return self._by_entries(t)
            case _:
                return self._opaque(t, self._written(t))

    def _entry_by_entry(self, factors: list[Form], rows: str) -> Form:
        """u o v of vectors, linear in each; 1 o v = v."""
        out = Form(rows, UNIT, {})
        for choice in itertools.product(*(f.terms.items() for f in factors)):
            self.tick()
            number, parts = self.number(1), []
            for (s, w), c in choice:
                number = self.times(self.scaled(Form(UNIT, UNIT, {(s, ()): Fraction(1)}), number), c)
                if w != ((f"#ones({rows})", False),):
                    parts.append(Form(rows, UNIT, {((), w): Fraction(1)}))
            if not parts:
                word: Word = ((f"#ones({rows})", False),)
            elif len(parts) == 1:
                ((_, word),) = parts[0].terms
            else:
                word = ((self.hadamard_letter(parts), False),)
            out = self.plus(out, self._with_scalars(number, self.word(word, rows, UNIT)))
        return out

    def _diagonal(self, t: Term, entries: Form) -> Form:
        """diag(c u + v) = c diag(u) + diag(v)."""
        out = self.zero(*self._shape(t))
        whole = [(s, c) for (s, _), c in entries.terms.items()] == [((), Fraction(1))]
        for (s, w), c in entries.terms.items():
            part = Form(entries.rows, entries.columns, {((), w): Fraction(1)})
            name = f"#diag({part.key})"
            if name not in self.bases:
                self.bases[name] = Base(out.rows, out.columns, 1, term=t if whole else None)
                self.diagonals[name] = part
            one = self._with_scalars(Form(UNIT, UNIT, {(s, ()): Fraction(1)}), self.letter(name))
            out = self.plus(out, self.times(one, c))
        return out

    def _ones(self, n: Term) -> Form:
        """The vector of ones: 1^T 1 = n."""
        vector = App("ones", (n, ONE))
        rows, columns = self._shape(vector)
        if rows == UNIT:
            return self.number(1)
        name = f"#ones({rows})"
        if name not in self.bases:
            self.bases[name] = Base(rows, columns, term=vector)
            self.rules.append(Rule(((name, True), (name, False)), self.sizes[rows]))
            self._memo.clear()
        return self.letter(name)

    # ------------------------------------------------------------------ inverses

    def inverse(self, f: Form) -> Form:
        if f.is_number:
            return self.reciprocal(f)
        if len(f.terms) == 1:
            ((s, w), c), = f.terms.items()
            if all(self.factored(x) for x in w):
                out = self.identity(f.rows)
                for x in reversed(w):
                    out = self.product(out, self.letter_inverse(x))
                return self.times(self.scaled(self.monomial({a: -e for a, e in s}), out), 1 / c)
        return self._compound(f)

    def factored(self, x: Letter) -> bool:
        """Whether the letter is square, and its factors are if it is a Kronecker product."""
        parts = self.bases[x[0]].parts
        return self.square(x) and (parts is None or all(
            p.rows == p.columns and all(map(self.square, p.word)) for p in parts))

    def letter_inverse(self, x: Letter) -> Form:
        """The inverse of a letter that has one."""
        name, transposed = x
        base = self.bases[name]
        if base.compound is not None:
            return self.transpose(base.compound) if transposed else base.compound
        if base.parts is not None:
            one, two = (self.inverse(self.word_as_it_is(x.word, x.rows)) for x in base.parts)
            return self.kron(one, two)
        if base.inverse is None:
            orthogonal = self._orthogonal(name)
            if orthogonal:
                base.inverse = (name, not base.symmetry)
            else:
                other = f"#{name}^-1"
                self.bases[other] = Base(base.rows, base.columns, base.symmetry, (name, False), regular=True, term=None
                                         if base.term is None else app("inverse", base.term))
                base.inverse = (other, False)
                one = self.identity(base.rows)
                for u, v in ((name, other), (other, name)):
                    self.add_rule(((u, False), (v, False)), one)
                for known in (self.pd,):
                    if name in known:
                        known.add(other)
                        self.psd.add(other)
            base.regular = True
        inverse, t = base.inverse
        return self.letter(inverse, t != transposed)

    def _orthogonal(self, name: str) -> bool:
        """Q^T Q = I is assumed of a square Q (then Q Q^T = I: a left inverse of a square matrix is its inverse)."""
        base = self.bases[name]
        if base.rows != base.columns:
            return False
        plain = ((name, False), (name, False)) if base.symmetry else None
        leads = {((name, True), (name, False)), ((name, False), (name, True))} | ({plain} if plain else set())
        one = self.identity(base.rows)
        return any(self.minus(self.word_as_it_is(w, base.rows), one).terms in (f.terms, self.times(
            f, Fraction(-1)).terms) for w in leads for f in self.relations.values())

    @staticmethod
    def word_as_it_is(w: Word, size: str) -> Form:
        return Form(size, size, {((), w): Fraction(1)})

    def _compound(self, f: Form) -> Form:
        """A letter for the inverse of a form that is no product of square letters."""
        _, lead = min(f.terms.items(), key=lambda kv: repr(kv[0]))
        monic = self.times(f, 1 / lead)
        back = self.transpose(monic)
        for name, base in self.bases.items():
            if base.compound is None or (base.rows, base.columns) != (f.rows, f.columns):
                continue
            if base.compound.terms == monic.terms:
                return self.times(self.letter(name), 1 / lead)
            for sign in (1, -1):
                if base.compound.terms == self.times(back, Fraction(sign)).terms:
                    return self.times(self.letter(name, not base.symmetry), Fraction(sign) / lead)
        name = f"#S{sum(b.compound is not None for b in self.bases.values())}"
        symmetry = 1 if back.terms == monic.terms else -1 if back.terms == self.times(monic, Fraction(-1)).terms else 0
        self.bases[name] = Base(f.rows, f.columns, symmetry, None, monic, True)
        one = self.identity(f.rows)
        s = self.letter(name)
        self.relations[f"{name}L"] = self.minus(self.product(s, monic), one)
        if not symmetry:
            self.relations[f"{name}R"] = self.minus(self.product(monic, s), one)
        return self.times(s, 1 / lead)

    # ------------------------------------------------------------------ matrices by their entries

    def _by_entries(self, t: Bind) -> Form:
        """``lambda r: (A u)_r`` is A u; sums over indices are products; what is left is a letter."""
        rows, columns = self._shape(t)
        match t:
            case Bind(_, (r,), (Index(),), (), (App("delta", (Var(a), Var(i))),)) if (
                    a == r != i and self._runs_over(t, Var(i))):
                name = f"#{alpha(t)!r}"
                if name not in self.bases and rows != UNIT:        # e_i^T e_i = 1
                    self._opaque(t, name)
                    self.rules.append(Rule(((name, True), (name, False)), self.number(1)))
                    self._memo.clear()
                return self.number(1) if rows == UNIT else self.letter(name)
        try:
            summands = Networks(self, self.scalar, self.sorts).read(t.names, t.sorts, t.inner[0])
        except NoNetwork:
            return self._opaque(t, self._written(t))
        out = self.zero(rows, columns)
        for coefficient, m in summands:
            if m is None or alpha(m) == alpha(t):
                whole = self._opaque(t, self._written(t))
            elif isinstance(m, Bind):
                whole = self._opaque(m, self._written(m))
            else:
                whole = self.matrix(m)
            if (whole.rows, whole.columns) != (rows, columns):
                raise ValueError(f"entries of {whole.rows} x {whole.columns} where {rows} x {columns} are needed")
            out = self.plus(out, self.scaled(coefficient, whole))
        return out

    # ------------------------------------------------------------------ numbers

    def scalar(self, t: Term) -> Form:
        """The form of a number."""
        self.tick()
        match t:
            case Num(value):
                return self.number(value)
            case Var(name):
                if is_matrix(t, self.sorts):
                    if not is_scalar_shape(shape(t, self.sorts)):
                        raise IllTyped(f"{name} is no number")
                    return self.matrix(t)
                return self.monomial({("v", name): 1})
            case App("oo", ()):
                raise IllTyped("oo is no number")
            case App("pi" | "e" as constant, ()):
                return self.monomial({("constant", constant): 1})
            case App("exp", (Num(value),)) if value == 1:
                return self.monomial({("constant", "e"): 1})
            case App("add", args):
                return self.plus(self.number(0), *map(self.scalar, args))
            case App("neg", (a,)):
                return self.times(self.scalar(a), Fraction(-1))
            case App("mul", args):
                out = self.number(1)
                for a in args:
                    out = self.scaled(self.scalar(a), out)
                return out
            case App("div", (a, b)):
                return self.scaled(self.scalar(a), self.reciprocal(self.scalar(b)))
            case App("pow", (a, Num(k))) if k.denominator == 1 and abs(k) <= MAX_POWER:
                return self.power(self.scalar(a), int(k))
            case App("pow", (a, k)):
                return self.raised(self.scalar(a), self.scalar(k), t)
            case App("sqrt", (a,)):
                out = self.split_root(self.scalar(a))
                match list(out.terms):
                    case [(((("root", int(place)), 1),), ())]:
                        self.root_terms.setdefault(place, a)
                return out
            case App("abs", (a,)) if is_real(a, self.sorts):      # |a| = sqrt(a^2)
                return self.split_root(self.power(self.scalar(a), 2))
            case App("trace" | "det" as head, (a,)) if not same_size(*shape(a, self.sorts)):
                raise IllTyped(f"{head} of {show(a)[:60]}, which is not square")
            case App("trace", (a,)):
                return self.trace(self.matrix(a))
            case App("det", (App("block", parts),)) if (found := self._block_det(*parts)) is not None:
                return found
            case App("det", (a,)):
                return self.det(self.matrix(a))
            case App("maxeig", (a,)):
                out = self.largest(self.matrix(a))
                match list(out.terms.items()):
                    case [((((("maxeig", int(place)), 1),), ()), Fraction(numerator=1, denominator=1))]:
                        self.spectrum_terms.setdefault(place, a)
                return out
            case App("log", (a,)):
                return self.log(self.scalar(a))
            case App(head, _) if head in MATRIX and is_scalar_shape(shape(t, self.sorts)):
                return self.matrix(t)
            case App("at", (f, Var() as i, Var() as j)) if self._runs_over(f, i, j):
                return self.product(self.transpose(self._unit(i)), self.product(self.matrix(f), self._unit(j)))
            case App("at", (App() as f, Var() as i)) if self._runs_over(f, i):
                return self.product(self.transpose(self._unit(i)), self.matrix(f))
            case App("at", (App() as f, *where)):
                return self.monomial({("at", self.matrix(f).key, tuple(self.scalar(i).key for i in where)): 1})
            case Bind("sum", _, (Index(),), (), (guard, _)) if guard == TRUE:
                if (found := self._sum(t)) is not None:
                    return found
            case App(head, args) if args and head not in ("at", "cases") and not any(
                    is_matrix(a, self.sorts) for a in args):
                return self.monomial({("fn", head, tuple(self.scalar(a).key for a in args)): 1})
        return self.monomial({("opaque", repr(alpha(t))): 1})       # not as it is shown: f(i) may be of a name i

    def _runs_over(self, f: Term, *where: Var) -> bool:
        """Whether f is a matrix and the names are declared indices of its rows and columns: then f_ij = e_i^T f e_j."""
        if not is_matrix(f, self.sorts) or len(where) == 1 and not is_one(shape(f, self.sorts)[1]):
            return False
        sorts = [self.sorts.get(i.name) for i in where]
        return all(isinstance(k, Index) and same_size(k.size, n)
                   for k, n in zip(sorts, shape(f, self.sorts), strict=False))

    def _unit(self, i: Var) -> Form:
        """The unit vector e_i of a declared index."""
        sort = self.sorts[i.name]
        row = fresh("r", {i.name, *self.sorts})
        return self._by_entries(Bind("lambda", (row,), (sort,), (), (app("delta", Var(row), i),)))

    def _sum(self, t: Bind) -> Form | None:
        """sum_k u_k v_k is u^T v; sum_k A_kk the trace; sum_k u_k is 1^T u."""
        if t in self._open:
            return None
        self._open.add(t)
        try:
            summands = Networks(self, self.scalar, self.sorts).read((), (), t)
        except NoNetwork:
            return None
        finally:
            self._open.discard(t)
        return self.plus(self.number(0), *(coefficient for coefficient, _ in summands))

    def split_root(self, f: Form) -> Form:
        """sqrt(a b) = sqrt(a) sqrt(b) for factors that are certainly not negative."""
        from .word_signs import Signs

        if len(f.terms) != 1:
            return self.root(f)
        ((s, _), c), = f.terms.items()
        signs = Signs(self)
        if c < 0 or not all(signs.atom(a) is not None or e % 2 == 0 and signs.real(a) for a, e in s):
            return self.root(f)
        out = self._root_of(c)
        for a, e in s:
            if signs.atom(a) is not None:
                whole = self.power(self.monomial({a: 1}), e // 2)
                out = self.scaled(whole if e % 2 == 0 else self.scaled(self.root(self.monomial({a: 1})), whole), out)
            else:
                out = self.scaled(self.power(self.root(self.monomial({a: 2})), e // 2), out)
        return out

    def _root_of(self, c: Fraction) -> Form:
        top, bottom = isqrt(c.numerator), isqrt(c.denominator)
        exact = top * top == c.numerator and bottom * bottom == c.denominator
        return self.number(Fraction(top, bottom)) if exact else self.root(self.number(c))

    def raised(self, base: Form, exponent: Form, t: Term) -> Form:
        """A power with a symbolic exponent: taken apart where the exponent is an integer, c^(n + 2) = c^n c^2."""
        if not (isinstance(t, App) and is_integer(t.args[1], self.sorts)):
            return self.monomial({("fn", "pow", (base.key, exponent.key)): 1})
        return self.size_power(base, exponent)

    def size_power(self, base: Form, exponent: Form) -> Form:
        """``base`` to an exponent that is an integer for all values of its names."""
        if not exponent.terms or base.constant() == 1:
            return self.number(1)
        whole = all(c.denominator == 1 and all(self._counts(a) and e > 0 for a, e in m)
                    for (m, _), c in exponent.terms.items())      # n = 2 tr A may be odd: tr A need not be whole
        if not whole or len(base.terms) != 1:
            return self.monomial({("fn", "pow", (base.key, exponent.key)): 1})
        ((s, _), c), = base.terms.items()
        out: dict[tuple[object, ...], int] = {}
        rational: dict[Fraction, int] = {}
        for (e, _), k in exponent.terms.items():
            if not e:
                for a, power in s:
                    out[a] = out.get(a, 0) + power * int(k)
                rational[c] = int(k)
                continue
            for a, power in s:
                out["pow", a, e] = out.get(("pow", a, e), 0) + power * int(k)
            for factor, power in _factors(c):
                times = power * int(k)
                out["pow", ("prime", factor), e] = times % 2 if factor == -1 else times
        plain = self.monomial(dict(out))
        for value, count in rational.items():
            plain = self.times(plain, value**count)
        return plain

    def _counts(self, a: Atom) -> bool:
        match a:
            case ("v", str(name)):
                return is_integer(Var(name), self.sorts)
            case _:
                return False

    def det(self, f: Form) -> Form:
        """det(A B) = det A det B for square factors, det(c A) = c^n det A; that of a sum is an atom, after
        det(L + U V) = det L det(I + V L^-1 U) where L has an inverse."""
        if f.is_number:
            return f
        if not f.terms:
            if not self.at_least(self.size_terms[f.rows], 1):        # without rows it is 1
                raise IllTyped("the determinant of a matrix that may have no rows")
            return self.number(0)
        if len(f.terms) == 1:
            ((s, w), c), = f.terms.items()
            if all(self.square(x) for x in w):
                out = self.size_power(Form(UNIT, UNIT, {(s, ()): c}), self.sizes[f.rows])
                for name, _ in w:
                    out = self.scaled(self.letter_det(name), out)
                return out
        if (found := self._lemma(f)) is not None:
            return found
        return self._det_atom(f)

    def _block_det(self, a: Term, b: Term, c: Term, d: Term) -> Form | None:
        """det [A B; C D] = det A det(D - C A^-1 B) where A has an inverse, det D det(A - B D^-1 C) where D has one;
        det A det D where B or C is 0 (Horn and Johnson, Matrix Analysis, 0.8.5; no page)."""
        if not all(same_size(*shape(x, self.sorts)) for x in (a, d)):
            return None
        f, g, h, k = map(self.matrix, (a, b, c, d))
        if not g.terms or not h.terms:
            return self.scaled(self.det(f), self.det(k))
        for one, right, left, other in ((f, g, h, k), (k, h, g, f)):
            if len(one.terms) == 1 and all(self.square(x) and self.bases[x[0]].regular for _, w in one.terms for x in w
                                           ) and all(self.positive_atom(y) for s, _ in one.terms for y, _ in s):
                rest = self.product(left, self.product(self.inverse(one), right))
                return self.scaled(self.det(one), self.det(self.minus(other, rest)))
        return None

    def _det_atom(self, f: Form) -> Form:
        back = self.transpose(f)
        return self.monomial({("det", "", min(f.key, back.key)): 1})        # "" is no letter

    def letter_det(self, name: str) -> Form:
        base = self.bases[name]
        if base.parts is not None and self.factored((name, False)):        # det(A (x) B) = det(A)^m det(B)^n
            (a, b) = base.parts
            dets = [self.det(self.word_as_it_is(x.word, x.rows)) for x in base.parts]
            return self.scaled(self.size_power(dets[0], self.sizes[b.rows]),
                               self.size_power(dets[1], self.sizes[a.rows]))
        if base.compound is not None:
            return self.reciprocal(self.det(base.compound))
        if name.startswith("#") and name.endswith("^-1") and base.inverse is not None:
            return self.reciprocal(self.letter_det(base.inverse[0]))
        if self._orthogonal(name):
            return self.monomial({("det", name, "orthogonal"): 1})
        return self.monomial({("det", name): 1})

    def _lemma(self, f: Form) -> Form | None:
        """det(L + R) = det L det(I + L^-1 R); and det(I_n + U V) = det(I_m + V U): R is one word, cut where the
        result is least (a 1 x 1 result is a number)."""
        if len(f.terms) != 2:
            return None
        for (s, w), c in sorted(f.terms.items(), key=repr):
            if not all(self.square(x) and self.bases[x[0]].regular for x in w) or not all(
                    self.positive_atom(a) for a, _ in s):
                continue
            first = Form(f.rows, f.columns, {(s, w): c})
            rest = self.minus(f, first)
            whole = self.product(self.inverse(first), rest)
            if len(whole.terms) != 1:
                continue
            ((s2, w2), c2), = whole.terms.items()
            scale = Form(UNIT, UNIT, {(s2, ()): c2})
            options = []
            for p in range(len(w2)):
                turned = w2[p:] + w2[:p]
                n = self.shape(turned[0])[0]
                if n == UNIT:
                    return self.scaled(self.det(first), self.plus(
                        self.number(1), self.scaled(scale, self.word(turned, UNIT, UNIT))))
                options.append(self.plus(self.identity(n), self.scaled(scale, self.word(turned, n, n))))
            least = min((o if o.key <= (b := self.transpose(o)).key else b for o in options), key=lambda o: o.key)
            return self.scaled(self.det(first), self._det_atom(least))
        return None

    def log(self, f: Form) -> Form:
        """log(a b) = log a + log b where the factors are positive; log e = 1.

        FAILURE: a factor that may be negative."""
        if f.constant() == 1:
            return self.number(0)
        if len(f.terms) == 1:
            ((s, _), c), = f.terms.items()
            if c > 0 and all(self.positive_atom(a) for a, _ in s):
                parts = [self.times(self._log_atom(a), Fraction(e)) for a, e in s]
                parts += [self.times(self._log_atom(("prime", p)), Fraction(e)) for p, e in _factors(c)]
                return self.plus(self.number(0), *parts)
        common = [dict(s) for s, _ in f.terms]
        shared = {a: e for a in (common[0] if len(common) > 1 else ()) if self.positive_atom(a)
                  and (e := min(one.get(a, 0) for one in common)) > 0}
        if shared:          # log(a b) = log a + log b for a > 0, whatever b is
            rest = self.scaled(self.monomial({a: -e for a, e in shared.items()}), f)
            return self.plus(self.log(rest), *(self.times(self._log_atom(a), Fraction(e)) for a, e in shared.items()))
        return self.monomial({("fn", "log", (f.key,)): 1})

    def _log_atom(self, a: tuple[object, ...]) -> Form:
        if a[0] == "pow" and isinstance(a[1], tuple):        # log(c^n) = n log c
            exponent = Form(UNIT, UNIT, {(a[2], ()): Fraction(1)})  # type: ignore[dict-item]
            return self.scaled(exponent, self._log_atom(a[1]))
        if a == ("constant", "e"):
            return self.number(1)
        return self.monomial({("log", repr(a)): 1})

    def positive_atom(self, a: tuple[object, ...]) -> bool:
        """Whether the atom is certainly a positive number."""
        match a:
            case ("v", str(name)):
                return name in self.positive
            case ("prime", int(p)):
                return p > 0
            case ("constant", _):                            # pi and e
                return True
            case ("det", str(name)):
                return name in self.pd
            case ("pow", tuple() as base, _):
                return self.positive_atom(base)
            case ("fn", "exp", _):
                return False
            case _:
                return False


def _real_entries(s: Sort) -> bool:
    match s:
        case Map(_, Scalar(kind)) | Scalar(kind):
            return kind != "complex"
        case _:
            return True


def _factors(c: Fraction) -> list[tuple[int, int]]:
    """Prime factors with exponents, and the sign; a large rest counts as one factor."""
    out: list[tuple[int, int]] = [(-1, 1)] if c < 0 else []
    for n, direction in ((abs(c.numerator), 1), (c.denominator, -1)):
        p = 2
        while n > 1 and p < 1000:
            e = 0
            while n % p == 0:
                n, e = n // p, e + 1
            if e:
                out.append((p, direction * e))
            p += 1
        if n > 1:
            out.append((n, direction))
    return out


__all__ = ["Reader"]
