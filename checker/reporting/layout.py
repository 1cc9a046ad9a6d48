"""Formulas as small layout trees: what is above what, and where the brackets stand.

    kernel term --(compose.py)--> layout --(latex.py, typst.py, mathml.py, text.py)--> a format

Precedence, names, subscripts and bracket decisions are made once, in ``compose.py``; a printer only
spells a layout in its own syntax.  So the four formats cannot disagree about a formula.

A layout is one of the frozen dataclasses below.  ``SIGNS`` lists every sign once with its spelling in
each format; ``GREEK`` the Greek letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

# ------------------------------------------------------------------------------------ nodes


@dataclass(frozen=True, slots=True)
class Ident:
    """A letter (italic) or a word of several letters (upright)."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """Digits, perhaps with a decimal point.  Never negative: the minus is a sign of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """An operator, relation, separator or constant of ``SIGNS``."""

    key: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words inside a formula.  Untrusted: every printer escapes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Space:
    """``thin`` or ``quad``."""

    kind: str = "thin"


@dataclass(frozen=True, slots=True)
class Times:
    """A product between two factors: ``none`` (juxtaposed), ``thin`` or ``dot``."""

    kind: str = "none"


@dataclass(frozen=True, slots=True)
class Row:
    items: tuple[Layout, ...]


@dataclass(frozen=True, slots=True)
class Frac:
    top: Layout
    bottom: Layout
    line: bool = True  # False: the stack of a binomial coefficient


@dataclass(frozen=True, slots=True)
class Root:
    body: Layout


@dataclass(frozen=True, slots=True)
class Script:
    base: Layout
    sub: Layout | None = None
    sup: Layout | None = None


@dataclass(frozen=True, slots=True)
class Fence:
    """Brackets that grow with their content.  ``left``/``right`` are keys of ``FENCES`` or ''."""

    left: str
    body: Layout
    right: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function word and its argument.  ``bare``: two-dimensional formats need no brackets."""

    name: Layout
    body: Layout
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Big:
    """A sign with things under and over it: a sum, a product, an integral, a limit."""

    sign: str
    under: Layout | None = None
    over: Layout | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """Short lines above one another, as under a sum."""

    rows: tuple[Layout, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """A large brace with pairs of value and condition."""

    rows: tuple[tuple[Layout, Layout], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line over (``over``: a rising power, ``bar``: a conjugate) or ``under`` a formula."""

    body: Layout
    where: str = "over"


@dataclass(frozen=True, slots=True)
class Accent:
    """A mark over a letter: ``hat``, ``tilde``, ``bar``, ``vec``, ``dot`` (only in people's prose)."""

    body: Layout
    mark: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows and columns in round brackets."""

    rows: tuple[tuple[Layout, ...], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A display of several lines, aligned where each pair divides."""

    rows: tuple[tuple[Layout, Layout], ...]


Layout: TypeAlias = (
    Ident | Number | Sign | Text | Space | Times | Row | Frac | Root | Script | Fence | Call | Big
    | Stack | Cases | Matrix | Line | Accent | Lines
)

#: combining character -> the mark of an ``Accent``
ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u20d7": "vec", "\u0307": "dot"}

# ------------------------------------------------------------------------------------ signs

