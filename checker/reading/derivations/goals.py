"""Does the derivation start at what is given and end at what is asked?

What is asked is a relation ``L = R`` ("Show that ...").  It is reached by a chain from L to R (or R to L), or by a
line that states it.  A derivation that begins with it and comes down to something true shows the reverse of what is
asked, unless each step is an equivalence: that is named, for it looks like a proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...records import Line
from ..latex import readback
from ..latex.tree import Tree
from .lines import Said
from .links import Linked, compose
from .scope import relation, same


_ZERO = Tree("number", (), Fraction(0))


@dataclass(frozen=True, slots=True)
class Asked:
    line: int
    tree: Tree
    said: tuple[Said, ...] = ()


_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
#: What a goal's relation follows from between the same sides.
_ENOUGH = {"<=": ("<=", "<", "="), ">=": (">=", ">", "="), "=": ("=",), "<": ("<",), ">": (">",),
           "!=": ("!=", "<", ">")}


def judge(asked: Sequence[Asked], linked: Sequence[Linked], lines: Sequence[Line], file: str
          ) -> Mapping[str, Any] | None:
    """``{"line", "read_as", "status", "message"}``, None where nothing is asked.

    ``status``: reached, missed, circular, empty.
    """
    if not asked:
        return None
    goal = asked[-1]
    found: dict[str, Any] = {"file": file, "line": goal.line, "read_as": readback.latex(goal.tree)}
    steps = [x for x in linked if x.line.unread is None and x.needs]
    if not steps and not any(x.line.unread for x in linked):
        return {**found, "status": "empty", "message": "no step of a derivation follows what is asked"}
    states = _statements(linked)
    first = _first_whole(linked)
    if first is not None and _says(first, goal.tree) and len(states) > 1:
        if all(x.relation == "iff" for x in linked if x.needs and x.line.said and x.line.said[0].tree is not first):
            return {**found, "status": "reached", "message": "by equivalences"}
        if not any(_says(s, goal.tree) for s in _statements(linked[1:])):
            return {**found, "status": "circular", "message":
                    "it begins with what it should show; a true end proves nothing unless each step is an equivalence"}
    if any(_says(s, goal.tree) for s in states):
        return {**found, "status": "reached", "message": ""}
    if any(x.line.unread for x in linked):
        return {**found, "status": "unknown", "message": "lines that were not read may reach it"}
    last = states[-1] if states else None
    end = f"; it ends at {readback.latex(last)}" if last is not None else ""
    return {**found, "status": "missed", "message": f"no line says what is asked{end}"}


def _first_whole(linked: Sequence[Linked]) -> Tree | None:
    for x in linked:
        for said in x.line.said:
            if said.lead not in ("define", "given"):
                return said.tree if not said.opens else None
    return None


def _statements(linked: Sequence[Linked]) -> list[Tree]:
    """What the lines state; for chains, each stretch from its first side."""
    out: list[Tree] = []
    first: Tree | None = None
    total = "="
    for x in linked:
        for said in x.line.said:
            if said.opens and first is not None:
                for op, side in zip((said.opens, *said.relations), said.sides, strict=True):
                    total = compose(total, op) if total else ""
                    if total:
                        out.append(relation(total, first, side))
            elif said.relations:
                first, total = said.sides[0], "="
                for op, side in zip(said.relations, said.sides[1:], strict=True):
                    total = compose(total, op) if total else ""
                    if total:
                        out.append(relation(total, first, side))
                if said.tree is not None:
                    out.append(said.tree)
            elif said.tree is not None:
                first, total = said.sides[0] if said.sides else None, "="
                if not said.sides or said.lead:
                    out.append(said.tree)
    return out


def _says(statement: Tree, goal: Tree) -> bool:
    """Is the goal among what the statement says, as written?"""
    if same(statement, goal):
        return True
    if statement.head == "and":
        return any(_says(p, goal) for p in statement.parts)
    if statement.head != "relation" or goal.head != "relation":
        return False
    enough = _ENOUGH.get(str(goal.value), (goal.value,))
    if statement.value in enough and same(statement.parts[0], goal.parts[0]) \
            and same(statement.parts[1], goal.parts[1]):
        return True
    if _FLIPPED.get(str(statement.value)) in enough and same(statement.parts[0], goal.parts[1]) \
            and same(statement.parts[1], goal.parts[0]):
        return True
    if goal.parts[1] == _ZERO or statement.parts[1] != _ZERO:
        return False
    left, right = goal.parts                      # the difference of the sides against 0
    return any(_says(statement, relation(op, Tree("add", (a, Tree("neg", (b,)))), _ZERO))
               for op, a, b in ((str(goal.value), left, right), (_FLIPPED.get(str(goal.value), ""), right, left)) if op)
