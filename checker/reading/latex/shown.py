r"""Trees to LaTeX: what "we read this as" prints, with brackets enough that reading it again gives the same tree.

>>> from .grammar import read
>>> from .notation import Notation
>>> from .tokens import tokenize
>>> show(read(tokenize(r"\sin 2x"), Notation()).tree)
'\\sin\\left(2 x\\right)'
"""

from __future__ import annotations

from .grammar import words
from .tree import Tree

# How tightly a piece of output holds together.
STATEMENT, SUM, PRODUCT, FACTOR, ATOM = range(5)

_RELATIONS = {"!=": r"\ne", "<=": r"\le", ">=": r"\ge", "in": r"\in", "not in": r"\notin", "subset": r"\subseteq",
              "superset": r"\supseteq", "~": r"\sim", "propto": r"\propto", "approx": r"\approx", "equiv": r"\equiv",
              "to": r"\to", "<<": r"\ll", ">>": r"\gg", "independent": r"\perp", "preceq": r"\preceq",
              "succeq": r"\succeq",
              "prec": r"\prec", "succ": r"\succ", "asymp": r"\asymp", "lesssim": r"\lesssim", "gtrsim": r"\gtrsim",
              "not divides": r"\nmid"}
_CONSTANTS = {"pi": r"\pi", "e": "e", "i": r"\mathrm i", "oo": r"\infty", "emptyset": r"\emptyset", "R": r"\mathbb R",
              "N": r"\mathbb N", "Z": r"\mathbb Z", "Q": r"\mathbb Q", "C": r"\mathbb C"}
_COMMANDS = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}
_OWN_COMMAND = frozenset({"exp", "log", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh",
                          "cosh",
                          "tanh", "coth", "det", "gcd", "max", "min", "sup", "inf", "dim", "arg"})
_WORDS = {"relu": "ReLU", "re": "Re", "im": "Im", "asinh": "arsinh", "acosh": "arcosh", "atanh": "artanh",
          "argmax": "argmax", "argmin": "argmin"}
_BIG = {"sum": r"\sum", "prod": r"\prod", "max": r"\max", "min": r"\min", "sup": r"\sup", "inf": r"\inf",
        "argmax": r"\operatorname*{argmax}", "argmin": r"\operatorname*{argmin}"}
_NORMS = {"2": "2", "1": "1", "oo": r"\infty", "F": "F", "0": "0", "op": r"{\text{op}}", "nuclear": "*"}
_LAWS = {"Normal": r"\mathcal N", "Uniform": r"\mathcal U"}
_EXPECTATIONS = {"E": r"\mathbb E", "Pr": r"\Pr"}
_SETS = {"union": r"\cup", "intersection": r"\cap", "difference": r"\setminus", "product": r"\times"}
_INFIX = {"hadamard": r"\odot", "kron": r"\otimes", "mod": r"\bmod", "compose": r"\circ"}


def show(t: Tree) -> str:
    """LaTeX that reads as ``t``."""
    return _show(t)[0]


def _join(pieces: list[str]) -> str:
    return " ".join(p for p in pieces if p)


def _in(t: Tree, least: int) -> str:
    """``t`` in brackets unless it holds together at least so tightly."""
    text, level = _show(t)
    return text if level >= least else rf"\left({text}\right)"


def _list(parts: tuple[Tree, ...]) -> str:
    return ", ".join(_in(p, STATEMENT if p.head == "relation" else SUM) for p in parts)


def _call(function: str, parts: tuple[Tree, ...]) -> str:
    return rf"{function}\left({_list(parts)}\right)"


