r"""Derivatives and values: ``\frac{d}{dx}``, ``\frac{\partial^2 f}{\partial x \partial y}``, ``\nabla_w L``;
``f|_{x=a}``, ``[F(x)]_a^b``."""

from __future__ import annotations

from ..notation import Role
from ..source import Place, Token
from ..tree import Tree
from . import bindings, calls, expressions, names, probability, scripts, sorts, superscripts
from .cursor import Cursor

D = frozenset({"d", r"\dd", r"\partial"})


def leibniz(c: Cursor) -> Tree | None:
    r"""Behind ``\frac``: a derivative, or None for an ordinary fraction (nothing is passed then)."""
    if not c.at("{"):
        return None
    sign = c.ahead(1).text
    if sign not in D or c.ahead(1).kind == "name":
        return None
    stop = c.match[c.pos]
    below = stop + 1
    if c.tokens[below].text != "{" or c.tokens[below + 1].text not in D:
        if sign == r"\partial":
            c.fail("derivative", r"a numerator with \partial, and no denominator with it", c.token.place)
        return None
    end = c.match[below]
    place = c.token.place
    partial = sign == r"\partial"
    if (c.tokens[below + 1].text == r"\partial") != partial:
        c.fail("derivative", r"d above and \partial below", c.tokens[below + 1].place,
               "write the same sign above and below")
    if sign == "d" and c.role("d") is not None and c.tokens[below + 2].space:
        c.fail("derivative", "d is declared, so this may be a quotient or a derivative", place,
               r"write \mathrm d for the derivative")
    if sign == "d" and below + 2 == end:
        return None                                     # \frac{d}{d}, \frac{d}{n}
    start = c.pos + 2
    times = 1
    c.pos = start
    if c.at("^"):
        c.pos += 1
        a, b = scripts.script(c, "superscript")
        written = c.source(a, b)
        if not written.isdigit() or not 0 < int(written) <= 20:
            c.fail("derivative", f"a derivative of order {written} is not read", c.tokens[a].place, "orders up to 20")
        times = int(written)
    body_at = c.pos
    variables = below_line(c, below + 1, end)
    if len(variables) != times:
        c.fail("derivative", f"order {times} above, {len(variables)} below", place,
               "write the same order above and below")
    body: Tree | None = None
    if body_at != stop:
        c.pos = body_at
        with c.inside():
            t = c.token
            if t.kind == "letter" and c.role(t.text) is None and c.pos + 1 == stop and not c.notation.complete:
                c.infer(t.text, t.place, "function" if t.text in calls.FUNCTION_LETTERS else "scalar")
            body = expressions.term(c)
        if c.pos != stop:
            c.fail("derivative", "a sum behind d without brackets", c.token.place, "write brackets")
        c.loose = frozenset()
    c.pos = end + 1
    if body is None:
        body = operand(c, frozenset(n for v in variables for n in sorts.free(v)), r"\frac{d}{dx}")
    elif c.at("("):
        c.fail("derivative", "a bracket behind a derivative: its argument, or a factor", c.token.place,
               r"write \frac{df(x)}{dx}, or \cdot before the bracket")
    return derived(c, body, variables, "partial" if partial else "total", place)


def derived(c: Cursor, body: Tree, variables: list[Tree], kind: str, place: Place | None) -> Tree:
    r"""``\frac{d}{dx} x^2 \big|_{x=3}`` is the value of the derivative: that of a value is 0, and never meant."""
    if body.head == "evaluated" and {str(v.value) for v in body.parts[1::2]} & {str(v.value) for v in variables}:
        inner = Tree("derivative", (body.parts[0], *variables), kind, place)
        return Tree("evaluated", (inner, *body.parts[1:]), None, body.place)
    valued = {n for u in body.walk() if u.head == "evaluated" for n in u.parts[1::2]}
    if body.head == "add" and any(v in valued for v in variables) and all(
            u.head == "evaluated" or u.head == "neg" and u.parts[0].head == "evaluated" for u in body.parts):
        c.fail("derivative", "the variable of this derivative has a value already in what is derived", place,
               r"write \left. \frac{d}{dx} f \right|_{x=a}")
    return Tree("derivative", (body, *variables), kind, place)


