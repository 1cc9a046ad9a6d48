r"""What binds a name: sums, products, integrals, limits, maxima; and the bindings themselves.

A sum, product, limit or maximum reaches to the next ``+`` or ``-`` of its level.  An integral reaches to its
``dx``, which is looked for at its own level before its body is read, so that the body knows its variable.
"""

from __future__ import annotations

from dataclasses import replace

from ..notation import Role
from ..source import Place, Token
from ..tree import Tree
from . import calls, expressions, formulas, names, probability, sorts, words
from .cursor import Cursor

ORDER = frozenset({"<", r"\le", ">", r"\ge", r"\ne"})
INTEGER_LETTERS = frozenset("ijklmnNrt")


# -- bindings ----------------------------------------------------------------------------------------------------------


def limits(c: Cursor) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """The ranges of what stands below and above."""
    below = above = None
    while c.token.kind == "symbol" and c.token.text in ("_", "^"):
        if c.token.text == "_" and below is None:
            c.pos += 1
            below = names.script(c, "subscript")
        elif c.token.text == "^" and above is None:
            c.pos += 1
            above = names.script(c, "superscript")
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
            whole += c.tokens[k].text + names.script_key(inside)
            k = end
        if k == stop:
            role = c.role(t.text)
            if whole not in c.scope and not c.declared(whole) and role is not None and role.kind in names.INDEXED:
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
        inner = Tree("binding", (variable(c, start, colon),), "all", place)
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
            else:
                integer = key in INTEGER_LETTERS
                made[key] = Role(key, "index" if integer else "scalar", "integer" if integer else "real", inferred=True,
                                 place=n.place)
    return made


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


# -- sums and products -------------------------------------------------------------------------------------------------


def total(c: Cursor) -> Tree:
    t = c.token
    head = "sum" if t.text == r"\sum" else "prod"
    c.pos += 1
    below, above = limits(c)
    if below is None:
        c.fail("binding", f"{t.text} without its index", t.place, rf"write {t.text}_{{i=1}}^{{n}}")
    bound = binding(c, below, above)
    return bound_body(c, head, bound, t)


def bound_body(c: Cursor, head: str, bound: Tree, t: Token) -> Tree:
    roles = roles_of(c, bound)
    outer = c.scope
    c.scope = {**outer, **roles}
    body = signed_term(c, t)
    c.scope = outer
    names_bound = frozenset(roles)
    if head in ("argmin", "argmax") and c.token.text in ("+", "-"):
        c.fail("reach", f"does {head} take in what follows the {c.token.text}?", c.token.place,
               "write brackets around what is minimised or maximised")
    if head != "sum":
        check_end(c, head, bound, body, t)
    check_body(c, bound, body, t)
    c.loose = c.loose | names_bound
    return Tree(head, (bound, body), None, t.place)


def check_body(c: Cursor, bound: Tree, body: Tree, t: Token) -> None:
    """``\\sum_{i<j}`` of what has no j: was j meant to be bound?"""
    if bound.value == "where" and bound.parts[0].value == "all" and len(bound.parts[0].parts) > 1:
        unused = sorts.bound_names(bound) - sorts.free(body)
        if unused and len(unused) < len(bound.parts[0].parts):
            c.fail("binding", f"does this sum run over {sorted(unused)[0]} too, which its term has not?", t.place,
                   "write the range of each index", ())


def check_end(c: Cursor, head: str, bound: Tree, body: Tree, t: Token) -> None:
    """A product or maximum of several factors: the last of them must speak of the bound name."""
    if head in ("limit",) or body.head != "mul":
        return
    own = sorts.bound_names(bound)
    last = body.parts[-1]
    if not own & sorts.free(last) or last.head in ("sum", "prod", "max", "min", "integral"):
        c.fail("reach", f"does {t.text} take the last factor in?", t.place, "write brackets around what it is of",
               (rf"({t.text} ...) \cdot ...", rf"{t.text} (... \cdot ...)"))


def signed_term(c: Cursor, t: Token) -> Tree:
    u = c.token
    if u.text == "-":
        c.pos += 1
        return Tree("neg", (expressions.term(c),), None, u.place)
    if not expressions.starts(c, u):
        c.fail("expected", f"{t.text} is of nothing", u.place, "write what it is of")
    return expressions.term(c)


# -- maxima ------------------------------------------------------------------------------------------------------------


def extremum(c: Cursor, name: str = "") -> Tree:
    t = c.token
    name = name or words.BIG[t.text[1:]]
    c.pos += 1
    if not c.at("_"):
        if c.token.text in calls.BRACKETS:
            args = members(c)
            return Tree("function", tuple(args), name, t.place)
        c.fail("expected", f"{t.text} of what?", c.token.place, rf"write {t.text}(a, b) or {t.text}_{{i}}")
    below, above = limits(c)
    if below is None:
        c.fail("binding", f"{t.text} over what?", t.place)
    inner = c.tokens[below[0]:below[1]]
    if [u.text for u in inner] == ["\\text{s.t.}"]:
        c.fail("binding", "a condition without its variable", t.place)
    return bound_body(c, name, binding(c, below, above), t)


