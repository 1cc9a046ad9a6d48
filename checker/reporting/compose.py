"""Kernel terms to layouts: precedence, brackets, subscripts and folded definitions, decided once.

``compose(term, context)`` returns the layout and its *strength*: how tightly its outermost
operation binds.  A caller that needs more strength puts brackets around it:

    QUANT < IFF < IMPLIES < OR < AND < NOT < REL < SUM < GREEDY < PRODUCT < POWER < ATOM

GREEDY are the forms that reach as far right as they can (a sum, a limit, ``log x`` without
brackets): they may end a product, and need brackets before another factor.

What is shown differs from the raw term only where no value and no domain changes: ``a * b**-1`` is a
fraction, ``-1*x`` is ``-x``, ``1*x`` is ``x``, ``n*n`` a power; nested sums of sums lose their brackets.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel.term import HEADS, RELATIONS, App, Bind, Index, Law, Map, Num, Scalar, Sort, Term, Var, free_names
from .context import EMPTY, Context
from .layout import (
    Call, Cases, Fence, Frac, Ident, Layout, Line, Number, Root, Row, Script, Sign, Space, Text, Times,
    first_atom, is_tall, joined, last_atom, parens, row, width,
)
from .names import is_letter, name_layout

QUANT, IFF, IMPLIES, OR, AND, NOT, REL, SUM, GREEDY, PRODUCT, POWER, ATOM = range(12)

_WORDS = {
    "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "cot": "cot", "sec": "sec", "csc": "csc",
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "acot": "arccot", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "coth": "coth", "asinh": "arsinh", "acosh": "arcosh", "atanh": "artanh",
    "atan2": "atan2", "erf": "erf", "sign": "sgn", "re": "Re", "im": "Im", "arg": "arg", "max": "max",
    "min": "min", "relu": "ReLU", "gamma": "Γ", "digamma": "ψ",
}
_TRIGONOMETRIC = {"sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth"}
_CONSTANTS = {
    "pi": "pi", "e": "e", "i": "i", "oo": "oo", "true": "true", "false": "false", "integers": "integers",
    "rationals": "rationals", "reals": "reals",
}
_INFIX = {"and": (AND, "and"), "or": (OR, "or"), "implies": (IMPLIES, "implies"), "iff": (IFF, "iff")}
_FENCED = {"abs": ("|", "|"), "floor": ("floor(", "floor)"), "ceiling": ("ceil(", "ceil)")}


def layout(t: Term, context: Context = EMPTY) -> Layout:
    """The layout of a term that stands alone."""
    return compose(t, context)[0]


def at_least(t: Term, strength: int, context: Context) -> Layout:
    """The layout of ``t`` where ``strength`` is needed: in brackets if ``t`` binds more loosely."""
    inside, own = compose(t, context)
    return inside if own >= strength else parens(inside)


def compose(t: Term, context: Context) -> tuple[Layout, int]:
    match t:
        case Num(value):
            return _number(value)
        case Var(name):
            return name_layout(name), ATOM
        case App():
            return _app(t, context)
        case Bind():
            from .compose_bind import compose_bind

            return compose_bind(t, context)


def _number(value: Fraction) -> tuple[Layout, int]:
    size: Layout = Number(str(abs(value.numerator)))
    if value.denominator != 1:
        size = Frac(size, Number(str(value.denominator)))
    if value < 0:
        return row(Sign("neg"), size), SUM
    return size, ATOM if value.denominator == 1 else POWER


def _app(t: App, context: Context) -> tuple[Layout, int]:
    from .compose_matrix import HEADS as MATRIX_HEADS
    from .compose_matrix import compose_matrix, norm

    head, args = t.head, t.args
    if head in RELATIONS or head == "in":
        return _relation(head, args, context), REL
    if head in _CONSTANTS and not args:
        return Sign(_CONSTANTS[head]), ATOM
    if head in MATRIX_HEADS:
        return compose_matrix(t, context)
    if head in _INFIX:
        return _infix(head, args, context)
    if head in _FENCED and len(args) == 1:
        left, right = _FENCED[head]
        return Fence(left, layout(args[0], context), right), ATOM
    if head in _WORDS:
        return call(_WORDS[head], args, context)
    if head.startswith("@"):
        return _definition(head[1:], args, context), ATOM
    match t:
        case App("add", ()):
            return Number("0"), ATOM
        case App("mul", ()):
            return Number("1"), ATOM
        case App("add", _):
            return _sum(flat(t, "add"), context), SUM
        case App("mul", _):
            return product(flat(t, "mul"), context)
        case App("neg", (a,)):
            return row(Sign("neg"), _after_minus(a, context)), SUM
        case App("div", (a, b)):
            return Frac(layout(a, context), layout(b, context)), POWER
        case App("pow", (base, exponent)):
            return _power(base, exponent, context)
        case App("sqrt", (a,)) if (length := norm(a, context)) is not None:
            return length, ATOM
        case App("sqrt", (a,)):
            return Root(layout(a, context)), POWER
        case App("exp", (a,)):
            inside = layout(a, context)
            if is_tall(inside) or width(inside) > 16:
                return Call(Ident("exp"), inside), POWER
            return Script(Sign("e"), None, slashed(inside)), POWER
        case App("conj", (a,)):
            return Line(layout(a, context), "bar"), POWER
        case App("factorial", (a,)):
            return row(at_least(a, ATOM, context), Sign("!")), POWER
        case App("factorial2", (a,)):
            return row(at_least(a, ATOM, context), Sign("!"), Sign("!")), POWER
        case App("binomial", (a, b)):
            return Fence("(", Frac(layout(a, context), layout(b, context), line=False), ")"), ATOM
        case App("rising" | "falling", (a, b)):
            line = Line(layout(b, context), "over" if head == "rising" else "under")
            return Script(at_least(a, ATOM, context), None, line), POWER
        case App("fibonacci" | "harmonic" | "tribonacci", (a,)):
            letter = {"fibonacci": "F", "harmonic": "H", "tribonacci": "T"}[head]
            return Script(Ident(letter), layout(a, context)), ATOM
        case App("mod", (a, b)):
            return row(at_least(a, POWER, context), Sign("mod"), at_least(b, POWER, context)), GREEDY
        case App("delta", (a, b)):
            return Script(Ident("δ"), _commas((a, b), context)), ATOM
        case App("derivative-of", (g, f)):
            return row(layout(f, context), Text(" is continuously differentiable with the derivative "),
                       layout(g, context)), REL
        case App("at", (f, *where)):
            return _at(f, tuple(where), context), ATOM
        case App("tuple", _):
            return parens(_commas(args, context)), ATOM
        case App("item", (Bind("iterate") as b, Num(k))):
            from .compose_bind import orbit

            return orbit(b, context, int(k))
        case App("item", (whole, k)):
            return Script(at_least(whole, ATOM, context), layout(k, context)), ATOM
        case App("assign", (a, b)):
            return row(layout(a, context), Sign("gets"), at_least(b, SUM, context)), REL
        case App("cases", _):
            return _cases(args, context), POWER
        case App("not", (App("in", (a, b)),)):
            return row(at_least(a, SUM, context), Sign("not-in"), at_least(b, SUM, context)), REL
        case App("not", (Bind("converges") as b,)):
            from .compose_bind import convergence

            return convergence(b, context, " does not converge"), REL
        case App("not", (a,)):
            return row(Sign("not"), at_least(a, ATOM, context)), NOT
        case App("density", (law, *rest)):
            return _density(law, tuple(rest), context), ATOM
        case App("finite", (a,)):
            return row(at_least(a, SUM, context), Text(" is finite")), REL
        case App("two-sided" | "from-above" | "from-below" | "given", ()):
            return Text(head.replace("-", " ")), ATOM
        case _:
            return call(head, args, context) if args else (name_layout(head), ATOM)


# ------------------------------------------------------------------------ sums and products


def flat(t: Term, head: str) -> list[Term]:
    """The arguments of nested sums (or products) in one list."""
    if isinstance(t, App) and t.head == head and t.args:
        return [p for a in t.args for p in flat(a, head)]
    return [t]


def _sum(parts: list[Term], context: Context) -> Layout:
    out: list[Layout] = []
    for k, part in enumerate(parts):
        positive = without_minus(part)
        if k == 0:
            out.append(at_least(part, SUM, context))
        elif positive is not None:
            out += [Sign("-"), _after_minus(positive, context)]
        else:
            out += [Sign("+"), at_least(part, GREEDY, context)]
    return row(*out)


def without_minus(t: Term) -> Term | None:
    """``t`` without its leading minus sign, if it shows one."""
    match t:
        case App("neg", (a,)):
            return a
        case Num(value) if value < 0:
            return Num(-value)
        case App("mul", (Num(value), *rest)) if value < 0 and rest:
            factors = tuple(rest) if value == -1 else (Num(-value), *rest)
            return factors[0] if len(factors) == 1 else App("mul", factors)
        case App("div", (a, b)):
            top = without_minus(a)
            return None if top is None or not isinstance(a, Num) else App("div", (top, b))
        case _:
            return None


def _after_minus(t: Term, context: Context) -> Layout:
    return at_least(t, GREEDY, context)


def gathered(factors: list[Term]) -> list[Term]:
    """Without factors 1; equal names next to each other as a power."""
    kept = [f for f in factors if f != Num(Fraction(1))] or factors[:1]
    out: list[Term] = []
    counts: list[int] = []
    for f in kept:
        if out and out[-1] == f and (isinstance(f, Var) or (isinstance(f, App) and f.head == "at")):
            counts[-1] += 1
        else:
            out.append(f)
            counts.append(1)
    return [f if k == 1 else App("pow", (f, Num(Fraction(k)))) for f, k in zip(out, counts, strict=True)]


def product(factors: list[Term], context: Context) -> tuple[Layout, int]:
    """Factors side by side; reciprocals gathered under one fraction line."""
    factors = gathered(factors)
    if len(factors) == 1:
        return compose(factors[0], context)
    positive = without_minus(App("mul", tuple(factors)))
    if positive is not None:
        return row(Sign("neg"), _after_minus(positive, context)), SUM
    above: list[Term] = []
    below: list[Term] = []
    for factor in factors:
        match factor:
            case App("div", (Num(value), b)) if value == 1:
                below.append(b)
            case App("pow", (b, Num(value))) if value < 0:
                below.append(b if value == -1 else App("pow", (b, Num(-value))))
            case _:
                above.append(factor)
    if not below:
        return _side_by_side(factors, context)
    front: list[Layout] = []
    first = above[0] if above else None
    if isinstance(first, Num) and first.value.denominator != 1:
        size = first.value
        above = above[1:]
        if above:
            front = [layout(first, context), Times("none")]
        else:
            above, below = [Num(Fraction(size.numerator))], [Num(Fraction(size.denominator)), *below]
    top = _side_by_side(above, context)[0] if above else Number("1")
    bottom = _side_by_side([p for b in below for p in flat(b, "mul")], context)[0]
    return row(*front, Frac(top, bottom)), PRODUCT if front else POWER


def _side_by_side(factors: list[Term], context: Context) -> tuple[Layout, int]:
    if len(factors) == 1:
        return compose(factors[0], context)
    out: list[Layout] = []
    strength = PRODUCT
    for k, factor in enumerate(factors):
        inside, own = compose(factor, context)
        last = k == len(factors) - 1
        if own < (GREEDY if last else POWER):
            inside = parens(inside)
        elif last and own < PRODUCT:
            strength = GREEDY
        if out:
            out.append(Times(_gap(out[-1], inside)))
        out.append(inside)
    return row(*out), strength


def _gap(left: Layout, right: Layout) -> str:
    begin, end = first_atom(right), last_atom(left)
    if isinstance(begin, Number) or (isinstance(begin, Frac) and isinstance(first_atom(begin.top), Number)):
        return "dot"
    worded = any(isinstance(a, Ident) and not is_letter(a.text) for a in (begin, _word_end(end)))
    if isinstance(begin, Fence) and isinstance(end, Fence):
        return "thin"
    return "thin" if worded or isinstance(right, Call) or isinstance(begin, (Fence, Root)) else "none"


def _word_end(atom: Layout) -> Layout:
    return atom.base if isinstance(atom, Script) else atom


def _power(base: Term, exponent: Term, context: Context) -> tuple[Layout, int]:
    if isinstance(exponent, Num) and exponent.value == -1:
        return Frac(Number("1"), layout(base, context)), POWER
    sup = slashed(layout(exponent, context))
    if (
        isinstance(base, App)
        and base.head in _TRIGONOMETRIC
        and isinstance(exponent, Num)
        and exponent.value > 1
    ):
        return Call(Script(Ident(_WORDS[base.head]), None, sup), layout(base.args[0], context)), POWER
    below = at_least(base, ATOM, context)
    if isinstance(below, Script) and below.sup is None:
        return Script(below.base, below.sub, sup), POWER
    if isinstance(below, (Script, Call, Row)):
        below = parens(below)
    return Script(below, None, sup), POWER


def slashed(exponent: Layout) -> Layout:
    """A small fraction in an exponent is written with a slash."""
    match exponent:
        case Frac((Number() | Ident()) as top, (Number() | Ident()) as bottom, True):
            return row(top, Sign("/"), bottom)
        case Row((Sign("neg"), Frac((Number() | Ident()) as top, (Number() | Ident()) as bottom, True))):
            return row(Sign("neg"), top, Sign("/"), bottom)
        case _:
            return exponent


def call(word: str, args: tuple[Term, ...], context: Context) -> tuple[Layout, int]:
    """A function word and its arguments.  ``log`` and its kin need no brackets before one short
    thing; such a form then reaches as far right as it can."""
    inside = _commas(args, context)
    known = word in _WORDS.values()
    bare = known and word == "log" and len(args) == 1 and _is_one_thing(inside)
    return Call(Ident(word) if known else name_layout(word), inside, bare), GREEDY if bare else POWER


def _is_one_thing(inside: Layout) -> bool:
    match inside:
        case Ident() | Number() | Frac() | Sign():
            return True
        case Script(base, _, _):
            return _is_one_thing(base)
        case Row((Ident() | Script(), Fence("(", _, ")"))):
            return True  # a density p(x, z) or an opaque function's value
        case _:
            return False


# --------------------------------------------------------------------- relations and logic


def _relation(head: str, args: tuple[Term, ...], context: Context) -> Layout:
    return row(at_least(args[0], SUM, context), Sign(head), at_least(args[1], SUM, context))


def _infix(head: str, args: tuple[Term, ...], context: Context) -> tuple[Layout, int]:
    own, sign = _INFIX[head]
    if not args:
        return Sign("true" if head == "and" else "false"), ATOM
    parts = flat(App(head, args), head) if head in ("and", "or") else list(args)
    return joined(sign, [at_least(p, own + 1, context) for p in parts]), own if len(parts) > 1 else REL


def _cases(args: tuple[Term, ...], context: Context) -> Layout:
    rows = []
    for value, guard in zip(args[0::2], args[1::2], strict=False):
        sure = isinstance(guard, App) and guard.head == "true"
        condition: Layout = Text("otherwise") if sure else row(Text("if "), layout(guard, context))
        rows.append((layout(value, context), condition))
    return Cases(tuple(rows))


# ------------------------------------------------------- families, functions, definitions


def _commas(args: tuple[Term, ...], context: Context) -> Layout:
    return joined(",", [at_least(a, AND, context) for a in args])


def _at(f: Term, where: tuple[Term, ...], context: Context) -> Layout:
    sort = context.sorts.get(f.name) if isinstance(f, Var) else None
    base = at_least(f, ATOM, context)
    if isinstance(sort, Map) and len(sort.args) == len(where):
        return applied(base, where, sort.args, context)
    return applied(base, where, tuple(_guess(a, context) for a in where), context)


def _guess(t: Term, context: Context) -> Sort:
    """For a function of unknown sort: what looks like an index is one."""
    own = context.sorts.get(t.name) if isinstance(t, Var) else None
    return own if own is not None else Index(t) if isinstance(t, Num) else Scalar("complex")


def applied(base: Layout, where: tuple[Term, ...], sorts: tuple[Sort, ...], context: Context) -> Layout:
    """``base`` with indices below it and other arguments in brackets; a sequence's only (integer)
    argument is an index too."""
    only = len(sorts) == 1 and sorts[0] == Scalar("integer")
    below = [a for a, s in zip(where, sorts, strict=True) if only or isinstance(s, Index)]
    rest = tuple(a for a, s in zip(where, sorts, strict=True) if not (only or isinstance(s, Index)))
    if any(isinstance(s, Map) for s in sorts):          # a function of a vector: f(x)_i
        out = row(base, parens(_commas(tuple(map(whole_vector, rest)), context)))
        return with_sub(out, joined(",", [at_least(a, SUM, context) for a in below])) if below else out
    out = with_sub(base, joined(",", [at_least(a, SUM, context) for a in below])) if below else base
    return row(out, parens(_commas(rest, context))) if rest else out


def whole_vector(t: Term) -> Term:
    """A lambda of entries as the vector itself, where its index stands in entries alone: x - a v for x_i - a v_i."""
    if not (isinstance(t, Bind) and t.head == "lambda" and len(t.names) == 1):
        return t
    i = Var(t.names[0])

    def go(u: Term) -> Term:
        match u:
            case App("at", (f, j)) if j == i:
                return f
            case App("at", (*args, j)) if j == i:
                return App("at", tuple(args))
            case App("add" | "mul" | "neg" | "div", args):
                return App(u.head, tuple(map(go, args)))
            case _:
                return u

    body = go(t.inner[0])
    return t if i.name in free_names(body) else body


def with_sub(base: Layout, sub: Layout) -> Layout:
    match base:
        case Script(inner, None | Sign("cdot"), sup):       # the open place of a family's name is where its index goes
            return Script(inner, sub, sup)
        case Script(inner, old, sup) if old is not None:
            return Script(inner, row(old, Sign(","), sub), sup)
        case _:
            return Script(base, sub)


def _definition(name: str, args: tuple[Term, ...], context: Context) -> Layout:
    definition = context.definitions.get(name)
    base = name_layout(name)
    if not args:
        return base
    if definition is not None and len(definition.params) == len(args):
        return applied(base, args, tuple(s for _, s in definition.params), context)
    return row(base, parens(_commas(args, context)))


def _density(law: Term, rest: tuple[Term, ...], context: Context) -> Layout:
    """``density(law, label, value, ..., given, label, value, ...)`` as p(x, z | y); a value that is
    not its label's own name is written behind it: p(x = 1)."""
    own: list[Layout] = []
    given: list[Layout] = []
    side, k = own, 0
    while k < len(rest):
        t = rest[k]
        if isinstance(t, App) and t.head == "given":
            side, k = given, k + 1
        elif k + 1 < len(rest):
            side.append(_labelled(t, rest[k + 1], context))
            k += 2
        else:
            side.append(layout(t, context))
            k += 1
    inside = joined(",", own) if own else Row(())
    if given:
        inside = row(inside, Sign("mid"), joined(",", given))
    return row(layout(law, context), parens(inside))


