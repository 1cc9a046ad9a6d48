"""Layouts to MathML Core, which browsers draw without any script or font from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from ..kernel.term import Term
from . import escape
from .compose import layout as layout_of
from .context import EMPTY, Context
from .layout import (
    FENCES, SIGNS, Accent, Big, Call, Cases, Fence, Frac, Ident, Layout, Line, Lines, Matrix, Number,
    Root, Row, Script, Sign, Space, Stack, Text, Times, is_tall,
)
from .text import spell as spell_text

_LETTERS = {
    "pi", "e", "i", "d", "oo", "integers", "rationals", "reals", "complexes", "expectation", "partial", "nabla",
    "true", "false", "top",
}
_ACCENTS = {"hat": "^", "tilde": "~", "bar": "\u00af", "vec": "\u2192", "dot": "\u02d9"}
_UPRIGHT = {"e", "i", "d"}


def mathml(t: Term, context: Context = EMPTY, display: bool = False) -> str:
    return element(layout_of(t, context), display)


def element(node: Layout, display: bool = False) -> str:
    """A complete ``math`` element; the one-line text is its accessible name."""
    kind = ' display="block"' if display else ""
    label = escape.html(spell_text(node))
    return f'<math{kind} aria-label="{label}">{spell(node)}</math>'


def spell(node: Layout) -> str:
    return _spell(node, spell)


def _mo(sign: str, attributes: str = "") -> str:
    return f"<mo{attributes}>{escape.html(sign)}</mo>"


def _spell(n: Layout, go: Callable[[Layout], str]) -> str:
    match n:
        case Ident(text):
            upright = ' mathvariant="normal"' if text in "ΓΔΘΛΞΠΣΥΦΨΩ" else ""
            return f"<mi{upright}>{escape.html(text)}</mi>"
        case Number(text):
            return f"<mn>{text}</mn>"
        case Text(text):
            return f"<mtext>{escape.html(text).replace(' ', '&#xA0;')}</mtext>"
        case Sign(key):
            return _sign(key)
        case Space(kind):
            size = "1em" if kind == "quad" else "0.1667em"
            return f'<mspace width="{size}"/>'
        case Times(kind):
            return {
                "none": "<mo>&#x2062;</mo>", "thin": '<mspace width="0.1667em"/>', "dot": "<mo>\u22c5</mo>",
            }[kind]
        case Row(items):
            return f"<mrow>{''.join(map(go, items))}</mrow>"
        case Frac(top, bottom, line):
            stroke = "" if line else ' linethickness="0"'
            return f"<mfrac{stroke}>{go(top)}{go(bottom)}</mfrac>"
        case Root(body):
            return f"<msqrt>{go(body)}</msqrt>"
        case Script(base, sub, sup):
            return _scripts(go(base), sub, sup, go, "sub", "sup")
        case Fence(left, body, right):
            grow = is_tall(body) or not left or not right
            return f"<mrow>{_fence(left, 'prefix', grow)}{go(body)}{_fence(right, 'postfix', grow)}</mrow>"
        case Call(name, body, bare):
            inside = f'<mspace width="0.1667em"/>{go(body)}' if bare else go(Fence("(", body, ")"))
            return f"<mrow>{go(name)}<mo>&#x2061;</mo>{inside}</mrow>"
        case Big(sign, under, over):
            word = sign in ("limit", "max", "min")
            mark = _mo(
                SIGNS[sign][3], ' movablelimits="true" lspace="0.1667em" rspace="0.1667em"' if word else ""
            )
            how = ("sub", "sup") if sign == "integral" else ("under", "over")
            return _scripts(mark, under, over, go, *how)
        case Stack(rows):
            return "<mtable>" + "".join(f"<mtr><mtd>{go(r)}</mtd></mtr>" for r in rows) + "</mtable>"
        case Cases(pairs):
            cells = "".join(
                f'<mtr><mtd class="l">{go(a)}</mtd><mtd class="l c">{go(b)}</mtd></mtr>' for a, b in pairs
            )
            return f'<mrow><mo form="prefix" stretchy="true">{{</mo><mtable>{cells}</mtable></mrow>'
        case Line(body, "over" | "bar"):
            return f'<mover>{go(body)}<mo stretchy="true">\u00af</mo></mover>'
        case Line(body, _):
            return f'<munder>{go(body)}<mo stretchy="true">_</mo></munder>'
        case Matrix(rows):
            lines = "".join(f"<mtr>{''.join(f'<mtd>{go(x)}</mtd>' for x in r)}</mtr>" for r in rows)
            left, right = _fence("(", "prefix", True), _fence(")", "postfix", True)
            return f"<mrow>{left}<mtable>{lines}</mtable>{right}</mrow>"
        case Accent(body, mark):
            return f'<mover accent="true">{go(body)}<mo stretchy="false">{_ACCENTS[mark]}</mo></mover>'
        case Lines(pairs):
            cells = "".join(
                f'<mtr><mtd class="r">{go(a)}</mtd><mtd class="l">{go(b)}</mtd></mtr>' for a, b in pairs
            )
            return f'<mtable displaystyle="true" class="lines">{cells}</mtable>'


def _sign(key: str) -> str:
    kind, _, _, sign, _ = SIGNS[key]
    if key in _LETTERS:
        upright = ' mathvariant="normal"' if key in _UPRIGHT else ""
        return f"<mi{upright}>{sign}</mi>"
    if key == "neg":
        return _mo(sign, ' form="prefix"')
    if key == "mod":
        return _mo(sign, ' lspace="0.2222em" rspace="0.2222em"')
    if key in ("forall", "exists", "not"):
        return _mo(sign, ' rspace="0"')
    if key == ":":
        return _mo(sign, ' lspace="0" rspace="0.2778em"')
    if key in ("/", "!", "prime", "plus-side", "minus-side"):
        return _mo(sign, ' lspace="0" rspace="0"')
    return _mo(sign, ' stretchy="false"' if kind == "rel" else "")


def _fence(key: str, form: str, grow: bool) -> str:
    if not key:
        return ""
    if key in ("floor(", "ceil(", "floor)", "ceil)", "angle(", "angle)"):
        form = "prefix" if key.endswith("(") else "postfix"
    stretchy = "true" if grow else "false"
    return _mo(FENCES[key][2], f' form="{form}" stretchy="{stretchy}" lspace="0" rspace="0"')


def _scripts(
    base: str, low: Layout | None, high: Layout | None, go: Callable[[Layout], str], down: str, up: str
) -> str:
    if low is not None and high is not None:
        return f"<m{down}{up}>{base}{go(low)}{go(high)}</m{down}{up}>"
    if low is not None:
        return f"<m{down}>{base}{go(low)}</m{down}>"
    return f"<m{up}>{base}{go(high)}</m{up}>" if high is not None else base
