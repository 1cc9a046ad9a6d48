r"""When two people wrote the same thing: terms up to the order of summands and factors, names of bound variables, and
arithmetic of numbers.

A milestone of a key is matched by what a line says, not by where it stands.  All lines of a right chain are equal in
value, so value cannot tell which step was made; the form can.  ``form`` forgets what
no reader would call a step (``a + b`` and ``b + a``, ``x/2`` and ``\frac12 x``, ``a >= b`` and ``b <= a``) and keeps
what is one (multiplying out, a common denominator, ``log(ab)`` and ``log a + log b``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from ..kernel.term import RELATIONS, App, Bind, Num, Term, alpha, app

Form: TypeAlias = tuple[Any, ...]
#: Of a link, and the relation of the links below it: that of their ends.
_JOINED = {"=": {r: r for r in ("=", "<", "<=", ">", ">=")}, "<": {"=": "<", "<": "<", "<=": "<"},
           "<=": {"=": "<=", "<": "<", "<=": "<="}, ">": {"=": ">", ">": ">", ">=": ">"},
           ">=": {"=": ">=", ">": ">", ">=": ">="}}
_WEAKER = {"=": ("=", "<=", ">="), "<": ("<", "<="), ">": (">", ">="), "<=": ("<=",), ">=": (">=",)}
_TURNED = {">": "<", ">=": "<="}
_UNORDERED = ("and", "or", "max", "min", "=", "!=", "mat=", "iff", "delta")


def form(t: Term) -> Form:
    """The form of a term: equal for terms that differ in order, bound names and arithmetic of numbers only."""
    return _form(alpha(t))


def same_form(a: Term, b: Term) -> bool:
    return form(a) == form(b)


def same_statement(a: Term, b: Term) -> bool:
    """Two relations of one form, perhaps with terms moved to the other side or a number divided out."""
    if form(a) == form(b):
        return True
    return (isinstance(a, App) and isinstance(b, App) and a.head in RELATIONS and b.head in RELATIONS
            and _moved(a) == _moved(b))


def sides(statement: Term) -> Iterator[Term]:
    """The terms a statement relates: both sides of each relation in it."""
    match statement:
        case App(head, parts) if head in (*RELATIONS, "mat="):
            yield from parts
        case App("and" | "or" | "not" | "implies" | "iff", parts):
            for part in parts:
                yield from sides(part)
        case Bind("forall" | "exists", inner=inner):
            yield from sides(inner[-1])


def ends_of_chain(statements: Sequence[Term]) -> list[Term]:
    """What the links at the end say together: of ``a = b``, ``b >= c`` that ``a >= c``."""
    out: list[Term] = []
    head, left, right = "", None, None  # type: str, Term | None, Term | None
    for t in reversed(statements):
        if not isinstance(t, App) or t.head not in _JOINED:
            break
        if right is None or left is None:
            head, right = t.head, t.args[1]
        elif not same_form(t.args[1], left):
            break
        else:
            head = _JOINED[t.head].get(head, "")
        if not head:
            break
        left = t.args[0]
        out += [app(weaker, left, right) for weaker in _WEAKER[head]]
    return out


def linked(statements: Sequence[Term], starts: Sequence[Term], goal: Term) -> bool:
    """Do relations lead from one of these terms to the goal, each by a side that stood in one before?"""
    known = {form(start) for start in starts}
    for t in statements:
        found = {form(side) for side in sides(t)}
        if found & known:
            known |= found
    return form(goal) in known


def says_nothing(t: Term) -> bool:
    """``a = a``, ``A <=> A``: a copy is no step."""
    return isinstance(t, App) and t.head in ("=", "iff", "implies") and same_form(*t.args)


def _moved(t: App) -> Form:
    """All on one side, scaled to a leading coefficient of 1 (its sign kept apart for an order)."""
    left, right = t.args if t.head not in _TURNED else (t.args[1], t.args[0])
    head = _TURNED.get(t.head, t.head)
    parts = _summands(alpha(app("add", left, app("neg", right))))
    if not parts:
        return head, ()
    first = min(parts, key=repr)
    scale = parts[first] if head in ("=", "!=") else abs(parts[first])
    return head, tuple(sorted(((m, c / scale) for m, c in parts.items()), key=repr))


def _form(t: Term) -> Form:
    match t:
        case Num(value):
            return "number", value
        case App("add" | "neg" | "mul" | "div" | "pow" | "sqrt", _):
            return _sum(_summands(t))
        case App("exp", (u,)):
            return "exp", _form(u)
        case App(head, parts):
            if head in _TURNED:
                head, parts = _TURNED[head], parts[::-1]
            forms = [_form(u) for u in parts]
            return (head, *(sorted(forms, key=repr) if head in _UNORDERED else forms))
        case Bind():
            return (t.head, t.names, repr(t.sorts), tuple(map(_form, t.outer)), tuple(map(_form, t.inner)))
        case _:
            return "name", t.name


def _sum(parts: dict[Form, Fraction]) -> Form:
    if not parts:
        return "number", Fraction(0)
    if len(parts) == 1:
        (product, c), = parts.items()
        if product == ():
            return "number", c
        if c == 1 and len(product) == 1 and product[0][1] == ("number", Fraction(1)):
            return product[0][0]
        return "product", c, product
    return "sum", tuple(sorted(parts.items(), key=repr))


def _summands(t: Term) -> dict[Form, Fraction]:
    """Products with their rational coefficients; nothing is multiplied out but numbers."""
    out: dict[Form, Fraction] = {}

    def put(u: Term, c: Fraction) -> None:
        match u:
            case App("add", parts):
                for part in parts:
                    put(part, c)
            case App("neg", (v,)):
                put(v, -c)
            case _:
                number, factors = _factors(u)
                if number:
                    product = tuple(sorted(((b, e) for b, e in factors.items()), key=repr))
                    out[product] = out.get(product, Fraction(0)) + c * number
                    if not out[product]:
                        del out[product]

    put(t, Fraction(1))
    return out


def _factors(t: Term) -> tuple[Fraction, dict[Form, Form]]:
    """A number, and bases with their exponents."""
    number, factors = Fraction(1), {}  # type: Fraction, dict[Form, Form]

    def put(u: Term, sign: int) -> None:
        nonlocal number
        match u:
            case Num(value) if value or sign > 0:
                number *= value if sign > 0 else 1 / value
            case App("mul", parts):
                for part in parts:
                    put(part, sign)
            case App("neg", (v,)):
                number = -number
                put(v, sign)
            case App("div", (a, b)):
                put(a, sign)
                put(b, -sign)
            case App("sqrt", (v,)):
                times(v, Fraction(1, 2) * sign)
            case App("pow", (v, Num(e))):
                times(v, e * sign)
            case App("pow", (v, e)):
                power(_form(v), e if sign > 0 else app("neg", e))
            case App("add", _):
                times(u, Fraction(sign))
            case _:
                add_exponent(_form(u), ("number", Fraction(sign)))

    def times(v: Term, e: Fraction) -> None:
        nonlocal number
        base = _form(v)
        if base[0] == "number" and e.denominator == 1 and (base[1] or e > 0) and abs(e) <= 64:
            number *= base[1] ** int(e)
        else:
            add_exponent(base, ("number", e))

    def power(base: Form, e: Term) -> None:
        add_exponent(base, _form(e))

    def add_exponent(base: Form, e: Form) -> None:
        known = factors.get(base)
        if known is None:
            factors[base] = e
        elif known[0] == e[0] == "number":
            factors[base] = ("number", known[1] + e[1])
            if not factors[base][1]:
                factors[base] = ("cancelled",)
        else:
            factors[base] = ("plus", *sorted((known, e), key=repr))

    put(t, 1)
    return number, factors


__all__ = ["Form", "ends_of_chain", "form", "linked", "same_form", "same_statement", "says_nothing", "sides"]