def below_line(c: Cursor, start: int, stop: int) -> list[Tree]:
    r"""``\partial x^2 \partial y``: the variables, as often as they are derived by."""
    c.pos = start
    out: list[Tree] = []
    while c.pos < stop:
        if c.token.text not in D:
            c.fail("derivative", f"{c.token.text} below a derivative", c.token.place, "write d before each variable")
        c.pos += 1
        var, times = one_variable(c)
        out.extend([var] * times)
        if len(out) > 20:
            c.fail("too-large", "a derivative of an order over 20", c.token.place)
    return out


def one_variable(c: Cursor) -> tuple[Tree, int]:
    t = c.token
    if t.text == "{" and c.match[c.pos] == c.pos + 2:   # d{x}
        c.pos += 1
        t = c.token
        c.pos += 2
    elif t.text == "(":
        c.fail("derivative", "a derivative by an expression", t.place, "give the expression a name")
    else:
        c.pos += 1
    if t.kind not in ("letter", "name"):
        c.fail("derivative", f"a derivative by {t.text or 'nothing'}", t.place, "derive by a name")
    s = scripts.scripts(c, superscript=False)
    times = 1
    if c.at("^"):
        mark = c.pos
        c.pos += 1
        a, b = scripts.script(c, "superscript")
        written = c.source(a, b)
        if written.isdigit() and 0 < int(written) <= 20:
            times = int(written)
        else:
            c.pos = mark
            s.sup = (a, b)
            c.pos = b if c.tokens[a - 1].text != "{" else b + 1
    role = c.role(t.text)
    if role is not None and role.kind == "function" and not s.sub:
        return Tree("name", (), t.text, t.place), times
    if s.sub is None and s.sup is None and not s.primes:
        if role is None:
            c.infer(t.text, t.place, "scalar")
        return Tree("name", (), t.text, t.place), times
    return names.resolve(c, t, t.text, s), times


def operand(c: Cursor, by: frozenset[str], what: str) -> Tree:
    """What an operator of differentiation is applied to."""
    t = c.token
    start = c.pos
    if not expressions.starts(c, t):
        c.fail("derivative", f"{what} of nothing", t.place, "write what is derived")
    closing = c.match.get(c.pos)
    if closing is not None and delimits(c, closing):
        found = expressions.factor(c)
        c.loose = frozenset()
        return found
    found = expressions.term(c)
    single = c.single
    if found.head in ("pow", "mul", "div", "name", "sqrt") and not (closing is not None and c.pos == closing + 1) \
            and not (found.head == "name" and (r := c.role(str(found.value))) is not None and r.kind == "function"):
        c.loose = c.loose | by                      # \frac{d}{dx} x^2 + 3x: where does it end?
    if closing is not None and c.pos == closing + 1:
        return found
    if not single and in_doubt(c, found, by):
        a = c.source(start, c.pos)
        c.fail("derivative-reach", f"where what {what} is applied to ends is in doubt: {a}", t.place,
               "write brackets around it",
               (rf"{what}({a})", rf"({what} ...) \cdot ..."))
    return found


def delimits(c: Cursor, closing: int) -> bool:
    r"""Does the bracket that opens here hold all that is derived, though factors follow: ``\frac{d}{dx}(x^2) \cdot e^x``?

    It does where it would have no other use: a sum needs its bracket within a product, too.  So a sum in round
    brackets is taken for the operand only where it stands outside of the derivative as well, as in the product rule."""
    after = c.tokens[closing + 1]
    sign = after.text in expressions.TIMES
    nxt = c.tokens[closing + 2] if sign else after
    if not (sign or expressions.starts(c, after)) or not sign and nxt.text in _OPENING:
        return False
    inside = [t.text for t in c.tokens[c.pos:closing + 1]]
    if c.token.text == "[" or not _sum_at_its_level(c, c.pos + 1, closing):
        return True
    texts = [t.text for t in c.tokens]
    return any(texts[k:k + len(inside)] == inside and texts[k - 1:k] != ["}"]
               for k in range(len(texts) - len(inside)) if k != c.pos)