def _show(t: Tree) -> tuple[str, int]:
    head, parts = t.head, t.parts
    match head:
        case "number":
            v = t.value
            if v < 0 or v.denominator != 1 and 10**6 % v.denominator:
                return rf"\frac{{{v.numerator}}}{{{v.denominator}}}", FACTOR
            return (str(v) if v.denominator == 1 else _decimal(v)), ATOM
        case "name":
            return str(t.value).removesuffix(r"_\cdot"), ATOM if "^" not in str(t.value) else FACTOR
        case "constant":
            return _CONSTANTS.get(str(t.value), str(t.value)), ATOM
        case "add":
            return _sum(parts), SUM
        case "neg":
            return "-" + _in(parts[0], PRODUCT), SUM
        case "mul":
            return _product(parts), PRODUCT
        case "div":
            return rf"\frac{{{show(parts[0])}}}{{{show(parts[1])}}}", FACTOR
        case "pow":
            base = _in(parts[0], ATOM)
            return f"{base}^{{{show(parts[1])}}}", FACTOR
        case "sqrt":
            return rf"\sqrt{{{show(parts[0])}}}", ATOM
        case "root":
            return rf"\sqrt[{show(parts[1])}]{{{show(parts[0])}}}", ATOM
        case "abs":
            return rf"\left|{_in(parts[0], SUM)}\right|", ATOM
        case "norm":
            return rf"\left\|{_in(parts[0], SUM)}\right\|_{_NORMS[str(t.value)]}", ATOM
        case "factorial":
            return _in(parts[0], ATOM) + "!" * int(t.value), FACTOR
        case "function":
            return _function(t)
        case "call":
            return _call(show(parts[0]), parts[1:]), ATOM
        case "prime":
            inner = parts[0]
            if inner.head == "call" and inner.parts[0].head == "name":
                return _call(show(inner.parts[0]) + "'" * t.value, inner.parts[1:]), ATOM
            return _in(inner, ATOM) + "'" * t.value, FACTOR
        case "transpose":
            if parts[0].head == "inverse":
                return _in(parts[0].parts[0], ATOM) + r"^{-\top}", FACTOR
            return _in(parts[0], ATOM) + r"^\top", FACTOR
        case "inverse":
            return _in(parts[0], ATOM) + "^{-1}", FACTOR
        case "entry":
            base = parts[0]
            text = _in(base, ATOM) if base.head != "name" else show(base)
            if base.head == "name" and "_" in text:
                text = "{" + text + "}"
            return f"{text}_{{{_list(parts[1:])}}}", ATOM
        case "density":
            return _density(t), ATOM
        case "expectation":
            return _expectation(t), ATOM
        case "information":
            return _information(t), ATOM
        case "named-law":
            law = _LAWS.get(str(t.value), rf"\operatorname{{{t.value}}}")
            return (_call(law, parts) if parts else law), ATOM
        case "order":
            letter = {"Theta": r"\Theta", "Omega": r"\Omega", "omega": r"\omega"}.get(str(t.value), str(t.value))
            return _call(letter, parts), ATOM
        case "sum" | "prod" | "max" | "min" | "sup" | "inf" | "argmax" | "argmin":
            return f"{_BIG[head]}{_binding(parts[0])} {_body(parts[1])}", SUM
        case "limit":
            to = rf"{show(parts[0])} \to {show(parts[1])}" + (f"^{t.value}" if t.value else "")
            return rf"\lim_{{{to}}} {_body(parts[2])}", SUM
        case "integral":
            return _integral(t), FACTOR
        case "derivative":
            return _derivative(t), PRODUCT
        case "evaluated":
            pairs = ", ".join(f"{show(parts[k])} = {show(parts[k + 1])}" for k in range(1, len(parts), 2))
            return rf"\left.{_in(parts[0], SUM)}\right|_{{{pairs}}}", FACTOR
        case "gradient" | "hessian":
            sign = r"\nabla" if head == "gradient" else r"\nabla^2"
            by = f"_{{{show(parts[1])}}}" if len(parts) > 1 else ""
            return rf"{sign}{by} \left({show(parts[0])}\right)", PRODUCT
        case "divergence-of":
            return rf"\nabla \cdot \left({show(parts[0])}\right)", PRODUCT
        case "cases":
            return _cases(parts), ATOM
        case "matrix":
            rows, columns = t.value
            text = r" \\ ".join(" & ".join(show(e) for e in parts[r * columns:(r + 1) * columns]) for r in range(rows))
            return rf"\begin{{pmatrix}} {text} \end{{pmatrix}}", ATOM
        case "tuple":
            return rf"\left({_list(parts)}\right)", ATOM
        case "range":
            return rf"{show(parts[0])}, \dots, {show(parts[1])}", STATEMENT
        case "set":
            if parts and parts[0].head == "binding":
                return _set_of(parts[0]), ATOM
            return r"\{" + ", ".join(show(p) for p in parts) + r"\}", ATOM
        case "interval":
            return rf"\left{t.value[0]}{show(parts[0])}, {show(parts[1])}\right{t.value[1]}", ATOM
        case "given":
            return rf"{_members(parts[0])} \mid {_members(parts[1])}", STATEMENT
        case "distributed":
            return rf"{show(parts[0])} \sim {_in(parts[1], ATOM)}", STATEMENT
    return _statement(t), STATEMENT


def _decimal(v) -> str:  # type: ignore[no-untyped-def]
    digits = 0
    scaled = v
    while scaled.denominator != 1:
        scaled *= 10
        digits += 1
    whole = str(scaled.numerator).rjust(digits + 1, "0")
    return f"{whole[:-digits]}.{whole[-digits:]}"


def _sum(parts: tuple[Tree, ...]) -> str:
    out = ""
    for k, p in enumerate(parts):
        minus = p.head == "neg"
        inner = p.parts[0] if minus else p
        text, level = _show(inner)
        big = inner.head in _BIG or inner.head == "limit"
        if level < PRODUCT and not (big and k == len(parts) - 1) or _ends_open(inner) and k < len(parts) - 1:
            text = rf"\left({text}\right)"
        out += (f" {'-' if minus else '+'} " if k else "-" if minus else "") + text
    return out


