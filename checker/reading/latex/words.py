r"""What the words between formulas say: ``\text{for}``, "hence", "Let", "since".

English of solution sheets, in a few closed lists.  What is in none of them is not guessed at: beside a formula
it is refused, for a word can turn a statement around ("is not", "mod 7", "for some").
"""

from __future__ import annotations

import re

#: Phrases that open a clause or join two statements, by what they do.
PHRASES: dict[str, tuple[str, ...]] = {
    "implies": (
        "so", "so that", "and so", "hence", "and hence", "thus", "and thus", "therefore", "then", "it follows that",
        "which implies", "which implies that", "implies", "implying", "this implies", "this implies that",
        "which gives", "this gives", "gives", "giving", "which yields", "yields", "we get", "we obtain", "consequently",
        "whence", "from which", "it follows", "which means", "which means that", "this means", "this means that",
        "so we get", "so we have", "hence we get", "we conclude", "we conclude that", "we then have", "then we have",
        "which leads to", "leads to",
    ),
    "iff": (
        "iff", "if and only if", "equivalently", "or equivalently", "that is", "i.e.", "ie", "is equivalent to",
        "which is equivalent to", "exactly when", "which is the same as", "in other words", "or",
    ),
    "condition": (
        "for", "for all", "for every", "for each", "for any", "if", "when", "whenever", "provided", "provided that",
        "assuming", "assuming that", "as long as", "valid for", "holds for", "with", "given that", "in case", "on",
        "and for", "where also",
    ),
    "reason": ("since", "because", "by", "using", "from", "due to", "via", "thanks to", "recall", "recalling",
               "recall that", "note", "note that", "noting that", "from above", "by the"),
    "definition": ("where", "letting", "setting", "with the definition", "define", "we define", "denote",
                   "where we let", "where we write", "writing", "put", "substituting"),
    "let": ("let", "now let", "so let"),
    "assume": ("assume", "assume that", "suppose", "suppose that", "we assume", "we assume that", "given",
               "we are given", "we are given that", "it is given that", "we know that", "we know"),
}
# "or" joins the solutions of an equation; it is no equivalence, and is kept among the formula's tokens.
PHRASES["iff"] = tuple(p for p in PHRASES["iff"] if p != "or")

#: Words at the start of a row that add nothing.
NEUTRAL = frozenset((
    "we have", "now", "also", "moreover", "furthermore", "next", "finally", "first", "second", "similarly", "likewise",
    "indeed", "clearly", "obviously", "of course", "again", "and", "but", "note that", "note", "recall that", "recall",
    "observe that", "observe", "we see that", "we see", "we know that", "in particular", "in addition", "then also",
    "simplifying", "rearranging", "rewriting", "expanding", "factoring", "factorising", "factorizing", "solving",
    "integrating", "differentiating", "dividing", "multiplying", "taking logs", "taking logarithms", "combining",
    "squaring", "squaring both sides", "we find", "we find that", "we want", "check", "check:", "claim",
    "it holds that", "one has", "which is", "this is", "i.e",
))

#: Words that change what a formula says.  A remark that holds one of them is not skipped.
TURNING = re.compile(
    r"\b(not|mod|modulo|unless|only|except|excluding|approx\w*|asymptotic\w*|up to|almost|a\.s|w\.p|distribution"
    r"|probability|false|wrong|incorrect|some|exists?|large|small|limit|ignor\w+|neglect\w*|const\w*|no|never|without|false|fails?"
    r"|if|when|where|for|at|degrees?|either|neither|both)\b", re.IGNORECASE)

#: Words for the sides of what is asked.
SIDES = {"lhs": "left", "l.h.s.": "left", "l.h.s": "left", "rhs": "right", "r.h.s.": "right", "r.h.s": "right",
         "left side": "left", "right side": "right", "left-hand side": "left", "right-hand side": "right",
         "left hand side": "left", "right hand side": "right"}

_BY_PHRASE = {phrase: kind for kind, phrases in PHRASES.items() for phrase in phrases}
_LONGEST = max(len(p.split()) for p in _BY_PHRASE)
_LOGIC = frozenset(("and", "or", "if", "not"))


def plain(words: str) -> str:
    """Lower case, one space between words, no punctuation around.

    >>> plain("  Hence,  we get: ")
    'hence, we get'
    """
    return " ".join(words.replace("~", " ").lower().split()).strip(" ,;:.!")


def kind_of(words: str) -> str:
    """What a phrase does: a key of :data:`PHRASES`, ``neutral``, ``logic`` ("and", "or"), or "" if nobody knows.

    >>> kind_of("Hence"), kind_of("for all "), kind_of("in distribution")
    ('implies', 'condition', '')
    """
    phrase = plain(words)
    if phrase in _LOGIC and phrase != "if":
        return "logic"
    return _BY_PHRASE.get(phrase) or ("neutral" if phrase in NEUTRAL or not phrase else "")


def opening(words: str) -> tuple[str, str, str]:
    """The kind of the longest phrase that ``words`` open with, that phrase, and the words after it.

    >>> opening("since the logarithm grows")
    ('reason', 'since', 'the logarithm grows')
    >>> opening("Let")
    ('let', 'let', '')
    """
    split = plain(words).replace(",", " , ").split()
    for n in range(min(_LONGEST, len(split)), 0, -1):
        phrase = " ".join(split[:n])
        if phrase in _BY_PHRASE:
            return _BY_PHRASE[phrase], phrase, " ".join(split[n:]).replace(" ,", ",").strip(" ,")
    return "", "", plain(words)


def harmless(words: str) -> bool:
    """May these words be skipped beside a formula?  Only a reason or what stands in brackets is, and none of the
    words that change a meaning.

    >>> harmless("(chain rule)"), harmless("by linearity"), harmless("(mod 7)"), harmless("in distribution")
    (True, True, False, False)
    """
    phrase = " ".join(words.replace("~", " ").lower().split()).strip(" ,;:.!")
    bracketed = len(phrase) > 1 and phrase[0] in "([" and phrase[-1] in ")]"
    kind, _, rest = opening(phrase)
    if bracketed:
        kind, _, rest = opening(phrase[1:-1])
        rest = rest if kind == "reason" else phrase[1:-1]
    elif kind != "reason":
        return phrase in ("qed", "q.e.d", "as required", "as desired", "as claimed", "as wanted", "done")
    return not TURNING.search(rest)
