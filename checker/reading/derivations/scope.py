"""What is in force at a line: the names and what is assumed of them.

A scope does not change; "let", "assume" and "for" make another one from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..latex import limits
from ..latex.notation import Notation, Role
from ..latex.source import Place, Token, Unread
from ..latex.tree import Tree

#: Sets of numbers, and what a name that lies in one of them is declared as.
_DOMAINS = {"R": "real", "Z": "integer", "N": "natural", "Q": "rational", "C": "complex"}
_NARROWER = {"complex": 0, "real": 1, "rational": 2, "integer": 3, "natural": 4}
#: What is written behind the letter of a set, and what it says against 0.
_SIGNS = {"": "", "^+": ">", "_>0": ">", "_++": ">", r"_\ge0": ">=", r"_\geq0": ">=", r"_\geqslant0": ">=", "_<0": "<",
          r"\setminus\{0\}": "!=", "^*": "!=", "_0": ">=", r"_\ne0": "!=", r"_\neq0": "!=",
          r"_\ge1": ">", r"_\geq1": ">", r"_\le0": "<=", r"_\leq0": "<="}
_DOTS = frozenset((r"\dots", r"\ldots", r"\cdots", r"\dotsc"))


class TooMuch(Unread):
    """Costs the whole problem: a line that is judged without one of its assumptions may be called wrong."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement that is assumed; ``why``: in words, for people (``line 3``, ``assumed in line 2``)."""

    tree: Tree
    why: str
    under: tuple[Fact, ...] = ()             # of a line above: what it was stated under
    lent: frozenset[tuple[str, str]] = frozenset()       # ... and what names were supposed to be there


@dataclass(frozen=True, slots=True)
class Scope:
    notation: Notation
    facts: tuple[Fact, ...] = ()
    constrained: frozenset[str] = frozenset()   # names that something has been said of
    lent: frozenset[tuple[str, str]] = frozenset()      # properties of names that hold for a case: "If A is symmetric"
    doubted: Mapping[str, int] = field(default_factory=dict)    # names of notation that was not read, and its lines
    integrated: frozenset[str] = frozenset()    # variables of the integrals in the rows of this display, so far
    inferred: dict[str, Role] = field(default_factory=dict, compare=False)   # of the section: what the grammar inferred

    @property
    def names(self) -> Notation:
        """The notation, with the names that nobody declared."""
        roles = self.notation.roles
        new = {k: r for k, r in self.inferred.items() if k not in roles or roles[k].inferred}
        return replace(self.notation, roles={**self.notation.roles, **new}) if new else self.notation

    def assuming(self, facts: Iterable[Fact]) -> Scope:
        new = tuple(f for f in facts if all(f.tree != g.tree for g in self.facts))
        if len(self.facts) + len(new) > limits.FACTS:
            raise TooMuch("too-large", f"this problem assumes more than {limits.FACTS} things", None,
                          "divide it by headings")
        return replace(self, facts=self.facts + new).mentioning(f.tree for f in new)

    def mentioning(self, trees: Iterable[Tree]) -> Scope:
        """Something is said of the names in these formulas."""
        return replace(self, constrained=self.constrained | {n for t in trees for n in names(t)})

    def declaring(self, role: Role) -> Scope:
        """A declaration by the text.  What the notation block says of the name's domain and conditions stays,
        unless this is narrower."""
        old = self.notation.role(role.key)
        if old is not None and not old.inferred and role.kind == "scalar" == old.kind:
            domain = max(old.domain, role.domain, key=lambda d: _NARROWER.get(d, 1))
            role = replace(role, domain=domain, conditions=(*old.conditions, *role.conditions),
                           properties=old.properties | role.properties)
        return replace(self, notation=replace(self.notation, roles={**self.notation.roles, role.key: role}))

    def defining(self, role: Role) -> Scope:
        return replace(self, notation=replace(self.notation, roles={**self.notation.roles, role.key: role}),
                       constrained=self.constrained | {role.key})

    def saying(self, key: str, words: frozenset[str], for_now: bool) -> Scope:
        """A property of a declared name, until further notice or for the case that the text is in."""
        role = self.notation.roles[key]
        new = frozenset((key, w) for w in words - role.properties)
        scope = self.defining(replace(role, properties=role.properties | words))
        return replace(scope, lent=self.lent | new if for_now else self.lent - {(key, w) for w in words})

    def returning(self) -> Scope:
        """The case is over: what it said names are they are no more."""
        roles = dict(self.notation.roles)
        for key, word in self.lent:
            roles[key] = replace(roles[key], properties=roles[key].properties - {word})
        return replace(self, notation=replace(self.notation, roles=roles), lent=frozenset()) if self.lent else self


def names(tree: Tree) -> set[str]:
    return {str(t.value) for t in tree.walk() if t.head == "name"}


def bare(tree: Tree) -> str:
    """The name that this formula is, "" if it is more than a name."""
    return str(tree.value) if tree.head == "name" else ""


