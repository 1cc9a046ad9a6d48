"""``Derivation``: the claims of one document, as a derivation file states them.

The file is ordinary Python, loaded under ``sympy.evaluate(False)``; each ``claim`` is read into
kernel terms at once, so an error has the line of the claim.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sympy

from ..kernel import term as T
from ..kernel.claim import Claim, Definition, unfold
from ..kernel.kinds import is_real
from ..kernel.matrix_terms import about_matrices
from ..kernel.term import Malformed, Term
from ..reading.sympy_reader import Reading, refuse_formula
from ..records import Document, StatedClaim
from .almost_surely import almost_surely
from .densities import Law, densities, laws_of, variables
from .errors import StatementError
from .families import all_explicit
from .functions import functions
from .hints import packed
from .indices import ByEntries, Indices, VectorDefinition, defined_vector, privately
from .iteration import Iteration, iteration
from .matrices import body_term, defined_matrix
from .matrices import relation as relation_of_matrices
from .mixtures import weights_of_mixtures
from .nodes import BinderStatement, Declared, IndexName, Node
from .optimality import optimum_claim
from .orders import order_claim
from .samples import Groups, Independence, Samples, symmetry

VERDICTS = ("proved", "refuted", "undecided")
_collected: list[Derivation] = []


def collected() -> list[Document]:
    """What has been stated since :func:`reset`."""
    return [d.document() for d in _collected]


def reset() -> None:
    _collected.clear()


class Assumed:
    """A named assumption: ``given=[orthonormal]``."""

    def __init__(self, label: str, statement: Any) -> None:
        self.label, self.statement = label, statement


class Defined:
    """A definition.  Without ``over`` it is an expression by itself; with it, ``alpha[i]``."""

    def __init__(self, name: str, body: Any, over: Sequence[Any]) -> None:
        self.name, self.body, self.over = name, body, tuple(over)

    def __getitem__(self, indices: Any) -> Any:
        args = indices if isinstance(indices, tuple) else (indices,)
        if len(args) != len(self.over):
            raise StatementError(f"{self.name} takes {len(self.over)} indices, not {len(args)}")
        return Node("@" + self.name, *args)

    __call__ = __getitem__
    __iter__ = None     # else Python asks for entries 0, 1, 2, ... without end

    def _sympy_(self) -> Any:
        """Defined over one index, it is a vector too."""
        if len(self.over) == 1 and isinstance(self.over[0], IndexName):
            return ByEntries("entries", self.over[0], self[self.over[0]])
        raise StatementError(f"{self.name} is defined over {len(self.over)} names: write {self.name}[...]", "indices")

    def members(self, params: Sequence[Any]) -> Any:
        """For a vector or matrix, whose last indices are private: ``q`` itself, or ``z[i]``."""
        made = VectorDefinition(self.name, self.over[len(params):], len(params))
        return made if params else made[()]


class Derivation(Indices, Samples):
    """The claims of one document.

    ``id`` prefixes the claims' ids; ``title`` and ``source`` are shown; ``prose`` is a Markdown file
    beside the derivation with slots ``{{ claim("id") }}``.
    """

    def __init__(self, id: str, title: str = "", source: str = "", prose: str | None = None) -> None:
        self.id, self.title, self.source = id, title or id, source
        self.claims: list[StatedClaim] = []
        self.plots: list[Mapping[str, Any]] = []
        self.definitions: dict[str, Defined] = {}
        self.file, _ = _caller()
        self.prose_file, self.prose = "", ""
        if prose is not None:
            path = Path(self.file).parent / prose
            if not path.is_file():
                raise StatementError(f"there is no prose file {prose} beside {Path(self.file).name}")
            self.prose_file, self.prose = str(path), path.read_text(encoding="utf-8")
        _collected.append(self)

    # ------------------------------------------------------------------ declarations

    def real(self, names: str, **assumptions: bool) -> Any:
        """Real symbols: ``c = D.real("c")``."""
        return sympy.symbols(names, real=True, **assumptions)

    def integer(self, names: str, **assumptions: bool) -> Any:
        return sympy.symbols(names, integer=True, **assumptions)

    def complex(self, names: str) -> Any:
        return sympy.symbols(names, complex=True)

    def assume(self, label: str, statement: Any) -> Assumed:
        """A named assumption, to be used in ``given``."""
        return Assumed(label, statement)

    def define(self, name: str, body: Any, over: Any = None) -> Any:
        """``name := body``; with ``over=i`` a definition for every index: ``alpha[i]``.

        Reports show the name and list the definition; the kernel sees it unfolded.
        """
        clean = name.lstrip("\\")
        if clean in self.definitions:
            raise StatementError(f"{clean} is defined twice", "duplicate-definition")
        params = () if over is None else tuple(over) if isinstance(over, (tuple, list)) else (over,)
        if not params and (whole := defined_matrix(clean, body)) is not None:
            self.definitions[clean] = Defined(clean, body, ())
            return whole
        vector = defined_vector(clean, body, params)
        defined = Defined(clean, *(vector or (body, params)))
        self.definitions[clean] = defined
        if vector is not None:
            return defined.members(params)
        return defined if params else Node("@" + clean)

    def variables(self, names: str, measure: str = "unspecified") -> Any:
        """Random variables: see language/densities.py."""
        return variables(names, measure)

    def function(self, names: str, n: Any = None, to: Any = None, differentiable: bool = True) -> Any:
        """Unknown functions, of a number or (``n``: the length) of a vector: see language/functions.py."""
        return Indices.function(names) if n is None else functions(names, n, to, differentiable)

    functions = function

    def densities(self, names: str, parameter: Any = None) -> Law | tuple[Law, ...]:
        """Laws, called as densities: ``q(z | x)``; with a parameter: ``p(x | theta)``."""
        made: Law | tuple[Law, ...] = densities(names, parameter)
        return made

    def iteration(self, state: Sequence[Any], lines: Sequence[tuple[Any, Any]]) -> Iteration:
        """A state updated line by line (one after the other)."""
        return iteration(state, lines)

    # ------------------------------------------------------------------ claims

    def claim(self, id: str, *parts: Any, given: Iterable[Any] = (), expected: Any = "proved",
              source: str = "", using: Iterable[str] = (), by: Iterable[Any] = (), erratum: str = "",
              text: str = "") -> None:
        """State a claim: a chain ``side, "=", side, "<", side, ...`` or one statement.

        ``expected``: proved, refuted, undecided, or a dict by link (``{"1": "refuted"}``).
        ``using``: ids of claims whose statements may be used; ``by``: hints (see language/hints.py).
        """
        file, line = _caller()
        full = f"{self.id}.{id}"
        given = tuple(given)
        if len(parts) == 1:
            self._add(full, parts, given, _expected(expected, None), None, file, line, source, using, by,
                      erratum, text)
            return
        if len(parts) % 2 == 0 or len(parts) < 3:
            raise StatementError("a chain is side, relation, side, relation, side, ...", "chain")
        links = [parts[k:k + 3] for k in range(0, len(parts) - 2, 2)]
        for _, relation, _ in links:
            if relation not in T.RELATIONS:
                raise StatementError(
                    f"{relation!r} is no relation; a chain takes {' '.join(T.RELATIONS)}", "chain")
        if isinstance(expected, dict):
            bad = [k for k in expected if not (str(k).isdigit() and 1 <= int(k) <= len(links))]
            if bad:
                raise StatementError(f"expected names link {bad[0]!r}; there are {len(links)}", "expected")
        before = len(self.claims)
        try:
            for k, link in enumerate(links, 1):
                name, parent = (full, None) if len(links) == 1 else (f"{full}.{k}", full)
                self._add(name, link, given, _expected(expected, str(k)), parent, file, line, source, using, by,
                          erratum, text)
        except BaseException:
            del self.claims[before:]      # a chain is read as a whole or not at all
            raise

    def _add(self, id: str, parts: Sequence[Any], given: tuple[Any, ...], expected: str,
             parent: str | None, file: str, line: int, source: str, using: Iterable[str],
             by: Iterable[Any], erratum: str, text: str) -> None:
        self._new_id(id, parent)
        claim, labels, reading = _read_claim(parts, given, self.definitions)
        prefix = f"{self.id}."
        uses = tuple(u if u.startswith(prefix) else prefix + u for u in using)
        hints = packed(by, reading, {text: k for k, text in labels}, tuple(using))
        self.claims.append(StatedClaim(
            id, claim, file, line, expected, parent, source, erratum, text, uses, hints, labels))

    def _new_id(self, id: str, parent: str | None) -> None:
        for c in self.claims:
            if c.id == id or c.parent == id or (parent is not None and c.id == parent):
                raise StatementError(
                    f"the id {id} is taken (line {c.line}): each claim and each link needs its own",
                    "duplicate-id")

    def plot(self, kind: str, **fields: Any) -> None:
        """A picture for the report (see reporting/plots.py for the kinds and their fields)."""
        reading = Reading()

        def plain(x: Any) -> Any:
            if isinstance(x, (str, bool, type(None))):
                return x
            if isinstance(x, Mapping):
                return {str(k): plain(v) for k, v in x.items()}
            if isinstance(x, (list, tuple)) and not isinstance(x, sympy.Basic):
                return [plain(v) for v in x]
            if isinstance(x, sympy.Symbol):
                return x.name
            return T.to_json(reader.term(x))

        reader = _DefinitionReading(self.definitions) if self.definitions else reading
        self.plots.append({"kind": kind, **{k: plain(v) for k, v in fields.items()}})

    def document(self) -> Document:
        return Document(self.id, self.title, self.source, self.file, tuple(self.claims), self.prose,
                        self.prose_file, tuple(self.plots))


def read_claim(parts: Sequence[Any], given: Sequence[Any], definitions: Mapping[str, Defined]
               ) -> tuple[Claim, tuple[tuple[int, str], ...]]:
    """Read one link or one statement with its assumptions.  Raises :class:`StatementError`."""
    return _read_claim(parts, given, definitions)[:2]


def _read_claim(parts: Sequence[Any], given: Sequence[Any], definitions: Mapping[str, Defined]
                ) -> tuple[Claim, tuple[tuple[int, str], ...], _DefinitionReading]:
    """The claim, the labels of its assumptions, and the reading, for hints among the same names."""
    stated, given = independences(given)
    parts, given = order_claim(*optimum_claim(parts, given))
    reading = _DefinitionReading(definitions)
    reading.random = Groups((*parts, *(getattr(g, "statement", g) for g in given)), stated, definitions)
    reading.laws = laws_of((*parts, *given), definitions, given)
    reading.all_explicit = not reading.laws and all_explicit((*parts, *given), definitions)
    try:
        assumptions: list[Term] = []
        labels: list[tuple[int, str]] = []
        reading.facts += [reading.formula(f) for f in reading.random.facts()]
        reading.facts += [reading.formula(f) for f in weights_of_mixtures(parts, given, definitions)]
        for g in given:
            named = isinstance(g, Assumed)
            if named:
                labels.append((len(assumptions), g.label))
                g = g.statement
            formula = reading.formula(g)
            parts_of = T.conjuncts(formula)        # projection(P), eigenvalue(A, lam, v): each part by itself
            if not named:
                parts_of = [p for c in parts_of for p in _laws_of(c)]
            assumptions += parts_of if all(map(about_matrices, parts_of)) or len(parts_of) > 1 and all(
                isinstance(p, T.Bind) for p in parts_of) else [formula]
        statement, assumptions = _statement(parts, assumptions, reading)
        statement, assumptions = almost_surely(statement, assumptions, reading.declarations)
        reading.facts += [f for a in (*reading.facts, *assumptions) if (f := symmetry(a)) is not None]
        reading.random.refuse_free(statement, assumptions, reading.declarations)
        for part in (statement, *assumptions):
            _refuse_order_of_complex(part, reading.declarations)
        labels = [(k + len(reading.facts), text) for k, text in labels if k < len(assumptions)]
        used = reading.used()
        facts = [f for f in reading.facts
                 if f not in assumptions and T.free_names(f) <= set(reading.declarations)]
        shift = len(facts) - len(reading.facts)
        claim = Claim(tuple(reading.declarations.items()), (*facts, *assumptions), statement, used)
        claim.check_scope()
        _ = claim.sequent
        return claim, tuple((k + shift, text) for k, text in labels), reading
    except Malformed as error:
        raise StatementError(str(error), "malformed") from error
    except RecursionError as error:
        raise StatementError("the statement is nested too deep", "too-deep") from error


def independences(given: Sequence[Any]) -> tuple[list[Independence], tuple[Any, ...]]:
    """What is said of the independence of random quantities, and the other assumptions."""
    stated = [g for g in (getattr(g, "statement", g) for g in given) if isinstance(g, Independence)]
    return stated, tuple(g for g in given if not isinstance(getattr(g, "statement", g), Independence))


def _laws_of(formula: T.Term) -> list[T.Term]:
    """Two laws of a sequence that were stated under one ``forall``."""
    match formula:
        case T.Bind("forall", names, sorts, (), (guard, T.App("and", parts))) if all(k == T.INTEGER for k in sorts):
            return [T.Bind("forall", names, sorts, (), (guard, p)) for p in parts]
    return [formula]


def _statement(parts: Sequence[Any], assumptions: list[Term], reading: Reading
               ) -> tuple[Term, list[Term]]:
    if len(parts) == 1:
        return reading.formula(parts[0]), assumptions
    left, relation, right = parts
    whole = relation_of_matrices(left, relation, right)
    if whole is not None:
        return reading.formula(whole), assumptions
    left, right, component = privately(left, right)
    if component is not None and relation != "=":
        raise StatementError("between vectors a chain takes =; for u != v state ne(u, v)", "vector")
    sides = reading.term(left), reading.term(right)
    for side in sides:
        refuse_formula(side)
    return T.app(relation, *sides), assumptions


def _refuse_order_of_complex(t: Term, declarations: Mapping[str, T.Sort]) -> None:
    """An order between what may be non-real says nothing.  Sizes and parts (Abs, re, im) are real whatever they
    are of; a real term that is real under a condition only (log x) is left to definedness."""
    match t:
        case T.App("<" | "<=" | ">" | ">=" as relation, sides):
            for side in sides:
                if is_real(side, declarations):
                    continue
                for name in sorted(T.free_names(side)):
                    if declarations.get(name) == T.COMPLEX:
                        raise StatementError(
                            f"{relation} compares terms that contain {name}, which is complex: declare it real, "
                            f"symbols({name!r}, real=True)", "order-of-complex")
                if any(u == T.app("i") for u in T.subterms(side)):
                    raise StatementError(
                        f"{relation} compares {T.show(side)[:60]}, which may be non-real: compare Abs, re or im of it",
                        "order-of-complex")
        case T.App(_, parts):
            for u in parts:
                _refuse_order_of_complex(u, declarations)
        case T.Bind():
            inside = {**declarations, **dict(zip(t.names, t.sorts, strict=True))}
            for u in t.outer:
                _refuse_order_of_complex(u, declarations)
            for u in t.inner:
                _refuse_order_of_complex(u, inside)


class _DefinitionReading(Reading):
    """Reads uses of definitions too, and keeps the definitions that were used."""

    def __init__(self, definitions: Mapping[str, Defined]) -> None:
        super().__init__()
        self._definitions = definitions
        self._read: dict[str, Definition] = {}
        self._free: dict[str, frozenset[str]] = {}
        self._owners: dict[str, list[Any]] = {}      # what its moving names are outside

    def _node(self, head: str, operands: tuple[Any, ...]) -> Term:
        if head.startswith("@"):
            name = head[1:]
            if name not in self._definitions:
                raise StatementError(f"{name} is not defined in this derivation", "undefined-name")
            moving = self._moving(name)
            d = self._definitions[name]
            names = [(*self._bound_name(x), x) for x in d.over] + moving
            args = tuple(self.term(a) for a in operands)
            params = tuple((n, s) for n, s, _ in names)
            kept = self._read.get(name)
            if kept is not None and set(kept.params) > set(params):
                # read before where more of its names were bound: here those are free
                moving = [(n, s, None) for n, s in kept.params[len(d.over):]]
                for owner in self._owners[name]:
                    self.term(owner)
            elif kept is None or kept.params != params:
                body = self.bind(names, lambda: body_term(d.body, self))
                if kept is not None:      # kept with other names bound: this use is written out
                    return T.substitute(body, {n: a for (n, _), a in zip(params, args, strict=False)})
                self._read[name] = Definition(name, params, body)
                self._owners[name] = [o for _, _, o in moving]
            return T.App(head, args + tuple(T.Var(n) for n, _, _ in moving))
        return super()._node(head, operands)

    def _moving(self, name: str) -> list[tuple[str, T.Sort, Any]]:
        """Names of the definition's body that are bound where it is used, as ``c`` is in
        ``limit(alpha[a], c, oo)``: they become parameters, so that nothing is captured."""
        bound = {n: (n, s, o) for scope in self._bound for n, (s, o) in scope.items()}
        if not bound:
            return []
        if name not in self._free:
            scratch = _DefinitionReading(self._definitions)
            scratch.laws, scratch.random = self.laws, self.random
            d = self._definitions[name]
            own = [(*scratch._bound_name(x), x) for x in d.over]
            body = scratch.bind(own, lambda: body_term(d.body, scratch))
            table = {x.name: x for x in scratch.used()}
            self._free[name] = T.free_names(unfold(body, table)) - {n for n, _, _ in own}
        return [bound[n] for n in sorted(self._free[name]) if n in bound]

    def define(self, definition: Definition) -> bool:
        if definition.name in self._definitions:
            return False
        self._read.setdefault(definition.name, definition)
        return True

    def used(self) -> tuple[Definition, ...]:
        return tuple(self._read.values())


def _expected(expected: Any, link: str | None) -> str:
    if isinstance(expected, dict):
        keys = {str(k): v for k, v in expected.items()}
        expected = keys.get(link or "", "proved")
    if expected not in VERDICTS:
        raise StatementError(f"expected={expected!r}: it is one of {', '.join(VERDICTS)}", "expected")
    return str(expected)


def _caller() -> tuple[str, int]:
    """File and line of the nearest frame outside this module."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


__all__ = ["Assumed", "BinderStatement", "Declared", "Derivation", "collected", "reset"]