#: key -> (class, LaTeX, Typst, Unicode, ASCII).  Classes: rel, bin, punct, pre, ord, word.
SIGNS: dict[str, tuple[str, str, str, str, str]] = {
    "+": ("bin", "+", "+", "+", "+"),
    "-": ("bin", "-", "-", "\u2212", "-"),
    "neg": ("pre", "-", "-", "\u2212", "-"),
    "/": ("ord", "/", "\\/", "/", "/"),
    "!": ("ord", "!", "!", "!", "!"),
    "=": ("rel", "=", "=", "=", "="),
    ":=": ("rel", r"\mathrel{:=}", ":=", "\u2254", ":="),
    "!=": ("rel", r"\ne", "eq.not", "\u2260", "!="),
    "<": ("rel", r"\lt", "<", "<", "<"),
    "<=": ("rel", r"\le", "<=", "\u2264", "<="),
    ">": ("rel", r"\gt", ">", ">", ">"),
    ">=": ("rel", r"\ge", ">=", "\u2265", ">="),
    "similar": ("rel", r"\sim", "tilde.op", "~", "~"),
    "approx": ("rel", r"\approx", "approx", "\u2248", "~="),
    "in": ("rel", r"\in", "in", "\u2208", "in"),
    "not-in": ("rel", r"\notin", "in.not", "\u2209", "not in"),
    "to": ("rel", r"\to", "->", "\u2192", "->"),
    "maps-to": ("rel", r"\mapsto", "|->", "\u21a6", "|->"),
    "gets": ("rel", r"\gets", "<-", "\u2190", "<-"),
    "implies": ("rel", r"\implies", "==>", "\u27f9", "==>"),
    "iff": ("rel", r"\iff", "<==>", "\u27fa", "<=>"),
    "and": ("bin", r"\land", "and", "\u2227", "and"),
    "or": ("bin", r"\lor", "or", "\u2228", "or"),
    "not": ("pre", r"\lnot", "not", "\u00ac", "not "),
    "forall": ("pre", r"\forall", "forall", "\u2200", "for all "),
    "exists": ("pre", r"\exists", "exists", "\u2203", "exists "),
    "mid": ("rel", r"\mid", "divides", "|", "|"),
    "parallel": ("rel", r"\parallel", "parallel", "\u2225", "||"),
    "mod": ("bin", r"\bmod", "mod", "mod", "mod"),
    ",": ("punct", ",", ",", ",", ","),
    ";": ("punct", ";", ";", ";", ";"),
    "typed": ("rel", ":", "colon", ":", ":"),
    "star": ("ord", "*", "ast.op", "*", "*"),
    ":": ("punct", r"\colon", "colon", ":", ":"),
    "cdot": ("bin", r"\cdot", "dot.c", "\u00b7", "*"),
    "times": ("bin", r"\times", "times", "\u00d7", "x"),
    "dots": ("ord", r"\dots", "dots", "\u2026", "..."),
    "prime": ("ord", r"\prime", "prime", "\u2032", "'"),
    "oo": ("ord", r"\infty", "infinity", "\u221e", "oo"),
    "pi": ("ord", r"\pi", "pi", "\u03c0", "pi"),
    "e": ("ord", r"\mathrm{e}", 'upright("e")', "e", "e"),
    "i": ("ord", r"\mathrm{i}", 'upright("i")', "i", "i"),
    "d": ("ord", r"\mathrm{d}", 'upright("d")', "d", "d"),
    "partial": ("ord", r"\partial", "partial", "\u2202", "d"),
    "plus-side": ("ord", "+", "+", "+", "+"),
    "minus-side": ("ord", "-", "-", "\u2212", "-"),
    "integers": ("ord", r"\mathbb{Z}", "ZZ", "\u2124", "ZZ"),
    "rationals": ("ord", r"\mathbb{Q}", "QQ", "\u211a", "QQ"),
    "reals": ("ord", r"\mathbb{R}", "RR", "\u211d", "RR"),
    "complexes": ("ord", r"\mathbb{C}", "CC", "\u2102", "CC"),
    "expectation": ("ord", r"\mathbb{E}", "EE", "\U0001d53c", "E"),
    "true": ("ord", r"\top", "top", "\u22a4", "true"),
    "false": ("ord", r"\bot", "bot", "\u22a5", "false"),
    "top": ("ord", r"\top", "top", "\u22a4", "T"),
    "subset": ("rel", r"\subset", "subset", "\u2282", "subset"),
    "subseteq": ("rel", r"\subseteq", "subset.eq", "\u2286", "subset of"),
    "union": ("bin", r"\cup", "union", "\u222a", "union"),
    "intersection": ("bin", r"\cap", "inter", "\u2229", "intersected with"),
    "setminus": ("bin", r"\setminus", "without", "\u2216", "without"),
    "nabla": ("ord", r"\nabla", "nabla", "\u2207", "grad "),
    "much-less": ("rel", r"\ll", "lt.double", "\u226a", "<<"),
    "much-more": ("rel", r"\gg", "gt.double", "\u226b", ">>"),
    "proportional": ("rel", r"\propto", "prop", "\u221d", "~"),
    "equivalent": ("rel", r"\equiv", "equiv", "\u2261", "=="),
    "plus-minus": ("bin", r"\pm", "plus.minus", "\u00b1", "+-"),
    "compose": ("bin", r"\circ", "compose", "\u2218", "o"),
    "odot": ("bin", r"\odot", "dot.o", "\u2299", "(.)"),
    "ones": ("ord", r"\mathbf{1}", "bold(1)", "\U0001d7cf", "1"),
    "transpose": ("ord", r"\top", "top", "\u22a4", "T"),
    "succeq": ("rel", r"\succeq", "succ.eq", "\u2ab0", ">="),
    "succ": ("rel", r"\succ", "succ", "\u227b", ">"),
    "otimes": ("bin", r"\otimes", "times.o", "\u2297", "(x)"),
    "long-to": ("rel", r"\longrightarrow", "arrow.r.long", "\u27f6", "-->"),
    "sum": ("word", r"\sum", "sum", "\u2211", "sum"),
    "prod": ("word", r"\prod", "product", "\u220f", "prod"),
    "integral": ("word", r"\int", "integral", "\u222b", "int"),
    "limit": ("word", r"\lim", "lim", "lim", "lim"),
    "max": ("word", r"\max", "max", "max", "max"),
    "min": ("word", r"\min", "min", "min", "min"),
}

