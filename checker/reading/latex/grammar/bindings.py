r"""What a big operator or quantifier binds: ``i = 1``, ``x \in X``, ``j \ne i``, ``i < j``, ``i, j``; and the names' roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ..notation import Role
from ..tree import Tree
from . import formulas, names, probability, scripts, sorts, words
from .cursor import Cursor

ORDER = frozenset({"<", r"\le", ">", r"\ge", r"\ne"})
INTEGER_LETTERS = frozenset("ijklmnNrt")


def limits(c: Cursor) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """The ranges of what stands below and above."""
    below = above = None
    while c.token.kind == "symbol" and c.token.text in ("_", "^"):
        if c.token.text == "_" and below is None:
            c.pos += 1
            below = scripts.script(c, "subscript")
        elif c.token.text == "^" and above is None:
            c.pos += 1
            above = scripts.script(c, "superscript")
        else:
            break
    return below, above


def binding(c: Cursor, below: tuple[int, int], above: tuple[int, int] | None) -> Tree:
    """What a big operator binds, from below and above it."""
    found = _binding(c, below, above)
    integers(c, found)
    return found


def integers(c: Cursor, t: Tree) -> None:
    """The undeclared names in the ends of a range are integers."""
    for b in t.walk():
        if b.head == "range" or b.head == "binding" and b.value == "range":
            for end in (b.parts if b.head == "range" else b.parts[1:]):
                for n in end.walk():
                    role = c.inferred.get(str(n.value)) if n.head == "name" else None
                    if role is not None and role.kind == "scalar" and role.domain == "real":
                        c.inferred[role.key] = replace(role, domain="integer")


def _binding(c: Cursor, below: tuple[int, int], above: tuple[int, int] | None) -> Tree:
    start, stop = below
    if c.tokens[start].text == "{" and c.match[start] == stop - 1:
        start, stop = start + 1, stop - 1
    upper = probability.part(c, above) if above is not None else None
    cuts = [start - 1]
    k = start
    while k < stop:
        if k in c.match and c.match[k] > k:
            k = c.match[k]
        elif c.tokens[k].text in (",", r"\\", ";"):
            cuts.append(k)
        k += 1
    pieces = [(a + 1, b) for a, b in zip(cuts, [*cuts[1:], stop], strict=True) if a + 1 < b]
    before = c.pos
    place = c.tokens[start].place
    if not pieces:
        c.fail("binding", "nothing is bound here", place, r"write \sum_{i=1}^{n}")
    if len(pieces) > 1 and not any(t.text in words.RELATIONS for a, b in pieces for t in c.tokens[a:b]):
        found = Tree("binding", tuple(variable(c, a, b) for a, b in pieces), "all", place)      # i, j
    elif len(pieces) == 1:
        found = piece(c, *pieces[0], upper)
    else:
        found = several(c, pieces, upper)
    c.pos = before
    if upper is not None and not any(b.value == "range" for b in found.walk() if b.head == "binding"):
        c.fail("binding", "an upper limit, but no lower one of the form i = 1", place, r"write \sum_{i=1}^{n}")
    return found


def several(c: Cursor, pieces: list[tuple[int, int]], upper: Tree | None) -> Tree:
    """``i = 1, \\dots, n``; ``i, j = 1``; ``i, j \\in S``; ``i \\in A, j \\in B``; ``i = 1, i \\ne j``."""
    texts = [[t.text for t in c.tokens[a:b]] for a, b in pieces]
    place = c.tokens[pieces[0][0]].place
    if any(t == [r"\dots"] for t in texts):
        k = texts.index([r"\dots"])
        first = piece(c, *pieces[0], None, open_ended=True)
        if first.value != "range" or k + 2 != len(pieces) or k > 2 or upper is not None:
            c.fail("dots", "what the dots stand for is not certain", place, "write i = 1, \\dots, n")
        if k == 2 and probability.part(c, pieces[1]) != plus_one(first.parts[1]):
            c.fail("dots", "what the dots stand for is not certain", place, "write i = 1, \\dots, n")
        last = probability.part(c, pieces[-1])
        return Tree("binding", (first.parts[0], first.parts[1], last), "range", place)
    waiting: list[tuple[int, int]] = []
    found: list[Tree] = []
    for a, b in pieces:
        related = next((k for k in range(a, b) if c.tokens[k].text in words.RELATIONS), None)
        if related is None:
            waiting.append((a, b))
            continue
        with c.binding({} if not found else roles_of(c, Tree("binding", tuple(found), "several"))):
            own = sorts.bound_names(Tree("binding", tuple(found), "several")) if found else frozenset()
            if found and c.tokens[a].text in own or found and c.tokens[related].text in ORDER and any(
                    t.text in own for t in c.tokens[a:b]):
                condition = condition_of(c, a, b)
                inner = found[0] if len(found) == 1 else Tree("binding", tuple(found), "several", place)
                found = [Tree("binding", (inner, condition), "where", place)]
            else:
                last = piece(c, a, b, upper)
                for w in waiting:
                    if last.value not in ("range", "member"):
                        c.fail("binding", "several names before this relation", place, "write one binding for each")
                    found.append(Tree("binding", (variable(c, *w), *last.parts[1:]), last.value, place))
                waiting = []
                found.append(last)
    if waiting:
        c.fail("binding", "a name without a range beside one with a range", place, "write a range for each name")
    return found[0] if len(found) == 1 else Tree("binding", tuple(found), "several", place)


def plus_one(t: Tree) -> Tree | None:
    return Tree("number", (), t.value + 1) if t.head == "number" else None


def condition_of(c: Cursor, start: int, stop: int) -> Tree:
    return c.within((start, stop), formulas.simple)


def variable(c: Cursor, start: int, stop: int) -> Tree:
    r"""One bound name: ``i``, ``\theta``, ``\mathbf x``, ``x_i`` (a name with its index)."""
    t = c.tokens[start]
    if t.text == "(" and c.match.get(start) == stop - 1:
        before, c.pos = c.pos, start + 1
        out = []
        while True:
            k = c.pos
            while c.tokens[k].text != "," and k < stop - 1:
                k += 1
            out.append(variable(c, c.pos, k))
            c.pos = k + 1
            if k == stop - 1:
                break
        c.pos = before
        return Tree("tuple", tuple(out), None, t.place)
    if t.kind not in ("letter", "name") or start >= stop:
        c.fail("binding", f"a name is bound here, not {c.source(start, stop) or 'nothing'}", t.place, "write one name")
    if stop == start + 1:
        return Tree("name", (), t.text, t.place)
    key = t.text + c.source(start + 1, stop)
    if c.tokens[start + 1].text in ("_", "^", "'"):
        whole = t.text
        k = start + 1
        while k < stop and c.tokens[k].text in ("_", "^", "'"):
            if c.tokens[k].text == "'":
                whole += "'"
                k += 1
                continue
            end = c.match[k + 1] + 1 if c.tokens[k + 1].text == "{" else k + 2
            inside = c.tokens[k + 2:end - 1] if c.tokens[k + 1].text == "{" else c.tokens[k + 1:end]
            whole += c.tokens[k].text + scripts.script_key(inside)
            k = end
        if k == stop:
            role = c.role(t.text)
            if whole not in c.scope and not c.declared(whole) and role is not None and role.kind in names.INDEXED \
                    and whole.rstrip("'") != t.text:
                return probability.part(c, (start, stop))
            return Tree("name", (), whole, t.place)
    c.fail("binding", f"{key} is not one name", t.place, "bind one name")


def piece(c: Cursor, start: int, stop: int, upper: Tree | None, open_ended: bool = False) -> Tree:
    r"""One binding: ``i = 1`` (with what stands above), ``x \in X``, ``j \ne i``, ``i < j``, ``1 \le i \le n``."""
    place = c.tokens[start].place
    relations = []
    k = start
    while k < stop:
        if k in c.match and c.match[k] > k:
            k = c.match[k]
        elif c.tokens[k].text in words.RELATIONS:
            relations.append(k)
        k += 1
    if not relations:
        k = next((k for k in range(start, stop) if c.tokens[k].text == ":"), None)   # w : |w| = 1 without a relation
        if k is not None:
            c.fail("binding", "a colon without a condition", place)
        if any(t.text in ("|", r"\mid", r"\nmid") for t in c.tokens[start:stop]):
            c.fail("binding", "a sum over divisors is not read", place, "write its range")
        return Tree("binding", (variable(c, start, stop),), "all", place)
    at = relations[0]
    relation = c.tokens[at].text
    colon = next((k for k in range(start, at) if c.tokens[k].text in (":", r"\mid") and k not in c.match), None)
    if colon is not None:                                                            # w : |w| = 1
        own = variable(c, start, colon)
        inner = Tree("binding", own.parts if own.head == "tuple" else (own,), "all", place)
        with c.binding(roles_of(c, inner)):
            return Tree("binding", (inner, condition_of(c, colon + 1, stop)), "where", place)
    behind = next((k for k in range(at, stop) if c.tokens[k].text in (":", r"\mid") and k not in c.match), None)
    if behind is not None:                                                           # x \in X : x > 0
        inner = piece(c, start, behind, upper)
        with c.binding(roles_of(c, inner)):
            return Tree("binding", (inner, condition_of(c, behind + 1, stop)), "where", place)
    if len(relations) == 1:
        if relation == "=" and (upper is not None or open_ended):
            lower = probability.part(c, (at + 1, stop))
            var = variable(c, start, at)
            return Tree("binding", (var, lower, upper) if upper is not None else (var, lower), "range", place)
        if relation == "=" and single_name(c, start, at):
            c.fail("binding", "a lower limit without an upper one", place, r"write \sum_{i=1}^{n}")
        if relation == r"\in":
            members = c.within((at + 1, stop), formulas.set_expression)
            return Tree("binding", (variable(c, start, at), members), "member", place)
        if relation == r"\ne" and at == start + 1 and stop == at + 2 and c.notation.complete and all(
                t.kind == "letter" and t.text in INTEGER_LETTERS and c.role(t.text) is None
                for t in (c.tokens[start], c.tokens[at + 1])):                            # both are new: a sum over pairs
            return where(c, start, stop)
        if relation == r"\ne" and single_name(c, start, at):
            return Tree("binding", (variable(c, start, at), probability.part(c, (at + 1, stop))), "differs", place)
        if relation in (r"\ge", ">") and single_name(c, start, at) and all(
                t.kind == "number" for t in c.tokens[at + 1:stop]) and (upper is None) and integral_name(c, start):
            low = probability.part(c, (at + 1, stop))
            if relation == ">":
                low = Tree("number", (), low.value + 1, low.place)
            return Tree("binding", (variable(c, start, at), low, Tree("constant", (), "oo")), "range", place)
    if len(relations) == 2 and all(c.tokens[r].text in (r"\le", "<") for r in relations) \
            and single_name(c, relations[0] + 1, relations[1]) and integral_name(c, relations[0] + 1):
        low, high = probability.part(c, (start, at)), probability.part(c, (relations[1] + 1, stop))
        if c.tokens[at].text == "<":
            low = Tree("add", (low, Tree("number", (), names.number(1).value)), None, low.place)
        if c.tokens[relations[1]].text == "<":
            high = Tree("add", (high, Tree("neg", (names.number(1),))), None, high.place)
        return Tree("binding", (variable(c, relations[0] + 1, relations[1]), low, high), "range", place)
    return where(c, start, stop)


def single_name(c: Cursor, start: int, stop: int) -> bool:
    if stop <= start or c.tokens[start].kind not in ("letter", "name"):
        return False
    return stop == start + 1 or c.tokens[start + 1].text in ("_", "'")


def integral_name(c: Cursor, at: int) -> bool:
    t = c.tokens[at]
    role = c.role(t.text)
    return role is not None and (role.kind == "index" or role.domain in ("integer", "natural")) \
        or role is None and t.text in INTEGER_LETTERS


def where(c: Cursor, start: int, stop: int) -> Tree:
    """A condition that binds its new names: ``i < j``, ``\\|v\\| = 1``."""
    place = c.tokens[start].place
    fresh: dict[str, Role] = {}
    for t in c.tokens[start:stop]:
        if t.kind in ("letter", "name") and t.text not in c.scope and t.text not in fresh:
            role = c.role(t.text)
            if role is None:
                integer = t.text in INTEGER_LETTERS
                if t.text != r"\pi" and t.text != "e":
                    fresh[t.text] = Role(t.text, "index" if integer else "scalar", "integer" if integer else "real",
                                         inferred=True, place=t.place)
            elif role.kind == "index":
                fresh[t.text] = role
    if not fresh:
        declared = [t for t in c.tokens[start:stop] if t.kind in ("letter", "name")]
        if len({t.text for t in declared}) == 1 and declared:
            fresh[declared[0].text] = c.role(declared[0].text) or Role(declared[0].text, "scalar")
        else:
            c.fail("binding", "which of these names is bound?", place, "write the name, a colon and the condition")
    with c.binding(fresh):
        condition = condition_of(c, start, stop)
    over = Tree("binding", tuple(Tree("name", (), k, place) for k in fresh), "all", place)
    return Tree("binding", (over, condition), "where", place)


def roles_of(c: Cursor, b: Tree) -> dict[str, Role]:
    """Roles for the names that a binding binds: an index of a range is an integer, a member is of its set."""
    if b.value == "where":
        return roles_of(c, b.parts[0])
    if b.value == "several":
        out: dict[str, Role] = {}
        for p in b.parts:
            out.update(roles_of(c, p))
        return out
    made = {}
    variables = b.parts if b.value == "all" else b.parts[:1]
    for v in variables:
        for n in (v.parts if v.head == "tuple" else (v,)):
            if n.head != "name":
                continue
            key = str(n.value)
            known = c.role(key)
            if b.value == "range" or b.value == "differs":
                made[key] = Role(key, "index", "integer", b.parts[1:] if b.value == "range" else (), inferred=True,
                                 place=n.place)
            elif b.value == "member" and (domain := domain_of(b.parts[1])):
                vector = b.parts[1].head == "pow"
                made[key] = Role(key, "vector" if vector else "scalar", domain, inferred=True, place=n.place)
            elif known is not None:
                made[key] = known
            elif (base := c.role(key.rstrip("'"))) is not None and base.kind in ("scalar", "random", "vector"):
                made[key] = replace(base, key=key)                      # \theta' is of the kind of \theta
            else:
                integer = key in INTEGER_LETTERS
                made[key] = Role(key, "index" if integer else "scalar", "integer" if integer else "real", inferred=True,
                                 place=n.place)
    return made


def without_primes(b: Tree, body: Tree, known: Callable[[str], bool]) -> tuple[Tree, Tree]:
    r"""``\int p(x \mid \theta') p(\theta') \, d\theta'``: a bound name that nobody declared is as good without its prime, if
    the body does not speak of the other one."""
    for key in sorted(n for n in sorts.bound_names(b) if n.endswith("'")):
        plain = key.rstrip("'")
        if not known(key) and plain not in sorts.free(body) | sorts.bound_names(b):
            b, body = _renamed(b, key, plain), _renamed(body, key, plain)
    return b, body


def _renamed(t: Tree, key: str, to: str) -> Tree:
    if t.head == "name":
        return replace(t, value=to) if t.value == key else t
    return replace(t, parts=tuple(_renamed(p, key, to) for p in t.parts)) if t.parts else t


def domain_of(s: Tree) -> str:
    """The numbers that a set is of, where its form says so."""
    if s.head == "constant":
        return {"R": "real", "N": "natural", "Z": "integer", "Q": "rational", "C": "complex"}.get(str(s.value), "")
    if s.head == "interval":
        return "real"
    if s.head == "pow":
        return domain_of(s.parts[0])
    if s.head == "function" and s.value in ("intersection", "difference"):
        return domain_of(s.parts[0])
    if s.head == "set" and s.parts and all(p.head in ("range", "number") for p in s.parts):
        return "integer"
    return ""
