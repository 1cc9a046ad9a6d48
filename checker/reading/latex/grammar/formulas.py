r"""Statements: relations and chains, connectives, quantifiers, definitions.

    formula   = implied { "\iff" implied }
    implied   = or { "\implies" implied }
    or, and   = with "\vee", "\wedge", \text{or}, \text{and}
    simple    = "\neg" simple | "\forall" binding [:] formula | side { relation side }

A quantifier reaches as far to the right as it can: ``\forall x: A \implies B`` is ``\forall x: (A \implies B)``.
"""

from __future__ import annotations

from ..source import Place
from ..tree import Tree
from . import bindings, brackets, ellipsis, expressions, probability, quotients, scripts, superscripts, words
from .cursor import Cursor

STATEMENTS = frozenset({"relation", "chain", "and", "or", "not", "implies", "iff", "forall", "exists", "define",
                        "distributed"})


def formula(c: Cursor, commas: bool = True) -> Tree:
    left = implied(c, commas)
    parts = [left]
    place = c.token.place
    while c.accept(r"\iff"):
        parts.append(implied(c, commas))
    statements(c, parts)
    return left if len(parts) == 1 else Tree("iff", tuple(parts), None, place)


def implied(c: Cursor, commas: bool) -> Tree:
    left = either(c, commas)
    if c.at(r"\implies"):
        place = c.token.place
        c.pos += 1
        right = implied(c, commas)
        statements(c, [left, right])
        return Tree("implies", (left, right), None, place)
    return left


def words_here(c: Cursor) -> str:
    t = c.token
    return t.text.strip().strip(",.;").casefold() if t.kind in ("text", "word") else ""


def either(c: Cursor, commas: bool) -> Tree:
    parts = [both(c, commas)]
    while c.at(r"\vee") or words_here(c) == "or":
        c.pos += 1
        parts.append(both(c, commas))
    statements(c, parts)
    return parts[0] if len(parts) == 1 else Tree("or", tuple(parts), None, parts[0].place)


def both(c: Cursor, commas: bool) -> Tree:
    parts = [simple(c)]
    while True:
        if c.at(r"\wedge") or words_here(c) in ("and", "with"):
            c.pos += 1
            parts.append(simple(c))
        elif commas and c.at(",") and parts[-1].head in STATEMENTS:
            c.pos += 1
            if c.at(r"\forall") or words_here(c) in ("for all", "for every", "for each", "for any", "for"):
                parts = [behind(c, parts)]
            else:
                if words_here(c) == "and":
                    c.pos += 1
                parts.append(simple(c))
        elif parts[-1].head in STATEMENTS and (
                c.at(r"\forall") or words_here(c) in ("for all", "for every", "for each", "for any", "for")):
            parts = [behind(c, parts)]
        else:
            break
    statements(c, parts)
    return parts[0] if len(parts) == 1 else Tree("and", tuple(parts), None, parts[0].place)


def statements(c: Cursor, parts: list[Tree]) -> None:
    """What a connective joins are statements (one alone may be an expression)."""
    for p in parts if len(parts) > 1 else ():
        if p.head not in STATEMENTS:
            c.fail("unexpected", "an expression that is no statement stands beside a statement", p.place,
                   "write a relation, or one formula a line")


def behind(c: Cursor, parts: list[Tree]) -> Tree:
    r"""``..., \forall x \in X`` behind what it quantifies."""
    place = c.token.place
    c.pos += 1
    bound = quantified(c)
    inner = parts[0] if len(parts) == 1 else Tree("and", tuple(parts), None, place)
    return Tree("forall", (bound, inner), None, place)