def works_out_chance(t: Tree, scope: Scope) -> bool:
    r"""``\mathbb E[X^2] = 1`` of an X that has a law: worked out, so right or wrong, and no condition on anything.
    (``\mathbb E[X] = 3`` of an X with an unknown mean is one.)"""
    if t.head != "relation" or t.value != "=" or not any(p.head == "expectation" for p in t.parts):
        return False
    todo = [n for p in t.parts for u in p.walk() if u.head == "expectation" for n in names(u)]
    seen: set[str] = set()
    drawn: list[Role] = []
    while todo:
        key = todo.pop()
        role = scope.names.role(key)
        if key in seen or role is None:
            continue
        seen.add(key)
        if role.kind == "definition" and isinstance(role.value, Tree):
            todo += names(role.value)
        drawn += [role] if role.kind == "random" else []
    parameters = {n for r in drawn if isinstance(r.value, Tree) for n in names(r.value)}
    others = {n for p in t.parts if p.head != "expectation" for n in names(p)}
    return bool(drawn) and all(isinstance(r.value, Tree) for r in drawn) and (bool(others) or not parameters)


def relation(op: str, left: Tree, right: Tree) -> Tree:
    r"""``left op right``; of sides with ``\\pm``: both signs, joined as :func:`joined_signs` says."""
    if "pm" in (left.head, right.head):
        upper, lower = (relation(op, signed(left, k), signed(right, k)) for k in (0, 1))
        return Tree(joined_signs((op,), (left, right)), (upper, lower), None, left.place)
    return Tree("relation", (left, right), op, left.place)


def joined_signs(relations: Sequence[str], sides: Sequence[Tree]) -> str:
    r"""How the readings of ``\pm`` are joined: x is one of two numbers (``x = \pm 1``), or both readings hold
    (``x \ne \pm 1``; ``(a \pm b)^2 = a^2 \pm 2ab + b^2``)."""
    return "or" if all(r == "=" for r in relations) and sum(s.head == "pm" for s in sides) == 1 else "and"


def signed(side: Tree, k: int) -> Tree:
    """A side with its upper (0) or lower (1) signs."""
    return side.parts[k] if side.head == "pm" else side


def conjunction(trees: Sequence[Tree]) -> Tree:
    return trees[0] if len(trees) == 1 else Tree("and", tuple(trees), None, trees[0].place)


def same(a: Tree, b: Tree) -> bool:
    """Do they say the same, as written, but for the order of terms and factors, signs and ways to write a quotient?"""
    return _form(a) == _form(b)


def _form(t: Tree) -> tuple[object, ...]:
    match t.head:
        case "add" | "mul":
            parts: list[tuple[object, ...]] = []
            sign = 0
            for p in t.parts:
                f = _form(p)
                if t.head == "mul" and f[0] == "neg":
                    sign, f = 1 - sign, f[1]
                parts += f[1:] if f[0] == t.head else [f]    # type: ignore[arg-type]
            made: tuple[object, ...] = (t.head, *sorted(parts, key=repr))
            return ("neg", made) if sign else made
        case "neg":
            inner = _form(t.parts[0])
            return inner[1] if inner[0] == "neg" else ("neg", inner)   # type: ignore[return-value]
        case "div":
            return _form(Tree("mul", (t.parts[0], Tree("pow", (t.parts[1], Tree("number", (), Fraction(-1)))))))
        case "sqrt":
            return ("root", _form(t.parts[0]), ("number", "2"))
        case _:
            return (t.head, str(t.value) if t.value is not None else "", *map(_form, t.parts))


# ------------------------------------------------------------------------- memberships and ranges


def range_of(tokens: Sequence[Token]) -> bool:
    r"""``i = 1, \\dots, n``"""
    return any(t.text in _DOTS for t in tokens)


def member_role(key: str, collection: Sequence[Token], place: Place | None) -> Role | None:
    r"""What ``x \\in \\mathbb R``, ``x \\in \\mathbb{R}_{>0}`` declare; None where the set is no domain of numbers."""
    texts = [t.text for t in collection if t.text not in ("{", "}", r"\,")]
    if len(texts) >= 2 and texts[0] in (r"\mathbb", r"\mathbf", r"\mathrm"):
        texts = texts[1:]
    if not texts:
        return None
    first = texts[0].removeprefix("\\mathbb").strip().removeprefix("\\").strip("{} ")
    if first not in _DOMAINS or len(first) != 1:
        return None
    zero, here = Tree("number", (), Fraction(0), place), Tree("name", (), key, place)
    tail = "".join(texts[1:])
    if (first, tail) in (("R", "_+"), ("Z", "_+"), ("Q", "_+")):
        raise Unread("ambiguous-set", rf"\mathbb{{{first}}}_+ holds 0 for some and not for others", place,
                     r"write x > 0 or x \ge 0", (r"x > 0", r"x \ge 0"))
    if tail and first == "N":
        tail = {"_+": "^+", "^*": "^+"}.get(tail, tail)
    if tail not in _SIGNS or tail == "_0" and first != "N":
        return None
    sign = _SIGNS[tail]
    conditions = () if not sign else (relation(sign, here, zero),)
    return Role(key, "scalar", _DOMAINS[first], conditions=conditions, place=place)
