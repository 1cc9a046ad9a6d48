r"""What a text means by the names of its setting, where it declares none.

    listed         "Let $x_1, \dots, x_n > 0$" names n numbers
    every_index    "with $p_k > 0$" holds for every k; "$w_{t+1} = w_t - \eta g_t$" for every t
    values         beside ``p(x)`` the X of ``I(X; Y)`` is the variable whose value x is
    iterates       w_t beside a number w: another name
    steps_apart    w_t, w_{t+1} by themselves: two numbers
    free           the names that a formula speaks of
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from ..latex.grammar.names import BESIDE
from ..latex.notation import Notation, Role
from ..latex.pairs import settled
from ..latex.source import Token, Unread
from ..latex.tree import Tree
from .lines import ReadLine, condition_facts, problem
from .recurrences import given_values, instances, recurrence
from .scope import Fact, Scope

#: An index is shifted by at most so much from line to line: w_t, w_{t+1}, w_{t+2}.
_SHIFTS = 3
_OF_CHANCE = frozenset(("information", "expectation", "density", "distributed"))
_ONE = Tree("number", (), Fraction(1))


def free(tree: Tree) -> set[str]:
    """The names of a formula that nothing binds there."""
    return {key for key, _ in _free(tree, frozenset(), False)}


def _free(t: Tree, bound: frozenset[str], index: bool) -> Iterator[tuple[str, bool]]:
    """Each free name, and whether it stands within an index."""
    if t.head == "name":
        if t.value not in bound:
            yield str(t.value), index
        return
    if t.parts and t.parts[0].head == "binding":
        inside = bound | _bound(t.parts[0])
        for n in _outside(t.parts[0]):
            yield from _free(n, bound, index)
        for p in t.parts[1:]:
            yield from _free(p, inside, index)
        return
    for k, p in enumerate(t.parts):
        yield from _free(p, bound, index or t.head == "entry" and k > 0)


def _bound(binding: Tree) -> frozenset[str]:
    match binding.value:
        case "where":
            return _bound(binding.parts[0])
        case "several":
            return frozenset(n for b in binding.parts for n in _bound(b))
        case "all":
            return frozenset(str(p.value) for p in binding.parts)
        case _:
            return frozenset((str(binding.parts[0].value),))


def _outside(binding: Tree) -> Iterator[Tree]:
    """The parts of a binding that its names are not bound in: ends and sets."""
    match binding.value:
        case "where":
            yield from _outside(binding.parts[0])
        case "several":
            for b in binding.parts:
                yield from _outside(b)
        case "all":
            return
        case _:
            yield from binding.parts[1:]


# ---------------------------------------------------------------------------------- x_1, ..., x_n

_LEFT_OUT = frozenset(("{", "}", r"\,", r"\;", r"\!", "~", "&"))
_DOTS = frozenset((r"\dots", r"\ldots", r"\cdots", r"\dotsc"))


def listed(tokens: Sequence[Token], scope: Scope, why: str) -> tuple[Scope, list[Fact]] | None:
    r"""``x_1, \dots, x_n``, ``x_1, \dots, x_n > 0``, ``p = (p_1, \dots, p_K)``: the names, and what holds of each.

    None if the formula is no such list, or its name is declared.
    """
    rest = [t for t in tokens if t.text not in _LEFT_OUT and t.text not in (r"\left", r"\right")]
    named = len(rest) > 3 and rest[1].text == "=" and rest[2].text == "("
    key = rest[0].text if rest else ""
    if named:
        rest = rest[3:]
    first, rest = rest[:9], rest[9:]
    texts = [t.text for t in first]
    if len(texts) < 9 or texts[0] != key or texts[1:4] != ["_", "1", ","]:
        return None
    if texts[4] not in _DOTS and texts[4] != key:
        return None
    if texts[4] == key:                                   # x_1, x_2, ..., x_n
        if texts[5:8] != ["_", "2", ","] or texts[8] not in _DOTS:
            return None
        first, rest = [*first[:4], first[8], *rest[:4]], rest[4:]
        texts = [t.text for t in first]
    if texts[4] not in _DOTS or texts[5:8] != [",", key, "_"] or len(texts) < 9 \
            or first[8].kind not in ("letter", "number"):
        return None
    if named:
        if not rest or rest[0].text != ")":
            return None
        rest = rest[1:]
        if [t.text for t in rest] in (["^", r"\top"], ["^", "T"], ["^", r"\intercal"]):
            rest = []
    role = scope.names.role(key)
    if role is not None and not role.inferred or named and rest or key.isupper():
        return None
    last = first[8]
    size = Tree("number", (), Fraction(last.text), last.place) if last.kind == "number" else \
        Tree("name", (), last.text, last.place)
    if size.head == "name" and scope.names.role(last.text) is None:
        least = Tree("relation", (size, _ONE), ">=", last.place)
        scope = scope.declaring(Role(last.text, "scalar", "integer", conditions=(least,), inferred=True,
                                     place=last.place))
    if role is None or role.inferred:
        scope = scope.declaring(Role(key, "vector" if named else "family", sizes=(size,), place=last.place))
    if not rest or [t.text for t in rest][:2] == [r"\in", r"\mathbb"] and [t.text for t in rest][2:] == ["R"]:
        return scope, []
    letter = next(k for k in "ijkl" if k != last.text and k != key)
    index = Tree("name", (), letter, last.place)
    inner = scope.declaring(Role(letter, "index", sizes=(_ONE, size), inferred=True))
    subject = [first[0], replace(first[1], text="_"), replace(first[2], kind="letter", text=letter)]
    _, facts = condition_facts((*subject, *rest), inner, why)
    binding = Tree("binding", (index, _ONE, size), "range", last.place)
    return scope, [replace(f, tree=Tree("forall", (binding, f.tree), None, last.place)) for f in facts]


# ------------------------------------------------------------------------------ for every index


def every_index(lines: Sequence[ReadLine], notation: Notation) -> list[ReadLine]:
    """The lines, with facts that hold for every value of an index that is no name of the derivation.

    An index that the text declares, or that the rows use free and bind nowhere, is one number: what is said of it is
    said of it alone.  A recursion is meant for every step in any case.
    """
    trees = [t for line in lines for s in line.said for t in (*s.sides, *((s.tree,) if s.tree is not None else ()))]
    used = {n for t in trees for n in free(t)}
    bound = {n for t in trees for u in t.walk() if u.parts and u.parts[0].head == "binding" for n in _bound(u.parts[0])}
    made: dict[Fact, tuple[Fact, ...]] = {}
    starts: dict[str, int] = {}                      # a_0 = 1: from where on a recursion is meant
    for f in dict.fromkeys(f for line in lines for f in line.scope.facts):
        for key, k in _valued_entries(f.tree):
            starts[key] = min(k, starts.get(key, k))

    values = given_values(f.tree for line in lines for f in line.scope.facts)

    def meant(fact: Fact) -> tuple[Fact, ...]:
        if fact not in made and (found := recurrence(fact.tree, notation)) is not None:
            made[fact] = tuple(instances(fact, *found, trees, values.get(found[0], frozenset())))
        if fact not in made:
            made[fact] = _meant(fact, notation, used, bound, trees, starts)
        return made[fact]

    out: list[ReadLine] = []
    for line in lines:
        facts = tuple(dict.fromkeys(g for f in line.scope.facts for g in meant(f)))
        out.append(line if facts == line.scope.facts else replace(line, scope=replace(line.scope, facts=facts)))
    return out


def _meant(fact: Fact, notation: Notation, used: set[str], bound: set[str], trees: Sequence[Tree],
           starts: Mapping[str, int]) -> tuple[Fact, ...]:
    found = list(_free(fact.tree, frozenset(), False))
    indices = {k for k, index in found if index} - {k for k, index in found
                                                    if not index and not _recursion(fact.tree, k)}
    whole = fact.tree
    kept: list[Fact] = []
    for key in sorted(indices):
        role = notation.role(key)
        if role is not None and not role.inferred and not _recursion(fact.tree, key):
            continue
        seen = {k for t in trees for k in _offsets(t, key)}
        steps = _recursion(fact.tree, key) or (own if seen - (own := _offsets(fact.tree, key)) else set())
        if key in used and key not in bound and not steps:
            continue
        binding = _range(fact.tree, key, notation)
        if len(steps) > 1 and (first := _first(fact.tree, key, steps, starts)) is not None:
            binding = Tree("binding", (Tree("name", (), key, fact.tree.place), first, Tree("constant", (), "oo")),
                           "range", fact.tree.place)
        if key not in used and len(steps) > 1 and (told := _told(fact, key, steps, trees)):
            return tuple(told)
        if binding is None:
            continue
        if key in used:
            shifts = range(-_SHIFTS, _SHIFTS + 1) if steps else (0,)
            kept += [replace(fact, tree=_at(fact.tree, key, key, k)) for k in shifts
                     if not steps or not k or min(seen) <= k + min(steps) and k + max(steps) <= max(seen)]
            if steps and key not in bound:
                continue                 # the steps that the rows speak of are enough, and easier to refute from
        whole = Tree("forall", (binding, whole), None, fact.tree.place)
    if whole is not fact.tree:
        kept.append(replace(fact, tree=whole))
    return tuple(kept) or (fact,)


def _recursion(t: Tree, key: str) -> set[int]:
    """The shifts of an index in a statement that relates several entries of one name, none if it relates none."""
    seen: dict[str, set[int]] = {}
    for u in t.walk():
        if u.head == "entry" and u.parts[0].head == "name":
            for i in u.parts[1:]:
                if (k := _offset(i, key)) is not None:
                    seen.setdefault(str(u.parts[0].value), set()).add(k)
    return next((s for s in seen.values() if len(s) > 1), set())


def _offsets(t: Tree, key: str) -> set[int]:
    return {k for u in t.walk() if u.head == "entry" for i in u.parts[1:] if (k := _offset(i, key)) is not None}


def _offset(i: Tree, key: str) -> int | None:
    """``t + 2`` of t: 2."""
    if i.head == "name":
        return 0 if i.value == key else None
    if i.head != "add" or len(i.parts) != 2 or i.parts[0].head != "name" or i.parts[0].value != key:
        return None
    other = i.parts[1]
    sign, other = (-1, other.parts[0]) if other.head == "neg" else (1, other)
    return sign * int(other.value) if other.head == "number" and other.value == int(other.value) else None


def _valued_entries(t: Tree) -> Iterator[tuple[str, int]]:
    """``a_0 = 1``: a and 0."""
    for u in t.parts if t.head == "and" else (t,):
        if u.head == "relation" and u.value == "=" and u.parts[0].head == "entry" and len(u.parts[0].parts) == 2:
            name, i = u.parts[0].parts
            if name.head == "name" and i.head == "number" and i.value == int(i.value):
                yield str(name.value), int(i.value)


def _first(t: Tree, key: str, steps: set[int], starts: Mapping[str, int]) -> Tree | None:
    """The first index of a recursion: its earliest entry is the one that the text starts with."""
    related = {str(u.parts[0].value) for u in t.walk() if u.head == "entry" and _offsets(u, key)}
    if len(related) != 1 or not related <= set(starts):
        return None
    return _index("", starts[related.pop()] - min(steps), t)


def _told(fact: Fact, key: str, steps: set[int], trees: Sequence[Tree]) -> list[Fact]:
    """A recursion over n at the steps of which the rows speak: ``a_{k+1}``, ``a_k``.  None if they speak of others."""
    related = {str(u.parts[0].value) for u in fact.tree.walk() if u.head == "entry" and _offsets(u, key)}
    seen: dict[str, set[int]] = {}
    for t in trees:
        for u in t.walk():
            if u.head != "entry" or u.parts[0].head != "name" or u.parts[0].value not in related:
                continue
            for i in u.parts[1:]:
                found = [(n, k) for n in free(i) if (k := _offset(i, n)) is not None]
                if len(found) != 1:
                    return []
                seen.setdefault(found[0][0], set()).add(found[0][1])
    shifts = [(n, k) for n, at in sorted(seen.items()) for k in range(min(at) - min(steps), max(at) - max(steps) + 1)]
    if not shifts or len(shifts) > 4 * _SHIFTS:
        return []
    return [replace(fact, tree=_at(fact.tree, key, n, k)) for n, k in shifts]


def _at(t: Tree, key: str, letter: str, by: int) -> Tree:
    """``w_{t+1} = w_t`` one step later: ``w_{t+2} = w_{t+1}``; at another index, at a number (no letter)."""
    if t.head == "name" and t.value == key:
        return _index(letter, by, t)
    if not t.parts:
        return t
    if t.head == "entry":
        parts = [_at(t.parts[0], key, letter, by)]
        for i in t.parts[1:]:
            k = _offset(i, key)
            parts.append(_at(i, key, letter, by) if k is None else _index(letter, k + by, i))
        return replace(t, parts=tuple(parts))
    return replace(t, parts=tuple(_at(p, key, letter, by) for p in t.parts))


def _index(key: str, k: int, like: Tree) -> Tree:
    if not key and k >= 0:
        return Tree("number", (), Fraction(k), like.place)
    name = Tree("name", (), key, like.place)
    number = Tree("number", (), Fraction(abs(k)))
    if not key:
        return Tree("neg", (number,), None, like.place)
    return name if not k else Tree("add", (name, number if k > 0 else Tree("neg", (number,))), None, like.place)


def _range(t: Tree, key: str, notation: Notation) -> Tree | None:
    """What an index runs over: 1, ..., n of a family of n, the integers of a sequence; None if that does not show."""
    name = Tree("name", (), key, t.place)
    sizes: list[Tree] = []
    for u in t.walk():
        if u.head != "entry" or u.parts[0].head != "name":
            continue
        for k, i in enumerate(u.parts[1:]):
            offset = _offset(i, key)
            if offset is None:
                continue
            role = notation.role(str(u.parts[0].value))
            if role is not None and role.kind == "sequence":
                return Tree("binding", (name, Tree("constant", (), "Z")), "member", t.place)
            if role is None or role.kind not in ("family", "vector", "matrix", "random") or k >= len(role.sizes) \
                    or offset:
                return None
            sizes.append(role.sizes[k])
    if not sizes or any(s != sizes[0] for s in sizes):
        return None
    return Tree("binding", (name, _ONE, sizes[0]), "range", t.place)


# ------------------------------------------------------------------------------- sums over pairs


def pairs(lines: Sequence[ReadLine], file: str) -> list[ReadLine]:
    r"""The lines, with each ``\sum_{i \ne j}`` as all sides of its chain of rows show it is meant."""
    chains: list[list[tuple[int, int]]] = []
    for k, line in enumerate(lines):
        for n, said in enumerate(line.said):
            if not (said.opens and chains):
                chains.append([])
            chains[-1].append((k, n))
    out = list(lines)
    for chain in chains:
        saids = [out[k].said[n] for k, n in chain]
        trees = [t for s in saids for t in (*s.sides, *((s.tree,) if s.tree is not None else ()))]
        try:
            found = iter(settled(trees))
        except Unread as error:
            for k in {k for k, _ in chain}:
                out[k] = replace(out[k], unread=problem(error, out[k].row.file or file, out[k].place), said=())
            continue
        for (k, n), s in zip(chain, saids, strict=True):
            made = replace(s, sides=tuple(next(found) for _ in s.sides),
                           tree=next(found) if s.tree is not None else None)
            out[k] = replace(out[k], said=(*out[k].said[:n], made, *out[k].said[n + 1:]))
    return out


# -------------------------------------------------------------------------- variables and values


def values(trees: Iterable[Tree], notation: Notation) -> Mapping[str, str]:
    """The letters of values, and their random variables, which nobody declared: the x of ``p(x)`` beside X is X.

    ``I(X; Y) = \\sum_{x, y} p(x, y) ...`` speaks of two variables, not of four.
    """
    random: set[str] = set()
    arguments: set[str] = set()
    for t in trees:
        for u in t.walk():
            if u.head in ("information", "expectation"):
                random |= {str(n.value) for p in u.parts for n in p.walk() if n.head == "name"}
            elif u.head == "density":
                arguments |= {str(n.value) for g in u.parts[1:3] for n in g.parts if n.head == "name"}
    found: dict[str, str] = {}
    for key in sorted(random - arguments):
        low = key.lower()
        if len(key) == 1 and key != low and low in arguments and _anybody(notation.role(key), "random") \
                and _anybody(notation.role(low), "scalar"):
            found[low] = key
    return found


def _anybody(role: Role | None, kind: str) -> bool:
    """Declared by nobody, or with nothing that tells it from any other of its kind."""
    return role is None or role.inferred or (role.kind == kind and role.domain == "real" and role.value is None
                                             and not role.conditions and not role.sizes)


def renamed(t: Tree, names: Mapping[str, str]) -> Tree:
    """The formula with other names."""
    if t.head == "name":
        return replace(t, value=names[t.value]) if t.value in names else t
    return replace(t, parts=tuple(renamed(p, names) for p in t.parts)) if t.parts else t


# ------------------------------------------------------------------------------------ iterates


def iterates(trees: Iterable[Tree], notation: Notation) -> frozenset[str]:
    """Names nobody declared that are a number (the w of f(w)) and a sequence by a recursion (w_{t+1} = w_t - ...)."""
    number: set[str] = set()
    steps: set[str] = set()
    for t in trees:
        for u in t.walk():
            number |= {str(p.value) for k, p in enumerate(u.parts)
                       if p.head == "name" and not (u.head == "entry" and k == 0)}
            if u.head == "relation":
                for v in u.walk():
                    if v.head == "entry" and v.parts[0].head == "name" and len(v.parts) == 2:
                        letters = {str(n.value) for n in v.parts[1].walk() if n.head == "name"}
                        if any(len(_recursion_of(u, str(v.parts[0].value), key)) > 1 for key in letters):
                            steps.add(str(v.parts[0].value))
    return frozenset(k for k in number & steps if (role := notation.role(k)) is None or role.inferred)


def _recursion_of(t: Tree, name: str, key: str) -> set[int]:
    return {k for u in t.walk() if u.head == "entry" and u.parts[0].head == "name" and u.parts[0].value == name
            for i in u.parts[1:] if (k := _offset(i, key)) is not None}


def beside(t: Tree, keys: frozenset[str]) -> Tree:
    """The formula with the entries of these names as those of another one, as the grammar names a family beside a
    number."""
    if not t.parts:
        return t
    parts = tuple(beside(p, keys) for p in t.parts)
    if t.head == "entry" and parts[0].head == "name" and parts[0].value in keys:
        parts = (replace(parts[0], value=f"{parts[0].value}{BESIDE}"), *parts[1:])
    return replace(t, parts=parts)


def steps_apart(trees: Sequence[Tree], notation: Notation) -> Callable[[Tree], Tree]:
    """What makes numbers of w_t and w_{t+1}, where sequences nobody declared occur at steps of one free t only.

    The values of a sequence at different steps are any numbers: the claim says the same, and is easier to refute.
    """
    index: dict[str, set[str]] = {}
    loose: set[str] = set()
    bound = {n for t in trees for u in t.walk() if u.parts and u.parts[0].head == "binding" for n in _bound(u.parts[0])}
    for t in trees:
        for u in t.walk():
            if u.head == "entry" and u.parts[0].head == "name" and len(u.parts) == 2:
                letters = [str(n.value) for n in u.parts[1].walk() if n.head == "name"]
                key = str(u.parts[0].value)
                if len(letters) == 1 and _offset(u.parts[1], letters[0]) is not None:
                    index.setdefault(key, set()).add(letters[0])
                else:
                    loose.add(key)
        loose |= {n for n, inside in _free(t, frozenset(), False) if not inside and n in _outside_entries(t)}
    # a definition (b_n := a_n + 1) is put in later, with the sequence in it
    loose |= {str(u.value) for role in notation.roles.values() if role.kind == "definition"
              and isinstance(role.value, Tree) for u in role.value.walk() if u.head == "name"}
    apart = frozenset(k for k, letters in index.items() if k not in loose and len(letters) == 1 and not letters & bound
                      and (role := notation.role(k)) is not None and role.kind == "sequence" and role.inferred)

    def number(t: Tree) -> Tree:
        if t.head == "entry" and t.parts[0].head == "name" and t.parts[0].value in apart:
            letter = next(iter(index[str(t.parts[0].value)]))
            k = _offset(t.parts[1], letter) or 0
            base = str(t.parts[0].value).removesuffix(BESIDE)
            return Tree("name", (), f"{base}_{{{letter}{k:+d}}}" if k else f"{base}_{letter}", t.place)
        return replace(t, parts=tuple(map(number, t.parts))) if t.parts else t

    return number


def _outside_entries(t: Tree) -> set[str]:
    """The names that stand elsewhere than before an index."""
    out: set[str] = {str(t.value)} if t.head == "name" else set()
    for k, p in enumerate(t.parts):
        if not (t.head == "entry" and k == 0 and p.head == "name"):
            out |= _outside_entries(p)
    return out
