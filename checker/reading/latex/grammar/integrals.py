r"""Integrals reach to their ``dx``, which is found at their own level before the body is read, so that it knows its variable."""

from __future__ import annotations

from ..notation import Role
from ..source import Place
from ..tree import Tree
from . import bindings, expressions, formulas, quotients, letters, names, probability, words
from .cursor import Cursor

SIGNS = frozenset({r"\int", r"\iint", r"\iiint"})


def variables_in(c: Cursor) -> frozenset[str]:
    """The variables of all integrals in these tokens."""
    out: set[str] = set()
    for k, t in enumerate(c.tokens):
        if t.text in SIGNS:
            c.pos = k + 1
            bindings.limits(c)
            at = find_differential(c, 1)
            out |= {str(v.value) for v in differentials(c, at, 1, True)[0]} if at is not None else set()
    return frozenset(out)


def integral(c: Cursor) -> Tree:
    t = c.token
    many = {r"\iint": 2, r"\iiint": 3}.get(t.text, 1)
    c.pos += 1
    start = c.pos
    below, above = bindings.limits(c)
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
    roles = bindings.roles_of(c, bound) if bound.value != "range" else {
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
    if bound.value != "all" or all((r := roles.get(str(v.value))) is not None and r.kind == "random" for v in variables):
        bound, body = bindings.without_primes(bound, body, c.declared)       # an antiderivative is a function of its name
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
        if text in SIGNS:
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
        out.append(bindings.variable(c, start, stop))
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
        high, end = above
        if end - high > 2 and c.tokens[high + 1].text == "=" and c.tokens[high].text == var.value:
            high += 2
        return Tree("binding", (var, probability.part(c, (start, stop)), probability.part(c, (high, end))), "range", place)
    if below is None:
        if above is not None:
            c.fail("binding", "an upper limit without a lower one", place)
        return Tree("binding", tuple(variables), "all", place)
    start, stop = below
    if any(t.text == r"\in" for t in c.tokens[start:stop]):
        return bindings.piece(c, start, stop, None)
    inner = [t.text for t in c.tokens[start:stop] if t.text != ","]
    if inner == [str(v.value) for v in variables]:
        return Tree("binding", tuple(variables), "all", place)
    first = c.tokens[start]
    if first.kind in ("letter", "name") and c.role(first.text) is None and first.text not in letters.SPECIAL_NAMES:
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
        return quotients.argument(c, r"\frac")
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
