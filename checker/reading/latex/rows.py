r"""A row of a display, cut into statements and clauses, before any formula is read.

    & \implies 2x &= 4 \quad \text{since } y \ne 0, \qquad \forall x > 0   \tag{3}
      ^connective ^sides         ^reason              ^condition

Cuts are made at depth 0 only: what stands within brackets, braces, ``\left ... \right`` and environments belongs
to one formula.  Words go by the lists of words.py; a word in none of them is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from . import words
from .source import Place, Token, Unread

RELATIONS: dict[str, str] = {
    "=": "=", "<": "<", ">": ">", r"\le": "<=", r"\leq": "<=", r"\leqslant": "<=", r"\leqq": "<=", r"\ge": ">=",
    r"\geq": ">=", r"\geqslant": ">=", r"\geqq": ">=", r"\ne": "!=", r"\neq": "!=", r"\lt": "<", r"\gt": ">",
    r"\coloneqq": ":=", r"\triangleq": ":=", r"\defeq": ":=", r"\eqdef": ":=", r"\doteq": ":=", r"\in": "in",
    r"\propto": "propto", r"\equiv": "==", r"\sim": "~", r"\approx": "approx", r"\simeq": "approx",
    r"\notin": "notin", r"\subset": "subset", r"\subseteq": "subset", r"\to": "to", r"\rightarrow": "to",
    r"\longrightarrow": "to", r"\ll": "ll", r"\gg": "gg", r"\cong": "cong", r"\lesssim": "lesssim",
    r"\gtrsim": "gtrsim", r"\asymp": "asymp", r"\perp": "independent", r"\independent": "independent",
    r"\indep": "independent",
}
CONNECTIVES: dict[str, str] = {
    r"\implies": "implies", r"\Rightarrow": "implies", r"\Longrightarrow": "implies", r"\therefore": "implies",
    r"\Leftarrow": "implied", r"\impliedby": "implied", r"\Longleftarrow": "implied", r"\leadsto": "implies",
    r"\iff": "iff", r"\Leftrightarrow": "iff", r"\Longleftrightarrow": "iff", r"\because": "reason",
    r"\rightsquigarrow": "implies",
}
QUADS = frozenset((r"\quad", r"\qquad", r"\hfill", r"\hspace"))
_SPACING = frozenset((r"\,", r"\;", r"\:", r"\!", r"\ ", r"\>", r"\thinspace", r"\medspace", r"\displaystyle",
                      r"\nonumber", r"\notag", r"\qed", r"\qedhere", r"\blacksquare", r"\square", r"\Box",
                      r"\checkmark", r"\allowbreak", r"\nobreak", r"\hfill"))
_OPEN = frozenset(("(", "[", "{", r"\{", r"\lbrace", r"\langle", r"\lfloor", r"\lceil", r"\lvert", r"\lVert", r"\begin",
                   r"\left", r"\lbrack", r"\lparen"))
_CLOSE = frozenset((")", "]", "}", r"\}", r"\rbrace", r"\rangle", r"\rfloor", r"\rceil", r"\rvert", r"\rVert", r"\end",
                    r"\right", r"\rbrack", r"\rparen"))
_DOTS = frozenset((r"\dots", r"\ldots", r"\cdots", r"\dotsc"))
_OVER = frozenset((r"\overset", r"\stackrel", r"\underset"))

Tokens = tuple[Token, ...]
_NOWHERE = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Statement:
    r"""``lead sides[0] relations[0] sides[1] ...``; ``opens``: the relation it begins with, when it goes on from what
    stood before (``&= b``).  ``whole``: a statement that is no plain chain (quantified, "or"), for the grammar."""

    lead: str = ""                       # "", implies, iff, implied, and
    opens: str = ""
    sides: tuple[Tokens, ...] = ()
    relations: tuple[str, ...] = ()
    whole: Tokens = ()
    place: Place = _NOWHERE
    remarks: tuple[str, ...] = ()        # what stood above a relation


@dataclass(frozen=True, slots=True)
class Clause:
    """``kind``: condition, reason, definition, let, assume, regime; ``words``: what opened it."""

    kind: str
    words: str
    tokens: Tokens
    place: Place


@dataclass(frozen=True, slots=True)
class RowParts:
    statements: tuple[Statement, ...] = ()
    clauses: tuple[Clause, ...] = ()
    remarks: tuple[str, ...] = ()
    label: str = ""                      # "left" or "right": it begins with \text{LHS}


@dataclass(slots=True)
class _Piece:
    """What stands between two cuts."""

    kind: str                            # "", implies, iff, implied, aside, or a clause's kind
    words: str
    place: Place
    tokens: list[Token] = field(default_factory=list)


def depths(tokens: Sequence[Token]) -> Iterator[tuple[Token, int, bool]]:
    """Each token with the depth of brackets around it, and whether it stands within an environment.

    A bracket has the depth outside it."""
    depth = environments = 0
    skip = False                          # the delimiter after \left and \right
    for t in tokens:
        if skip:
            skip = False
            yield t, depth + 1, environments > 0
            continue
        closes = t.text in _CLOSE and t.kind != "text"
        if closes:
            depth = max(0, depth - 1)
            environments -= t.text == r"\end" and environments > 0
        yield t, depth, environments > 0
        if t.kind != "text":
            if t.text in _OPEN:
                depth += 1
                environments += t.text == r"\begin"
            skip = t.text in (r"\left", r"\right")
    # the braces of \end{name} open and close by themselves


def cut(tokens: Sequence[Token]) -> RowParts:
    """The statements and clauses of a row.  Raises :class:`Unread`."""
    row = _trimmed(_spread([t for t, _, inside in depths(tokens) if inside or t.text != "&" or t.kind != "symbol"]))
    if not row:
        return RowParts()
    pieces, remarks, label = _pieces(row)
    statements: list[Statement] = []
    clauses: list[Clause] = []
    for piece in pieces:
        body = tuple(_trimmed(piece.tokens))
        if piece.kind in ("", "implies", "iff", "implied"):
            if body:
                found, more = _statements(piece.kind, body)
                statements += found
                clauses += more
            elif piece.kind:
                statements.append(Statement(piece.kind, place=piece.place))
        elif piece.kind == "aside":
            _aside(body, piece, statements, clauses, remarks)
        elif body or piece.kind != "reason":
            clauses.append(Clause(piece.kind, piece.words, body, piece.place))
    return RowParts(tuple(_joined(statements)), tuple(clauses), tuple(remarks), label)


def _spread(tokens: Sequence[Token]) -> list[Token]:
    r"""``\text{(since $x > 0$)}`` comes as words, a formula and words.  With a relation in it, it is a clause without
    its brackets; without one (``(since $\log$ is concave)``) a remark, in one piece."""
    out: list[Token] = []
    walked = list(depths(tokens))
    k = 0
    while k < len(tokens):
        t, depth, inside = walked[k]
        end = _closing_words(walked, k) if t.kind == "text" and not depth and not inside else k
        if end > k:
            part = list(tokens[k:end + 1])
            whole = " ".join(u.text.strip() for u in part)
            if any(_relation_at(part, n)[0] for n in range(len(part))):
                part[0] = replace(t, text=t.text.replace("(", " ", 1))
                part[-1] = replace(part[-1], text=part[-1].text.rstrip(" ,.;").removesuffix(")"))
                out += part
            else:
                out.append(replace(t, text=whole))
            k = end
        else:
            out.append(t)
        k += 1
    return out


def _closing_words(walked: Sequence[tuple[Token, int, bool]], k: int) -> int:
    """Where the words close whose bracket opens in the text at ``k``; ``k`` if none does."""
    first = walked[k][0].text.strip()
    if not first.startswith("(") or ")" in first:
        return k
    for n in range(k + 1, len(walked)):
        t, depth, _ = walked[n]
        if not depth and (t.kind == "text" or t.text == ")") and t.text.rstrip(" ,.;").endswith(")"):
            return n if t.kind == "text" else k
    return k


def _joined(statements: list[Statement]) -> list[Statement]:
    r"""A connective by itself and the statement after it (``\implies \quad x = 1``) are one."""
    out: list[Statement] = []
    for s in statements:
        if out and not out[-1].sides and not out[-1].whole and s.lead in ("", "and"):
            s = replace(s, lead=out.pop().lead)
        out.append(s)
    return out


# ----------------------------------------------------------------------------- pieces of a row


def _pieces(row: Sequence[Token]) -> tuple[list[_Piece], list[str], str]:
    """The row between its words, connectives and wide spaces; remarks; whether it begins with LHS or RHS."""
    pieces = [_Piece("", "", row[0].place)]
    remarks: list[str] = []
    label = ""
    for t, depth, inside in depths(row):
        empty = not any(p.tokens for p in pieces)
        if depth or inside or t.text in _CLOSE:
            pieces[-1].tokens.append(t)
        elif t.kind == "text":
            side = words.SIDES.get(words.plain(t.text))
            if side and empty:
                label = side
            elif side and pieces[-1].tokens and pieces[-1].tokens[-1].text == "=":
                pieces[-1].tokens.pop()                # ... = RHS: the end is reached
                remarks.append(t.text.strip())
            else:
                _words(t, pieces, remarks)
        elif t.text in CONNECTIVES and _quantified(pieces[-1]):
            pieces[-1].tokens.append(t)                    # \forall x: A \implies B is said of every x as a whole
        elif t.kind == "command" and (t.text in CONNECTIVES or empty and RELATIONS.get(t.text) == "to"):
            pieces.append(_Piece(CONNECTIVES.get(t.text, "implies"), t.text, t.place))
        elif t.kind == "command" and t.text in QUADS:
            if pieces[-1].tokens and not (pieces[-1].tokens[-1].kind == "text"
                                          and words.plain(pieces[-1].tokens[-1].text) == "or"):
                pieces.append(_Piece("aside", "", t.place))
        elif t.text == r"\forall" and not empty and pieces[-1].kind != "condition":
            pieces.append(_Piece("condition", "for all", t.place, [t]))
        else:
            pieces[-1].tokens.append(t)
    return _merged(pieces), remarks, label


def _quantified(piece: _Piece) -> bool:
    return piece.kind != "condition" and any(t.text in (r"\forall", r"\exists", r"\nexists") for t in piece.tokens[:1])


def _words(t: Token, pieces: list[_Piece], remarks: list[str]) -> None:
    """A text at depth 0: it joins, opens a clause, is a name, a remark, or is refused."""
    said = words.plain(t.text)
    kind = words.kind_of(t.text)
    empty = not any(p.tokens for p in pieces)
    if not kind and "," in said:                                 # "and, letting"
        kinds = [words.kind_of(part) for part in said.split(",")]
        kind = next((x for x in reversed(kinds) if x not in ("neutral", "logic")), "neutral") if all(kinds) else ""
    if not kind:
        first, _, rest = words.opening(t.text)
        second = words.kind_of(rest) if rest else ""
        if first in ("implies", "iff", "let", "assume", "condition", "definition") and second:
            kind = first if second in ("neutral", "logic") else second      # "so since", "and for"
    if said == "as":
        kind = "regime"
    if kind == "logic" and not (empty and said == "and"):
        if said == "or" and len(pieces) > 1 and pieces[-1].kind == "aside" and not pieces[-1].tokens:
            pieces.pop()                              # x = 2 \\quad or \\quad x = -2 is one statement
        pieces[-1].tokens.append(t)
    elif kind in ("neutral", "logic"):
        if not empty:
            pieces.append(_Piece("aside", said, t.place))
    elif kind:
        pieces.append(_Piece(kind, said, t.place))
    elif words.harmless(t.text):
        remarks.append(said)
        if not empty:
            pieces.append(_Piece("aside", "", t.place))
    elif said.isalpha() and len(said) > 1:
        pieces[-1].tokens.append(t)       # \text{MSE}: the name of something
    else:
        raise Unread("words", f"what “{' '.join(t.text.split())}” says of the formula is not read", t.place,
                     r"put a remark in brackets, \text{(by ...)}, or outside the formula; formulas within words go "
                     r"outside \text{...}")


def _merged(pieces: list[_Piece]) -> list[_Piece]:
    r"""A part after ``\quad`` that begins with a relation goes on with the statement before it."""
    out: list[_Piece] = []
    for p in pieces:
        body = _trimmed(p.tokens)
        if p.kind == "aside" and out and body and _relation_at(body, 0)[0] and out[-1].kind in ("", "implies", "iff"):
            out[-1].tokens += p.tokens
        elif body or p.kind not in ("", "aside"):
            out.append(p)
    return out


def _aside(body: Tokens, piece: _Piece, statements: list[Statement], clauses: list[Clause],
           remarks: list[str]) -> None:
    r"""What stands after ``\quad`` without a word: a condition by its shape, a tag, or one more statement."""
    if not body:
        return
    if body[0].text in ("(", "[") and _closing(body, 0) == len(body) - 1:
        inner = body[1:-1]
        if len(inner) <= 3 and not any(_relation_at(inner, k)[0] for k in range(len(inner))):
            remarks.append("".join(t.text for t in body))        # (3), (*), (a)
            return
        clauses.append(Clause("condition", "", inner, piece.place))
    elif not statements:
        found, more = _statements("", body)
        statements += found
        clauses += more
    elif _is_condition(body):
        clauses.append(Clause("condition", "", body, piece.place))
    else:
        found, more = _statements("and", body)
        statements += found
        clauses += more


def _is_condition(tokens: Tokens) -> bool:
    r"""``x > 0``, ``0 < p < 1``, ``n \in \mathbb N``, ``i = 1, \dots, n``: names between bounds."""
    relations = [r for k in range(len(tokens)) for r in (_relation_at(tokens, k)[0],) if r]
    dots = any(t.text in _DOTS for t in tokens)
    if dots and relations == ["="]:
        return True
    return bool(relations) and all(r in ("<", "<=", ">", ">=", "!=", "in") for r in relations) and len(tokens) <= 16


# -------------------------------------------------------------------------- statements of a piece


def _statements(lead: str, tokens: Tokens) -> tuple[list[Statement], list[Clause]]:
    """The statement, and what commas set off from it."""
    tokens = _system(tokens)
    if _whole(tokens):
        return [Statement(lead, whole=tokens, place=tokens[0].place)], []
    parts = _comma_parts(tokens)
    statements = [_chain(lead, parts[0])]
    clauses: list[Clause] = []
    for part in parts[1:]:
        if _is_condition(part):
            clauses.append(Clause("condition", "", part, part[0].place))
        else:
            statements.append(_chain("and", part))
    return statements, clauses


def _system(tokens: Tokens) -> Tokens:
    r"""A system in ``cases`` that is all there is, one relation a row and no second column: its rows joined by and."""
    texts = [t.text for t in tokens]
    ends = [k for k, x in enumerate(texts) if x == r"\end"]
    if texts[:1] != [r"\begin"] or texts[1:2] != ["{"] or "cases" not in "".join(texts[2:4]) \
            or texts.count(r"\begin") != 1 or len(ends) != 1 or ends[0] < len(texts) - 4 or "&" in texts:
        return tokens
    inner = tokens[texts.index("}") + 1:ends[0]]
    while inner and inner[-1].text in (r"\\", ".", ","):
        inner = inner[:-1]
    return tuple(replace(t, kind="command", text=r"\land") if t.text == r"\\" else t for t in inner)


def _whole(tokens: Tokens) -> bool:
    """Is it no plain chain?"""
    logic = (r"\land", r"\wedge", r"\lor", r"\vee", r"\pmod", r"\bmod", r"\mid", r"\exists")
    if tokens[0].text in (r"\forall", r"\exists", r"\nexists", r"\neg", r"\lnot"):
        return True
    return any(depth == 0 and (t.text in logic or t.kind == "text" and words.kind_of(t.text) == "logic")
               for t, depth, inside in depths(tokens) if not inside)


def _comma_parts(tokens: Tokens) -> list[Tokens]:
    r"""Cut at commas and semicolons at depth 0, one relation or chain a part: ``x = 1, y = 2``.

    What has no relation belongs to the part after it (``x, y > 0``) or, in a list, to the one before
    (``i = 1, \dots, n``).
    """
    parts: list[list[Token]] = [[]]
    cuts: list[Token] = []
    for t, depth, inside in depths(tokens):
        if depth == 0 and not inside and t.kind == "symbol" and t.text in ",;":
            parts.append([])
            cuts.append(t)
        else:
            parts[-1].append(t)
    out: list[list[Token]] = []
    names: list[Token] = []                # of a list that a later part relates
    for k, part in enumerate(parts):
        related = any(_relation_at(part, n)[0] for n, (_, depth, inside) in enumerate(depths(part))
                      if depth == 0 and not inside)
        later = any(_relation_at(p, n)[0] for p in parts[k + 1:] for n in range(len(p)))
        listed = bool(out) and any(t.text in _DOTS for t in (*out[-1], *part))
        if related:
            out.append([*names, *part])
            names = []
        elif out and not names and (listed or not later):
            out[-1] += [cuts[k - 1], *part]
        else:
            names += [*part, *cuts[k:k + 1]]
    if names:
        out.append(names)
    return [tuple(body) for p in out if (body := _trimmed(p))]


def _chain(lead: str, tokens: Tokens) -> Statement:
    """Sides and relations at depth 0."""
    sides: list[list[Token]] = [[]]
    relations: list[str] = []
    remarks: list[str] = []
    walked = list(depths(tokens))
    k = 0
    while k < len(tokens):
        _, depth, inside = walked[k]
        relation, end, remark = _relation_at(tokens, k) if depth == 0 and not inside else ("", k, "")
        if relation:
            relations.append(relation)
            sides.append([])
            if remark:
                remarks.append(remark)
            k = end
        else:
            sides[-1].append(tokens[k])
            k += 1
    cut_ = [tuple(_trimmed(s)) for s in sides]
    for n, s in enumerate(cut_[1:], 1):
        if not s:
            where = (sides[n - 1] or [tokens[-1]])[-1].place
            raise Unread("no-side", "a relation has nothing on its right side", where,
                         "write the whole side on one row; a new row begins with the relation")
    opens = ""
    if relations and not cut_[0]:
        opens, relations, cut_ = relations[0], relations[1:], cut_[1:]
    return Statement(lead, opens, tuple(cut_), tuple(relations), (), tokens[0].place, tuple(remarks))


def _relation_at(tokens: Sequence[Token], k: int) -> tuple[str, int, str]:
    r"""The relation that begins at ``k``, where it ends, and what is written above it (``\overset{(3)}{=}``)."""
    t = tokens[k]
    following = tokens[k + 1] if k + 1 < len(tokens) else None
    if t.kind == "text":
        return "", k, ""
    if t.text == ":" and following is not None and following.text == "=":
        return ":=", k + 2, ""
    if t.text == "=" and following is not None and following.text == ":":
        raise Unread("reversed-definition", "“=:” defines its right side", t.place, "write the new name first: a := b")
    if t.text in (r"\not",) and following is not None and RELATIONS.get(following.text) in ("=", "in"):
        return {"=": "!=", "in": "notin"}[RELATIONS[following.text]], k + 2, ""
    if t.text in _OVER:
        return _annotated(tokens, k)
    if t.text in RELATIONS:
        return RELATIONS[t.text], k + 1, ""
    return "", k, ""


def _annotated(tokens: Sequence[Token], k: int) -> tuple[str, int, str]:
    first = _group(tokens, k + 1)
    second = _group(tokens, first[1]) if first else None
    if first is None or second is None:
        return "", k, ""
    over, (base, end) = first[0], second
    relation = RELATIONS.get(base[0].text, "") if len(base) == 1 else ""
    if not relation:
        return "", k, ""
    said = "".join(t.text for t in over)
    plain = words.plain(said.replace("\\", " "))
    if plain in ("def", "delta", "triangle", "defn", "d e f", "definition"):
        return ":=", end, ""
    if plain in ("?", "!", "d", "p", "a.s", "as", "l", "law", "mathcal{d}", "dist"):
        raise Unread("marked-relation", f"the mark “{said}” above {base[0].text} changes what it says", tokens[k].place,
                     "state what is claimed: plain =, or the limit or law that is meant")
    return relation, end, said


def _group(tokens: Sequence[Token], k: int) -> tuple[list[Token], int] | None:
    """The braced group or single token at ``k``, without its braces, and where it ends."""
    if k >= len(tokens):
        return None
    if tokens[k].text != "{":
        return [tokens[k]], k + 1
    end = _closing(tokens, k)
    return (list(tokens[k + 1:end]), end + 1) if end > k else None


def _closing(tokens: Sequence[Token], k: int) -> int:
    """Where the bracket that opens at ``k`` closes; ``k`` if it does not."""
    for n, (_, depth, _) in enumerate(depths(tokens[k:])):
        if n and depth == 0:
            return k + n
    return k


def _trimmed(tokens: Sequence[Token]) -> list[Token]:
    """Without spacing and punctuation at the ends."""
    out = list(tokens)
    while out and (out[-1].kind == "command" and out[-1].text in _SPACING | QUADS
                   or out[-1].kind == "symbol" and out[-1].text in ".,;~"
                   or out[-1].kind == "text" and not words.plain(out[-1].text)):
        out.pop()
    while out and (out[0].kind == "command" and out[0].text in _SPACING | QUADS
                   or out[0].kind == "symbol" and out[0].text in ",;~"
                   or out[0].kind == "text" and not words.plain(out[0].text)):
        out.pop(0)
    return out
