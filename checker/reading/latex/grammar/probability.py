r"""Densities, expectations, divergences, entropies and named laws.

``p(x|z)``, ``p(x, z)`` and ``p(x)`` are three densities of one law: each keeps its own head, so that none is ever
taken for a function of several arguments.
"""

from __future__ import annotations

from ..notation import Role
from ..source import Token
from ..tree import Tree
from . import events, expressions, formulas, scripts, words
from .cursor import Cursor

BRACKETS = frozenset({"(", "[", r"\{"})


def part(c: Cursor, where: tuple[int, int]) -> Tree:
    """One expression within a range of tokens."""
    return c.within(where, expressions.expression)


def parts(c: Cursor, where: tuple[int, int]) -> list[Tree]:
    """Expressions parted by commas within a range."""
    def read(c: Cursor) -> list[Tree]:
        out = [expressions.expression(c)]
        while c.accept(","):
            out.append(expressions.expression(c))
        return out
    return c.within(where, read)


def separated(c: Cursor) -> str:
    r"""At a bar: which one.  ``\|`` and ``||`` part a divergence's arguments, ``|`` and ``\mid`` mean given."""
    t = c.token
    if t.text == r"\|" or t.text == r"\lVert" or t.text == r"\rVert":
        c.pos += 1
        return r"\|"
    if t.text == "|" and c.ahead(1).text == "|":
        c.pos += 2
        return r"\|"
    if t.text in ("|", r"\mid", r"\lvert", r"\rvert"):
        c.pos += 1
        return "|"
    return ""


def items(c: Cursor, stop: int, statements: bool = False, random: bool = False) -> list[Tree]:
    """Expressions (or statements) parted by commas, up to a bar, a semicolon or the end."""
    out = []
    while True:
        if random:
            suppose_random(c)
        out.append(formulas.formula(c, commas=False) if statements else expressions.expression(c))
        if c.pos == stop or not c.accept(","):
            return out


def suppose_random(c: Cursor) -> None:
    """An undeclared name that is a density's argument is a random variable."""
    t = c.token
    if t.kind in ("letter", "name") and c.role(t.text) is None and c.ahead(1).text in (",", "|", r"\mid", ")", "]",
                                                                                       ";", r"\|") \
            and not c.notation.complete:
        c.infer(t.text, t.place, "random")


def density(c: Cursor, law: Tree, params: tuple[Tree, ...]) -> Tree:
    """At the bracket behind a law's name."""
    stop = c.match[c.pos]
    place = law.place
    if c.ahead(1).text == r"\cdot":
        c.fail("placeholder", r"a density of \cdot", c.ahead(1).place, "write the variable's name")
    c.pos += 1
    own: list[Tree] = []
    given: list[Tree] = []
    with c.inside(given=True):
        own = items(c, stop, statements=True, random=True)
        if c.pos != stop and c.token.text != ";":
            if separated(c) != "|":
                c.unexpected()
            given = items(c, stop, statements=True, random=True)
        if c.pos != stop and c.accept(";"):
            params = (*params, *items(c, stop))
        if c.pos != stop:
            c.unexpected()
    c.pos += 1
    c.loose = frozenset()
    return Tree("density", (law, Tree("tuple", tuple(own)), Tree("tuple", tuple(given)), Tree("tuple", params)), None,
                place)


# -- expectations ------------------------------------------------------------------------------------------------------


def expectation(c: Cursor, kind: str, t: Token, sub: tuple[int, int] | None = None) -> Tree:
    """Behind E, Var, Cov, Pr: what it is over, and what of."""
    if sub is None and c.at("_"):
        c.pos += 1
        sub = scripts.script(c, "subscript")
    if c.at("^"):
        c.fail("function-power", f"a superscript on {kind} before its bracket", c.token.place,
               "write the power behind the bracket, or brackets around all", (f"({kind}[X])^2", f"{kind}[X^2]"))
    over = binders(c, sub) if sub is not None else Tree("over", (), None, t.place)
    bound = {}
    for b in over.parts:
        if b.head == "distributed":
            for n in b.parts[0].walk():
                if n.head == "name":
                    bound[str(n.value)] = c.role(str(n.value)) or Role(str(n.value), "random", inferred=True,
                                                                       place=n.place)
    if not bound:
        return Tree("expectation", (over, *integrand(c, kind, t)), kind, t.place)
    with c.binding(bound):
        return Tree("expectation", (over, *integrand(c, kind, t)), kind, t.place)


