"""Paragraphs: what a sentence introduces, asks or concludes.

    Let $x > 0$.   Suppose that $n$ is an even integer.   For $x > 1$ we have:   Show that $a = b$.   Hence $x = 3$.

A sentence that does none of these is not read: it may say anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..documents.pages import Inline, Prose, Refused
from ..latex.source import Place, Token
from .sentences import CLAIM, KNOWN, related

#: "Suppose for contradiction that"
_ABSURD = (r"(suppose|assume|supposing|assuming)[\s,]+(for|towards?|by|to get|to reach|to derive|seeking)"
           r"( an?| the sake of)* contradiction[\s,]*(that)?"
           r"|suppose[\s,]+(on the contrary|to the contrary)[\s,]*(that)?")
#: What the words before a formula make of it; the last that fits wins.
_OPENERS: tuple[tuple[str, str], ...] = (
    ("goal", r"(show|prove|verify|demonstrate|establish)( that| the (identity|inequality|formula|following|claim))*"
             r"( for \w+)?"),
    ("solve", r"(solve|find (all|the|every)( real| possible| exact)* (solutions?|roots?|zeros?|values?) (of|to|for)"
              r"|solve the (equation|inequality|system)( of equations)?|the equation|the inequality)"),
    ("setting", r"((now )?set|put|setting|putting|substituting|plugging in|inserting|taking|choosing"
                r"|at|evaluating at"
                r"|at (the|an?|any|every|such an?) (optim\w+|minim\w+|maxim\w+|extrem\w+|(critical|stationary) points?)"
                r"( point| value)?[\s,]*((we|it) (must )?(have|need|holds?)( that)?)?"
                r"|(optim\w+|minim\w+|maxim\w+|extrem\w+|(critical|stationary) points?)( point| value)?"
                r" (must )?(satisf(y|ies)|fulfil\w*|solves?)( that)?"
                r"|first[- ]order (optimality )?conditions?( for \w+)? (is|reads?|says?|gives?|requires?)( that)?)"),
    ("let", r"(let|((using|with) )?the substitution|substitut(e|ing)|(we )?(run|iterate|use)"
            r"|put|set|define|write|denote( by)?|we (let|define|set|write|put)|letting|setting|where|and where"
            r"|with the (notation|definition))"),
    ("wlog", r"(w\.?l\.?o\.?g\.?|without( any)? loss of generality)[\s,:]*(we )?(may |can )?"
             r"(assume|suppose|let|take|set)?( that)?"),
    ("claim", CLAIM),
    ("known", KNOWN),
    ("assume", r"(assume|suppose|assuming|supposing|given|we are given|it is given|we assume)( also)?( that)?"
               r"|(the )?(induction|inductive) (hypothesis|assumption)( is| says| states| reads| gives)?( that)?"),
    ("absurd", _ABSURD),
    ("case", r"(for|for (all|any|every|each|real|integers?)|if|when|whenever|provided( that)?|case( [\divx]+)?"
             r"|in the case( that| where)?|consider( the case)?|on|in case)"),
    ("therefore", r"(so|hence|thus|therefore|it follows that"
                  r"|we (get|obtain|conclude|find|have|see|compute|calculate|deduce|infer)( that)?"
                  r"|this (gives|yields|implies|shows)( that)?|which (gives|yields|implies|shows)( that)?|consequently"
                  r"|(so|hence|thus|therefore)[\s,]+(the|its|their|our) [a-z -]{1,40} (is|equals|becomes)( given by)?"
                  r"|the (answer|solution|result) is|the solutions are|gives|yields|giving|and so|so that"
                  r"|we (therefore|thus) (get|have|obtain|conclude)( that)?|then)"),
)
_OPENER = [(kind, re.compile(rf"(?:^|[\s,;:(]){pattern}[\s,:~]*$", re.IGNORECASE)) for kind, pattern in _OPENERS]
_JOINS = re.compile(r"^[\s,;~]*(and|with|or|where|for|,|such that|satisfying|subject to|so that|that is"
                    r"|i\.e\.|namely)?( also| let| that)?"
                    r"[\s,~]*$"
                    r"|^[\s,]*(be|is|are|denotes?)\b[^.;:]*\b(with|such that|satisfying|where|and|so that)[\s~]*$",
                    re.IGNORECASE)
_LEADS_ON = re.compile(r"[\s,~]*(then )?(gives|yields|implies|leads to|means|has the|is solved by|amounts to)\b", re.I)
_LISTS = re.compile(r"^[\s,~]*(or|and)( also)?[\s,~]*$", re.IGNORECASE)
_EQUIVALENT = re.compile(r"^[\s,~]*(iff|if and only if|exactly (when|if)|precisely (when|if)|is equivalent to)[\s~]*$",
                         re.IGNORECASE)
_FIND = re.compile(r"\bfind (all|the|every)( [a-z]+)*[\s~]*$", re.IGNORECASE)
_SUCH = re.compile(r"^[\s,]*(with|such that|satisfying|for which|that satisf(y|ies)|solving)[\s~]*$", re.IGNORECASE)
#: ``for positive $x$``
_ADJECTIVE = re.compile(
    r"\b(?P<sign>positive|negative|non-?negative|non-?zero)?[\s,]*(?P<kind>reals?|integers?|natural|rational)?"
    r"(?:[\s~]*(?:numbers?|values? of|constants?|scalars?|parameters?|of|and|strictly))*[\s~]*$", re.IGNORECASE)
#: A sentence with one of these says something else than how things are: it denies, or supposes.
_DOUBTED = (r"show|prove|claim|whether|derive|verify|would|should|could|might|if|when|unless|not|no|never|neither"
            r"|cannot|impossible|contradiction|false(?![ -](?:positive|negative|alarm))|wrong"
            r"|conjecture|expect|conclude|check|question|suppose|otherwise"
            r"|case|except|for which|try|guess|such that")
#: It asks: what it asks about may have a meaning ("Find the minimum of $f(x) = x^2$"), but is no fact.
_ASKED = (r"want|find|solve|obtain|will|can|may|goal|aim|determine|compute|calculate|maximi[sz]e|minimi[sz]e|estimate"
          r"|need|roots?|solutions?|equation|inequality|system")
_NOT_MEANT = re.compile(rf"\b({_DOUBTED})\b|\bn't\b|\?", re.IGNORECASE)
_NOT_SAID = re.compile(rf"\b({_DOUBTED}|{_ASKED})\b|\bn't\b|\?", re.IGNORECASE)
_OPENS_CASE = re.compile(r"\b(first |second |third |other )?case\s*([\divx]+|[a-d]\b|[:.)])", re.IGNORECASE)
_ENDS_CASES = re.compile(r"\b(both|either|all|any|every|each|the (two|three|four)) cases?\b|\baltogether\b",
                         re.IGNORECASE)
_GOES_ON = re.compile(r"\s*(and|so|hence|thus|therefore|whence|which|that is|i\.e\.|then|giving|or equivalently"
                      r"|consequently|it follows)\b", re.IGNORECASE)
_SUPPOSED = re.compile(r"((and|but|so|now|then|moreover|furthermore|in particular|finally|similarly|also|hence|thus)\b"
                       r"[\s,]*)*(if|when|whenever|in case|in the case (that|where))\b"
                       r"(?!.*\b(show|prove|compute|find)\b)", re.IGNORECASE)
_CONTRASTS = re.compile(r"\b(otherwise|without (this|the|that) assumption|(is|are|need) not|dropping)\b",
                        re.IGNORECASE)
#: What is said from here on is said of every value.
_GENERAL = re.compile(r"\b(always|in general|arbitrary|generally|(for|of) (all|any|every|each|general)"
                      r"|in every case)\b", re.IGNORECASE)
_ABSURD_END = re.compile(r"(?<!for )(?<!for a )(?<!by )(?<!toward )(?<!towards )(?<!towards a )(?<!toward a )"
                         r"(?<!sake of )\b(contradict(s|ion|ing)|impossible|absurd)\b", re.IGNORECASE)
_SUPPOSES_NOT = re.compile(r"\b(suppose|assume)[\s,]+(not|otherwise|the contrary|the opposite"
                           r"|it (is|were) (false|not))\b", re.IGNORECASE)
#: So many characters of a sentence are looked at where patterns look far ahead.
MAX_WORDS = 400
_SENTENCE = re.compile(r"(?<!\bi\.e)(?<!\bi\.i\.d)(?<!\be\.g)(?<!\bcf)(?<!\bresp)(?<!\bEq)[.?!](?=\s|$)|\n\s*\n")
#: A sentence that supposes: what it says "for $n$" is supposed, too.
_SUPPOSES = re.compile(r"\s*(now |next |then |let us |we )?(assume|suppose)\b(?!.*\b(not|contradiction|contrary)\b)",
                       re.IGNORECASE)

#: ``Let $n$ be a positive integer``: what a name is said to be.
_BE = re.compile(
    r"^[\s,]*(?:be|is|are|denotes?|to be|being)\s+(?:an?\s|the\s|any\s|some\s|two\s|both\s|all\s|given\s|fixed\s"
    r"|arbitrary\s|strictly\s)*"
    r"(?P<sign>positive|negative|non-?negative|non-?zero|even|odd)?\s*"
    r"(?P<kind>reals?|integers?|natural|rationals?|complex|whole|positive|negative|non-?negative|non-?zero|even|odd)\b"
    r"(?![^.;,]*\b(matrix|matrices|vectors?|functions?|valued|symmetric)\b)",
    re.IGNORECASE)
_DOMAINS = {"integer": "integer", "natural": "natural", "whole": "natural", "rational": "rational",
            "complex": "complex"}
#: What a display is, by the words that lead to it.
_BEFORE = [(kind, re.compile(rf"(?:^|[\s,;:(]){pattern}[\s:,.~]*$", re.IGNORECASE)) for kind, pattern in (
    ("goal", r"(show|prove|verify|demonstrate|establish|derive|deduce|confirm)( that| the (identity|inequality|formula"
             r"|following|claim)| directly that)*( for [^.]*)?"),
    ("solve", r"(?:(solve|find (all|the) (solutions?|roots?|values?) (of|to|for))( the)?( following)?"
              r"( equations?| inequality| system)*( for [^.]*)?"
              r"|solve(?![^.]*\bwe (set|get|obtain|have|take|compute|use|write|find)\b)"
              r"(?-i:[^.X]|\b(in|for|unknowns?|variables?) +X( *(,|and) *X)*)*)"),
    ("given", r"(assume|suppose|given|we are given|it is given|we know|recall)( that| the (following|data|model))*"),
    ("impose", r"(set(ting)?|put(ting)?|equat(e|ing)|we set|to find the \w+)\b"
               r"(?![^.]*\b(yields?|gives?|get|obtain|implies)\b(?-i:[^.X])*(?-i:X))[^.]*"),
    ("define", r"(let|define|put|set|we (define|let|write|set)|denote|where|with)( the function| the loss)?"),
)]


@dataclass(frozen=True, slots=True)
class Remark:
    """A formula of a sentence and what the sentence does with it.

    ``kind``: goal, solve, let, assume, claim, known, absurd, case, therefore, or "says": a plain sentence holds it;
    ``becomes``: a declaration in words (integer, > 0); ``sentence``: which one of the paragraph; ``joined``: to the one
    before it.
    """

    kind: str
    formula: Inline
    becomes: str = ""
    sentence: int = 0
    joined: bool = False


def remarks(prose: Prose) -> list[Remark]:
    """The formulas of a paragraph that do something, in order."""
    out: list[Remark] = []
    sentence: list[Remark] = []
    mode = before = opening = rest = ""     # ``rest``: the words of the sentence but those that joined two formulas
    number = 0
    hunted = False                          # "Find all $x$", whose equation comes next
    for k, piece in enumerate(prose.pieces):
        if isinstance(piece, str):
            parts = _SENTENCE.split(piece)
            if len(parts) > 1:
                out += _settled(sentence, rest + parts[0])
                sentence, mode, before, number, opening, rest = [], "", parts[-1], number + 1, "", ""
            else:
                before += piece
            continue
        adjective = _adjective(before)
        said = _ADJECTIVE.sub("", before) if adjective else before
        opening = (opening + before)[:MAX_WORDS]
        found = next((kind for kind, p in _OPENER if p.search(said)), "")
        if found == "case" and _SUPPOSES.match(opening):
            found = "assume"                          # "Assume the claim holds for $n$, i.e. $S_n = n^2$."
        if _FIND.search(before):
            found, hunted = "", True
        elif hunted and _SUCH.match(before):
            found, hunted = "solve", False
        found = "" if sentence and _EQUIVALENT.match(before) else found       # "if and only if" opens no case
        joint = _joint(before, prose.pieces[k + 1:], sentence[-1] if sentence else None, piece, found)
        rest += " X " if joint else f" {before} X "
        mode = found or (mode if mode and (joint or _JOINS.match(said)) else "")
        if isinstance(piece, Refused):
            before = ""
            continue
        if joint == r"\forall":
            sentence[-1] = replace(sentence[-1], formula=_for_all(sentence[-1].formula, before, piece))
            mode = sentence[-1].kind if sentence[-1].kind != "says" else ""
        elif joint:
            sentence[-1] = replace(sentence[-1], formula=_both(sentence[-1].formula, before, piece, joint))
            mode = sentence[-1].kind if sentence[-1].kind != "says" else ""
        elif mode:
            after = prose.pieces[k + 1] if k + 1 < len(prose.pieces) else ""
            become = _become(after) if isinstance(after, str) and not _is_size(prose, k + 2) else ""
            if isinstance(after, str) and not become and re.search(r"\band[\s~]*$", before) and _ELLIPTIC.match(after):
                become = _become(" be" + after)            # "Let $n$ be an integer and $y$ positive."
            if mode == "therefore" and isinstance(after, str) and _LEADS_ON.match(after):
                mode = "let"        # "hence $J'(w) = 0$ gives": what is set up, as in "setting $J'(w) = 0$ gives"
            become = become or (adjective if mode in ("let", "assume", "case") else "")
            if not become and not found and sentence and sentence[-1].kind == mode and _AND.match(before):
                become = sentence[-1].becomes              # "for positive $a$ and $b$"
            if become and _AND.match(before):
                sentence = _all_become(sentence, become, mode)
            sentence.append(Remark(mode, piece, become, number, bool(_AND.match(before))))
        else:
            sentence.append(Remark("says", piece, "", number))
        before = ""
    return [*out, *_settled(sentence, rest + before)]


def _is_size(prose: Prose, k: int) -> bool:
    r"""``$n \\times n$``: "let $A$ be a real $n \\times n$ matrix"."""
    piece = prose.pieces[k] if k < len(prose.pieces) else ""
    return isinstance(piece, Inline) and any(t.text == r"\times" for t in piece.tokens)


_ELLIPTIC = re.compile(r"\s+(positive|negative|non-?negative|non-?zero|real|even|odd)\s*(?:[.,;]|$)", re.IGNORECASE)
#: Between names of which one thing is said.
_AND = re.compile(r"[\s~,]*(?:and)?[\s~,]*$", re.IGNORECASE)


def _all_become(sentence: list[Remark], become: str, mode: str) -> list[Remark]:
    """ "Let $x$, $y$ and $z$ be positive": of the names before the last, too."""
    out = list(sentence)
    for k in range(len(out) - 1, -1, -1):
        if out[k].kind != mode or out[k].becomes or related(out[k].formula) \
                or any(t.text in (r"\in", ":", r"\colon") for t in out[k].formula.tokens):
            break
        out[k] = replace(out[k], becomes=become)
        if not out[k].joined:
            break
    return out


def asserted(prose: Prose) -> dict[Place, str]:
    """What the formulas of the sentences may be by their words, by place: a fact, or only a meaning ("asked"): of the
    others the sentence says neither."""
    out: dict[Place, str] = {}
    for words, formulas in sentences(prose):
        if not _NOT_MEANT.search(words) and not _not_as_written(words):
            out |= dict.fromkeys((f.place for f in formulas), "asked" if _NOT_SAID.search(words) else "fact")
    return out


DENIED = re.compile(r"\b(not|no|never|neither|nor|cannot|wrong|incorrect|fails?|whether|unless"
                    r"|false(?![ -](?:positive|negative|alarm))|mistake|error"
                     r"|would|tempting)\b|n't\b|\?", re.IGNORECASE)


def denied(prose: Prose) -> set[Place]:
    """The formulas of sentences that deny or doubt them: "Note that $a = b$ is false"."""
    return {f.place for words, formulas in sentences(prose) if DENIED.search(words) for f in formulas}


def opens_case(prose: Prose) -> bool:
    """ "Case 2:" """
    return any(isinstance(p, str) and _OPENS_CASE.search(p) for p in prose.pieces)


def ends_cases(prose: Prose) -> bool:
    return any(isinstance(p, str) and _ENDS_CASES.search(p) for p in prose.pieces)


def goes_on(prose: Prose) -> bool:
    """``and therefore``: the sentence of the display before it, under its condition."""
    first = prose.pieces[0] if prose.pieces else ""
    return isinstance(first, str) and _GOES_ON.match(first) is not None and not ends_cases(prose) \
        and not in_general(prose) \
        and not any(r.kind == "case" for r in remarks(prose))


def in_general(prose: Prose) -> bool:
    """ "So for arbitrary $y$": a value that was chosen before is chosen no more."""
    return any(isinstance(p, str) and _GENERAL.search(p) for p in prose.pieces)


def ends_in_general(prose: Prose) -> bool:
    """ "At $x = 1$ we have $x^2 = 1$. In general": the words that lead to the display leave the case."""
    last = prose.pieces[-1] if prose.pieces else ""
    words = _SENTENCE.split(last)[-1] if isinstance(last, str) else ""
    return len(_SENTENCE.split(str(last))) > 1 and re.search(
        r"\b(in general|generally|always|otherwise|elsewhere|in every case)\b", words, re.IGNORECASE) is not None


def contrasts(prose: Prose) -> bool:
    """ "For general $A$", "if $x < 0$": what was supposed for the display before is supposed no more."""
    return in_general(prose) or opens_case(prose) or ends_cases(prose) or ends_absurd(prose) \
        or any(isinstance(p, str) and _CONTRASTS.search(p) for p in prose.pieces) \
        or any(r.kind in ("case", "wlog", "setting") for r in remarks(prose))


def supposes_for_display(prose: Prose) -> bool:
    """ "If $A$ is symmetric, then": the last sentence supposes, and leads to the display below it."""
    found = sentences(prose)
    last = prose.pieces[-1] if prose.pieces else ""
    ended = isinstance(last, str) and last.rstrip(" ~\n")[-1:] in (".", "?", "!")
    return bool(found) and not ended and _SUPPOSED.match(found[-1][0]) is not None


def imposes_several(prose: Prose) -> bool:
    """ "Setting the partial derivatives to zero:" """
    return any(isinstance(p, str) and re.search(r"\b(derivatives|partials|gradients|conditions|equations|both)\b", p)
               for p in prose.pieces)


def ends_absurd(prose: Prose) -> bool:
    """ "..., a contradiction." """
    return any(isinstance(p, str) and _ABSURD_END.search(p) for p in prose.pieces)


def supposes_not(prose: Prose) -> bool:
    """ "Suppose not." """
    return any(isinstance(p, str) and _SUPPOSES_NOT.search(p) for p in prose.pieces)


_DESCRIBES = re.compile(
    r"\b(variance|mean|means|expectation|expected value|standard deviation|covariance|correlation|bias|median|entropy"
    r"|rank|eigenvalues?|minimi[sz]er|maximi[sz]er|optimum|estimator|estimate|mle|probability|average|slope)"
    r"( is)?( given by)?[\s,~]*$", re.IGNORECASE)


def described(prose: Prose) -> list[Inline]:
    """ "with variance $\\sigma^2$": names, or their squares, of which words say what they are."""
    return [piece for before, piece in zip(prose.pieces, prose.pieces[1:], strict=False)
            if isinstance(before, str) and isinstance(piece, Inline) and _DESCRIBES.search(before)
            and (len(piece.tokens) == 1 or [t.text for t in piece.tokens[1:] if t.text not in "{}"] == ["^", "2"])]


def _settled(sentence: list[Remark], words: str) -> list[Remark]:
    """Where something is asked "for $x > 0$", that is given; it is no case among others.  Where words relate the
    formulas in another way than "and" ("at least one of ... holds"), what is supposed is not read."""
    asked = any(r.kind in ("goal", "solve") for r in sentence)
    words = " ".join(words.split())
    turned, denied = _not_as_written(words), _DENIES.search(words) is not None
    out: list[Remark] = []
    for r in sentence:
        if turned and r.kind in _SAID and (_restricts(r.formula) or r.becomes):
            out.append(replace(r, kind="unclear"))
        elif turned and r.kind in ("claim", "known") or denied and r.kind == "therefore":
            out.append(replace(r, kind="says"))
        else:
            out.append(replace(r, kind="assume") if asked and r.kind == "case" else r)
    return out


_SAID = frozenset(("let", "assume", "case", "wlog", "setting"))
_STATED = _SAID | {"claim", "known", "says"}
#: Words after which two formulas of a sentence are not both said, or one of them is not.
_TURNED = re.compile(r"\b(x?or|either|neither|nor|not|never|unless|except|otherwise|only|one of|all but|apart from"
                     r"|implies|implying|equivalent|iff|if and only if|follows from|fails?|false|wrong|impossible"
                     r"|excluded?|ignored?|cannot|whether|rather|instead|depends?|equality|no longer"
                     r"|even (though|if)|although|(is|be|are) [^X.;,]{0,60}\b(if|when|whenever|provided))\b|n't\b",
                     re.IGNORECASE)
#: Words after which a formula holds nearly, at times, or is spoken of.
_WEAKENED = re.compile(r"\b(approx(imately)?|roughly|nearly|almost(?! (surely|everywhere|all|every))|up to|mod(ulo)?"
                       r"|to (first|second|leading|lowest) order|most(ly)?|often|usually|typically|sometimes|on average"
                       r"|at least once|in the limit|asymptotically|eventually"
                       r"|X (holds |is true )?with (high |large )?probability"
                       r"|(has|have|had) [^X.;,]{0,40}\b(solutions?|roots?)"
                       r"|the (equation|inequality|condition|case) X (is|has)|hope|needed"
                       r"|X for (all |every |any )?(sufficiently |very )?(large|small))\b", re.IGNORECASE)
#: "X does not hold"
_DENIES = re.compile(r"\bX( (can|do|does|is|are|will))?( (not|never|impossible|excluded|false|wrong|cannot|fails?)\b"
                     r"|n't\b)|\b(neither|nor|not) X\b")


def _not_as_written(words: str) -> bool:
    return _TURNED.search(words) is not None or _WEAKENED.search(words) is not None


#: "$q > 0$ whenever $p > 0$"
_UNDER = re.compile(r"^[\s,~]*(?:(?P<only>only if|implies( that)?)|if|when|whenever|provided(?: that)?|follows from)"
                    r"[\s~]*$", re.IGNORECASE)
_OR = re.compile(r"^[\s,~]*or( else)?[\s~]*$", re.IGNORECASE)


def _joint(before: str, after: Sequence[object], last: Remark | None, here: Inline | Refused, found: str) -> str:
    """The sign or word by which words join a formula to the one before ("$q > 0$ whenever $p > 0$", "$x = 0$ or
    $x = 2$"), "" if they do not; not if they begin a clause of their own ("..., if $x > 0$, then")."""
    if last is None or isinstance(here, Refused):
        return ""
    if last.kind == "therefore" and not found and _LISTS.match(before):
        return f" {before.strip(' ,~')} "
    if last.kind in ("let", "assume") and _FOR_ALL.match(before) and related(last.formula) \
            and _argument(last.formula, here):
        return r"\forall"
    if not (_restricts(last.formula) and _restricts(here)):
        return ""
    if _EQUIVALENT.match(before):
        return r"\iff"
    if last.kind not in _STATED:
        return ""
    if _OR.match(before):
        return " or "
    m = _UNDER.match(before)
    if m is None or after and isinstance(after[0], str) and re.match(r"[\s,~]*then\b", after[0], re.IGNORECASE):
        return ""
    return r"\implies" if m["only"] else r"\impliedby"


#: "$f(x) > 0$ for all real $x$"
_FOR_ALL = re.compile(r"^[\s,~]*for (all|every|each|any)( real| numbers| pairs| points| choices of| values of)*[\s~]*$",
                      re.IGNORECASE)


def _argument(f: Inline, here: Inline) -> bool:
    """Is a name of ``here`` an argument of a function in f?  Of ``f(x) > 0`` all x may be meant, of ``x > 0`` not; and
    ``f(x) = ...`` is a definition or a recursion in any case."""
    if [t.text for t in f.tokens[1:2]] == ["("] and [t.text for t in f.tokens[3:5]] == [")", "="]:
        return False
    names = {t.text for t in here.tokens if t.kind == "letter"}
    inside: list[bool] = []
    for before, t in zip(f.tokens, f.tokens[1:], strict=False):
        if t.text == "(":
            inside.append(before.kind == "letter" or before.text in ("'", "}"))
        elif t.text == ")" and inside:
            inside.pop()
        elif any(inside) and t.text in names:
            return True
    return False


def _for_all(first: Inline, words: str, here: Inline) -> Inline:
    """``\\forall x: f(x) > 0``; what is said of x besides a set stands before an arrow."""
    colon, forall = Token("symbol", ":", here.place), Token("command", r"\forall", here.place)
    bound: tuple[Token, ...] = here.tokens
    if related(here):
        names = list({t.text: t for t in here.tokens if t.kind == "letter"}.values())
        listed = [u for t in names for u in (Token("symbol", ",", here.place), t)][1:]
        bound = (*listed, colon, *here.tokens)
        colon = Token("command", r"\implies", here.place)
    return Inline((forall, *bound, colon, *first.tokens), f"{first.source}{words}{here.source}", first.place)


def _restricts(f: Inline) -> bool:
    r"""Does the formula say of its names more than of what kind they are?"""
    texts = {t.text for t in f.tokens}
    space = any(t.startswith((r"\mathbb", r"\R")) for t in texts)
    return related(f) or r"\notin" in texts or r"\in" in texts and not space


def _both(first: Inline, words: str, second: Inline, joint: str) -> Inline:
    """``$x = 0$ or $x = 2$``: one statement."""
    token = Token("command" if joint.startswith("\\") else "text", joint, second.place)
    return Inline((*first.tokens, token, *second.tokens), f"{first.source}{words}{second.source}", first.place)


def _adjective(words: str) -> str:
    """What stands before a name: "for positive integers $n$"."""
    m = _ADJECTIVE.search(words)
    if m is None or not (m["sign"] or m["kind"]) or re.search(r"\band[\s~]*$", words):     # "$x$ be real and $y$ ..."
        return ""
    return _described(m["sign"], m["kind"] or "real")


def sentences(prose: Prose) -> list[tuple[str, list[Inline]]]:
    """The words of each sentence ("X and X are independent") and its formulas."""
    out: list[tuple[str, list[Inline]]] = []
    words, formulas = "", []
    for piece in (*prose.pieces, ". "):
        if not isinstance(piece, str):
            formulas += [piece] if isinstance(piece, Inline) else []
            words += " X "
            continue
        first, *rest = _SENTENCE.split(piece)
        words += first
        if rest:
            if formulas:
                out.append((" ".join(words.split()), formulas))
            words, formulas = rest[-1], []
    return out


def _become(words: str) -> str:
    m = _BE.match(words)
    if m is None:
        return ""
    found = _described(m["sign"], m["kind"])
    if not re.match(r"[^.;,]*\brandom\b", words[m.end():]):
        return found
    return found.replace("real", "random") if _RANDOM.match(words, m.end()) else ""


#: What follows "nonnegative" in "a nonnegative random variable".
_RANDOM = re.compile(r"[\s~,]*(?:(?:and|discrete|continuous|integrable|real-valued)[\s~,]+)*random[\s~]+variables?\b",
                     re.IGNORECASE)


def _described(sign: str | None, kind: str) -> str:
    sign, kind = (sign or "").lower().replace("-", ""), kind.lower().replace("-", "")
    domain = _DOMAINS.get(kind.rstrip("s") if kind != "real" else kind, "real")
    sign = sign or (kind if kind in ("positive", "negative", "nonnegative", "nonzero", "even", "odd") else "")
    if sign in ("even", "odd"):
        return f"integer {sign}"
    bound = {"positive": "> 0", "negative": "< 0", "nonnegative": ">= 0", "nonzero": "!= 0", "": ""}[sign]
    return f"{domain} {bound}".strip()


def leads_to(prose: Prose | None) -> str:
    """What a paragraph says of the display after it: goal, solve, given, define, or nothing."""
    if prose is None or not prose.pieces:
        return ""
    words = ""
    for piece in reversed(prose.pieces):
        words = (piece if isinstance(piece, str) else " X ") + words
        if isinstance(piece, str) and _SENTENCE.search(piece.rstrip().rstrip(".:")):
            break
    words = _SENTENCE.split(words.rstrip().rstrip(".:"))[-1][-MAX_WORDS:]
    return next((kind for kind, p in _BEFORE if p.search(words)), "")


def unknowns(prose: Prose) -> list[Inline]:
    """``Solve ... for $x$``: the unknown."""
    out = []
    pieces = prose.pieces
    solved = False                         # "solve" stands above
    for k, piece in enumerate(pieces):
        if isinstance(piece, Inline) and k and isinstance(before := pieces[k - 1], str) \
                and re.search(r"\bfor( the unknown| the variable)?[\s~]*$", before) \
                and solved:
            out.append(piece)
        solved = solved or isinstance(piece, str) and re.search(r"\bsolve\b", piece, re.IGNORECASE) is not None
    return out


def opens_definitions(prose: Prose) -> bool:
    """A paragraph that goes on with the display before it: "where $s = ...$"."""
    first = prose.pieces[0] if prose.pieces else ""
    return isinstance(first, str) and re.match(r"\s*(where|with|here|in which)\b", first, re.IGNORECASE) is not None


_CONDITION = re.compile(r"[\s,~]*(?P<opener>for( all| every| each| any)?|if|when(ever)?|provided( that)?|as long as"
                        r"|since|because)(?P<rest>\b.*)$", re.DOTALL)
_ALSO = re.compile(r"[\s~]*(,|and|,[\s~]*and)[\s~]*$")


@dataclass(frozen=True, slots=True)
class Behind:
    """A sentence below a display that goes on with it, "for all $x > 0$."  ``plain``: nothing but formulas stands
    behind its opener."""

    sentence: Prose
    after: Prose
    opener: str
    plain: bool


def condition_behind(prose: Prose) -> Behind | None:
    """The condition that a paragraph begins with, None if it begins otherwise."""
    first = prose.pieces[0] if prose.pieces else ""
    m = _CONDITION.match(first) if isinstance(first, str) else None
    if m is None or len(prose.pieces) < 2 or _SENTENCE.search(str(first)):
        return None
    plain = not m["rest"].strip(" ~\n")
    for k, piece in enumerate(prose.pieces[1:], 1):
        if isinstance(piece, Refused):
            return None
        if isinstance(piece, Inline):
            continue
        end = _SENTENCE.search(piece)
        before = piece[:end.start()] if end else piece
        if _THEN.search(before):
            return None                              # "for $x > 0$ we have": it leads to the next display
        over = end is not None or k == len(prose.pieces) - 1
        plain = plain and (not before.strip(" ~\n") if over else _ALSO.match(before) is not None)
        if over:
            if end is None and before.rstrip(" ~\n")[-1:] in (":", ","):
                return None
            rest = piece[end.end():] if end else ""
            here = replace(prose, pieces=(*prose.pieces[:k], before))
            after = (rest,) if rest.strip() else ()
            return Behind(here, replace(prose, pieces=(*after, *prose.pieces[k + 1:])), m["opener"], plain)
    return Behind(prose, replace(prose, pieces=()), m["opener"], plain)


_THEN = re.compile(r"\b(then|we|this|it|the|one|consider|let|define)\b", re.IGNORECASE)
