r"""What stands in brackets: groups, tuples, intervals, sets, absolute values, norms, floors, matrices, cases."""

from __future__ import annotations

from ..source import Unread
from ..tree import Tree
from . import bindings, derivatives, ellipsis, environments, expressions, formulas, names, probability, scripts, sorts, superscripts, words
from .cursor import Cursor


def round(c: Cursor) -> Tree:
    """``( ... )``: a group, or a tuple where commas stand."""
    start, stop = c.pos, c.match[c.pos]
    if c.tokens[stop].text != ")":
        return alone(c, interval(c), start)
    return listed(c, start, stop)


def listed(c: Cursor, start: int, stop: int) -> Tree:
    place = c.token.place
    if stop == start + 1:
        c.fail("empty", "empty brackets", place)
    c.pos += 1
    with c.inside():
        if statement_inside(c, c.pos, stop):
            found = formulas.formula(c)
        else:
            found = expressions.expression(c)
        items = [found]
        while c.pos != stop and c.accept(","):
            items.append(dotted(c, items))
        if c.pos != stop:
            c.unexpected()
    c.pos += 1
    c.loose = frozenset()
    for item in items:
        if item.head in formulas.STATEMENTS:
            statement_alone(c, start, item)
    if len(items) == 1:
        return found
    return Tree("tuple", ranged(items), None, place)


def statement_alone(c: Cursor, start: int, found: Tree) -> None:
    """A statement in brackets is a part of statements, not of numbers."""
    before, after = c.tokens[start - 1].text if start else "", c.token
    if before not in ("", "(", "[", "{", r"\{", ":", ",", "&", ".", "|", r"\mid", r"\neg", *CONNECTIVES) \
            and c.tokens[start - 1].kind != "text" or expressions.starts(c, after) \
            or after.text in ("+", "-", "/", "^", "_", "!", "'", *expressions.TIMES, *words.RELATIONS):
        c.fail("relation", "a statement within an expression of numbers", found.place,
               r"an indicator is written \mathbf 1[...]")


def dotted(c: Cursor, items: list[Tree]) -> Tree:
    if c.at(r"\dots"):
        t = c.token
        c.pos += 1
        return Tree("dots", (), None, t.place)
    return expressions.expression(c)


def ranged(items: list[Tree]) -> tuple[Tree, ...]:
    r"""``1, \dots, n`` and ``1, 2, \dots, n`` as a range; ``x_1, \dots, x_n`` stays with its ends."""
    for k, t in enumerate(items):
        if t.head == "dots":
            made = ellipsis.listed_range(items[:k], items[k + 1:])
            if made is None:
                raise Unread("dots", "what the dots stand for is not certain", t.place, r"write 1, \dots, n or a sum")
            return made
    return tuple(items)


def statement_inside(c: Cursor, start: int, stop: int) -> bool:
    """Does a relation or connective stand between at this level?"""
    k = start
    while k < stop:
        text = c.tokens[k].text
        if k in c.match and c.match[k] > k:
            k = c.match[k]
        elif text in RELATION_OR_CONNECTIVE and c.tokens[k].kind != "text":
            return True
        k += 1
    return False


def interval(c: Cursor) -> Tree:
    stop = c.match[c.pos]
    place = c.token.place
    shape = c.token.text + c.tokens[stop].text
    c.pos += 1
    with c.inside():
        low = expressions.expression(c)
        c.expect(",", "an interval")
        high = expressions.expression(c)
        if c.pos != stop:
            c.unexpected()
    c.pos += 1
    c.loose = frozenset()
    return Tree("interval", (low, high), shape, place)


def square(c: Cursor) -> Tree:
    start, stop = c.pos, c.match[c.pos]
    if c.tokens[stop].text != "]":
        return alone(c, interval(c), start)
    place = c.token.place
    found = listed(c, start, stop)
    if found.head == "tuple":
        return Tree("matrix", found.parts, (1, len(found.parts)), place)
    if found.head in ("relation", "chain", "and", "or"):
        c.fail("indicator", "a statement in square brackets", place, r"write \mathbf 1[...] for an indicator")
    return found


def curly(c: Cursor) -> Tree:
    r"""``\{ ... \}`` as brackets of one expression; a set where only a set makes sense."""
    start, stop = c.pos, c.match[c.pos]
    if c.tokens[stop].text == r"\rnull":
        return one_sided(c)
    found = as_set(c)
    if found.head == "set" and len(found.parts) == 1 and found.parts[0].head not in ("binding", "range"):
        return found.parts[0]
    return alone(c, found, start)