def _ends_open(t: Tree) -> bool:
    """Does its LaTeX end in a sum, a limit or a derivative, whose reach a following term could put in doubt?"""
    while t.head == "mul":
        t = t.parts[-1]
    return t.head in _BIG or t.head in ("limit", "derivative", "gradient", "hessian")


def _product(parts: tuple[Tree, ...]) -> str:
    """Factors side by side; a sign of multiplication where they could be taken for something else."""
    out = ""
    before: Tree | None = None
    for p in parts:
        text, level = _show(p)
        if level < FACTOR:
            text = rf"\left({text}\right)"
        dot = before is not None and (_digit_first(p, text) or text.startswith(r"\left(") and _may_be_called(before)
                                      or before.head == "number" and text.startswith(r"\frac")
                                      or text[:1] in "|[" or text.startswith((r"\left|", r"\left[", r"\{")))
        out += (r" \cdot " if dot else " " if before is not None else "") + text
        before = p
    return out


def _digit_first(t: Tree, text: str) -> bool:
    return text[:1].isdigit()


def _may_be_called(t: Tree) -> bool:
    return True


def _body(t: Tree) -> str:
    """What a sum is of: in brackets unless it is one factor."""
    if t.head == "neg":
        return rf"\left({show(t)}\right)"
    return _in(t, FACTOR)


def _function(t: Tree) -> tuple[str, int]:
    name, parts = str(t.value), t.parts
    if name == "log" and len(parts) == 2:
        return rf"\log_{{{show(parts[1])}}}\left({show(parts[0])}\right)", FACTOR
    if name == "binom":
        return rf"\binom{{{show(parts[0])}}}{{{show(parts[1])}}}", ATOM
    if name == "floor":
        return rf"\left\lfloor {_in(parts[0], SUM)} \right\rfloor", ATOM
    if name == "ceiling":
        return rf"\left\lceil {_in(parts[0], SUM)} \right\rceil", ATOM
    if name == "inner":
        return rf"\left\langle {_in(parts[0], SUM)}, {_in(parts[1], SUM)} \right\rangle", ATOM
    if name == "delta":
        return rf"\delta_{{{_list(parts)}}}", ATOM
    if name == "identity":
        return "I" + (f"_{{{show(parts[0])}}}" if parts else ""), ATOM
    if name == "indicator":
        return rf"\mathbf 1\left[{show(parts[0])}\right]", ATOM
    if name in _INFIX:
        return rf"{_in(parts[0], FACTOR)} {_INFIX[name]} {_in(parts[1], FACTOR)}", PRODUCT
    if name in _SETS:
        return rf"{_in(parts[0], FACTOR)} {_SETS[name]} {_in(parts[1], FACTOR)}", PRODUCT
    if name == "gamma":
        return _call(r"\Gamma", parts), ATOM
    level = ATOM if name in words.CERTAIN else FACTOR            # \sin(x)^2 is in doubt, \exp(x)^2 is not
    command = _COMMANDS.get(name, name)
    if command in _OWN_COMMAND:
        return _call("\\" + command, parts), level
    return _call(rf"\operatorname{{{_WORDS.get(name, name)}}}", parts), level


def _members(t: Tree) -> str:
    return ", ".join(show(p) for p in t.parts)


def _density(t: Tree) -> str:
    law, own, given, params = t.parts
    inside = _members(own)
    if law.head == "named-law":
        function = _LAWS.get(str(law.value), rf"\operatorname{{{law.value}}}")
        return rf"{function}\left({inside}; {_list(law.parts)}\right)"
    if given.parts:
        inside += rf" \mid {_members(given)}"
    if not own.parts:
        return f"{show(law)}_{{{_members(params)}}}"
    if params.parts:
        inside += f"; {_members(params)}"
    return rf"{show(law)}\left({inside}\right)"


def _expectation(t: Tree) -> str:
    function = _EXPECTATIONS.get(str(t.value), rf"\operatorname{{{t.value}}}")
    over = ", ".join(show(b) for b in t.parts[0].parts)
    left, right = (r"\left(", r"\right)") if t.value == "Pr" else (r"\left[", r"\right]")
    inside = ", ".join(show(p) for p in t.parts[1:])
    return f"{function}{'_{' + over + '}' if over else ''}{left}{inside}{right}"


def _information(t: Tree) -> str:
    kind = str(t.value)
    mark = r" \,\|\, " if kind in ("KL", "JS", "TV", "CE") else "; " if kind == "I" else ", "
    inner, behind = t.parts, ""
    if len(inner) == 1 and inner[0].head == "given":
        behind = rf" \mid {_members(inner[0].parts[1])}"
        inner = inner[0].parts[0].parts
    text = mark.join(_members(p) if p.head == "tuple" and kind == "I" else show(p) for p in inner)
    return rf"\operatorname{{{kind}}}\left({text}{behind}\right)"