_OPENING = frozenset({"(", "[", r"\{", r"\left"})


def _sum_at_its_level(c: Cursor, start: int, stop: int) -> bool:
    k = start
    while k < stop:
        if c.match.get(k, -1) > k:
            k = c.match[k]
        elif c.tokens[k].text in ("+", "-") and k > start and c.tokens[k - 1].text not in ("^", "_"):
            return True
        k += 1
    return False


def in_doubt(c: Cursor, found: Tree, by: frozenset[str]) -> bool:
    """Does it matter whether what is derived ends before the end of the term?

    Constant factors before and behind the only one that varies may stand inside or outside."""
    if found.head == "div":
        return varies(c, found.parts[1], by) or in_doubt(c, found.parts[0], by)
    if found.head != "mul":
        return False
    varying = [k for k, p in enumerate(found.parts) if varies(c, p, by)]
    behind = found.parts[varying[0] + 1:] if varying else ()
    return len(varying) > 1 or any(sorts.sort(c, p) != "number" for p in behind if p.head != "name" or known(c, p))


def known(c: Cursor, name: Tree) -> bool:
    role = c.role(str(name.value))
    return role is not None and not role.inferred


def varies(c: Cursor, t: Tree, by: frozenset[str]) -> bool:
    """May it depend on a variable?  What a definition or a function depends on does not show."""
    if by & sorts.free(t):
        return True
    roles = (c.role(n) for n in sorts.free(t))
    return any(r is not None and r.kind in ("definition", "function") for r in roles)


def partial(c: Cursor) -> Tree:
    r"""``\partial_x f``, ``\partial f / \partial x``."""
    t = c.token
    c.pos += 1
    if c.at("_"):
        c.pos += 1
        start, stop = scripts.script(c, "subscript")
        before, c.pos = c.pos, start
        variables = []
        while c.pos < stop:
            if c.accept(","):
                continue
            u = c.token
            if u.kind not in ("letter", "name"):
                c.fail("derivative", "a derivative by what?", u.place, r"write \partial_x")
            role = c.role(u.text)
            if role is not None and role.kind == "index" and u.text not in c.scope:
                c.fail("derivative", f"a derivative by the index {u.text}", u.place,
                       r"write \frac{\partial f}{\partial x_i}")
            var, _ = one_variable(c)
            variables.append(var)
        c.pos = before
        body = operand(c, frozenset(n for v in variables for n in sorts.free(v)), r"\partial")
        return derived(c, body, variables, "partial", t.place)
    body = expressions.factor(c)
    if c.at("/") and c.ahead(1).text == r"\partial":
        c.pos += 2
        var, times = one_variable(c)
        if times != 1:
            c.fail("derivative", "order 1 above, more below", c.token.place)
        return Tree("derivative", (body, var), "partial", t.place)
    c.fail("derivative", r"\partial without its variable", t.place, r"write \frac{\partial f}{\partial x}")


def nabla(c: Cursor) -> Tree:
    r"""``\nabla_w L(w)``, ``\nabla f(x)^\top d``, ``\nabla^2 f``, ``\nabla \cdot F``."""
    t = c.token
    c.pos += 1
    var: Tree | None = None
    second = False
    while c.token.text in ("_", "^") and c.token.kind == "symbol":
        if c.accept("_"):
            start, stop = scripts.script(c, "subscript")
            before, c.pos = c.pos, start
            var, _ = one_variable(c)
            if c.pos != stop and c.tokens[c.pos].text == c.tokens[start].text:
                c.pos = stop                            # \nabla_{ww}
            if c.pos != stop:
                c.fail("derivative", "a gradient by several names", c.token.place, "stack them into one vector")
            c.pos = before
        else:
            c.pos += 1
            start, stop = scripts.script(c, "superscript")
            if c.source(start, stop) != "2":
                c.fail("derivative", rf"\nabla^{c.source(start, stop)} is not read", c.tokens[start].place)
            second = True
    if c.token.text in (r"\cdot", r"\times"):
        if c.token.text == r"\times" or second or var is not None:
            c.fail("derivative", "a curl is not read", c.token.place, "write its components")
        c.pos += 1
        return Tree("divergence-of", (gradient_operand(c, None),), None, t.place)
    head = "gradient"
    if second:
        head = c.setting(r"\nabla^2", "hessian" if var is not None else "")
        if not head:
            c.fail("hessian-or-laplacian", r"\nabla^2 may be the Hessian or the Laplacian", t.place,
                   r"say in the notation  \nabla^2: hessian  (or laplacian)", (r"\operatorname{Hessian}", r"\Delta"))
    body = gradient_operand(c, var)
    return Tree(head, (body, var) if var is not None else (body,), None, t.place)