def members(c: Cursor) -> list[Tree]:
    r"""``\max\{a, b\}``, ``\max(a, b)``, ``\max_{...}``."""
    from . import brackets
    if c.token.text == r"\{":
        found = brackets.as_set(c)
        if found.head == "set":
            return list(found.parts)
        c.fail("set", "the maximum of this is not read", found.place, r"write \max_{x \in S}")
    return calls.arguments(c)


# -- limits ------------------------------------------------------------------------------------------------------------


def limit(c: Cursor, passed: bool = True) -> Tree:
    t = c.token if passed else c.tokens[c.pos - 1]
    c.pos += passed
    below, _ = limits(c)
    if below is None:
        c.fail("binding", "a limit of what?", t.place, r"write \lim_{x \to a}")
    start, stop = below
    to = next((k for k in range(start, stop) if c.tokens[k].text in (r"\to", r"\searrow", r"\nearrow")), None)
    if to is None:
        c.fail("binding", "a limit without an arrow", t.place, r"write \lim_{x \to a}")
    var = variable(c, start, to)
    side = {r"\searrow": "+", r"\nearrow": "-"}.get(c.tokens[to].text, "")
    end = stop
    if c.tokens[end - 1].text == "}" and c.tokens[end - 2].text in ("+", "-") and c.tokens[end - 4].text == "^":
        side, end = c.tokens[end - 2].text, end - 4
    elif c.tokens[end - 1].text in ("+", "-") and c.tokens[end - 2].text == "^":
        side, end = c.tokens[end - 1].text, end - 2
    elif c.tokens[end - 1].text in ("+", "-") and end - 1 > to + 1:
        side, end = c.tokens[end - 1].text, end - 1
    point = probability.part(c, (to + 1, end))
    key = str(var.value)
    known = c.role(key)
    integer = known is None and key in INTEGER_LETTERS and key not in ("t", "r") and point.head == "constant"
    role = known or Role(key, "index" if integer else "scalar", "integer" if integer else "real", inferred=True,
                         place=t.place)
    outer = c.scope
    c.scope = {**outer, key: role}
    body = signed_term(c, t)
    c.scope = outer
    c.loose = c.loose | {key}
    return Tree("limit", (var, point, body), side, t.place)


# -- integrals ---------------------------------------------------------------------------------------------------------


def integral(c: Cursor) -> Tree:
    t = c.token
    many = {r"\iint": 2, r"\iiint": 3}.get(t.text, 1)
    c.pos += 1
    start = c.pos
    below, above = limits(c)
    at = find_differential(c, many)
    if at is None and not c.spaced:
        c.spaced = True
        at = find_differential(c, many)
        if at is not None:
            c.pos = start - 1
            found = integral(c)
            c.spaced = False
            return found
    if at is None:
        c.fail("differential", "this integral has no dx", t.place, r"write \int f(x) \, dx")
    variables, ends = differentials(c, at, many, below is not None and above is not None)
    place = t.place
    bound = integral_binding(c, variables, below, above, place)
    roles = roles_of(c, bound) if bound.value != "range" else {
        str(variables[0].value): real_variable(c, str(variables[0].value))}
    outer = c.scope
    c.scope = {**outer, **roles}
    if at == c.pos:                                     # \int dx f(x)
        c.pos = ends
        if expressions.starts(c, c.token):
            body = expressions.term(c)
        else:
            body = names.number(1, place)
    else:
        inside = next((k for k in range(c.pos, at) if k in c.match and c.match[k] > at), None)
        if inside is not None:                          # \int \frac{dx}{x}
            marked, c.mark = c.mark, (at, ends)
            body = expressions.term(c)
            if c.mark is not None:
                c.fail("differential", "the differential stands where it is not read", c.tokens[at].place,
                       "write it at the end")
            c.mark = marked
        else:
            c.differentials += 1
            body = expressions.expression(c)
            c.differentials -= 1
            if c.pos != at:
                c.unexpected()
            c.pos = ends
    c.scope = outer
    c.loose = frozenset()
    return Tree("integral", (bound, body), None, place)


def real_variable(c: Cursor, key: str) -> Role:
    known = c.role(key)
    if known is not None and known.kind in ("scalar", "random", "vector"):
        return known
    return Role(key, "scalar", "real", inferred=True)