def binders(c: Cursor, where: tuple[int, int]) -> Tree:
    r"""``z \sim q(z|x), y``, ``q``, ``q(z|x)``."""
    return c.within(where, _binders)


def _binders(c: Cursor) -> Tree:
    place = c.token.place
    out: list[Tree] = []
    waiting: list[Tree] = []
    while True:
        t = c.token
        if t.kind in ("letter", "name") and c.role(t.text) is None and not c.notation.complete \
                and t.text not in ("p", "q") and not t.text.startswith("\\math"):
            c.infer(t.text, t.place, "random")
        elif t.kind in ("letter", "name") and c.role(t.text) is None and c.ahead(1).text in (r"\sim", ","):
            c.scope = {**c.scope, t.text: Role(t.text, "random", inferred=True, place=t.place)}
        elif t.text in ("p", "q") and c.role(t.text) is None and not c.notation.complete \
                and c.ahead(1).text != "(":
            c.infer(t.text, t.place, "density")
        waiting.append(expressions.expression(c))
        if c.accept(r"\sim"):
            law = law_of(c)
            var = waiting[0] if len(waiting) == 1 else Tree("tuple", tuple(waiting), None, place)
            out.append(Tree("distributed", (var, law), None, place))
            waiting = []
        if not c.accept(",") and not c.accept(";"):
            break
    for law in waiting:
        if law.head not in ("name", "density", "entry", "tuple", "named-law"):
            c.fail("binding", "an expectation is over a variable or a law", law.place, r"write \mathbb E_{x \sim p}")
    return Tree("over", (*out, *waiting), None, place)


def law_of(c: Cursor) -> Tree:
    r"""What stands behind \sim."""
    t = c.token
    if t.text in ("p", "q") and c.role(t.text) is None and not c.notation.complete and c.ahead(1).text != "(":
        c.infer(t.text, t.place, "density")
    if t.kind == "letter" and t.text in ("N", "U") and c.role(t.text) is None and c.ahead(1).text == "(":
        c.pos += 1
        return named_law(c, words.LAWS[t.text], t)
    return expressions.factor(c)


def integrand(c: Cursor, kind: str, t: Token) -> list[Tree]:
    if c.token.text in BRACKETS:
        stop = c.match[c.pos]
        if stop == c.pos + 1:
            c.fail("empty", "empty brackets", c.token.place)
        if kind == "Pr" and events.stand_here(c):
            return events.between(c)
        c.pos += 1
        statements = kind == "Pr"
        behind: list[Tree] | None = None
        with c.inside(given=True):
            before = items(c, stop, statements)
            if c.pos != stop and separated(c) == "|":
                behind = items(c, stop, statements=True)
            if c.pos != stop:
                c.unexpected()
        c.pos += 1
        c.loose = frozenset()
        if kind in ("Cov", "corr"):
            if len(before) not in (1, 2):
                c.fail("arity", f"{kind} of {len(before)} arguments", t.place)
        elif kind != "Pr" and len(before) > 1:
            c.fail("arity", f"{kind} of {len(before)} arguments", t.place,
                   "write a product, or brackets around a vector")
        for p in before if statements else ():
            if p.head not in formulas.STATEMENTS and p.head not in ("name", "entry") and not (
                    p.head == "function" and p.value in ("union", "intersection", "difference")):
                c.fail("event", "a probability is of an event: a statement or a name", p.place, "write \\Pr(X \\le t)")
        if statements and len(before) > 1:
            before = [Tree("and", tuple(before), None, t.place)]
        if behind is not None:
            return [Tree("given", (Tree("tuple", tuple(before)), Tree("tuple", tuple(behind))), None, t.place)]
        return before
    if kind == "Pr":
        c.fail("expected", "a probability is of a bracket", c.token.place, "write P(...)")
    return [bare_integrand(c, kind, t)]