def gradient_operand(c: Cursor, var: Tree | None) -> Tree:
    """One factor, and numbers before it; a transpose behind it is of the gradient."""
    start = c.pos
    t = c.token
    if not expressions.starts(c, t):
        c.fail("derivative", r"\nabla of nothing", t.place, "write what is derived")
    if t.kind == "number" or t.text == r"\frac" and expressions.mixed(c):
        scale = expressions.factor(c)
        return Tree("mul", (scale, gradient_operand(c, var)), None, t.place)
    found = expressions.primary(c)
    if var is not None and c.token.text not in ("^", "_", "!") and expressions.starts(c, c.token) \
            and sorts.sort(c, found) == "number" and not varies(c, found, sorts.free(var)):
        return Tree("mul", (found, gradient_operand(c, var)), None, t.place)
    if t.text in expressions.REACHING:
        return found
    while c.token.text == "^":
        what = c.ahead(1).text if c.ahead(1).text != "{" else c.ahead(2).text
        if what in (r"\top", "T", r"\intercal"):
            return found
        if found.head in ("call", "density"):
            c.fail("derivative-reach", "the power of a gradient, or the gradient of a power?", c.token.place,
                   "write brackets")
        c.pos += 1
        found = superscripts.superscripted(c, found, None, scripts.script(c, "superscript"))
    if found.head in ("number",) or expressions.starts(c, c.token) and c.token.text not in expressions.TIMES:
        stop = c.pos
        expressions.try_to_pass_factor(c)
        a, b = c.source(start, stop), c.source(stop, c.pos)
        c.fail("derivative-reach", rf"\nabla {a} {b}: where its operand ends is in doubt", t.place, "write brackets",
               (rf"\nabla({a} {b})", rf"(\nabla {a}) {b}"))
    return found


# -- values ------------------------------------------------------------------------------------------------------------


def primed(c: Cursor, base: Tree) -> Tree:
    t = c.token
    n = 0
    while c.token.text in ("'", r"\prime"):
        c.pos += 1
        n += 1
    if n == 1 and sorts.sort(c, base) in ("matrix", "vector") and c.setting("'") == "transpose":
        return Tree("transpose", (base,), None, t.place)
    if base.head == "derivative" or base.head == "call":
        return Tree("prime", (base,), n, t.place)
    c.fail("prime", "a prime behind a bracket may be a derivative or a transpose", t.place,
           r"write \frac{d}{dx}[...], or ^\top for the transpose", (r"\frac{d}{dx}(...)", r"(...)^\top"))


def evaluated(c: Cursor, body: Tree) -> Tree:
    r"""``|_{x=a}``, ``|_{x=a, y=b}``, ``|_{x=0}^{1}``, ``|_0^1``."""
    t = c.token
    c.pos += 1
    if not c.at("_"):
        c.fail("bar", "a bar of evaluation without its subscript", t.place, r"write \big|_{x=a}")
    return between(c, body, at_bar=True)


def evaluated_term(c: Cursor, factors: list[Tree]) -> Tree:
    r"""``x e^x \big|_0^1``: the bar is of the whole product.  With one value only (``x f'(x)|_{x=0}``) it is, too, if no
    factor before the last depends on the variable; else it is in doubt, but for a large bar behind a factor that does not."""
    t = c.token
    whole = factors[0] if len(factors) == 1 else Tree("mul", tuple(factors), None, factors[0].place)
    found = evaluated(c, whole)
    if found.head == "evaluated" and len(factors) > 1:
        at = frozenset(str(n.value) for n in found.parts[1::2])
        if any(at & sorts.free(f) for f in factors[:-1]) and (t.text == "|" or at & sorts.free(factors[-1])):
            c.fail("bar", "the bar of evaluation may be of the last factor or of all before it", t.place,
                   r"write brackets, or \left. ... \right|_{x=a}")
    return found