def alone(c: Cursor, found: Tree, start: int) -> Tree:
    """A set or an interval is no number: nothing is added to it or multiplied by it."""
    before = c.tokens[start - 1] if start else None
    if before is not None and before.text and before.text not in ("(", "{", ",", r"\cup", r"\cap", r"\setminus", "&") \
            and before.text not in words.RELATIONS or c.token.text in ("+", "-", "/", "!") \
            or c.token.text in expressions.TIMES or expressions.starts(c, c.token):
        c.fail("set", f"a {'set' if found.head == 'set' else 'interval'} within an expression of numbers", found.place,
               r"write brackets ( ) around an expression")
    return found


def one_sided(c: Cursor) -> Tree:
    r"""``\left\{ \begin{array}... \right.``: cases."""
    stop = c.match[c.pos]
    if c.ahead(1).text == r"\begin":
        c.pos += 1
        found = environments.environment(c, cases=True)
        if c.pos != stop:
            c.unexpected()
        c.pos += 1
        return found
    c.fail("unbalanced", r"a bracket closed by \right. only", c.token.place, "write the closing bracket")


def as_set(c: Cursor) -> Tree:
    """A set in curly brackets: its members, or a name and its condition."""
    stop = c.match[c.pos]
    place = c.token.place
    c.pos += 1
    if c.pos == stop:
        c.pos += 1
        return Tree("constant", (), "emptyset", place)
    with c.inside(given=True):
        first = bound_member(c, stop)
        if first is not None:
            found = first
        else:
            items = [expressions.expression(c)]
            while c.pos != stop and c.accept(","):
                items.append(dotted(c, items))
            found = Tree("set", ranged(items), None, place)
        if c.pos != stop:
            c.unexpected()
    c.pos += 1
    c.loose = frozenset()
    return found


def bound_member(c: Cursor, stop: int) -> Tree | None:
    r"""``x : x > 0``, ``x \in \mathbb R \mid x > 0``."""
    k, colon = c.pos, -1
    while k < stop:
        if k in c.match and c.match[k] > k:
            k = c.match[k]
        elif c.tokens[k].text in (":", r"\mid", "|"):
            colon = k
            break
        k += 1
    if colon < 0:
        return None
    place = c.token.place
    with c.binding({}):
        binding = bindings.piece(c, c.pos, colon, None)
        c.pos = colon + 1
        with c.binding(bindings.roles_of(c, binding)):
            condition = formulas.formula(c)
    return Tree("set", (Tree("binding", (binding, condition), "where", place),), None, place)


# -- bars --------------------------------------------------------------------------------------------------------------


def bar(c: Cursor) -> Tree:
    """An absolute value; of a matrix a determinant."""
    t = c.token
    if t.text == "|" and c.ahead(1).text == "|" and not c.ahead(1).space and doubled(c):
        return norm(c)
    if t.text == r"\lvert":
        found = c.enclosed(expressions.expression)
    else:
        c.pos += 1
        with c.inside(bar="|"):
            found = expressions.expression(c)
        if not c.accept("|"):
            c.fail("bar", "this bar opens an absolute value that is not closed", t.place, r"write \lvert x \rvert")
        if expressions.starts(c, c.token) and c.token.text not in ("|", r"\lvert") and bars_left(c) >= 2 \
                and bars_left(c) % 2 == 0:
            c.fail("bars", "these bars pair in two ways", t.place, r"write \lvert and \rvert",
                   (r"|a| b |c|", r"|a |b| c|"))
    c.loose = frozenset()
    what = sorts.sort(c, found)
    if what == "matrix":
        return Tree("function", (found,), "det", t.place)
    if what == "vector":
        c.fail("bars", "single bars around a vector: a norm, or entries' absolute values", t.place, r"write \|x\|")
    return Tree("abs", (found,), None, t.place)


def bars_left(c: Cursor) -> int:
    """Plain bars until this level of brackets ends or an operator parts them."""
    n, k = 0, c.pos
    last_operand = False
    while k < len(c.tokens) - 1:
        t = c.tokens[k]
        if k in c.match:
            if c.match[k] < k:
                break
            k = c.match[k]
            last_operand = True
        elif t.text == "|":
            if not last_operand:
                break
            n += 1
        elif t.text in ("+", "-", "=") or t.text in RELATION_OR_CONNECTIVE:
            break
        else:
            last_operand = True
        k += 1
    return n


def doubled(c: Cursor) -> bool:
    """Is ``||`` a norm's bar: does ``||`` close it, with no single bar between?"""
    k = c.pos + 2
    while k < len(c.tokens) - 1:
        if k in c.match:
            if c.match[k] < k:
                return False
            k = c.match[k]
        elif c.tokens[k].text == "|":
            return c.tokens[k + 1].text == "|"
        k += 1
    return False


