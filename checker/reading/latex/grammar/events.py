r"""Events by name within a probability: ``P(A \cup B)``, ``P(A \mid B)``, ``P(A^c)``, ``\Pr(A, B)``.

    events = event {"," event} ["\mid" event {"," event}]
    event  = one { "\cup" one } | one { ("\cap" | "\setminus") one }
    one    = name [^c | '] | "\bar" name | "\neg" one | "(" event ")"

The tree has "and", "or" and "not" of names; that a name stands for an event is for meaning to know
(``meanings/chance.py``).  Undeclared letters A, ..., H are events here, as in every course.
"""

from __future__ import annotations

from ..notation import Role
from ..tree import Tree
from . import scripts
from .cursor import Cursor

LETTERS = frozenset("ABCDEFGH")
_SIGNS = frozenset({r"\cup", r"\cap", r"\setminus", r"\vee", r"\wedge", r"\neg", r"\mid", "|", ",", "(", ")", "^", "'",
                    "{", "}", "c", "C", r"\complement", r"\prime"})
_EVENT = frozenset({"event"})
_JOINED = {r"\cup": "or", r"\vee": "or", r"\cap": "and", r"\wedge": "and", r"\setminus": "and"}
_NOT = r"\bar "                            # \bar A is the complement of A


def is_event(c: Cursor, key: str) -> bool:
    role = c.role(key)
    if role is None:
        return not c.notation.complete and key in LETTERS
    return role.kind == "random" and "event" in role.properties


def stand_here(c: Cursor) -> bool:
    """Does the bracket that opens here hold events by name, and nothing else?"""
    return named(c, c.pos + 1, c.match[c.pos])


def named(c: Cursor, start: int, stop: int) -> bool:
    """Do these tokens hold events by name, and nothing else?"""
    inside = c.tokens[start:stop]
    found = [t for t in inside if t.kind in ("letter", "name") and is_event(c, t.text.removeprefix(_NOT))]
    return bool(found) and all(t in found or t.text in _SIGNS for t in inside)


def between(c: Cursor) -> list[Tree]:
    """The event in the bracket here, with what it is conditioned on: as the integrand of a probability."""
    stop = c.match[c.pos]
    place = c.token.place
    c.pos += 1
    own = _listed(c)
    found = own
    if c.pos != stop and c.token.text in (r"\mid", "|"):
        c.pos += 1
        found = Tree("given", (Tree("tuple", (own,)), Tree("tuple", (_listed(c),))), None, place)
    if c.pos != stop:
        c.unexpected()
    c.pos += 1
    c.loose = frozenset()
    return [found]


def _listed(c: Cursor) -> Tree:
    parts = [event(c)]
    while c.accept(","):
        parts.append(event(c))
    return parts[0] if len(parts) == 1 else Tree("and", tuple(parts), None, parts[0].place)


def event(c: Cursor) -> Tree:
    parts = [_one(c)]
    joined = ""
    without = False
    while c.token.text in _JOINED:
        sign = c.token
        if joined not in ("", _JOINED[sign.text]) or without and sign.text != r"\setminus":
            c.fail("and-or", f"{sign.text} beside another sign of events: which binds first?", sign.place, "write brackets")
        without = sign.text == r"\setminus"
        joined = _JOINED[sign.text]
        c.pos += 1
        part = _one(c)
        parts.append(Tree("not", (part,), None, part.place) if sign.text == r"\setminus" else part)
    return parts[0] if not joined else Tree(joined, tuple(parts), None, parts[0].place)


def _one(c: Cursor) -> Tree:
    t = c.token
    c.deeper()
    if c.accept(r"\neg"):
        found = Tree("not", (_one(c),), None, t.place)
    elif t.text == "(":
        found = c.enclosed(event)
    elif t.kind in ("letter", "name"):
        c.pos += 1
        key = t.text.removeprefix(_NOT)
        if c.role(key) is None:
            c.infer(key, t.place, "random")
            c.inferred[key] = Role(key, "random", properties=_EVENT, inferred=True, place=t.place)
        name = Tree("name", (), key, t.place)
        found = name if t.text == key else Tree("not", (name,), None, t.place)
    else:
        c.unexpected()
    c.depth -= 1
    while c.token.text in ("^", "'", r"\prime"):
        u = c.token
        c.pos += 1
        if u.text == "^":
            start, stop = scripts.script(c, "superscript")
            if c.source(start, stop) not in ("c", "C", r"\complement"):
                c.fail("event", "a superscript of an event that is no complement", u.place, "write A^c")
        found = Tree("not", (found,), None, t.place)
    return found