def refuse_reach(c: Cursor, terms: list[Tree], last: Tree, sign: Token) -> None:
    r"""``x^2 + x \big|_{x=1}``: is the value of the sum meant, or of its last term?"""
    high = last.parts[0] if last.head == "add" else last
    if high.head != "evaluated" or c.tokens[c.pos - 1].text in (")", "]"):
        return
    at = frozenset(str(n.value) for n in high.parts[1::2])
    if any(at & sorts.free(t) for t in terms if t.head != "evaluated" and not (t.head == "neg" and t.parts[0].head == "evaluated")):
        c.fail("bar", "the bar of evaluation may be of the last term or of the whole sum", sign.place,
               r"write brackets, or \left. ... \right|_{x=a}")


def bounds_follow(c: Cursor) -> bool:
    """Is it ``_a^b``?"""
    k = c.pos + 1
    k = c.match[k] + 1 if c.tokens[k].text == "{" else k + 1
    return k < len(c.tokens) and c.tokens[k].text == "^"


def between(c: Cursor, body: Tree, at_bar: bool = False) -> Tree:
    t = c.token
    c.pos += 1
    start, stop = scripts.script(c, "subscript")
    upper: tuple[int, int] | None = None
    if c.at("^"):
        c.pos += 1
        upper = scripts.script(c, "superscript")
    after = c.pos
    pairs: list[Tree] = []
    c.pos = start
    if any(c.tokens[k].text == "=" for k in range(start, stop)):
        while True:
            k = next((k for k in range(c.pos, stop) if c.tokens[k].text == "="), None)
            if k is None:
                c.fail("bar", "a value without its variable", t.place, r"write \big|_{x=a}")
            end = next((j for j in range(k, stop) if c.tokens[j].text == "," and j not in c.match), stop)
            pairs += [variable_of(c, c.pos, k), probability.part(c, (k + 1, end))]
            c.pos = end + 1
            if end == stop:
                break
    else:
        found = [n for n in sorted(sorts.free(body)) if (r := c.role(n)) is not None and r.kind in ("scalar",)]
        if len(found) > 1:                      # \int_0^1 2xy \, dx = [x^2 y]_0^1; within \int ... \, dx it is not x
            found = sorted((c.integrated - set(c.scope)) & set(found)) or found
        if upper is None or len(found) != 1:
            c.fail("bar", "which variable is given this value?", t.place, r"write \big|_{x=a}",
                   tuple(rf"\big|_{{{n}={c.source(start, stop)}}}" for n in found[:3]) if len(found) > 1 else ())
        pairs = [Tree("name", (), found[0], t.place), probability.part(c, (start, stop))]
    c.pos = after
    c.loose = frozenset()
    low = Tree("evaluated", (body, *pairs), None, t.place)
    if upper is None:
        return low
    if len(pairs) != 2:
        c.fail("bar", "bounds of several variables", t.place)
    a, b = upper
    if any(c.tokens[k].text == "=" for k in range(a, b)):
        equals = next(k for k in range(a, b) if c.tokens[k].text == "=")
        c.pos = a
        if variable_of(c, a, equals) != pairs[0]:
            c.fail("bar", "two variables at one bar", c.tokens[a].place, r"write \big|_{x=a}^{x=b}")
        c.pos, a = after, equals + 1
    high = Tree("evaluated", (body, pairs[0], probability.part(c, (a, b))), None, t.place)
    return Tree("add", (high, Tree("neg", (low,), None, t.place)), None, t.place)


def variable_of(c: Cursor, start: int, stop: int) -> Tree:
    found = bindings.variable(c, start, stop)
    if found.head == "name" and c.role(str(found.value)) is None:
        c.infer(str(found.value), found.place or c.token.place, "scalar")
    return found


def described(role: Role) -> str:
    return names.described(role)
