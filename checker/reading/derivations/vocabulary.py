r"""What words say of names: "$A$ is symmetric", "$u$ and $v$ are orthogonal", "i.i.d. with mean $\\mu$".

A property of a function, matrix or vector becomes one of its declaration; what relates several names, or a moment of a
random variable, becomes a formula that is assumed.  Sentences are given as words with X for each formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..documents.pages import Inline, Prose
from .prose import DENIED, sentences

#: What is read of a sentence that calls its variables independent.
INDEPENDENT = ("independent", "mutually", "pairwise", "i.i.d", "iid")


def says_independent(words: str) -> bool:
    return bool(_INDEPENDENT.search(words)) and not _DEPENDENT.search(words)


def names_a_law(words: str) -> bool:
    return bool(_LAW.search(words))


_KIND_BEFORE = re.compile(r"\b(matrix|matrices|vectors?)[\s~]+X\b(?:[\s~]*(?:,|and|,[\s~]*and)[\s~]*X\b)*",
                          re.IGNORECASE)
_KIND_BEHIND = re.compile(r"\bX\b(?:[\s~]*(?:,|and|,[\s~]*and)[\s~]*X\b)*[\s~]+(?:be|is|are|denotes?)[\s~]+"
                          r"(?:[\w-]+[\s~]+){0,4}?(matrix|matrices|vectors?)\b(?![\s~]+(?:norm|entry|entries|element))",
                          re.IGNORECASE)


def kinds(words: str) -> dict[int, str]:
    """Which formulas of a sentence are called a matrix or a vector, by number.

    >>> kinds("The matrix X is arbitrary, and X and X are vectors")
    {0: 'matrix', 1: 'vector', 2: 'vector'}
    """
    out: dict[int, str] = {}
    for m in (*_KIND_BEFORE.finditer(words), *_KIND_BEHIND.finditer(words)):
        first = len(_NAME.findall(words[:m.start()]))
        for k in range(first, first + len(_NAME.findall(m[0]))):
            out.setdefault(k, "matrix" if m[1].lower().startswith("matri") else "vector")
    return out


#: What is read of a sentence that calls its formulas events.
EVENTS = (*INDEPENDENT, "event", "events", "disjoint", "exclusive")


def events(words: str) -> tuple[list[int], bool]:
    """Which formulas of a sentence are events, by number, and whether they are disjoint.

    >>> events("Let X be the event that it rains and X the event that X is late")
    ([0, 1], False)
    """
    if DENIED.search(words):
        return [], False
    found: set[int] = set()
    for m in _EVENTS.finditer(words):
        first = len(_NAME.findall(words[:m.start()]))
        found |= set(range(first, first + len(_NAME.findall(m[0]))))
    return sorted(found), bool(_DISJOINT.search(words))


def properties(words: str) -> dict[int, frozenset[str]]:
    """What a sentence says of its functions and matrices, by the number of the formula: in "let X be symmetric, X and X
    positive definite" of formula 0 symmetric, of 1 and 2 positive definite.  What cannot be told apart is left out, and
    what is said of a product or of one of two."""
    out: dict[int, frozenset[str]] = {}
    if _DEPENDENT.search(words) or _ONE_OR_OTHER.search(words):
        return out
    for m in _PROPERTY.finditer(words):
        before, after = words[:m.start()], words[m.end():]
        behind = _NAMES_THAT_ARE.search(before)
        if (ahead := _NOUN_AND_NAMES.match(after)) and not (behind and _IS.search(behind[0])):
            first = len(_NAME.findall(before))
            whose = range(first, first + len(_NAME.findall(ahead[0])))
        elif behind and not _PART_OF.search(before[:behind.start()]):
            last = len(_NAME.findall(before))
            whose = range(last - len(_NAME.findall(behind[0])), last)
        else:
            continue
        for k in whose:
            out[k] = out.get(k, frozenset()) | {_spelled(m[0])}
    return out


def _spelled(word: str) -> str:
    word = " ".join(word.replace("~", " ").lower().split()).replace("semi-definite", "semidefinite")
    return _SPELLED.get(word, word.replace("positive-semi", "positive semi"))


def moments(prose: Prose) -> Iterator[tuple[Inline, str, Inline, bool]]:
    r""" "$X_1, \dots, X_n$ are i.i.d. with mean $\mu$ and variance $\sigma^2$": the variables, "mean" or "variance",
    its value, and whether they are said to be independent and of one law.  Only where nothing else is said of these
    variables in between."""
    for words, formulas in sentences(prose):
        for m in _MOMENTS.finditer(words):
            if _DEPENDENT.search(words) or _ONE_OF_SEVERAL.search(words[:m.start()]):
                continue
            first = len(_NAME.findall(words[:m.start()]))
            named = ["mean" if w in ("mean", "expectation", "expected value") else w for w in
                     (m[1].lower(), *((m[2].lower(),) if m[2] else ()))]
            if first + len(named) < len(formulas) and len(set(named)) == len(named):
                for k, what in enumerate(named, 1):
                    yield formulas[first], what, formulas[first + k], _SAMPLE.search(m[0]) is not None


_SEVERAL = r"X\b(?:[\s~]*(?:,|and|,[\s~]*and)[\s~]*X\b)*"
#: "Let X and X be (independent) events", "events X and X"
_EVENTS = re.compile(rf"\b({_SEVERAL}[\s~]*(?:be|are|is)\b[^X.;]*\bevents?\b"
                     r"|\bX[\s~]*,?[\s~]*(?:denotes?[\s~]+)?(?:the|an)[\s~]+event\b"
                     rf"|\b(?:the|two|three|any|some|independent|disjoint)?[\s~]*events?[\s~]+{_SEVERAL})",
                     re.IGNORECASE)
_DISJOINT = re.compile(r"\b(disjoint|mutually exclusive)\b", re.IGNORECASE)
_INDEPENDENT = re.compile(r"\bindependent\b|\bi\.?i\.?d\b", re.IGNORECASE)
_PROPERTY = re.compile(r"\b((?:strictly |strongly )?convex|concave|(?:strictly )?(?:in|de)creasing|even|odd"
                       r"|skew-?[\s~]?symmetric|antisymmetric|symmetric|positive[ -](?:semi-?)?definite"
                       r"|orthogonal(?![\s~]+(?:projections?|projectors?|to|complements?)\b)|idempotent|invertible"
                       r"|non-?singular|diagonal|non-?zero|unit(?=[\s~]+vectors?\b))\b", re.IGNORECASE)
_SPELLED = {"antisymmetric": "skew", "skew symmetric": "skew", "skew-symmetric": "skew", "skewsymmetric": "skew",
            "nonsingular": "invertible", "non-singular": "invertible", "non-zero": "nonzero",
            "positive-definite": "positive definite"}
_OF_FUNCTIONS = frozenset(("convex", "strictly convex", "strongly convex", "concave", "increasing", "decreasing",
                           "strictly increasing", "strictly decreasing", "even", "odd"))
#: What words may say of a name, by its kind.
SAID_OF = {"function": _OF_FUNCTIONS, "vector": frozenset(("unit", "nonzero")),
           "matrix": frozenset(("symmetric", "skew", "positive definite", "positive semidefinite", "orthogonal",
                                "idempotent", "invertible", "diagonal"))}
_IS = re.compile(r"\b(?:be|is|are)\b", re.IGNORECASE)
_NAME = re.compile(r"\bX\b")
_NAMES = _SEVERAL
_ONE_OR_OTHER = re.compile(r"\b(?:or|either)\b", re.IGNORECASE)
#: "the product of X and X is symmetric" says nothing of the two.
_PART_OF = re.compile(r"\b(?:of|between|from|to|by|times|plus|minus|with|in|on)[\s~]*$", re.IGNORECASE)
_AND = rf"[\s~]*(?:,|and|both|{_PROPERTY.pattern[2:-2]}|\b(?:real|square|full|fixed|given|two|some|any|all)\b)"
#: "symmetric (and positive definite) matrices X and X"
_NOUN_AND_NAMES = re.compile(rf"(?:{_AND})*[\s~]*(?:matrix|matrices|vectors?|functions?|maps?)?[\s~]*{_NAMES}",
                             re.IGNORECASE)
#: "X and X are (positive definite and) symmetric"
_NAMES_THAT_ARE = re.compile(
    rf"\b{_NAMES}(?:{_AND}|[\s~]*\b(?:be|is|are|an?|which|that|assumed|to|also|matrix|matrices|vectors?|functions?)\b)*"
    r"[\s~]*$",
    re.IGNORECASE)
_ONE_OF_SEVERAL = re.compile(r"\bX[\s~]*(?:,|and|,[\s~]*and)[\s~]*$", re.IGNORECASE)
_SAMPLE = re.compile(r"\bi\.?i\.?d\b|\bindependent(ly)?( and)? identically\b"
                     r"|\bidentically( distributed)? and independent", re.IGNORECASE)
_MOMENT = r"(mean|expectation|expected value|variance)[\s~]*X\b"
_WHICH = r"(?:\b(?:a|an|the|some|common|same|finite|known|unknown|population|true)\b[\s~]*)*"
_MOMENTS = re.compile(
    r"\bX[\s~]*(?:\\?[\s~,]|\b(?:are|be|is|an?|i\.i\.d\b\.?|iid|independent|independently|and|identically|distributed|real"
    r"|random|variables?|samples?|observations?|draws?|which|that|each)\b\.?)*\b(?:with|has|have|having|of)[\s~]*"
    rf"{_WHICH}{_MOMENT}(?:[\s~]*,?[\s~]*(?:and|with)?[\s~]*{_WHICH}{_MOMENT})?", re.IGNORECASE)
_LAW = re.compile(r"\b(uniform(ly)?|bernoulli|binomial(ly)?|poisson|gaussian|normal(ly)?|exponential(ly)?"
                  r"|geometric(ally)?|distributed|beta|gamma|laplace|coin|die|dice)\b", re.IGNORECASE)
#: What is denied, asked, or of another kind.
_DEPENDENT = re.compile(r"\b(linearly|not|never|whether|conditionally|neither|constant|choice)\b|independent given"
                        r"|\b(show|prove|verify|check)( that)? X\b(?!.*\bif\b)[^.]*\b(are|is)\b", re.IGNORECASE)


# ------------------------------------------------------------------------- formulas that words stand for


@dataclass(frozen=True, slots=True)
class Meant:
    """A formula in words.  ``whose``: the numbers of the sentence's formulas that it is about; ``kind``: what these
    have to be; ``word``: what was read; ``template``: in LaTeX, ``#1`` and ``#2`` each of the names, or each pair."""

    whose: tuple[int, ...]
    kind: str
    word: str
    template: str


