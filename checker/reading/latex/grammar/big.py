r"""What binds a name: sums, products, integrals, limits, maxima; and the bindings themselves.

A sum, product, limit or maximum reaches to the next ``+`` or ``-`` of its level.  An integral reaches to its
``dx``, which is looked for at its own level before its body is read, so that the body knows its variable.
"""

from __future__ import annotations


from ..notation import Role
from ..source import Token
from ..tree import Tree
from . import bindings, brackets, calls, expressions, probability, sorts, words
from .cursor import Cursor


# -- bindings ----------------------------------------------------------------------------------------------------------


# -- sums and products -------------------------------------------------------------------------------------------------


def total(c: Cursor) -> Tree:
    t = c.token
    head = "sum" if t.text == r"\sum" else "prod"
    c.pos += 1
    below, above = bindings.limits(c)
    if below is None:
        c.fail("binding", f"{t.text} without its index", t.place, rf"write {t.text}_{{i=1}}^{{n}}")
    bound = bindings.binding(c, below, above)
    return bound_body(c, head, bound, t)


def bound_body(c: Cursor, head: str, bound: Tree, t: Token) -> Tree:
    roles = bindings.roles_of(c, bound)
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
    return Tree(head, bindings.without_primes(bound, body, c.declared), None, t.place)


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
    below, above = bindings.limits(c)
    if below is None:
        c.fail("binding", f"{t.text} over what?", t.place)
    inner = c.tokens[below[0]:below[1]]
    if [u.text for u in inner] == ["\\text{s.t.}"]:
        c.fail("binding", "a condition without its variable", t.place)
    return bound_body(c, name, bindings.binding(c, below, above), t)


def members(c: Cursor) -> list[Tree]:
    r"""``\max\{a, b\}``, ``\max(a, b)``, ``\max_{...}``."""
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
    below, _ = bindings.limits(c)
    if below is None:
        c.fail("binding", "a limit of what?", t.place, r"write \lim_{x \to a}")
    start, stop = below
    to = next((k for k in range(start, stop) if c.tokens[k].text in (r"\to", r"\searrow", r"\nearrow")), None)
    if to is None:
        c.fail("binding", "a limit without an arrow", t.place, r"write \lim_{x \to a}")
    var = bindings.variable(c, start, to)
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
    integer = known is None and key in bindings.INTEGER_LETTERS and key not in ("t", "r") and point.head == "constant"
    role = known or Role(key, "index" if integer else "scalar", "integer" if integer else "real", inferred=True,
                         place=t.place)
    outer = c.scope
    c.scope = {**outer, key: role}
    body = signed_term(c, t)
    c.scope = outer
    c.loose = c.loose | {key}
    return Tree("limit", (var, point, body), side, t.place)


# -- integrals ---------------------------------------------------------------------------------------------------------