#: key -> (LaTeX, Typst, Unicode, ASCII)
FENCES: dict[str, tuple[str, str, str, str]] = {
    "(": ("(", "(", "(", "("), ")": (")", ")", ")", ")"),
    "[": ("[", "[", "[", "["), "]": ("]", "]", "]", "]"),
    "{": (r"\lbrace", "{", "{", "{"), "}": (r"\rbrace", "}", "}", "}"),
    "|": (r"\vert", "|", "|", "|"),
    "||": (r"\Vert", "\u2016", "\u2016", "||"),
    "floor(": (r"\lfloor", "\u230a", "\u230a", "floor("), "floor)": (r"\rfloor", "\u230b", "\u230b", ")"),
    "ceil(": (r"\lceil", "\u2308", "\u2308", "ceil("), "ceil)": (r"\rceil", "\u2309", "\u2309", ")"),
    "angle(": (r"\langle", "\u27e8", "\u27e8", "<"), "angle)": (r"\rangle", "\u27e9", "\u27e9", ">"),
}

#: name -> (letter, LaTeX)
GREEK: dict[str, tuple[str, str]] = {
    "alpha": ("α", r"\alpha"), "beta": ("β", r"\beta"), "gamma": ("γ", r"\gamma"), "delta": ("δ", r"\delta"),
    "epsilon": ("ε", r"\varepsilon"), "varepsilon": ("ε", r"\varepsilon"), "eps": ("ε", r"\varepsilon"),
    "zeta": ("ζ", r"\zeta"), "eta": ("η", r"\eta"), "theta": ("θ", r"\theta"), "iota": ("ι", r"\iota"),
    "kappa": ("κ", r"\kappa"), "lambda": ("λ", r"\lambda"), "lamda": ("λ", r"\lambda"), "mu": ("μ", r"\mu"),
    "nu": ("ν", r"\nu"), "xi": ("ξ", r"\xi"), "pi": ("π", r"\pi"), "rho": ("ρ", r"\rho"),
    "sigma": ("σ", r"\sigma"), "tau": ("τ", r"\tau"), "upsilon": ("υ", r"\upsilon"),
    "phi": ("φ", r"\varphi"), "varphi": ("φ", r"\varphi"), "chi": ("χ", r"\chi"), "psi": ("ψ", r"\psi"),
    "omega": ("ω", r"\omega"), "Gamma": ("Γ", r"\Gamma"), "Delta": ("Δ", r"\Delta"),
    "Theta": ("Θ", r"\Theta"), "Lambda": ("Λ", r"\Lambda"), "Xi": ("Ξ", r"\Xi"), "Pi": ("Π", r"\Pi"),
    "Sigma": ("Σ", r"\Sigma"), "Upsilon": ("Υ", r"\Upsilon"), "Phi": ("Φ", r"\Phi"), "Psi": ("Ψ", r"\Psi"),
    "Omega": ("Ω", r"\Omega"), "ell": ("ℓ", r"\ell"),
}
GREEK_LATEX = dict(GREEK.values()) | {
    "ϵ": r"\epsilon", "ϕ": r"\phi", "ϑ": r"\vartheta", "ϱ": r"\varrho", "ϖ": r"\varpi", "ς": r"\varsigma",
    "ο": "o", "ℏ": r"\hbar", "ı": r"\imath",
}