def quantified(c: Cursor) -> Tree:
    r"""The binding behind \forall: up to ``:``, ``,`` before a statement, a bracket, or the end."""
    start, k = c.pos, c.pos
    seen = False
    while True:
        t = c.tokens[k]
        if t.text in words.RELATIONS:
            seen = True
        if t.text == ":" and not seen and another_colon(c, k):    # \forall x : x > 0 : ...
            k += 1
            continue
        if not t.text or t.text in (":", ";", "}", ")", "]", r"\}", r"\exists", r"\forall", r"\implies", r"\iff", ".",
                                    r"\\") \
                or t.kind == "text" or t.text == "," and seen \
                and not dots_around(c, k) and not another_colon(c, k):
            break
        if t.text in ("(", r"\{", "[", "{"):
            k = c.match[k]
        k += 1
    if k == start:
        c.fail("binding", "what is quantified?", c.token.place, r"write \forall x \in \mathbb R:")
    found = bindings.binding(c, (start, k), None)
    c.pos = k
    return found


def another_colon(c: Cursor, k: int) -> bool:
    k += 1
    while c.tokens[k].text and c.tokens[k].kind != "text":
        if c.tokens[k].text == ":":
            return True
        if k in c.match:
            if c.match[k] < k:
                return False
            k = c.match[k]
        k += 1
    return False


def dots_around(c: Cursor, k: int) -> bool:
    return c.tokens[k + 1].text == r"\dots" or c.tokens[k - 1].text == r"\dots"


def simple(c: Cursor) -> Tree:
    t = c.token
    c.deeper()
    if t.text == r"\neg":
        c.pos += 1
        found = Tree("not", (simple(c),), None, t.place)
        if found.parts[0].head not in STATEMENTS:
            c.fail("unexpected", r"\neg of something that is no statement", t.place, "write a relation behind it")
        c.depth -= 1
        return found
    if t.text in (r"\forall", r"\exists"):
        c.pos += 1
        bound = quantified(c)
        for mark in (":", ",", "."):
            c.accept(mark)
        if c.token.kind == "text" and words_here(c) in ("such that", "we have", "it holds that", "s.t"):
            c.pos += 1
        with c.binding(bindings.roles_of(c, bound)):
            found = Tree("forall" if t.text == r"\forall" else "exists", (bound, formula(c, False)), None, t.place)
        c.depth -= 1
        return found
    found = relation(c)
    c.depth -= 1
    return found


def relation(c: Cursor) -> Tree:
    place = c.token.place
    first = side(c, "")
    listed = [first]
    while c.at(",") and first.head not in STATEMENTS and common_relation(c):
        c.pos += 1
        listed.append(side(c, ""))
    if c.token.text not in words.RELATIONS or c.token.kind == "text":
        if len(listed) > 1:
            c.fail("unexpected", "a comma between expressions", place, "write one statement a line")
        return first
    sides, relations = [first], []
    while c.token.text in words.RELATIONS and c.token.kind != "text":
        t = c.token
        c.pos += 1
        mark = words.RELATIONS[t.text]
        if t.text == "<" and c.at("=") or t.text == ">" and c.at("="):
            c.fail("relation", f"{t.text}= is not written in LaTeX", t.place, r"write \le or \ge")
        if t.text == ":" :
            break
        c.loose = frozenset()
        relations.append(mark)
        sides.append(side(c, mark))
    if len(listed) > 1:
        if len(sides) != 2:
            c.fail("relation", "several names and several relations", place, "write one statement for each name")
        if relations[0] == "=" and c.at(",") and c.ahead(1).text == r"\dots":
            c.fail("dots", "several names with one range of dots", place, "write one range for each name")
        return Tree("and", tuple(made(c, [x, sides[1]], relations, place) for x in listed), None, place)
    if relations == ["="] and c.at(",") and first.head == "name" and (
            c.ahead(1).text == r"\dots" or c.ahead(2).text == "," and c.ahead(3).text == r"\dots"):
        return dotted_range(c, first, sides[1])
    return made(c, sides, relations, place)


