"""Untrusted text (names, titles, prose, messages) made harmless for each format.

Each function returns text that the format shows as the same characters and never interprets.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    '"': r"\textquotedbl{}",
    "\u2013": "--",
    "\u2014": "---",
    "\u2018": "`",
    "\u2019": "'",
    "\u201c": "``",
    "\u201d": "''",
    "\u2026": r"\ldots{}",
    "\u00a0": "~",
    "\u202f": r"\,",
    "\u2011": "-",
    "\u2212": r"\ensuremath{-}",
    "-": "{-}",
}
_TEX |= {
    "\u00bd": r"\textonehalf{}",
    "\u00bc": r"\textonequarter{}",
    "\u00be": r"\textthreequarters{}",
    "\u00b0": r"\textdegree{}",
    "\u00a7": r"\S{}",
    "\u00a9": r"\textcopyright{}",
    "\u00ab": r"\guillemotleft{}",
    "\u00bb": r"\guillemotright{}",
    "\u201e": r"\quotedblbase{}",
    "\u201a": r"\quotesinglbase{}",
    "\u20ac": r"\texteuro{}",
    "\u2022": r"\textbullet{}",
    "\u00b6": r"\P{}",
}
_TEX_MATH = {
    "\u00b1": r"\pm", "\u2016": r"\Vert", "\u21a6": r"\mapsto", "\u2190": r"\gets", "\u2282": r"\subset",
    "\u2286": r"\subseteq", "\u222a": r"\cup", "\u2229": r"\cap", "\u2202": r"\partial", "\u2207": r"\nabla",
    "\u221d": r"\propto", "\u2261": r"\equiv", "\u22a4": r"\top", "\u22a5": r"\bot", "\u27e8": r"\langle",
    "\u27e9": r"\rangle", "\u2713": r"\checkmark", "\u2717": r"\times", "\u226a": r"\ll", "\u226b": r"\gg",
    "\u2264": r"\le",
    "\u2265": r"\ge",
    "\u2260": r"\ne",
    "\u221e": r"\infty",
    "\u2192": r"\to",
    "\u2208": r"\in",
    "\u00b7": r"\cdot",
    "\u00d7": r"\times",
    "\u2211": r"\sum",
    "\u220f": r"\prod",
    "\u222b": r"\int",
    "\u221a": r"\surd",
    "\u2200": r"\forall",
    "\u2203": r"\exists",
    "\u21d2": r"\Rightarrow",
    "\u21d4": r"\Leftrightarrow",
    "\u2248": r"\approx",
    "\u2032": r"\prime",
    "\u2227": r"\land",
    "\u2228": r"\lor",
    "\u00ac": r"\lnot",
    "\u2225": r"\parallel",
    "\u2113": r"\ell",
    "\u211d": r"\mathbb{R}",
    "\u2124": r"\mathbb{Z}",
    "\u211a": r"\mathbb{Q}",
    "\u2115": r"\mathbb{N}",
    "\u2102": r"\mathbb{C}",
}
_SUPERSCRIPTS = dict(
    zip("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789", strict=True)
)


def tex(text: str) -> str:
    """For text mode of LaTeX with T1 and UTF-8: letters outside Latin become their code points."""
    from .layout import GREEK_LATEX

    out: list[str] = []
    for c in clean(text):
        if c in _TEX:
            out.append(_TEX[c])
        elif " " <= c < "\x7f" or c == "\n" or ("\u00a1" < c < "\u0180" and c.isalpha()):
            out.append(c)
        elif c in _TEX_MATH:
            out.append(rf"\ensuremath{{{_TEX_MATH[c]}}}")
        elif c in GREEK_LATEX:
            out.append(rf"\ensuremath{{{GREEK_LATEX[c]}}}")
        elif c in _SUPERSCRIPTS:
            out.append(rf"\textsuperscript{{{_SUPERSCRIPTS[c]}}}")
        else:
            out.append(f"[U+{ord(c):04X}]")
    return "".join(out).replace("{-}", "-") if "--" not in text else "".join(out)


def typst_string(text: str) -> str:
    """A Typst string literal: the only way in which text enters Typst source."""
    body = clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{body}"'


def html(text: str) -> str:
    return _html.escape(clean(text), quote=True)


_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")


def markdown(text: str) -> str:
    """For running text of GitHub's Markdown.  A dollar sign would start maths and cannot be escaped
    there, so it is written as its character reference; a bare ``@`` or ``#`` must not mention
    anyone, a bare address must not become a link."""
    out = (
        _MARKDOWN.sub(r"\\\1", clean(text))
        .replace("\\$", "&#36;")
        .replace("@", "&#64;")
        .replace("\\<", "&lt;")
    )
    out = re.sub(r"\b(https?|ftp|www)(:|\.)", lambda m: f"{m[1]}{'&#58;' if m[2] == ':' else '&#46;'}", out)
    return re.sub(r"(?m)^(\s*)([-+]|\d+[.)])(?=\s|$)", _list_mark, out)


def _list_mark(m: re.Match[str]) -> str:
    mark = m[2]
    return m[1] + (f"\\{mark}" if mark in "-+" else f"{mark[:-1]}\\{mark[-1]}")


def clean(text: str) -> str:
    """Without control characters, bidirectional overrides and other invisible formatting."""
    return "".join(
        c
        for c in str(text)
        if c == "\n" or c == "\u00a0" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


_OBEYED = re.compile(r"(^|\n)([^\S\n]*)::|##\[")


def terminal(text: str, begins: bool = True) -> str:
    """For a terminal, or the log of a build: what cannot be seen is shown by its code point, so that nothing is
    obeyed, and neither is a line that would be a workflow command of GitHub (``::error::``, ``##[group]``).
    ``begins``: the text stands at the beginning of a line."""
    if not text.isprintable():
        text = "".join(c if c in "\n\t" or c.isprintable() or c.isspace() and c not in _BREAKS
                       else f"<U+{ord(c):04X}>" for c in text)
    if "::" in text or "##[" in text:
        text = _OBEYED.sub(lambda m: "# #[" if m[0] == "##[" else m[0] if m.start() == 0 and not begins and not m[1]
                           else f"{m[1]}{m[2]}: :", text)
    return text


#: White space that a terminal or a reader of lines takes for more than a space.
_BREAKS = frozenset("\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029")


def json_text(text: str) -> str:
    """JSON, printed: what a terminal or a log would obey is written as JSON's own escape, which says the same."""
    if not text.isprintable():
        text = "".join(c if c == "\n" or c.isprintable() or c in "\u00a0\u202f" else _json_escape(c) for c in text)
    return text.replace("##[", "##\\u005b")


def _json_escape(c: str) -> str:
    code = ord(c)
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD7C0 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def slug(text: str) -> str:
    """A name that is safe as a file name, an HTML id and a TeX label: letters, digits, hyphens."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-").lower() or "x"