def find_differential(c: Cursor, many: int) -> int | None:
    """Where the differential of the integral stands whose body begins here."""
    need, k = 1, c.pos
    tokens = c.tokens
    last = len(tokens) - 1
    while k < last:
        text = tokens[k].text
        if text in (r"\int", r"\iint", r"\iiint"):
            need += 1
        elif text in ("_", "^") and tokens[k + 1].text != "{":
            k += 2
            continue
        elif text == r"\frac" and tokens[k + 1].text == "{":
            stop = c.match[k + 1]
            if need == 1:
                for j in range(k + 2, stop):
                    if j in c.match and c.match[j] > j:
                        continue
                    if is_differential(c, j) and (j == k + 2 or end_of_differential(c, j) == stop) \
                            and not (tokens[stop + 1].text == "{" and tokens[stop + 2].text in ("d", r"\dd")):
                        return j
            k = stop
        elif k in c.match:
            if c.match[k] < k:
                return None
            k = c.match[k]
        elif text in words.RELATIONS or text in (r"\implies", r"\iff", "&", r"\\"):
            return None
        elif is_differential(c, k):
            need -= 1
            if need == 0:
                return k
        k += 1
    return None


def is_differential(c: Cursor, k: int) -> bool:
    before, c.pos = c.pos, k
    found = expressions.differential(c)
    c.pos = before
    return found


def end_of_differential(c: Cursor, k: int) -> int:
    """The position behind ``dx``, ``d\\theta``, ``dx_1``, ``d{x}``."""
    k += 1
    if c.tokens[k].text == "{":
        k = c.match[k] + 1
    else:
        k += 1
    while c.tokens[k].text in ("_", "'"):
        if c.tokens[k].text == "'":
            k += 1
        else:
            k = c.match[k + 1] + 1 if c.tokens[k + 1].text == "{" else k + 2
        if k >= len(c.tokens):
            c.fail("unfinished", "a subscript is missing", c.tokens[-1].place)
    return k


def differentials(c: Cursor, at: int, many: int, ranged: bool) -> tuple[list[Tree], int]:
    """The variables from ``at`` on: one, unless the integral has no range of one variable."""
    out = []
    k = at
    while True:
        end = end_of_differential(c, k)
        start = k + 1
        stop = end
        if c.tokens[start].text == "{" and c.match[start] == end - 1:
            start, stop = start + 1, end - 1
        out.append(variable(c, start, stop))
        if c.tokens[end].text == "^":
            c.fail("differential", "a power of a differential is not read", c.tokens[end].place, "write dx dy")
        if c.tokens[end].text == "(":
            c.fail("differential", "an integral against a measure is not read", c.tokens[end].place,
                   "write a density and dx")
        if not is_differential(c, end) or ranged or c.differentials and len(out) >= many:
            return out, end
        k = end


def integral_binding(c: Cursor, variables: list[Tree], below: tuple[int, int] | None, above: tuple[int, int] | None,
                     place: Place | None) -> Tree:
    var = variables[0] if len(variables) == 1 else Tree("tuple", tuple(variables), None, place)
    if below is not None and above is not None:
        if len(variables) > 1:
            c.fail("differential", "one range for several variables", place, r"write one \int for each")
        start, stop = below
        if stop - start > 2 and c.tokens[start + 1].text == "=" and c.tokens[start].text == var.value:
            start += 2
        return Tree("binding", (var, probability.part(c, (start, stop)), probability.part(c, above)), "range", place)
    if below is None:
        if above is not None:
            c.fail("binding", "an upper limit without a lower one", place)
        return Tree("binding", tuple(variables), "all", place)
    start, stop = below
    if any(t.text == r"\in" for t in c.tokens[start:stop]):
        return piece(c, start, stop, None)
    inner = [t.text for t in c.tokens[start:stop] if t.text != ","]
    if inner == [str(v.value) for v in variables]:
        return Tree("binding", tuple(variables), "all", place)
    first = c.tokens[start]
    if first.kind in ("letter", "name") and c.role(first.text) is None and first.text not in calls.SPECIAL_NAMES:
        c.infer(first.text, first.place, "constant")
    if first.kind == "number" or first.text in ("-", "+", r"\infty"):
        c.fail("binding", "a lower limit without an upper one", first.place, r"write \int_a^b")
    members_of = c.within((start, stop), formulas.set_expression)
    if members_of.head not in ("name", "constant", "set", "interval", "function", "pow") or members_of.value == "oo":
        c.fail("binding", "a lower limit without an upper one", first.place, r"write \int_a^b")
    return Tree("binding", (var, members_of), "member", place)


def numerator(c: Cursor) -> Tree:
    r"""The numerator of a fraction that may hold the differential: ``\int \frac{x\, dx}{1 + x^2}``."""
    if c.mark is None or not c.at("{") or not c.pos < c.mark[0] < c.match[c.pos]:
        return expressions.argument(c, r"\frac")
    at, ends = c.mark
    stop = c.match[c.pos]
    c.pos += 1
    with c.inside():
        if c.pos == at:
            c.pos = ends
            found = names.number(1, c.token.place) if c.pos == stop else expressions.term(c)
        else:
            c.differentials = 1
            found = expressions.expression(c)
            if c.pos != at:
                c.unexpected()
            c.pos = ends
    if c.pos != stop:
        c.unexpected()
    c.pos += 1
    c.mark = None
    return found
