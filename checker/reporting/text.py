"""Layouts to one line of plain text, for terminals: ``q(z | x)·log(p(x, z)/q(z | x))``.

What two dimensions show by position is shown by brackets here.  ``unicode=False`` keeps to ASCII.
"""

from __future__ import annotations

from collections.abc import Callable

from ..kernel.claim import Claim
from ..kernel.term import Term
from . import escape
from .compose import layout as layout_of
from .compose_bind import iteration_lines, sequence_line
from .context import EMPTY, Context, context_of, named_iterations, sequences, step_key
from .layout import (
    ACCENTS, FENCES, GREEK, SIGNS, Accent, Big, Call, Cases, Fence, Frac, Ident, Layout, Line, Lines, Matrix,
    Number, Root, Row, Script, Sign, Space, Stack, Text, Times,
)

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ASCII_GREEK = {letter: name for name, (letter, _) in reversed(GREEK.items())}


def text(t: Term, context: Context = EMPTY, unicode: bool = True) -> str:
    return spell(layout_of(t, context), unicode)


def statement_text(claim: Claim, unicode: bool = True) -> str:
    """A claim's statement on one line, with what its iterations stand for."""
    context = context_of(claim)
    out = text(claim.statement, context, unicode)
    for iteration, letter in named_iterations(claim):
        mine = [b for b in sequences(claim) if step_key(b) == step_key(iteration)]
        for b in mine:
            out += f",  {spell(sequence_line(b, context), unicode)}"
        shown = letter if unicode else _ASCII_GREEK[letter]
        if shown in out:
            out += f",  {shown}: {spell(iteration_lines(iteration, context), unicode)}"
    return out


def spell(node: Layout, unicode: bool = True) -> str:
    def go(n: Layout) -> str:
        return _spell(n, go, unicode)

    return " ".join(go(node).split())


def _spell(n: Layout, go: Callable[[Layout], str], unicode: bool) -> str:
    match n:
        case Ident(word):
            return escape.clean(word if unicode or word.isascii() else _ASCII_GREEK.get(word, word))
        case Number(word):
            return word
        case Text(word):
            return escape.clean(word)
        case Sign(key):
            return _sign(key, unicode)
        case Space(kind):
            return "  " if kind == "quad" else " "
        case Times():
            return "·" if unicode else "*"
        case Row(items):
            return _row(items, go)
        case Frac(top, bottom, line):
            if not line:
                return f"{go(top)} choose {go(bottom)}"
            return f"{_tight(top, go)}/{_tight(bottom, go, below=True)}"
        case Root(body):
            inside = go(body)
            if unicode:
                return f"√{inside}" if _is_atom(body) else f"√({inside})"
            return f"sqrt({inside})"
        case Script(base, sub, sup):
            return _script(base, sub, sup, go, unicode)
        case Fence(left, body, right):
            return _bracket(left, unicode) + go(body) + _bracket(right, unicode)
        case Call(name, body, _):
            return f"{go(name)}({go(body)})"
        case Big(sign, under, over):
            return _big(sign, under, over, go, unicode)
        case Stack(rows):
            return ", ".join(map(go, rows))
        case Cases(pairs):
            return "{" + "; ".join(f"{go(a)} {go(b)}" for a, b in pairs) + "}"
        case Line(body, where):
            if where == "bar":
                return f"conj({go(body)})"
            mark = {"over": "↑", "under": "↓"}[where] if unicode else {"over": "up ", "under": "down "}[where]
            return mark + go(body)
        case Matrix(rows):
            return "[" + ", ".join("[" + ", ".join(map(go, r)) + "]" for r in rows) + "]"
        case Accent(body, mark):
            shown = go(body)
            combining = next((c for c, m in ACCENTS.items() if m == mark), "")
            return shown + combining if unicode and len(shown) == 1 else f"{mark}({shown})"
        case Lines(pairs):
            return " ".join(f"{go(a)} {go(b)}" for a, b in pairs)


def _sign(key: str, unicode: bool) -> str:
    kind, _, _, wide, plain = SIGNS[key]
    sign = wide if unicode else plain
    if kind in ("rel", "bin"):
        return f" {sign} "
    return f"{sign} " if kind == "punct" else sign


def _row(items: tuple[Layout, ...], go: Callable[[Layout], str]) -> str:
    """A fraction before another factor gets brackets: (a/b)·c."""
    out = ""
    for k, item in enumerate(items):
        following = items[k + 1] if k + 1 < len(items) else None
        shown = go(item)
        if isinstance(item, Frac) and isinstance(following, Times):
            shown = f"({shown})"
        if isinstance(item, Big) and isinstance(following, Big):
            shown = shown.rstrip() + " "
        out += shown
    return out


def _is_atom(n: Layout | None) -> bool:
    return isinstance(n, (Ident, Number, Call, Fence)) or (isinstance(n, Sign) and SIGNS[n.key][0] == "ord")


def _tight(n: Layout, go: Callable[[Layout], str], below: bool = False) -> str:
    simple = _is_atom(n) or isinstance(n, Script)
    if not simple and isinstance(n, Row):
        if n.items[0] in (Sign("d"), Sign("partial")):
            return go(n)  # the dx of d/dx
        applied = len(n.items) == 2 and isinstance(n.items[1], Fence) and _is_atom_or_script(n.items[0])
        only_factors = not below and all(
            isinstance(i, (Times, Ident, Number, Script, Call)) and not (isinstance(i, Call) and i.bare)
            for i in n.items
        )
        simple = applied or only_factors
    return go(n) if simple else f"({go(n)})"


def _is_atom_or_script(n: Layout) -> bool:
    return _is_atom(n) or isinstance(n, Script)


def _script(
    base: Layout, sub: Layout | None, sup: Layout | None, go: Callable[[Layout], str], unicode: bool
) -> str:
    out = go(base) if _is_atom(base) else f"({go(base)})"
    if sub is not None:
        shown = go(sub).strip()
        if shown.isalnum() or len(shown) == 1:
            out += f"_{shown}"
        elif isinstance(base, Sign) and base.key == "expectation":
            out += f"_{{{shown}}}"
        else:
            out += f"[{shown}]"
    if sup is not None:
        shown = go(sup).strip()
        if set(shown) <= set("′'") or (shown in "+-−" and shown):
            out += shown
        elif unicode and shown.isascii() and shown.isdigit():
            out += shown.translate(_SUPERSCRIPT)
        else:
            out += f"^{shown}" if _is_atom(sup) or shown.isalnum() else f"^({shown})"
    return out


def _big(
    sign: str, under: Layout | None, over: Layout | None, go: Callable[[Layout], str], unicode: bool
) -> str:
    mark = SIGNS[sign][3 if unicode else 4]
    if sign == "limit":
        return f"{mark}[{go(under) if under else ''}] "
    if under is None:
        return f"{mark} "
    rows = list(under.rows) if isinstance(under, Stack) else [under]
    first = go(rows[0])
    span = f"{first.replace(' = ', '=')}..{go(over)}" if over is not None else first
    return f"{mark}[{', '.join([span, *map(go, rows[1:])])}] "


def _bracket(key: str, unicode: bool) -> str:
    return FENCES[key][2 if unicode else 3] if key else ""