_MEANT: tuple[tuple[str, str, str], ...] = (
    ("vector", r"(?:mutually |pairwise )?(?P<word>orthogonal|perpendicular)", r"#1^\top #2 = 0"),
    ("random", r"(?:mutually |pairwise )?(?P<word>uncorrelated)", r"\operatorname{Cov}(#1, #2) = 0"),
    ("random", r"(?P<word>cent(?:e?red|red)|zero-mean|mean-zero)", r"\mathbb{E}[#1] = 0"),
)
_WHO = rf"(?P<names>{_SEVERAL})"
_ARE = r"[\s~]*(?:are|is|be)(?: an?| two| both| all| random variables?(?: that are| which are)?)*[\s~]+"
_ARE_MEANT = [(kind, re.compile(rf"(?<!of )\b{_WHO}{_ARE}{word}\b(?![\s~]+(?:to|with|matri))", re.I), said)
              for kind, word, said in _MEANT]
_TO_MEANT = [(kind, re.compile(rf"(?<!of )\bX\b{_ARE}{word}[\s~]+(?:to|with)[\s~]+X\b", re.IGNORECASE), said)
             for kind, word, said in _MEANT if "#2" in said]
_HAS_MEAN = re.compile(rf"(?<!of )\b{_WHO}(?:[\s~]*(?:be|is|are)(?: an?)?(?: real| random| variables?)*)?[\s~]*"
                       r"(?:has|have|having|with)[\s~]+(?:zero[\s~-](?P<word>mean|expectation)"
                       r"|(?:mean|expectation)[\s~]+zero)\b", re.IGNORECASE)