def bare_integrand(c: Cursor, kind: str, t: Token) -> Tree:
    r"""``\mathbb E X``: one factor that is no power."""
    start = c.pos
    first = c.token
    if not expressions.starts(c, first):
        c.fail("expected", f"{kind} of nothing", first.place, f"write {kind}[...]")
    found = expressions.factor(c)
    if first.text in expressions.REACHING:
        return found
    if found.head in ("pow",) and first.kind in ("letter", "name") and found.parts[0].head != "constant":
        a = c.source(start, c.pos)
        c.fail("function-power", f"{kind} {a} may be of the power, or the power of it", first.place, "write brackets",
               (f"{kind}[{a}]", f"({kind}[...])^..."))
    after = c.token
    if expressions.starts(c, after) and not (after.kind == "name" and after.text == r"\mathbb E") or after.text == "/":
        stop = c.pos
        expressions.try_to_pass_factor(c)
        a, b = c.source(start, stop), c.source(stop, c.pos)
        c.fail("function-argument", f"{kind} {a} {b}: where the argument ends is in doubt", after.place,
               "write brackets",
               (f"{kind}[{a} {b}]", f"{kind}[{a}] {b}"))
    return found


# -- information -------------------------------------------------------------------------------------------------------


def information(c: Cursor, kind: str, t: Token) -> Tree:
    r"""``KL(q \| p)``, ``H(X|Y)``, ``I(X; Y|Z)``."""
    if c.at("_"):
        c.pos += 1
        start, stop = scripts.script(c, "subscript")
        written = "".join(u.text for u in c.tokens[start:stop])
        if written not in words.INFORMATION:
            c.fail("subscript", f"a subscript of {kind} that is not read", c.tokens[start].place,
                   "write its arguments in the brackets")
        kind = words.INFORMATION[written]
    if c.token.text not in BRACKETS:
        c.fail("expected", f"{kind} is of a bracket", c.token.place, f"write {kind}(...)")
    stop = c.match[c.pos]
    c.pos += 1
    groups: list[list[Tree]] = [[]]
    behind: list[Tree] | None = None
    marks = []
    with c.inside(given=True):
        while True:
            u = c.token
            if u.kind in ("letter", "name") and c.role(u.text) is None and not c.notation.complete:
                nxt = c.ahead(1).text
                if nxt in (",", ";", r"\|", "|", ")", "]", r"\}", r"\mid"):
                    c.infer(u.text, u.place, "density" if kind in ("KL", "JS", "TV", "CE") or u.text.islower()
                            else "random")
            (groups[-1] if behind is None else behind).append(expressions.expression(c))
            if c.pos == stop:
                break
            if c.accept(","):
                marks.append(",")
            elif c.accept(";") or c.accept(":"):
                marks.append(";")
                groups.append([])
            else:
                mark = separated(c)
                if mark == r"\|" and kind in ("KL", "JS", "TV", "CE"):
                    marks.append(mark)
                    groups.append([])
                elif mark == "|" and behind is None and kind not in ("KL", "JS", "TV"):
                    behind = []
                else:
                    if mark == "|":
                        c.fail("bar", f"a single bar between the arguments of {kind}", u.place,
                               rf"write {kind}(q \| p)")
                    c.unexpected()
    c.pos += 1
    c.loose = frozenset()
    made = [g[0] if len(g) == 1 else Tree("tuple", tuple(g), None, t.place) for g in groups]
    if len(groups) == 1:
        made = groups[0]
    if kind in ("KL", "JS", "TV", "CE", "I") and len(made) != 2 and not (kind == "I" and len(made) == 3):
        c.fail("arity", f"{kind} is of two arguments, here {len(made)}", t.place, rf"write {kind}(q \| p)")
    if behind is not None:
        made = [Tree("given", (Tree("tuple", tuple(made)), Tree("tuple", tuple(behind))), None, t.place)]
    return Tree("information", tuple(made), kind, t.place)


# -- named laws --------------------------------------------------------------------------------------------------------


def named_law(c: Cursor, law: str, t: Token) -> Tree:
    r"""``\mathcal N(\mu, \sigma^2)``, or its density ``\mathcal N(x; \mu, \sigma^2)``."""
    if c.at("_"):
        c.fail("subscript", f"a subscript of {law} is not read", c.token.place, f"write {law}(...)")
    if c.token.text not in ("(", "["):
        return Tree("named-law", (), law, t.place)
    stop = c.match[c.pos]
    c.pos += 1
    with c.inside(given=True):
        first = items(c, stop)
        if c.pos != stop:
            if not c.accept(";") and separated(c) != "|":
                c.unexpected()
            rest = items(c, stop)
            if c.pos != stop:
                c.unexpected()
            c.pos += 1
            inner = Tree("named-law", tuple(rest), law, t.place)
            return Tree("density", (inner, Tree("tuple", tuple(first)), Tree("tuple"), Tree("tuple")), None, t.place)
    c.pos += 1
    c.loose = frozenset()
    return Tree("named-law", tuple(first), law, t.place)