# ---------------------------------------------------------------------------------- helpers


def row(*items: Layout) -> Layout:
    """Items side by side, nested rows flattened."""
    flat: list[Layout] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Row) else (item,))
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def joined(separator: str, items: list[Layout] | tuple[Layout, ...]) -> Layout:
    out: list[Layout] = []
    for k, item in enumerate(items):
        out += [Sign(separator), item] if k else [item]
    return row(*out)


def parens(body: Layout) -> Fence:
    return Fence("(", body, ")")


def first_atom(layout: Layout) -> Layout:
    match layout:
        case Row((head, *_)) | Script(head, _, _) | Call(head, _, _):
            return first_atom(head)
        case _:
            return layout


def last_atom(layout: Layout) -> Layout:
    match layout:
        case Row((*_, tail)):
            return last_atom(tail)
        case _:
            return layout


def width(layout: Layout | None) -> float:
    """Roughly how many characters wide a formula is in print."""
    match layout:
        case None:
            return 0.0
        case Ident(text) | Number(text) | Text(text):
            return float(len(text))
        case Sign(key):
            return 3.0 if SIGNS[key][0] in ("rel", "bin") else 1.5
        case Space(kind):
            return 2.0 if kind == "quad" else 0.3
        case Times(kind):
            return {"none": 0.1, "thin": 0.3, "dot": 1.5}[kind]
        case Row(items):
            return sum(map(width, items))
        case Frac(top, bottom):
            return max(width(top), width(bottom)) + 0.5
        case Root(body) | Line(body) | Accent(body):
            return width(body) + 1
        case Script(base, sub, sup):
            return width(base) + 0.7 * max(width(sub), width(sup))
        case Fence(_, body, _):
            return width(body) + 1.2
        case Call(name, body, bare):
            return width(name) + width(body) + (0.5 if bare else 1.2)
        case Big(_, under, over):
            return max(2.5, 0.7 * width(under), 0.7 * width(over))
        case Stack(rows):
            return max(map(width, rows), default=0.0)
        case Cases(pairs):
            return 3 + max((width(a) + width(b) + 2 for a, b in pairs), default=0.0)
        case Matrix(rows):
            return 2 + max((sum(map(width, r)) + 2 * len(r) for r in rows), default=0.0)
        case Lines(pairs):
            return max((width(a) + width(b) for a, b in pairs), default=0.0)


def is_tall(layout: Layout | None) -> bool:
    """Whether a formula is too tall for an exponent: it holds a fraction, a sum, cases."""
    match layout:
        case Frac() | Big() | Cases() | Stack() | Lines() | Matrix():
            return True
        case Row(items):
            return any(map(is_tall, items))
        case Script(base, _, sup):
            return is_tall(base) or is_tall(sup)
        case Fence(_, body, _) | Root(body) | Line(body) | Call(_, body, _):
            return is_tall(body)
        case _:
            return False
