r"""Roles for names that nobody declared, read off their uses: only where a document declares nothing.

    supplied(notation, trees) -> Notation       with a role, marked ``inferred``, for every free name of the trees

All formulas of a problem are looked at together: the n of ``\sum_{i=1}^n`` is an integer on the next line, too.
What is inferred is the weakest that the uses allow: a number is real; a name that ends a range is a size; ``x_i`` with
i from 1 to n is a family of n numbers, any other ``x_i`` a sequence; ``p(x)`` is read as a density by the grammar
already.  It is shown with the reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from .notation import Notation, Role
from .taylor import at_zero
from .tree import Tree

ONE, ZERO = Tree("number", (), Fraction(1)), Tree("number", (), Fraction(0))
_BINDERS = frozenset({"sum", "prod", "max", "min", "argmax", "argmin", "sup", "inf", "integral", "forall", "exists"})
#: letters that are integers where they run to infinity
_COUNTING = frozenset("nmkNMKtTjil")
#: What the parameters of a named law have to be: a scale or rate is positive, a chance lies between 0 and 1.
_PARAMETERS = {"Normal": ("", "positive"), "Bernoulli": ("chance",), "Binomial": ("natural", "chance"),
               "Geometric": ("chance",), "Poisson": ("positive",), "Exponential": ("positive",),
               "Gamma": ("positive", "positive"), "Beta": ("positive", "positive"), "Laplace": ("", "positive"),
               "InverseGamma": ("positive", "positive"), "LogNormal": ("", "positive")}
_OF_LAWS = frozenset({"KL", "JS", "JSD", "TV", "CE", "chi2"})


@dataclass
class Uses:
    """What is seen of one name."""

    kinds: set[str] = field(default_factory=set)
    arity: int = 1
    slots: dict[int, list[Tree]] = field(default_factory=dict)     # of x_i: the index in each place


def supplied(notation: Notation, trees: Iterable[Tree]) -> Notation:
    """The notation with inferred roles for the names that have none."""
    seen = _Seen(notation)
    for t in trees:
        seen.walk(t, {})
    for role in notation.roles.values():                 # X ~ N(mu, sigma^2), said above
        if role.kind == "random" and isinstance(role.value, Tree):
            seen.walk(role.value, {})
    made: dict[str, Role | None] = {}
    for key, uses in seen.uses.items():
        known = notation.role(key)
        if known is not None and known.kind == "random" and not known.sizes and uses.slots and not known.inferred:
            made[key] = seen.with_sizes(known, uses)
        elif known is not None and known.kind == "family" and not known.inferred:
            made[key] = seen.with_sizes(known, uses)
        elif notation.complete:
            continue
        elif known is None or _loose(known):
            if known is not None and known.kind != "scalar":
                uses.kinds.add(known.kind)
            elif known is not None and known.domain == "integer":
                uses.kinds.add("integer")
            made[key] = seen.role(key, uses)
    found = {k: r for k, r in made.items() if r is not None}
    return replace(notation, roles={**notation.roles, **found}) if found else notation


def _loose(role: Role) -> bool:
    """A role that the grammar supposed, of which nothing else is known."""
    known = role.conditions or role.sizes or role.value or role.params or role.properties
    return role.inferred and role.domain in ("real", "integer") and not known


class _Seen:
    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.uses: dict[str, Uses] = {}
        self.ranges: dict[str, list[Tree]] = {}        # a bound name -> the last values of its ranges from 1
        self.near: set[str] = set()                    # names that tend to 0 in an order of growth
        self.odd: set[str] = set()                     # bound names with a range that starts elsewhere than at 1

    def use(self, key: str, kind: str) -> Uses:
        found = self.uses.setdefault(key, Uses())
        found.kinds.add(kind)
        return found

    # ------------------------------------------------------------------ looking

    def walk(self, t: Tree, bound: dict[str, str]) -> None:
        match t.head:
            case "name":
                if t.value not in bound and not (t.value in ("e", "\\pi") and self.notation.role(t.value) is None):
                    self.use(t.value, "number")
            case "call" | "prime":
                self._call(t, bound)
            case "density":
                self._density(t, bound)
            case "entry":
                self._entry(t, bound)
            case "expectation":
                self._expectation(t, bound)
            case "information":
                for a in (u for p in t.parts for u in (p.walk() if p.head in ("given", "tuple") else (p,))):
                    if a.head == "name" and a.value not in bound:
                        low = str(a.value)[:1].islower()
                        self.use(a.value, "density" if t.value in _OF_LAWS or low and t.value == "H" else "random")
                    elif a.head not in ("given", "tuple", "name"):
                        self.walk(a, bound)
            case "factorial":
                self._integers(t.parts[0], bound, "natural")
                self._all(t.parts, bound)
            case "function" if t.value in ("log", "ln", "lg"):
                self._positive(t.parts[0], bound)
                self._all(t.parts, bound)
            case "function" if t.value in ("binomial", "binom", "gcd", "lcm", "mod"):
                for p in t.parts:
                    self._integers(p, bound, "integer")
                self._all(t.parts, bound)
            case "pow" if t.parts[0] == Tree("neg", (ONE,)):
                self._integers(t.parts[1], bound, "integer")
                self._all(t.parts, bound)
            case "named-law":
                wanted = _PARAMETERS.get(str(t.value), ())
                for place, p in zip(wanted, t.parts[-len(wanted):], strict=False):
                    base = p.parts[0] if p.head == "pow" else p
                    if place and base.head == "name" and base.value not in bound:
                        self.use(base.value, place)
                self._all(t.parts, bound)
            case "add" if (near := at_zero(t)) and near not in self.near:
                self.near.add(near)
                self.walk(t, bound)
            case "order":
                if len(t.parts) > 1:
                    self.near.add(str(t.parts[1].value))
                for n in (u for u in t.parts[0].walk() if u.head == "name" and u.value not in self.near):
                    if n.value not in bound and n.value in _COUNTING:
                        self.use(n.value, "size")
                self._all(t.parts, bound)
            case "limit":
                x, point, body = t.parts
                whole = point == Tree("constant", (), "oo") and x.value in _COUNTING
                self.use(x.value, "size" if whole else "number")
                self.walk(point, bound)
                self.walk(body, bound)
            case _ if t.head in _BINDERS and t.parts and t.parts[0].head == "binding":
                inside = self._binding(t.head, t.parts[0], bound, t.parts[1:])
                self._all(t.parts[1:], inside)
            case _:
                self._all(t.parts, bound)

    def _all(self, parts: Sequence[Tree], bound: dict[str, str]) -> None:
        for p in parts:
            self.walk(p, bound)

    def _integers(self, t: Tree, bound: dict[str, str], kind: str) -> None:
        """Names in a sum of names and numbers that must be an integer."""
        for n in t.walk():
            if n.head == "name" and n.value not in bound:
                self.use(n.value, kind)

    def _positive(self, t: Tree, bound: dict[str, str]) -> None:
        r"""A name directly below a logarithm, ``\\log x``, ``\\log p_i``, is positive."""
        name = t.parts[0] if t.head == "entry" else t
        if name.head == "name" and name.value not in bound:
            self.use(name.value, "positive")

    def _call(self, t: Tree, bound: dict[str, str]) -> None:
        inside = t.parts[0]
        if t.head == "prime" and inside.head == "name":
            self.use(inside.value, "function")
            return
        head, arguments = (inside, t.parts[1:]) if t.head == "call" else (inside.parts[0], inside.parts[1:])
        while head.head == "prime":
            head = head.parts[0]
        if head.head == "name" and head.value not in bound:
            self.use(head.value, "function").arity = len(arguments)
        else:
            self.walk(head, bound)
        self._all(arguments, bound)

    def _density(self, t: Tree, bound: dict[str, str]) -> None:
        head, *groups = t.parts
        if head.head == "name":
            self.use(head.value, "density")
        else:
            self.walk(head, bound)
        for k, g in enumerate(groups):
            for v in g.parts:
                if v.head == "name" and k < 2 and head.head == "name":
                    self.use(v.value, "random")
                else:
                    self.walk(v, bound)

    def _entry(self, t: Tree, bound: dict[str, str]) -> None:
        what, *indices = t.parts
        if what.head == "name" and what.value not in bound:
            found = self.use(what.value, "family")
            found.arity = max(found.arity, len(indices))
            for k, i in enumerate(indices):
                found.slots.setdefault(k, []).append(i)
        else:
            self.walk(what, bound)
        for i in indices:
            self._integers(i, bound, "index")

    def _expectation(self, t: Tree, bound: dict[str, str]) -> None:
        over, *integrands = t.parts
        for b in over.parts:
            if b.head == "distributed":
                for v in b.parts[0].walk():
                    if v.head == "name":
                        self.use(v.value, "random" if b.parts[1].head != "named-law" else "drawn")
                if b.parts[1].head == "name":
                    self.use(b.parts[1].value, "density")
                else:
                    self.walk(b.parts[1], bound)
            elif b.head == "name" and b.value not in bound:
                self.use(b.value, "over")
            else:
                self.walk(b, bound)
        if not over.parts:
            free = [n.value for f in integrands for n in f.walk() if n.head == "name" and n.value not in bound
                    and ((known := self.notation.role(n.value)) is None or _loose(known))]
            capital = [k for k in free if k[:1].isupper() or k.startswith("\\mathbf")]
            there = [self.notation.role(n.value) for f in integrands for n in f.walk() if n.head == "name"]
            drawn = any(r is not None and r.kind == "random" and not _loose(r) for r in there)
            # in P(X > t) of a declared X, t is a number
            for key in capital or (free if len(set(free)) == 1 and not drawn else []):
                self.use(key, "random")
        self._all(integrands, bound)

    def _binding(self, head: str, b: Tree, bound: dict[str, str], body: Sequence[Tree]) -> dict[str, str]:
        inside = dict(bound)
        match b.value:
            case "range":
                x, lower, upper = b.parts
                inside[x.value] = "range"
                self.walk(lower, bound)
                self.walk(upper, bound)
                if head in ("sum", "prod", "forall", "exists"):
                    self._integers(lower, bound, "integer")
                    self._ends(upper, bound)
                    if lower.head == "number" and lower.value >= 1 or lower.head != "number":
                        self.ranges.setdefault(x.value, []).append(upper)
                    else:
                        self.odd.add(x.value)
            case "member":
                self.walk(b.parts[1], bound)
                inside[b.parts[0].value] = "member"
                if head in ("argmin", "argmax", "min", "max") and b.parts[1].head in ("constant", "interval"):
                    self.use(b.parts[0].value, "number")         # what varies is a number, named in the line or not
            case "where":
                inside = self._binding(head, b.parts[0], bound, body)
                self._all(b.parts[1:], inside)
            case "several":
                for p in b.parts:
                    inside = self._binding(head, p, inside, body)
            case "differs":
                inside[b.parts[0].value] = "differs"
                self.walk(b.parts[1], bound)
            case _:
                for x in b.parts:
                    if head in ("sum", "prod", "integral"):
                        inside[x.value] = "all"
                    else:
                        self.use(x.value, "number")
        return inside

    def _ends(self, upper: Tree, bound: dict[str, str]) -> None:
        for n in upper.walk():
            if n.head == "name" and n.value not in bound:
                self.use(n.value, "size")

    # ------------------------------------------------------------------ deciding

    def role(self, key: str, uses: Uses) -> Role | None:
        kinds = uses.kinds
        if "density" in kinds or "over" in kinds and key[-1:] in "pqr":
            return Role(key, "density", inferred=True)
        if "function" in kinds:
            return Role(key, "function", inferred=True, params=(), sizes=(Tree("number", (), Fraction(uses.arity)),))
        if "family" in kinds:
            return self._family(key, uses)
        if kinds & {"random", "over"}:
            return Role(key, "random", inferred=True)
        name = Tree("name", (), key)
        if "size" in kinds:
            return Role(key, "scalar", "integer", conditions=(Tree("relation", (name, ONE), ">="),), inferred=True)
        if "natural" in kinds:
            return Role(key, "scalar", "integer", conditions=(Tree("relation", (name, ZERO), ">="),), inferred=True)
        if "index" in kinds:
            size = self._size_of_index(key)
            if size is not None:
                return Role(key, "index", sizes=(ONE, size), inferred=True)
        if kinds & {"integer", "index"}:
            return Role(key, "scalar", "integer", inferred=True)
        if "chance" in kinds and not kinds & {"positive"}:
            within = Tree("chain", (ZERO, name, ONE), ("<=", "<="))
            return Role(key, "scalar", conditions=(within,), inferred=True)
        above = (Tree("relation", (name, ZERO), ">"),) if "positive" in kinds else ()
        return Role(key, "scalar", conditions=above, inferred=True)

    def _family(self, key: str, uses: Uses) -> Role:
        sizes = [self._slot(uses.slots.get(k, ())) for k in range(uses.arity)]
        found = tuple(s for s in sizes if s is not None)
        if len(found) < len(sizes) or "random" in uses.kinds and len(found) != 1:
            return Role(key, "sequence", inferred=True)
        if "random" in uses.kinds:
            return Role(key, "random", sizes=found, inferred=True)
        return Role(key, "family", sizes=found, conditions=_positive_entries(key, found) if "positive" in uses.kinds
                    else (), inferred=True)

    def with_sizes(self, role: Role, uses: Uses) -> Role | None:
        """``x_i: real`` and ``x_i: vector d``, declared without a range: how many there are shows in the sums."""
        own = ("vector" in role.properties) + 2*("matrix" in role.properties)
        if len(role.sizes) > own or len(role.sizes) < own:
            return None
        count = uses.arity - own if uses.arity > own else 1
        sizes = [self._slot(uses.slots.get(k, ())) for k in range(count)]
        found = tuple(s for s in sizes if s is not None)
        if len(found) == len(sizes):
            return replace(role, sizes=(*found, *role.sizes))
        return None if own or role.kind == "random" else replace(role, kind="sequence")

    def _slot(self, indices: Sequence[Tree]) -> Tree | None:
        """The size of one place: the largest index that stands there, if that shows."""
        best: tuple[str, int, Tree] | None = None
        for i in indices:
            if i.head == "number":
                continue
            letter, offset = _shifted(i)
            if letter is None or letter in self.odd:
                return None
            ends = self.ranges.get(letter) or self._declared_range(letter)
            for end in ends or ():
                base, own = _shifted(end)
                reach = own + offset
                if base is None or best is not None and base != best[0]:
                    return None
                if base and not self._counts(base):
                    return None
                if best is None or reach > best[1]:
                    best = base, reach, _plus(base, reach)
        return None if best is None or best[1] < 0 and best[0] != "" else best[2]

    def _counts(self, name: str) -> bool:
        """A declared name that ends a range is a size only where it is at least 1."""
        role = self.notation.role(name)
        if role is None or _loose(role):
            return True
        one = Tree("relation", (Tree("name", (), name), ONE), ">=")
        positive = Tree("relation", (Tree("name", (), name), ZERO), ">")
        return role.kind == "scalar" and role.domain in ("integer", "natural") and bool(
            {one, positive} & set(role.conditions))

    def _declared_range(self, letter: str) -> list[Tree] | None:
        role = self.notation.role(letter)
        return [role.sizes[1]] if role is not None and role.kind == "index" and len(role.sizes) == 2 else None

    def _size_of_index(self, key: str) -> Tree | None:
        """A free index has the range that its letter has where it is bound."""
        ends = self.ranges.get(key)
        if not ends or key in self.odd or any(e != ends[0] for e in ends):
            return None
        return ends[0] if ends[0].head == "name" else None


def _positive_entries(key: str, sizes: tuple[Tree, ...]) -> tuple[Tree, ...]:
    letters = [Tree("name", (), f"{key}_at_{k}") for k in range(1, len(sizes) + 1)]
    found = Tree("relation", (Tree("entry", (Tree("name", (), key), *letters)), ZERO), ">")
    for letter, size in zip(reversed(letters), reversed(sizes), strict=True):
        found = Tree("forall", (Tree("binding", (letter, ONE, size), "range"), found))
    return (found,)


def _shifted(t: Tree) -> tuple[str | None, int]:
    """``i + 1`` as ("i", 1), ``3`` as ("", 3)."""
    match t.head:
        case "name":
            return str(t.value), 0
        case "number" if t.value == int(t.value):
            return "", int(t.value)
        case "neg" if t.parts[0].head == "number":
            return "", -int(t.parts[0].value)
        case "add":
            letter, offset = "", 0
            for p in t.parts:
                own, k = _shifted(p)
                if own is None or own and letter:
                    return None, 0
                letter, offset = own or letter, offset + k
            return letter, offset
    return None, 0


def _plus(base: str, offset: int) -> Tree:
    if not base:
        return Tree("number", (), Fraction(offset))
    name = Tree("name", (), base)
    number = Tree("number", (), Fraction(abs(offset)))
    return name if not offset else Tree("add", (name, number if offset > 0 else Tree("neg", (number,))))


__all__ = ["supplied"]