def norm(c: Cursor) -> Tree:
    t = c.token
    if t.text == r"\lVert":
        found = c.enclosed(expressions.expression)
    elif t.text == "|":
        c.pos += 2
        with c.inside(bar="|"):
            found = expressions.expression(c)
        if not (c.accept("|") and c.accept("|")):
            c.fail("bar", "this norm is not closed", t.place, r"write \|x\|")
    else:
        c.pos += 1
        with c.inside(bar=r"\|"):
            found = expressions.expression(c)
        if not c.accept(r"\|"):
            c.fail("bar", "this norm is not closed", t.place, r"write \|x\|")
    c.loose = frozenset()
    kind = ""
    if c.at("_"):
        c.pos += 1
        start, stop2 = scripts.script(c, "subscript")
        written = "".join(u.text for u in c.tokens[start:stop2])
        kind = {r"\infty": "oo", "F": "F", "1": "1", "2": "2", "0": "0", "Fro": "F", "op": "op", "*": "nuclear",
                r"\text{F}": "F"}.get(written, "")
        if not kind:
            c.fail("norm", f"the norm with subscript {written} is not known", c.tokens[start].place,
                   "known: 1, 2, \\infty, F, 0")
    if not kind:
        if sorts.sort(c, found) == "matrix":
            c.fail("norm", "which norm of a matrix?", t.place, r"write \|A\|_F or \|A\|_2", (r"\|A\|_F", r"\|A\|_2"))
        kind = "2"
    superscripts.transposable(c, found)
    return Tree("norm", (found,), kind, t.place)


def angle(c: Cursor) -> Tree:
    stop = c.match[c.pos]
    place = c.token.place
    c.pos += 1
    with c.inside(given=True):
        items = [expressions.expression(c)]
        while c.pos != stop and (c.accept(",") or c.accept(r"\mid") or c.accept("|")):
            items.append(expressions.expression(c))
        if c.pos != stop:
            c.unexpected()
    c.pos += 1
    c.loose = frozenset()
    if len(items) == 2:
        return Tree("function", tuple(items), "inner", place)
    if len(items) == 1 and c.at("_"):
        c.pos += 1
        return Tree("expectation", (probability.binders(c, scripts.script(c, "subscript")), items[0]), "E", place)
    c.fail("angle", "angle brackets are read around two vectors", place,
           r"write \langle x, y\rangle, or \mathbb E[...]")


def floor(c: Cursor) -> Tree:
    return rounded(c, "floor")


def ceiling(c: Cursor) -> Tree:
    return rounded(c, "ceiling")


def rounded(c: Cursor, name: str) -> Tree:
    place = c.token.place
    found = c.enclosed(expressions.expression)
    c.loose = frozenset()
    return Tree("function", (found,), name, place)


def null(c: Cursor) -> Tree:
    r"""``\left. ... \right|_{x=a}``."""
    stop = c.match[c.pos]
    place = c.token.place
    c.pos += 1
    with c.inside():
        found = expressions.expression(c)
    if c.pos != stop:
        c.unexpected()
    c.loose = frozenset()
    if c.token.text == r"\atbar":
        return derivatives.evaluated(c, found)
    if c.token.text == r"\rnull":
        c.pos += 1
        return found
    c.fail("unbalanced", rf"\left. is closed by {c.token.text}", place, "write the opening bracket")


def subscripted(c: Cursor, base: Tree) -> Tree:
    """A subscript of a bracket: an entry, or the bounds of an antiderivative."""
    t = c.token
    closing = c.tokens[c.pos - 1].text
    if closing == "]" and derivatives.bounds_follow(c):
        return derivatives.between(c, base)
    if base.head in ("pow", "entry") and closing not in (")", "]", r"\}"):
        c.fail("double-script", "two subscripts in a row", t.place, "write braces or brackets")
    if closing not in (")", "]", "}", r"\}") and base.head not in ("transpose", "inverse", "function"):
        c.fail("subscript", "a subscript of something that has no entries", t.place, "write brackets")
    if base.head == "name" and (role := c.role(str(base.value))) is not None and role.kind in ("scalar", "index"):
        c.fail("not-indexed", f"{base.value} is a number, and has no entries", t.place, f"declare {base.value}: vector n")
    c.pos += 1
    found = names.indices(c, scripts.script(c, "subscript"), None)
    return Tree("entry", (base, *found), None, base.place)


# -- environments ------------------------------------------------------------------------------------------------------


CONNECTIVES = frozenset({r"\implies", r"\iff", r"\wedge", r"\vee"})
RELATION_OR_CONNECTIVE = frozenset({*words.RELATIONS,
                                    r"\implies", r"\iff", r"\wedge", r"\vee", r"\forall", r"\exists", r"\neg"})