_EIGEN = re.compile(r"(?<!of )\bX\b[\s~]*(?:is|be)(?: an?)?(?: (?:unit|non-?zero|real))*[\s~]+(?P<word>eigenvector)"
                    r"[\s~]+of[\s~]+X[\s~]+(?:with|to|for|corresponding to|associated (?:with|to)|belonging to)"
                    r"(?: the| an?| its)?[\s~]+eigenvalue[\s~]+X\b", re.IGNORECASE)


def formulas_meant(words: str) -> Iterator[Meant]:
    """The formulas that a sentence stands for.

    >>> [(m.whose, m.template) for m in formulas_meant("Let X and X be uncorrelated")]
    [((0, 1), '\\\\operatorname{Cov}(#1, #2) = 0')]
    """
    if _DEPENDENT.search(words) or _ONE_OR_OTHER.search(words):
        return
    for kind, pattern, said in _ARE_MEANT:
        for m in pattern.finditer(words):
            yield Meant(_numbers(words, m, "names"), kind, m["word"].lower(), said)
    for kind, pattern, said in _TO_MEANT:
        for m in pattern.finditer(words):
            yield Meant(_numbers(words, m), kind, m["word"].lower(), said)
    for m in _HAS_MEAN.finditer(words):
        yield Meant(_numbers(words, m, "names"), "random", "zero mean expectation", r"\mathbb{E}[#1] = 0")
    for m in _EIGEN.finditer(words):
        yield Meant(_numbers(words, m), "eigenvector", "eigenvector eigenvalue", r"#2 #1 = #3 #1")


