r"""Sums, products, quotients and powers: the precedence of written mathematics.

    expression  = [sign] term { ("+" | "-") term }
    term        = factor { ("\cdot" | "\times" | nothing) factor }, at most one "/" unless brackets say more
    factor      = primary { scripts | "!" | "|_{...}" }

A product without a sign is read between any two factors, but a "/" is not followed by one (``a/bc``), a number does
not follow a factor (``x2``), and a mixed number (``3\frac12``) is refused.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from fractions import Fraction
from typing import NoReturn

from ..source import Token
from ..tree import Tree
from . import big, brackets, calls, derivatives, ellipsis, environments, quotients, integrals, letters, names, scripts, sorts, superscripts, words
from .cursor import Cursor

ONE = Tree("number", (), Fraction(1))
TIMES = frozenset({r"\cdot", r"\times", "*"})
INFIX = {r"\odot": "hadamard", r"\otimes": "kron", r"\bmod": "mod", r"\circ": "compose"}
#: Symbols and commands that a factor cannot begin with.
ENDS = frozenset({"", "+", "-", ")", "]", "}", ",", ";", ":", ".", "&", "!", "'", "^", "_", "/", r"\pm", r"\mp", r"\}",
                  r"\rfloor", r"\rceil", r"\rangle", r"\rvert", r"\rVert", r"\rnull", r"\atbar", r"\mid", r"\\",
                  r"\end",
                  r"\implies", r"\iff", r"\wedge", r"\vee", r"\forall", r"\exists", r"\choose", r"\over", r"\dots",
                  r"\cap", r"\cup", r"\setminus", r"\neg", r"\because", r"\therefore", r"\pmod", r"\quad", r"\qquad", r"\searrow",
                  r"\nearrow",
                  *words.RELATIONS})
#: Commands that begin a sum, product, integral, limit: they reach to the next "+" or "-".
REACHING = frozenset({r"\sum", r"\prod", r"\int", r"\iint", r"\iiint", r"\oint", r"\lim", r"\max", r"\min", r"\sup",
                      r"\inf",
                      r"\argmax", r"\argmin", r"\bigcup", r"\bigcap", r"\limsup", r"\liminf"})


def expression(c: Cursor) -> Tree:
    start = c.pos
    t = c.token
    terms: list[Tree] = []
    loose: frozenset[str] = frozenset()
    sign = t.text if t.kind == "symbol" else ""
    if sign == "-" or sign == "+":
        c.pos += 1
        at = c.pos
        first = term(c)
        if sign == "-" and first.head == "pow" and first.parts[0] == ONE and c.tokens[at].text == "1":
            power = c.source(at + 1, c.pos)
            c.fail("sign-of-power", f"-1{power} may be a power of -1 or minus a power of 1", t.place, "write brackets",
                   (f"(-1){power}", f"-(1{power})"))
        terms.append(Tree("neg", (first,), None, t.place) if sign == "-" else first)
    elif t.text in (r"\pm", r"\mp"):
        c.fail("plus-minus", f"{t.text} says two things at once", t.place, "write two lines, one for each sign")
    else:
        terms.append(term(c))
    while True:
        t = c.token
        text = t.text
        if text == "+" or text == "-":
            loose |= c.loose
            c.pos += 1
            if c.token.text == r"\dots":
                terms = [ellipsis.total(c, terms, text, start)]
                continue
            nxt = term(c)
            if loose and (caught := loose & sorts.free(nxt)):
                escaped(c, sorted(caught)[0], start)
            derivatives.refuse_reach(c, terms, nxt, t)
            terms.append(Tree("neg", (nxt,), None, t.place) if text == "-" else nxt)
        elif text in (r"\pm", r"\mp"):
            c.fail("plus-minus", f"{text} says two things at once", t.place, "write two lines, one for each sign")
        else:
            break
    if len(terms) == 1:
        return terms[0]
    return Tree("add", tuple(terms), None, c.tokens[start].place)


def escaped(c: Cursor, name: str, start: int) -> None:
    """The next term speaks of what the last one binds, or derives by."""
    sign = next((t.text for t in c.tokens[start:c.pos] if t.text in REACHING), "")
    what = rf"{sign}_{name}" if sign else rf"\frac{{d}}{{d{name}}}"
    c.fail("escapes", f"{name} stands behind the + or - at which {what} ends", c.tokens[start].place,
           f"write brackets around all that {what} is about", (f"({what} ...) + ...", f"{what} (... + ...)"))


def starts(c: Cursor, t: Token) -> bool:
    """May a factor begin here?"""
    kind = t.kind
    if kind == "letter":
        return not (c.differentials and t.text == "d" and differential(c))
    if kind == "name" or kind == "number" or kind == "word":
        return True
    if kind == "text":
        return False
    text = t.text
    if text in ENDS or text in TIMES or text in INFIX:
        return False
    if text == "|" or text == r"\|":
        return not c.given and text != c.bar
    if text == r"\dd":
        return not (c.differentials and differential(c))
    return True


def differential(c: Cursor) -> bool:
    """Does ``dx`` stand here?"""
    t = c.token
    if t.text != "d" and t.text != r"\dd":
        return False
    after = c.ahead(1)
    if after.text == "{" and c.ahead(2).kind in ("letter", "name"):
        return True
    if after.kind not in ("letter", "name"):
        return False
    return t.text == r"\dd" or c.spaced or c.role("d") is None or not after.space


def signed(c: Cursor) -> Tree:
    """A factor behind a sign of multiplication, which may be negative: ``2 \\cdot -3``."""
    t = c.token
    if t.text == "-" and c.ahead(1).text != "-":
        c.pos += 1
        return Tree("neg", (factor(c),), None, t.place)
    return factor(c)


def term(c: Cursor) -> Tree:
    start = c.pos
    factors = [factor(c)]
    end = c.pos
    while True:
        t = c.token
        text = t.text
        if t.kind == "letter" or t.kind == "name":
            if t.kind == "letter" and c.differentials and text == "d" and differential(c):
                break
            factors.append(factor(c))
        elif text in TIMES and t.kind != "text":
            c.pos += 1
            if c.token.text == r"\dots":
                factors = [ellipsis.product(c, factors, start)]
                continue
            factors.append(signed(c))
        elif text == "/" or text == r"\div":
            left = factors[0] if len(factors) == 1 else Tree("mul", tuple(factors), None, factors[0].place)
            factors = [quotient(c, left, start)]
        elif text in INFIX and t.kind == "command":
            factors = [infix(c, factors, t)]
        elif text == r"\dots" and len(factors) > 1 and starts(c, c.ahead(1)):
            factors = [ellipsis.product(c, factors, start)]
        elif text == r"\cap" or text == r"\cup" or text == r"\setminus":
            left = factors[0] if len(factors) == 1 else Tree("mul", tuple(factors), None, factors[0].place)
            c.pos += 1
            right = factor(c)
            factors = [Tree("function", (left, right), {r"\cap": "intersection", r"\cup": "union",
                                                        r"\setminus": "difference"}[text], t.place)]
        elif starts(c, t) and not at_bar(c):
            if t.kind == "number" and not (c.ahead(1).text == "^" and (
                    t.space and factors[-1].head != "function" or c.tokens[c.pos - 1].text in ("}", ")")
                    or factors[-1].value == "binom")):           # n 2^{n-1}: nothing but a product
                c.fail("number-after", f"the number {text} follows a factor without a sign", t.place,
                       "write the number first, or \\cdot before it")
            if text == r"\frac" and factors[-1].head == "number" and mixed(c):
                whole = c.source(c.pos - 1, c.pos)
                c.fail("mixed-number", "a number before a fraction of numbers: a mixed number, or a product", t.place,
                       "write + or \\cdot between them", (f"{whole} + \\frac..", f"{whole} \\cdot \\frac.."))
            factors.append(factor(c))
        else:
            break
    c.single = c.pos == end
    if at_bar(c):
        factors = [derivatives.evaluated_term(c, factors)]
    if len(factors) == 1:
        return factors[0]
    if not c.notation.complete:
        letters.capitals(c, factors)
    return Tree("mul", tuple(factors), None, factors[0].place)


def mixed(c: Cursor) -> bool:
    """Is the fraction that begins here one of plain numbers?"""
    k = c.pos + 1
    for _ in range(2):
        t = c.tokens[k]
        if t.kind == "number":
            if len(t.text) == 2:
                return True
            k += 1
        elif t.text == "{" and c.match[k] == k + 2 and c.tokens[k + 1].kind == "number":
            k += 3
        else:
            return False
    return True


def quotient(c: Cursor, left: Tree, start: int) -> Tree:
    """``a/b``: what follows without a bracket would be in doubt."""
    slash = c.pos
    t = c.token
    c.pos += 1
    if c.token.text == "-":
        c.fail("sign-after-slash", "a sign follows the /", c.token.place, "write brackets, or \\frac")
    right = factor(c)
    after = c.token
    if after.text == "/" or after.text == r"\div":
        stop = c.pos
        c.pos += 1
        factor(c)
        a, b, d = c.source(start, slash), c.source(slash + 1, stop), c.source(stop + 1, c.pos)
        c.fail("slash", f"{a}/{b}/{d}: two quotients in a row", after.place, "write \\frac or brackets",
               (rf"\frac{{{a}/{b}}}{{{d}}}", rf"\frac{{{a}}}{{{b}/{d}}}"))
    if after.text not in REACHING and after.text not in TIMES and starts(c, after) \
            and not (after.kind == "letter" and after.text == "d" and c.differentials):
        stop = c.pos
        try_to_pass_factor(c)
        a, b, d = c.source(start, slash), c.source(slash + 1, stop), c.source(stop, c.pos)
        c.fail("slash", f"{a}/{b}{d}: the / may divide by {b} or by the product", after.place,
               "write brackets or \\frac",
               (rf"\frac{{{a}}}{{{b} {d}}}", rf"\frac{{{a}}}{{{b}}} {d}"))
    return Tree("div", (left, right), None, t.place)


def try_to_pass_factor(c: Cursor) -> None:
    before = c.pos
    try:
        factor(c)
    except Exception:       # only for a hint: the formula is refused anyway
        c.pos = min(before + 1, len(c.tokens) - 1)


def infix(c: Cursor, factors: list[Tree], t: Token) -> Tree:
    c.pos += 1
    right = factor(c)
    left = factors[0] if len(factors) == 1 else Tree("mul", tuple(factors), None, factors[0].place)
    if t.text == r"\circ":
        if len(factors) > 1 or starts(c, c.token) and not c.at("("):
            c.fail("composition", "\\circ beside another product", t.place, "write brackets, or f(g(x))")
        if c.token.text == r"\circ":
            c.fail("composition", "several \\circ in a row", t.place, "write the functions with brackets: f(g(x))")
        kind = "hadamard" if sorts.sort(c, left) in ("matrix", "vector") else "compose"
        return Tree("function", (left, right), kind, t.place)
    if t.text != r"\bmod" and (len(factors) > 1 or starts(c, c.token)):
        c.fail("mixed-products", f"{t.text} beside another product", t.place, "write brackets")
    return Tree("function", (left, right), INFIX[t.text], t.place)


def factor(c: Cursor) -> Tree:
    c.deeper()
    c.loose = frozenset()
    start = c.pos
    base = primary(c)
    t = c.token
    while t.kind == "symbol" or t.kind == "command":
        text = t.text
        if text == "!" :
            if c.ahead(1).text == "=" and not c.ahead(1).space:
                c.fail("not-equal", "!= is not written in LaTeX", t.place, r"write \ne, or a space between ! and =",
                       (r"\ne", "(...!) ="))
            if base.head == "pow" and c.tokens[c.pos - 1].text not in (")", "]"):
                c.fail("factorial", "a factorial behind a power: of the power, or of the exponent", t.place, "write brackets",
                       ("(a^n)!", "a^{n!}"))
            c.pos += 1
            if c.token.text == "!" and not c.token.space:
                c.pos += 1
                base = Tree("factorial", (base,), 2, t.place)
                if c.at("!"):
                    c.fail("factorial", "three exclamation marks in a row", c.token.place, "write brackets")
            else:
                base = Tree("factorial", (base,), 1, t.place)
        elif text == "^":
            if base.head in ("pow", "transpose", "inverse") and c.tokens[c.pos - 1].text not in (")", "]", r"\}",
                                                                                                 r"\rvert", r"\rVert"):
                c.fail("double-script", "two superscripts in a row", t.place, "write round brackets",
                       ("(x^a)^b", "x^{a^b}"))
            c.pos += 1
            base = superscripts.superscripted(c, base, None, scripts.script(c, "superscript"))
        elif text == "(" and c.tokens[c.pos - 1].text == ")" and calls.functional(c, base):
            base = calls.composed(c, base)
        elif text == "_":
            base = brackets.subscripted(c, base)
        elif text == "'" or text == r"\prime":
            base = derivatives.primed(c, base)
        elif at_bar(c) and stands_first(c, start):
            base = derivatives.evaluated(c, base)
        else:
            break
        t = c.token
    c.depth -= 1
    return base


def at_bar(c: Cursor) -> bool:
    r"""``\big|_{x=a}``: a bar of evaluation, not one that closes or separates."""
    t = c.token
    return t.kind != "text" and t.text in (r"\atbar", "|", r"\rvert") and c.ahead(1).text == "_" and c.pos not in c.match \
        and not (t.text == "|" and (c.bar == "|" or c.given))


def stands_first(c: Cursor, start: int) -> bool:
    """Does nothing but a sign stand between here and a relation, a bracket or the beginning?"""
    k = start - 1
    if k >= 0 and c.tokens[k].text in ("+", "-"):
        k -= 1
    return k < 0 or c.tokens[k].text in ("", "(", "[", "{", r"\{", "&", ",", r"\implies", r"\iff", *words.RELATIONS)


def primary(c: Cursor) -> Tree:
    t = c.token
    kind = t.kind
    if kind == "letter":
        return names.name(c)
    if kind == "name":
        special = letters.SPECIAL_NAMES.get(t.text)
        if special is not None and not c.declared(t.text):
            return special(c)
        return names.name(c)
    if kind == "number":
        return number(c)
    if kind == "word":
        return letters.word(c)
    if kind == "text":
        return letters.text(c)
    handler = PRIMARY.get(t.text)
    if handler is None:
        missing(c, t)
    return handler(c)


def missing(c: Cursor, t: Token) -> NoReturn:
    before = c.tokens[c.pos - 1].text if c.pos else ""
    if not t.text or t.text in ENDS:
        what = f"after {before}" if before else "at the beginning"
        c.fail("expected", f"something is missing {what}" + (f", before {t.text}" if t.text else ""), t.place,
               "write the whole term")
    if t.text in TIMES or t.text in INFIX:
        c.fail("expected", f"a factor is missing before {t.text}", t.place, "write the whole term")
    if t.kind == "command":
        near = difflib.get_close_matches(t.text, [*PRIMARY, *words.GREEK, *words.FONTS, *words.ACCENTS], 1, 0.82)
        c.fail("unknown-command", f"{t.text} is not read", t.place, (f"did you mean {near[0]}? Else " if near else "")
               + "define it as a macro of known commands, or write it out")
    c.fail("expected", f"{t.text} cannot stand here", t.place)


def number(c: Cursor) -> Tree:
    t = c.token
    c.pos += 1
    nxt = c.token
    if nxt.kind == "number":
        c.fail("digits", f"two numbers {t.text} {nxt.text} beside each other", nxt.place, "write one number, or \\cdot",
               (t.text + nxt.text, rf"{t.text} \cdot {nxt.text}"))
    if nxt.text == "," and not nxt.space and "." not in t.text:
        third = c.ahead(1)
        if third.kind == "number" and not third.space:
            group = third.text.split(".")[0]
            if len(group) == 3 and len(t.text) <= 3 or not brackets_around(c):
                c.fail("comma-number", f"{t.text},{third.text}: a comma between digits", nxt.place,
                       "write no comma within a number, and a space behind a comma between numbers",
                       (f"{t.text}{third.text}" if len(group) == 3 else f"{t.text}.{third.text}",
                        f"{t.text}, {third.text}"))
    return Tree("number", (), Fraction(t.text), t.place)


def brackets_around(c: Cursor) -> bool:
    """Does the list of numbers stand in brackets, braces or a subscript?"""
    k = c.pos - 1
    while k >= 0:
        text = c.tokens[k].text
        if k in c.match and text in (")", "]", "}", r"\}"):
            k = c.match[k]
        elif text in ("(", "[", r"\{", "{"):
            return True
        k -= 1
    return False


# -- fractions, roots, binomials ---------------------------------------------------------------------------------------


def group(c: Cursor) -> Tree:
    """Braces do not show: ``2{a + b}`` is printed 2a + b, and is not read as 2(a + b)."""
    start = c.pos
    t = c.token
    if c.match[start] == start + 1:                 # {} keeps signs apart and says nothing
        c.pos += 2
        if c.token.text in ENDS or c.ended:
            missing(c, c.token)
        return primary(c)
    found = quotients.group_content(c, "{")
    if found.head in ("add", "neg") or c.tokens[start + 1].text == "+":      # a{+c} is printed a + c
        before = c.tokens[start - 1].text if start else ""
        after = c.token
        closed = before in ("", "+", "(", "[", "{", ",", "&", r"\{") or before in words.RELATIONS or start == 0
        if not closed or after.text in ("^", "_", "!", "/") or after.text in TIMES or starts(c, after):
            c.fail("invisible-braces", "braces are not printed, so this sum stands without brackets", t.place,
                   "write round brackets")
    elif found.head == "mul" and (c.token.text in ("^", "!") or start and c.tokens[start - 1].text == "/"):
        c.fail("invisible-braces", "braces are not printed, so this product stands without brackets", t.place,
               "write round brackets")       # {ab}^2 is printed ab^2, and a/{bc} is printed a/bc
    return found


def infinity(c: Cursor) -> Tree:
    t = c.token
    c.pos += 1
    return Tree("constant", (), "oo", t.place)


def emptyset(c: Cursor) -> Tree:
    t = c.token
    c.pos += 1
    return Tree("constant", (), "emptyset", t.place)


def dots(c: Cursor) -> Tree:
    c.fail("dots", "what the dots stand for is not certain", c.token.place,
           r"write \sum, \prod, or a range 1, \dots, n")


def minus(c: Cursor) -> Tree:
    c.fail("sign", f"a sign {c.token.text} where a factor is expected", c.token.place, "write brackets: (-x)")


def differential_alone(c: Cursor) -> Tree:
    c.fail("differential", "a differential that belongs to no integral or derivative", c.token.place,
           r"write \int ... dx or \frac{dy}{dx}")


PRIMARY: dict[str, Callable[[Cursor], Tree]] = {
    **{"\\" + w: calls.function_command for w in (*words.FUNCTIONS, "arg")},
    "{": group, "(": brackets.round, "[": brackets.square, r"\{": brackets.curly, "|": brackets.bar,
    r"\lvert": brackets.bar,
    r"\|": brackets.norm, r"\lVert": brackets.norm, r"\lfloor": brackets.floor, r"\lceil": brackets.ceiling,
    r"\langle": brackets.angle, r"\lnull": brackets.null, r"\begin": environments.environment,
    r"\frac": quotients.frac, r"\sqrt": quotients.sqrt, r"\binom": quotients.binom, r"\infty": infinity, r"\emptyset": emptyset, r"\dots": dots,
    r"\vdots": dots, r"\ddots": dots, "-": minus, "+": minus, r"\dd": differential_alone,
    r"\sum": big.total, r"\prod": big.total, r"\int": integrals.integral, r"\iint": integrals.integral, r"\iiint": integrals.integral,
    r"\lim": big.limit, r"\partial": derivatives.partial, r"\nabla": derivatives.nabla,
    **{"\\" + w: big.extremum for w in words.BIG},
    **{"\\" + w: letters.operator_command for w in (*words.EXPECTATIONS, *words.INFORMATION) if len(w) > 1},
}
