r"""Trees to LaTeX again: "we read this as".

    latex(tree) -> str

Every bracket that the reading depends on is written: reading this text again gives the same tree.  Precedence from
loose to tight: statement < relation < sum < reaching (a sum, a limit, an integral) < product < power < atom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from .grammar.names import ABOVE, BESIDE
from .tree import Tree

STATEMENT, RELATION, SUM, REACHING, PRODUCT, POWER, ATOM = range(7)

_FUNCTIONS = {
    "exp": r"\exp", "log": r"\log", "ln": r"\ln", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "cot": r"\cot",
    "sec": r"\sec", "csc": r"\csc", "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh", "coth": r"\coth",
    "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "det": r"\det", "arg": r"\arg", "max": r"\max",
    "min": r"\min", "gcd": r"\gcd", "sup": r"\sup", "inf": r"\inf", "dim": r"\dim", "ker": r"\ker",
    "gamma": r"\Gamma",
}
_WORDS = {"asinh": "arsinh", "acosh": "arcosh", "atanh": "artanh", "re": "Re", "im": "Im", "relu": "ReLU"}
_INFIX = {"hadamard": r"\odot", "kron": r"\otimes", "compose": r"\circ", "mod": r"\bmod", "intersection": r"\cap",
          "union": r"\cup", "difference": r"\setminus"}
_FENCES = {"floor": (r"\lfloor", r"\rfloor"), "ceiling": (r"\lceil", r"\rceil")}
_RELATIONS = {
    "=": "=", "!=": r"\ne", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "in": r"\in", "not in": r"\notin",
    "notin": r"\notin", "subset": r"\subseteq", "superset": r"\supseteq", "~": r"\sim", "propto": r"\propto",
    "approx": r"\approx", "not divides": r"\nmid", "equiv": r"\equiv",
    "to": r"\to", ":=": ":=", "succeq": r"\succeq", "succ": r"\succ",
    "preceq": r"\preceq", "prec": r"\prec", "<<": r"\ll", ">>": r"\gg", "independent": r"\perp",
}
_CONSTANTS = {
    "pi": r"\pi", "e": "e", "i": "i", "oo": r"\infty", "emptyset": r"\emptyset", "R": r"\mathbb{R}",
    "N": r"\mathbb{N}", "Z": r"\mathbb{Z}", "Q": r"\mathbb{Q}", "C": r"\mathbb{C}", "true": r"\text{otherwise}",
}
_CONNECTIVES = {"and": r"\wedge", "or": r"\vee", "implies": r"\implies", "iff": r"\iff"}
_EXPECTATIONS = {"E": r"\mathbb{E}", "Pr": r"\Pr"}
_LAWS = {"Normal": r"\mathcal{N}"}
_BIG = {"sum": r"\sum", "prod": r"\prod", "max": r"\max", "min": r"\min", "argmax": r"\arg\max", "argmin": r"\arg\min",
        "sup": r"\sup", "inf": r"\inf"}


def latex(tree: Tree, settings: Mapping[str, str] | None = None) -> str:
    r"""The formula as it was read.  ``settings`` of the notation: where ``\log`` has a base, log is printed ``\ln``."""
    if (settings or {}).get(r"\log", "").startswith("base"):
        tree = _natural(tree)
    return _text(tree)[0]


def _natural(t: Tree) -> Tree:
    value = "ln" if (t.head, t.value, len(t.parts)) == ("function", "log", 1) else t.value
    return Tree(t.head, tuple(map(_natural, t.parts)), value, t.place)


def at_least(t: Tree, strength: int) -> str:
    text, own = _text(t)
    return text if own >= strength else _fenced("(", text, ")")


def _fenced(left: str, text: str, right: str) -> str:
    if any(tall in text for tall in (r"\frac", r"\sum", r"\int", r"\prod", r"\begin", r"\lim")):
        return rf"\left{left} {text} \right{right}"
    return f"{left}{' ' if left[0] == chr(92) and left[-1].isalpha() else ''}{text}{right}"


def _commas(parts: tuple[Tree, ...]) -> str:
    return ", ".join(at_least(p, RELATION) for p in parts)


def _text(t: Tree) -> tuple[str, int]:
    made = _HEADS.get(t.head)
    if made is not None:
        return made(t)
    return rf"\operatorname{{{t.head}}}({_commas(t.parts)})", ATOM


def _number(t: Tree) -> tuple[str, int]:
    value: Fraction = t.value
    if value.denominator == 1:
        return str(value.numerator), ATOM if value >= 0 else SUM
    digits = 0
    while digits < 30 and (value*10**digits).denominator != 1:
        digits += 1
    if digits < 30:                                 # a number of the source: a decimal
        whole = str((value*10**digits).numerator).rjust(digits + 1, "0")
        return f"{whole[:-digits]}.{whole[-digits:]}", ATOM
    return rf"\frac{{{value.numerator}}}{{{value.denominator}}}", POWER


def _sum(t: Tree) -> tuple[str, int]:
    out = ""
    for k, p in enumerate(t.parts):
        # a name that a sum binds does not stand behind it without brackets between
        escapes = {n.value for q in t.parts[k + 1:] for n in q.walk() if n.head == "name"} & _bound(p)
        least = PRODUCT if escapes else REACHING
        if p.head == "neg":
            out += (" - " if k else "-") + at_least(p.parts[0], least)
        else:
            out += (" + " if k else "") + at_least(p, least)
    return out, SUM


def _bound(t: Tree) -> set[str]:
    """The names that are bound somewhere in a tree."""
    found: set[str] = set()
    for u in t.walk():
        if u.head == "binding":
            found |= {n.value for n in u.parts[0].walk() if n.head == "name"}
        elif u.head == "limit":
            found.add(u.parts[0].value)
    return found


def _mul(t: Tree) -> tuple[str, int]:
    out: list[str] = []
    strength = PRODUCT
    for k, p in enumerate(t.parts):
        last = k == len(t.parts) - 1
        text, own = _text(p)
        if own < (REACHING if last else POWER) or p.head in ("mul", "div") and own < POWER:
            text = _fenced("(", text, ")")
        elif own == REACHING:
            strength = REACHING
        if out and (text[0].isdigit() or text[0] in "([" or text.startswith(r"\left") or p.head == "function"
                    or text.startswith(r"\frac") and t.parts[k - 1].head == "number"):
            out.append(r"\cdot")
        out.append(text)
    return " ".join(out), strength


def _pow(t: Tree) -> tuple[str, int]:
    base, exponent = t.parts
    text, own = _text(base)
    if own < ATOM or base.head in ("pow", "transpose", "inverse", "prime", "call", "function", "sqrt", "factorial"):
        text = _fenced("(", text, ")")
    return f"{text}^{{{latex(exponent)}}}", POWER


def _single(t: Tree) -> str:
    """In brackets, unless it is a name, a number or the like."""
    return _fenced("(", latex(t), ")") if t.head in ("function", "call", "factorial") else at_least(t, ATOM)


def _superscript(mark: str) -> Callable[[Tree], tuple[str, int]]:
    def made(t: Tree) -> tuple[str, int]:
        base = t.parts[0]
        text, own = _text(base)
        if own < ATOM or base.head in ("pow", "transpose", "inverse", "call", "function", "sqrt", "factorial"):
            text = _fenced("(", text, ")")
        return f"{text}^{mark}", POWER
    return made


def _function(t: Tree) -> tuple[str, int]:
    word = str(t.value)
    if word in _INFIX and len(t.parts) == 2:
        left, right = (at_least(p, POWER) for p in t.parts)
        return f"{left} {_INFIX[word]} {right}", PRODUCT
    if word == "identity":
        return "I" + (f"_{{{latex(t.parts[0])}}}" if t.parts else ""), ATOM
    if word == "delta" and len(t.parts) == 2:
        return rf"\delta_{{{latex(t.parts[0])},{latex(t.parts[1])}}}", ATOM
    if word == "indicator" and len(t.parts) == 1:
        return rf"\mathbf{{1}}{_fenced('[', latex(t.parts[0]), ']')}", ATOM
    if word in _FENCES and len(t.parts) == 1:
        left, right = _FENCES[word]
        return f"{left} {latex(t.parts[0])} {right}", ATOM
    if word in ("binomial", "binom") and len(t.parts) == 2:
        return rf"\binom{{{latex(t.parts[0])}}}{{{latex(t.parts[1])}}}", ATOM
    if word in ("inner", "dot") and len(t.parts) == 2:
        return rf"\langle {_commas(t.parts)} \rangle", ATOM
    if word in ("log", "ln") and len(t.parts) == 2:
        return rf"\log_{{{latex(t.parts[1])}}}{_fenced('(', latex(t.parts[0]), ')')}", ATOM
    name = _FUNCTIONS.get(word) or rf"\operatorname{{{_WORDS.get(word, word)}}}"
    return f"{name}{_fenced('(', _commas(t.parts), ')')}", ATOM


def _call(t: Tree) -> tuple[str, int]:
    head, *arguments = t.parts
    return f"{at_least(head, ATOM)}{_fenced('(', _commas(tuple(arguments)), ')')}", ATOM


def _density(t: Tree) -> tuple[str, int]:
    law, own, given, *rest = t.parts
    if law.head == "named-law":
        word = _LAWS.get(str(law.value)) or rf"\mathrm{{{law.value}}}"
        return f"{word}({_commas(own.parts)}; {_commas(law.parts)})", ATOM
    if not own.parts and rest:
        return f"{at_least(law, ATOM)}_{{{_commas(rest[0].parts)}}}", ATOM
    inside = _commas(own.parts)
    if given.parts:
        inside += rf" \mid {_commas(given.parts)}"
    parameters = rest[0].parts if rest else ()
    if parameters:
        inside += f"; {_commas(parameters)}"
    return f"{at_least(law, ATOM)}({inside})", ATOM


def _entry(t: Tree) -> tuple[str, int]:
    what, *indices = t.parts
    if what.head == "name" and str(what.value).endswith(ABOVE):
        below = f"_{{{','.join(map(latex, indices[1:]))}}}" if indices[1:] else ""
        return f"{str(what.value).removesuffix(ABOVE)}^{{({latex(indices[0])})}}{below}", POWER
    text, own = _text(what)
    if own < ATOM or what.head != "name" or "_" in text:
        text = f"{{{text}}}" if what.head == "name" else _fenced("(", text, ")")
    return f"{text}_{{{','.join(latex(i) for i in indices)}}}", ATOM


def _prime(t: Tree) -> tuple[str, int]:
    marks = "'"*int(t.value or 1)
    inside = t.parts[0]
    if inside.head == "call":
        head, *arguments = inside.parts
        return f"{at_least(head, ATOM)}{marks}{_fenced('(', _commas(tuple(arguments)), ')')}", ATOM
    if inside.head == "function":
        name = _FUNCTIONS.get(str(inside.value)) or rf"\operatorname{{{_WORDS.get(str(inside.value), inside.value)}}}"
        return f"{name}{marks}{_fenced('(', _commas(inside.parts), ')')}", ATOM
    return f"{at_least(inside, ATOM)}{marks}", ATOM


def binding(t: Tree) -> tuple[str, str]:
    """What stands below and above a big operator."""
    match t.value:
        case "range":
            return f"{latex(t.parts[0])} = {latex(t.parts[1])}", latex(t.parts[2])
        case "member":
            return rf"{latex(t.parts[0])} \in {latex(t.parts[1])}", ""
        case "differs":
            return rf"{latex(t.parts[0])} \ne {latex(t.parts[1])}", ""
        case "where":
            below, above = binding(t.parts[0])
            conditions = ", ".join(map(latex, t.parts[1:]))
            own = t.parts[0]
            if own.value == "all" and len(t.parts) == 2 and t.parts[1].head == "relation":
                if len(own.parts) > 1 and t.parts[1].value == "!=":
                    return f"({below}) : {conditions}", above
                if len(own.parts) == 1 and all(p.head == "name" for p in t.parts[1].parts):
                    return f"{below} : {conditions}", above
                return conditions, above
            return rf"{below}, {conditions}", above
        case "several":
            found = [binding(p) for p in t.parts]
            if all(p.value == "range" and p.parts[1:] == t.parts[0].parts[1:] for p in t.parts):
                names = ", ".join(latex(p.parts[0]) for p in t.parts)
                return f"{names} = {latex(t.parts[0].parts[1])}", found[0][1]
            return ", ".join(b for b, _ in found), ""
    return ", ".join(map(latex, t.parts)), ""


def _big(t: Tree) -> tuple[str, int]:
    if not t.parts or t.parts[0].head != "binding":
        return _function(Tree("function", t.parts, t.head))
    below, above = binding(t.parts[0])
    scripts = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    body = at_least(t.parts[1], REACHING)
    if t.head == "prod" and t.parts[1].head == "mul":
        body = _fenced("(", latex(t.parts[1]), ")")
    return f"{_BIG[t.head]}{scripts} {body}", REACHING


def _integral(t: Tree) -> tuple[str, int]:
    bound, body = t.parts
    inner = at_least(body, REACHING)
    if bound.value == "range":
        x, a, b = bound.parts
        return rf"\int_{{{latex(a)}}}^{{{latex(b)}}} {inner} \, d{latex(x)}", REACHING
    if bound.value == "member":
        return rf"\int_{{{latex(bound.parts[1])}}} {inner} \, d{latex(bound.parts[0])}", REACHING
    return rf"\int {inner} " + " ".join(rf"\, d{latex(x)}" for x in bound.parts), REACHING


def _limit(t: Tree) -> tuple[str, int]:
    x, a, body = t.parts
    side = f"^{t.value}" if t.value else ""
    goal = f"{at_least(a, ATOM)}{side}" if side else latex(a)
    return rf"\lim_{{{latex(x)} \to {goal}}} {at_least(body, REACHING)}", REACHING


def _derivative(t: Tree) -> tuple[str, int]:
    body, *variables = t.parts
    d = r"\partial" if t.value == "partial" else "d"
    groups: list[list[Tree]] = []
    for v in variables:
        if groups and groups[-1][0] == v:
            groups[-1].append(v)
        else:
            groups.append([v])
    gap = "" if d == "d" else " "                   # "d x" could be a product with d
    below = r" \, ".join(f"{d}{gap}{_raised(latex(g[0]), len(g))}" for g in groups)
    above = f"{d}^{{{len(variables)}}}" if len(variables) > 1 else d
    loose = ("div", "pow", "name", "sqrt", "root")       # a "+" behind "d/dx x^2" would leave in doubt where it ends
    operand = _fenced("(", latex(body), ")") if body.head in loose else at_least(body, POWER)
    return rf"\frac{{{above}}}{{{below}}} {operand}", REACHING


def _raised(text: str, count: int) -> str:
    return text if count == 1 else f"{text}^{{{count}}}"


def _evaluated(t: Tree) -> tuple[str, int]:
    body, *pairs = t.parts
    if pairs and all(p.head == "relation" for p in pairs):
        at = ", ".join(map(latex, pairs))
    else:
        at = ", ".join(f"{latex(x)} = {latex(a)}" for x, a in zip(pairs[0::2], pairs[1::2], strict=True))
    return rf"\left. {latex(body)} \right|_{{{at}}}", ATOM


def _gradient(t: Tree) -> tuple[str, int]:
    sign = {"gradient": r"\nabla", "hessian": r"\nabla^2", "laplacian": r"\Delta", "jacobian": "J",
            "divergence-of": r"\nabla"}[t.head]
    by = f"_{{{latex(t.parts[1])}}}" if len(t.parts) > 1 else ""
    if t.head == "hessian":
        by, sign = f"{by}^2" if by else "^2", r"\nabla"
    dot = r" \cdot" if t.head == "divergence-of" else ""
    return f"{sign}{by}{dot} {at_least(t.parts[0], POWER)}", REACHING


def _expectation(t: Tree) -> tuple[str, int]:
    over, *integrands = t.parts
    word = _EXPECTATIONS.get(str(t.value)) or rf"\operatorname{{{t.value}}}"
    below = f"_{{{', '.join(latex(p) for p in over.parts)}}}" if over.parts else ""
    inside = ", ".join(latex(f) for f in integrands)
    return rf"{word}{below}{_fenced('[', inside, ']')}", ATOM


def _information(t: Tree) -> tuple[str, int]:
    between = {"KL": r" \| ", "JS": r" \| ", "I": "; "}.get(str(t.value), ", ")
    word = str(t.value) if len(str(t.value)) == 1 else rf"\operatorname{{{t.value}}}"
    parts = list(t.parts)
    behind = ""
    if len(parts) == 1 and parts[0].head == "given":
        behind = rf" \mid {_commas(parts[0].parts[1].parts)}"
        parts = list(parts[0].parts[0].parts)
    return f"{word}{_fenced('(', between.join(map(_group, parts)) + behind, ')')}", ATOM


def _group(t: Tree) -> str:
    return _commas(t.parts) if t.head == "tuple" else latex(t)


def _given(t: Tree) -> tuple[str, int]:
    return rf"{_commas(t.parts[0].parts)} \mid {_commas(t.parts[1].parts)}", STATEMENT


def _law(t: Tree) -> tuple[str, int]:
    word = _LAWS.get(str(t.value)) or rf"\mathrm{{{t.value}}}"
    return f"{word}({_commas(t.parts)})" if t.parts else word, ATOM


def _order(t: Tree) -> tuple[str, int]:
    sign = {"Omega": r"\Omega", "Theta": r"\Theta", "omega": r"\omega"}.get(str(t.value), str(t.value))
    return sign + _fenced("(", latex(t.parts[0]), ")"), ATOM


def _cases(t: Tree) -> tuple[str, int]:
    rows = []
    for value, condition in zip(t.parts[0::2], t.parts[1::2], strict=True):
        sure = condition.head == "constant" and condition.value == "true"
        said = r"\text{otherwise}" if sure else rf"\text{{if }} {latex(condition)}"
        rows.append(f"{latex(value)} & {said}")
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}", ATOM


def _matrix(t: Tree) -> tuple[str, int]:
    _, columns = t.value
    rows = [t.parts[k:k + columns] for k in range(0, len(t.parts), columns)]
    return r"\begin{pmatrix} " + r" \\ ".join(" & ".join(map(latex, r)) for r in rows) + r" \end{pmatrix}", ATOM


def _relation(t: Tree) -> tuple[str, int]:
    if t.value == "equiv mod":
        a, b, modulus = t.parts
        return rf"{at_least(a, SUM)} \equiv {at_least(b, SUM)} \pmod{{{latex(modulus)}}}", RELATION
    if t.value == "in" and t.parts[1].head == "range":
        return f"{latex(t.parts[0])} = {latex(t.parts[1])}", RELATION
    left, right = (at_least(p, SUM) for p in t.parts)
    return f"{left} {_RELATIONS.get(str(t.value), str(t.value))} {right}", RELATION


def _chain(t: Tree) -> tuple[str, int]:
    out = at_least(t.parts[0], SUM)
    for sign, p in zip(t.value, t.parts[1:], strict=True):
        out += f" {_RELATIONS.get(str(sign), str(sign))} {at_least(p, SUM)}"
    return out, RELATION


def _connective(t: Tree) -> tuple[str, int]:
    return f" {_CONNECTIVES[t.head]} ".join(at_least(p, RELATION) for p in t.parts), STATEMENT


def _quantifier(t: Tree) -> tuple[str, int]:
    b, body = t.parts
    sign = r"\forall" if t.head == "forall" else r"\exists"
    if b.value == "where" and b.parts[0].value == "all":
        said = ", ".join(map(latex, b.parts[1:])) if len(b.parts[0].parts) == 1 else ", ".join(
            [*map(latex, b.parts[0].parts), *map(latex, b.parts[1:])])
    else:
        below, _ = binding(b)
        if b.value == "range":
            below = rf"{latex(b.parts[0])} \in \{{{latex(b.parts[1])}, \dots, {latex(b.parts[2])}\}}"
        said = below
    return rf"{sign} {said} : {latex(body)}", STATEMENT


def _set(t: Tree) -> tuple[str, int]:
    if len(t.parts) == 1 and t.parts[0].head == "binding" and t.parts[0].value == "where":
        inner, condition = t.parts[0].parts
        return rf"\{{{binding(inner)[0]} : {latex(condition)}\}}", ATOM
    return rf"\{{{_commas(t.parts)}\}}", ATOM


def _interval(t: Tree) -> tuple[str, int]:
    return f"{t.value[0]}{latex(t.parts[0])}, {latex(t.parts[1])}{t.value[1]}", ATOM


_HEADS: dict[str, Callable[[Tree], tuple[str, int]]] = {
    "number": _number,
    "name": lambda t: (str(t.value).removesuffix(BESIDE), ATOM),
    "constant": lambda t: (_CONSTANTS.get(str(t.value), str(t.value)), ATOM),
    "add": _sum,
    "mul": _mul,
    "matmul": _mul,
    "neg": lambda t: (f"-{at_least(t.parts[0], REACHING)}", SUM),
    "sqrt": lambda t: (rf"\sqrt{{{latex(t.parts[0])}}}", ATOM),
    "root": lambda t: (rf"\sqrt[{latex(t.parts[1])}]{{{latex(t.parts[0])}}}", ATOM),
    "abs": lambda t: (rf"\left| {latex(t.parts[0])} \right|", ATOM),
    "norm": lambda t: (rf"\left\| {latex(t.parts[0])} \right\|" + (
        f"_{{{t.value}}}" if t.value and t.value != "oo" else r"_\infty" if t.value else ""), ATOM),
    "div": lambda t: (rf"\frac{{{latex(t.parts[0])}}}{{{latex(t.parts[1])}}}", POWER),
    "pow": _pow,
    "factorial": lambda t: (_single(t.parts[0]) + ("!!" if t.value == 2 else "!"), POWER),
    "function": _function,
    "call": _call,
    "density": _density,
    "entry": _entry,
    "prime": _prime,
    "transpose": _superscript(r"\top"),
    "inverse": _superscript("{-1}"),
    **dict.fromkeys(_BIG, _big),
    "integral": _integral,
    "limit": _limit,
    "derivative": _derivative,
    "evaluated": _evaluated,
    **dict.fromkeys(("gradient", "hessian", "jacobian", "laplacian", "divergence-of"), _gradient),
    "expectation": _expectation,
    "information": _information,
    "given": _given,
    "distributed": lambda t: (rf"{latex(t.parts[0])} \sim {latex(t.parts[1])}", RELATION),
    "named-law": _law,
    "order": _order,
    "cases": _cases,
    "matrix": _matrix,
    "tuple": lambda t: (f"({_commas(t.parts)})", ATOM),
    "set": _set,
    "interval": _interval,
    "range": lambda t: (rf"{latex(t.parts[0])}, \dots, {latex(t.parts[1])}", ATOM),
    "relation": _relation,
    "chain": _chain,
    **dict.fromkeys(_CONNECTIVES, _connective),
    "not": lambda t: (rf"\neg {at_least(t.parts[0], ATOM)}", STATEMENT),
    "forall": _quantifier,
    "exists": _quantifier,
    "define": lambda t: (f"{latex(t.parts[0])} := {latex(t.parts[1])}", RELATION),
}

__all__ = ["latex"]
