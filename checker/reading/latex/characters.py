r"""Which characters a formula may hold: ASCII, and the mathematical characters of one table.

A formula is compared letter by letter, so two letters that look alike must not both get through: a
Cyrillic "а" beside a Latin "a" would be another name, and nobody would see it.  What is not in the
table is refused with its code point and, where there is one, what to write instead.

Sources: the names of the table are those of unicode-math ("Symbols defined by unicode-math", 2023);
the look-alikes are the single-letter rows of Unicode's confusables.txt (UTS 39) for Latin letters.
"""

from __future__ import annotations

import re
import unicodedata


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split(" ", 1) for pair in text.strip().splitlines())


#: a character -> the LaTeX it is read as
READ_AS: dict[str, str] = _pairs(r"""
α \alpha
β \beta
γ \gamma
δ \delta
ε \varepsilon
ζ \zeta
η \eta
θ \theta
ι \iota
κ \kappa
λ \lambda
μ \mu
µ \mu
ν \nu
ξ \xi
π \pi
ρ \rho
ς \varsigma
σ \sigma
τ \tau
υ \upsilon
φ \varphi
χ \chi
ψ \psi
ω \omega
ϑ \vartheta
ϕ \phi
ϖ \varpi
ϱ \varrho
ϵ \epsilon
Γ \Gamma
Δ \Delta
Θ \Theta
Λ \Lambda
Ξ \Xi
Π \Pi
Σ \Sigma
Φ \Phi
Ψ \Psi
Ω \Omega
ℓ \ell
ℝ \mathbb{R}
ℕ \mathbb{N}
ℤ \mathbb{Z}
ℚ \mathbb{Q}
ℂ \mathbb{C}
𝔼 \mathbb{E}
− -
± \pm
× \times
÷ \div
· \cdot
⋅ \cdot
∘ \circ
⊙ \odot
⊗ \otimes
⊕ \oplus
≤ \le
⩽ \le
≥ \ge
⩾ \ge
≠ \ne
≪ \ll
≫ \gg
≈ \approx
≡ \equiv
∼ \sim
∝ \propto
≔ :=
∈ \in
∉ \notin
⊂ \subset
⊆ \subseteq
∪ \cup
∩ \cap
∅ \emptyset
→ \to
↦ \mapsto
⇒ \Rightarrow
⟹ \implies
⇔ \Leftrightarrow
⟺ \iff
∀ \forall
∃ \exists
¬ \neg
∧ \wedge
∨ \vee
∞ \infty
∂ \partial
∇ \nabla
∑ \sum
∏ \prod
∫ \int
′ '
… \dots
⋯ \dots
∣ \mid
∥ \|
‖ \|
⌊ \lfloor
⌋ \rfloor
⌈ \lceil
⌉ \rceil
⟨ \langle
⟩ \rangle
⊤ \top
⊥ \perp
""")

#: a character -> what to write instead: it is read too easily as something else
WRITE_INSTEAD: dict[str, str] = {
    **_pairs(r"""
– -
— -
‐ -
‑ -
’ '
‘ '
´ '
“ \text{...}
” \text{...}
√ \sqrt{...}
∆ \Delta
∗ *
∙ \cdot
• \cdot
∶ :
ˆ \hat{...}
˜ \tilde{...}
∖ \setminus
⁄ \frac{...}{...}
∕ \frac{...}{...}
"""),
    **{c: "^{" + d + "}" for c, d in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱᵀ", "0123456789+-niT", strict=True)},
    **{c: "_{" + d + "}" for c, d in zip("₀₁₂₃₄₅₆₇₈₉₊₋ₙᵢⱼₖ", "0123456789+-nijk", strict=True)},
    **{c: rf"\frac{{{a}}}{{{b}}}" for c, a, b in ("½12", "⅓13", "¼14", "¾34", "⅔23", "⅕15", "⅛18")},
}

_LATIN_TWINS = dict(zip("аеорсухіјѕһԁԛԝАВЕЅІЈКМНОРСТХҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧοıɑɡ",
                        "aeopcyxijshdqwABESIJKMHOPCTXYABEZHIKMNOPTYXoiag", strict=True))

SPACES = frozenset("\t\n \u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def name(c: str) -> str:
    """U+0430 CYRILLIC SMALL LETTER A: printable whatever the character is."""
    return f"U+{ord(c):04X} {unicodedata.name(c, '')}".strip()


def fault(c: str) -> tuple[str, str, str]:
    """Why a formula may not hold this character: a code, a message, and what would help."""
    if c == "\0":
        return "null", f"a null byte ({name(c)})", "delete it"
    if c in _BIDI:
        return ("bidi", f"an invisible character that changes the direction of the text ({name(c)})",
                "delete it: what is shown would not be what is read")
    if 0xDC80 <= ord(c) <= 0xDCFF:      # how the gate marks a byte that is not UTF-8
        return "encoding", f"the byte {ord(c) - 0xDC00:#04x} is not UTF-8", "save the file as UTF-8"
    if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return "invisible", f"an invisible character ({name(c)})", "delete it"
    twin = _LATIN_TWINS.get(c)
    if twin is None:
        plain = unicodedata.normalize("NFKC", c)
        twin = plain if plain != c and plain.isascii() and plain.strip() else None
    if c in WRITE_INSTEAD:
        return "character", f"{name(c)} is not a character of formulas", f"write {WRITE_INSTEAD[c]}"
    if twin is not None:
        return "look-alike", f"{name(c)} looks like {twin}, but it is another character", f"write {twin}"
    if unicodedata.category(c).startswith("M"):
        return "character", f"a combining accent ({name(c)})", r"write the accent as \hat{x}, \bar{x}, \tilde{x}"
    return "character", f"{name(c)} is not a character of formulas", r"write it as a LaTeX command, or in \text{...}"


_SEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
                   "\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufeff\uffa0\ufff0-\uffff"
                   "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]|(?<=\\w)[\ufe00-\ufe0f]")


def hidden(text: str) -> re.Match[str] | None:
    """The first character of a text that a reader of it does not see: also prose may not hold one.

    The joiners U+200C, U+200D and soft hyphens are in it: they are harmless in a sentence, but a sentence
    may say what holds ("for x > 0"), and what is compared with it is the text as a person sees it.
    """
    return _SEEN.search(text)


def visible(text: str, limit: int = 400) -> str:
    """The text for a message: cut, and what cannot be seen named by its code point."""
    cut = text if len(text) <= limit else text[:limit] + " ..."
    return _SEEN.sub(lambda m: f"<U+{ord(m[0]):04X}>", cut)