def _numbers(words: str, m: re.Match[str], group: int | str = 0) -> tuple[int, ...]:
    first = len(_NAME.findall(words[:m.start(group)]))
    return tuple(range(first, first + len(_NAME.findall(m[group]))))


_HYPOTHESIS = re.compile(
    r"\b(?:assum|suppos)\w+[\s~]+(?:now[\s~]+)?(?:that[\s~]+)?(?:the|this|our|it)?[\s~]*(?:claim|statement|formula|result"
    r"|inequality|identity|equation|equality|hypothesis|assertion|it)?[\s~]*(?:holds|is[\s~]+true)[\s~]+(?:for|when)[\s~]+"
    r"(?:(?:some|a|an|any|fixed|arbitrary|given)[\s~]+)*(?=X\b)", re.IGNORECASE)


def hypothesis(words: str) -> int | None:
    """Of "Suppose the claim holds for $n$" the number of the formula for which what is asked is supposed.

    >>> hypothesis("Assume that the formula holds for some X and let X")
    0
    """
    m = _HYPOTHESIS.search(words)
    return None if m is None or DENIED.search(words) else len(_NAME.findall(words[:m.end()]))


# ------------------------------------------------------------------------------------------ sizes in words

_ADJECTIVES = r"(?:[a-z-]+[\s~]+){0,4}"
_BE = r"[\s~]*(?:(?:be|is|are|denotes?)[\s~]+|(?=an?[\s~]))"         # "X is a vector in X, X a matrix in X"
_SHAPES = (
    # "X be a symmetric X matrix", "X and X are X matrices"
    re.compile(rf"(?<!of )\b{_WHO}{_BE}{_ADJECTIVES}(?P<size>X)[\s~]+{_ADJECTIVES}?"
               r"(?:matrix|matrices)\b", re.IGNORECASE),
    # "an X matrix X", "X matrices X and X"
    re.compile(rf"\b(?P<size>X)[\s~]+{_ADJECTIVES}?(?:matrix|matrices)[\s~]+{_WHO}", re.IGNORECASE),
    # "X be a matrix of size X", "X is a vector in X"
    re.compile(rf"(?<!of )\b{_WHO}{_BE}{_ADJECTIVES}(?:matrix|matrices|vectors?)[\s~]+"
               r"(?:of[\s~]+(?:size|dimensions?)|in|from)[\s~]+(?P<size>X)", re.IGNORECASE),
)


def shapes(words: str) -> Iterator[tuple[tuple[int, ...], int]]:
    """Of which names a sentence says the size, and which of its formulas that is.

    >>> list(shapes("Let X be a symmetric X matrix and X a vector"))
    [((0,), 1)]
    """
    for pattern in _SHAPES:
        for m in pattern.finditer(words):
            yield _numbers(words, m, "names"), len(_NAME.findall(words[:m.start("size")]))