def _binding(b: Tree) -> str:
    if b.value == "range":
        return f"_{{{show(b.parts[0])} = {show(b.parts[1])}}}^{{{show(b.parts[2])}}}"
    return f"_{{{_bound(b)}}}"


def _bound(b: Tree) -> str:
    match b.value:
        case "range":
            return rf"{show(b.parts[0])} = {show(b.parts[1])}, \dots, {show(b.parts[2])}"
        case "member":
            return rf"{show(b.parts[0])} \in {show(b.parts[1])}"
        case "all":
            return ", ".join(show(p) for p in b.parts)
        case "differs":
            return rf"{show(b.parts[0])} \ne {show(b.parts[1])}"
        case "where":
            inner, condition = b.parts
            if inner.value == "all" and len(inner.parts) > 1:
                return show(condition)
            return f"{_bound(inner)} : {show(condition)}"
    return ", ".join(_bound(p) for p in b.parts)


def _set_of(b: Tree) -> str:
    inner, condition = b.parts
    return rf"\{{{_bound(inner)} : {show(condition)}\}}"


def _integral(t: Tree) -> str:
    b, body = t.parts
    inside = _in(body, PRODUCT) if body.head not in ("neg",) else show(body)
    first = b.parts[0]
    variables = b.parts if b.value == "all" else first.parts if first.head == "tuple" else (first,)
    sign = r"\int" if len(variables) == 1 else r"\iint"
    where = ""
    if b.value == "range":
        where = f"_{{{show(b.parts[1])}}}^{{{show(b.parts[2])}}}"
    elif b.value == "member":
        where = f"_{{{show(b.parts[1])}}}"
    return rf"{sign}{where} {inside} \, " + r" \, ".join(rf"\mathrm d {show(v)}" for v in variables)


def _derivative(t: Tree) -> str:
    body, *variables = t.parts
    d = r"\partial" if t.value == "partial" else r"\mathrm d"
    order = f"^{{{len(variables)}}}" if len(variables) > 1 else ""
    below: list[tuple[Tree, int]] = []
    for v in variables:
        if below and below[-1][0] == v:
            below[-1] = (v, below[-1][1] + 1)
        else:
            below.append((v, 1))
    text = " ".join(f"{d} {show(v)}" + (f"^{{{n}}}" if n > 1 else "") for v, n in below)
    return rf"\frac{{{d}{order}}}{{{text}}} \left({show(body)}\right)"


def _cases(parts: tuple[Tree, ...]) -> str:
    rows = []
    for k in range(0, len(parts), 2):
        condition = parts[k + 1]
        when = r"\text{otherwise}" if condition == Tree("constant", (), "true") else r"\text{if } " + show(condition)
        rows.append(f"{show(parts[k])} & {when}")
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


# -- statements --------------------------------------------------------------------------------------------------------

_LOOSE = {"iff": 0, "implies": 1, "or": 2, "and": 3, "forall": 4, "exists": 4, "not": 4}


def _part(t: Tree, above: str) -> str:
    """A statement within another: in brackets unless it binds more tightly."""
    mine = _LOOSE.get(t.head, 5)
    text = show(t)
    return text if mine > _LOOSE[above] or above == "not" and mine == 5 else rf"\left({text}\right)"


def _statement(t: Tree) -> str:
    head, parts = t.head, t.parts
    if head == "relation" and t.value == "equiv mod":
        return rf"{show(parts[0])} \equiv {show(parts[1])} \pmod{{{show(parts[2])}}}"
    if head == "relation":
        sign = "=" if parts[1].head == "range" else _RELATIONS.get(str(t.value), str(t.value))
        return f"{_side(parts[0])} {sign} {_side(parts[1])}"
    if head == "chain":
        out = _side(parts[0])
        for sign, p in zip(t.value, parts[1:], strict=True):
            out += f" {_RELATIONS.get(sign, sign)} {_side(p)}"
        return out
    if head == "define":
        return f"{show(parts[0])} := {show(parts[1])}"
    if head in ("and", "or", "implies", "iff"):
        sign = {"and": r"\wedge", "or": r"\vee", "implies": r"\implies", "iff": r"\iff"}[head]
        return f" {sign} ".join(_part(p, head) for p in parts)
    if head == "not":
        return r"\neg " + _part(parts[0], "not")
    if head in ("forall", "exists"):
        return rf"\{head} {_bound(parts[0])} : {_part(parts[1], 'not')}"
    return head                                    # a head of no LaTeX of its own, in a message only


def _side(t: Tree) -> str:
    return _in(t, SUM) if t.head not in ("tuple", "set", "interval", "named-law", "range") else show(t)


