r"""Laws in words: "$X$ is exponentially distributed with rate $\lambda$", "$X$ is uniform on $[0, 1]$".

What is read is the law with every parameter that it needs, each called by the name that tells which it is: a normal
with mean and variance, an exponential with rate or mean.  "With parameter $\lambda$" says so of a Poisson, and not of
an exponential.  Everything else stays unread, and lines about the variable with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..documents.pages import Inline
from ..latex.rows import Tokens
from ..latex.source import Token
from ..latex.tokens import tokenize
from .prose import DENIED

_X = r"X\b"
_FILL = (r"(?:[\s~,]|\b(?:an?|the|be|is|are|has|have|follows?|real|random|variables?|draws?|samples?|observations?"
         r"|independent|independently|identically|i\.i\.d\.?|iid|and|each|which|that|distributed|distribution|law|from)\b\.?)*")
_BARE = rf"\b(?P<names>{_X}(?:[\s~]*(?:,|and|,[\s~]*and)[\s~]*{_X})*){_FILL}\b"
_OF = r"[\s~,]*(?:with|of|and)?[\s~]*(?:an?|the|its)?[\s~]*"
_DISTRIBUTED = r"(?:[\s~]+(?:distributed|distributions?|law|random|variables?))*"


@dataclass(frozen=True, slots=True)
class Drawn:
    """``names``: the formulas of the variables; ``law``: what stands behind their ``\\sim``."""

    names: tuple[Inline, ...]
    law: Tokens
    parameters: tuple[Inline, ...]


#: A law by its words, with X for each parameter, and in LaTeX, with #1 for it.
_LAWS: tuple[tuple[str, str], ...] = (
    (r"standard[\s~]+(?:normal|Gaussian)", r"\mathcal{N}(0, 1)"),
    (rf"(?:normal(?:ly)?|Gaussian){_DISTRIBUTED}{_OF}mean[\s~]*{_X}{_OF}variance[\s~]*{_X}", r"\mathcal{N}(#1, #2)"),
    (rf"exponential(?:ly)?{_DISTRIBUTED}{_OF}rate[\s~]*{_X}", r"\mathrm{Exp}(#1)"),
    (rf"exponential(?:ly)?{_DISTRIBUTED}{_OF}mean[\s~]*{_X}", r"\mathrm{Exp}(1/(#1))"),
    (rf"Poisson{_DISTRIBUTED}{_OF}(?:mean|rate|parameter)[\s~]*{_X}", r"\mathrm{Poisson}(#1)"),
    (rf"Bernoulli{_DISTRIBUTED}{_OF}(?:parameter|mean|(?:success[\s~]+)?probability(?:[\s~]+of[\s~]+success)?)[\s~]*{_X}",
     r"\mathrm{Bernoulli}(#1)"),
    (rf"binomial(?:ly)?{_DISTRIBUTED}{_OF}parameters[\s~]*{_X}{_OF}{_X}", r"\mathrm{Binomial}(#1, #2)"),
    (rf"uniform(?:ly)?{_DISTRIBUTED}[\s~]+(?:on|over|in)[\s~]+(?:the[\s~]+)?(?:unit[\s~]+)?(?:interval[\s~]+)?{_X}",
     "interval"),
)
_PATTERNS = tuple((re.compile(_BARE + words, re.IGNORECASE), latex) for words, latex in _LAWS)
#: What is read of such a sentence.
WORDS = frozenset("""
    uniform uniformly bernoulli binomial poisson gaussian normal normally exponential exponentially standard distributed
    distribution law rate mean variance success probability parameter parameters interval unit follows identically
    independently independent i.i.d iid draws sample samples observations""".split())
_GIVEN = re.compile(r"\b(given|conditional\w*|conditioned|truncated|restricted|if|when|otherwise|or)\b", re.IGNORECASE)
_NAME = re.compile(r"\bX\b")


def named(words: str, formulas: Sequence[Inline]) -> Drawn | None:
    """The law that a sentence gives to its variables, None if it gives none that is read."""
    if DENIED.search(words):
        return None
    for pattern, latex in _PATTERNS:
        found = list(pattern.finditer(words))
        if len(found) != 1:
            continue
        m = found[0]
        if _GIVEN.search(words[m.end():]):
            return None
        first = len(_NAME.findall(words[:m.start()]))
        own = len(_NAME.findall(m["names"]))
        rest = len(_NAME.findall(m[0])) - own
        if first + own + rest > len(formulas):
            return None
        parameters = formulas[first + own:first + own + rest]
        if latex == "interval":
            ends = _ends(parameters[0].tokens)
            made = None if ends is None else _filled(r"\mathrm{Uniform}(#1, #2)", ends, parameters[0])
        elif any(t.text in ("=", "<", ">", r"\in", ",", r"\sim") for p in parameters for t in p.tokens):
            return None
        else:
            made = _filled(latex, [p.tokens for p in parameters], formulas[first])
        return None if made is None else Drawn(tuple(formulas[first:first + own]), made, tuple(parameters))
    return None


def _ends(tokens: Tokens) -> list[Tokens] | None:
    """a and b of ``[a, b]``; the law of an interval does not depend on whether its ends belong to it."""
    kept = tuple(t for t in tokens if t.text not in (r"\left", r"\right", r"\,", "."))
    commas = [k for k, t in enumerate(kept) if t.text == ","]
    if len(kept) < 5 or kept[0].text not in ("[", "(") or kept[-1].text not in ("]", ")") or len(commas) != 1:
        return None
    return [kept[1:commas[0]], kept[commas[0] + 1:-1]]


def _filled(latex: str, parameters: Sequence[Tokens], place: Inline) -> Tokens:
    out: list[Token] = []
    for piece in re.split(r"(#\d)", latex):
        out += parameters[int(piece[1]) - 1] if piece.startswith("#") else tokenize(piece, place.place)
    return tuple(out)