def dotted_range(c: Cursor, name: Tree, first: Tree) -> Tree:
    r"""``i = 1, \dots, n``: i is one of them."""
    items = [first]
    place = name.place
    while c.accept(","):
        if c.accept(r"\dots"):
            break
        items.append(expressions.expression(c))
    c.expect(",", "a range with dots")
    last = expressions.expression(c)
    members = ellipsis.listed_range(items, [last])
    bindings.integers(c, members[0] if members else last)
    if members is None or len(members) != 1:
        c.fail("dots", "what the dots stand for is not certain", place, r"write i = 1, \dots, n")
    return Tree("relation", (name, members[0]), "in", place)


def common_relation(c: Cursor) -> bool:
    """``x, y > 0``: does a name follow the comma, and a relation the names?"""
    k = c.pos
    while c.tokens[k].text == ",":
        k += 1
        if c.tokens[k].kind not in ("letter", "name"):
            return False
        k += 1
        while c.tokens[k].text == "_":
            k = c.match[k + 1] + 1 if c.tokens[k + 1].text == "{" else k + 2
    return c.tokens[k].text in words.RELATIONS


def side(c: Cursor, mark: str) -> Tree:
    """One side of a relation: an expression, a set behind \\in, a law behind \\sim, a statement in brackets."""
    if mark in ("in", "not in", "subset", "superset"):
        return set_expression(c)
    if mark == "~":
        return probability.law_of(c)
    found = expressions.expression(c)
    c.loose = frozenset()
    if mark in ("equiv",) and c.at(r"\pmod"):
        place = c.token.place
        c.pos += 1
        modulus = quotients.argument(c, r"\pmod")
        return Tree("function", (found, modulus), "pmod", place)
    return found


def set_expression(c: Cursor) -> Tree:
    left = one_set(c)
    while c.token.text in (r"\cup", r"\cap", r"\setminus", r"\times") or c.at(","):
        t = c.token
        if t.text == ",":
            break
        c.pos += 1
        left = Tree("function", (left, one_set(c)), {r"\cup": "union", r"\cap": "intersection",
                                                     r"\setminus": "difference",
                                                     r"\times": "product"}[t.text], t.place)
    return left


def one_set(c: Cursor) -> Tree:
    t = c.token
    if t.text in ("[", "("):
        stop = c.match[c.pos]
        comma, k = None, c.pos + 1
        while k < stop:
            if k in c.match and c.match[k] > k:
                k = c.match[k]
            elif c.tokens[k].text == ",":
                comma = k
                break
            k += 1
        if comma is not None:
            return brackets.interval(c)
    if t.text == r"\{":
        found = brackets.as_set(c)
        if c.at("^"):
            c.pos += 1
            return superscripts.power(c, found, scripts.script(c, "superscript"))
        return found
    found = expressions.factor(c)
    if found.head not in ("name", "constant", "set", "interval", "function", "pow", "entry", "range", "call", "named-law",
                          "argmin", "argmax"):
        c.fail("set", "a set is expected here", found.place, r"write \mathbb R, [0, 1], or \{a, b\}")
    return found


def made(c: Cursor, sides: list[Tree], relations: list[str], place: Place | None) -> Tree:
    if ":=" in relations or "=:" in relations:
        if len(relations) != 1:
            c.fail("relation", "a definition within a chain", place, "define in a line of its own")
        a, b = sides if relations[0] == ":=" else sides[::-1]
        return Tree("define", (a, b), None, place)
    if len(relations) == 1 and relations[0] == "~" and (lawful(c, sides[1])):
        return Tree("distributed", tuple(sides), None, place)
    if len(relations) == 1:
        if relations[0] == "equiv" and sides[1].head == "function" and sides[1].value == "pmod":
            a, m = sides[1].parts
            return Tree("relation", (sides[0], a, m), "equiv mod", place)
        return Tree("relation", tuple(sides), relations[0], place)
    return Tree("chain", tuple(sides), tuple(relations), place)


def lawful(c: Cursor, t: Tree) -> bool:
    """Is it a law, so that \\sim means "is distributed as"?"""
    if t.head in ("named-law", "density"):
        return True
    role = c.role(str(t.value)) if t.head == "name" else None
    return role is not None and role.kind == "density"