def _labelled(label: Term, value: Term, context: Context) -> Layout:
    if isinstance(label, Num):      # the position of a label: the value says enough
        return at_least(value, SUM, context)
    if (
        isinstance(label, Var)
        and isinstance(value, Var)
        and value.name.split("'")[0] == label.name.split("'")[0]
    ):
        return layout(value, context)
    return row(layout(label, context), Sign("="), at_least(value, SUM, context))


def domain(sort: Sort) -> Layout | None:
    """The set that a name of this sort runs over; None where it goes without saying."""
    match sort:
        case Scalar(kind):
            return Sign(
                {"complex": "complexes", "real": "reals", "rational": "rationals"}.get(kind, "integers")
            )
        case Index(size):
            return Fence("{", joined(",", [Number("1"), Sign("dots"), layout(size)]), "}")
        case Map((Index(n),), Scalar("real")):
            return Script(Sign("reals"), None, layout(n))
        case Map((Index(n), Index(m)), Scalar("real")):
            return Script(Sign("reals"), None, row(layout(n), Sign("times"), layout(m)))
        case Map(args, result):
            to = domain(result)
            from_ = [domain(a) for a in args]
            if to is None or None in from_:
                return None
            return row(joined("times", [d for d in from_ if d is not None]), Sign("to"), to)
        case Law():
            return None
        case _:
            return None


assert set(_WORDS) <= set(HEADS)  # noqa: S101 - a typing slip here would print a wrong word

__all__ = ["Space", "at_least", "compose", "domain", "layout", "product"]
