"""What a line needs, as claims of the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy

from ...language.derivation import Assumed, read_claim
from ...language.errors import ShapeMismatch, StatementError
from ...records import ILL_FORMED, Line, Option, Problem, StatedClaim
from ..latex import readback
from ..latex.meaning import Meaning
from ..latex.notation import Notation
from ..latex.source import Unread
from ..latex.tree import Tree
from .chance import in_statement, of_quantities
from .lines import ReadLine, problem, refusal
from .links import Goal, Linked, Reading
from .scope import Fact, bare, names, signed
from .setting import renamed, steps_apart


@dataclass(slots=True)
class Claims:
    """The claims of one document, as they are made."""

    document: str
    file: str
    values: Mapping[str, str] = field(default_factory=dict)   # x: X, where x is a value of the variable X
    made: list[StatedClaim] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def line(self, linked: Linked, expected: str) -> Line:
        """The line's record; its claims join :attr:`made`.  A formula that no claim can be made of is unread."""
        line = linked.line
        row = line.row
        base = Line(row.place.line, row.place.column, row.source, "", linked.relation, file=row.file)
        if line.unread is not None:
            return replace(base, relation="", unread=line.unread)
        if linked.broken:
            what = Problem(row.file or self.file, row.place.line, row.place.column, "follows-unread",
                           f"{linked.broken}, so it is not judged: mend that line first")
            base = replace(base, read_as=shown(line), unread=what)
            if not linked.needs:
                return base
        elif line.doubt is not None and linked.needs:
            base = replace(base, read_as=shown(line), unread=line.doubt)
        before = len(self.made)
        self.notes = [*line.notes, *linked.notes]
        try:
            needs = self._needs(linked, expected)
        except Exception as error:  # as in lines.read_row
            del self.made[before:]
            if base.unread is not None:
                return base
            why = _without_meaning(linked) or refusal(error)
            return replace(base, relation="", unread=problem(why, row.file or self.file, line.place))
        facts = [f"under {readback.latex(f.tree)} ({f.why})" for f in _used(line, linked)]
        claims = tuple(c for need in needs if need for c in need[0].claims)
        never = self._never(linked, needs) if line.doubt is not None else ""
        return replace(base, read_as=shown(line), claims=claims, needs=needs, never=never,
                       tree="\n".join(tree_lines(line)), notes=tuple(dict.fromkeys((*self.notes, *facts))))

    def _never(self, linked: Linked, needs: tuple[tuple[Option, ...], ...]) -> str:
        """The claim that a link of the line holds nowhere: x^2 - 2x - 1 is never (x - 1)^2, whatever x is."""
        if len(needs) != 1 or not needs[0] or len(needs[0][0].claims) != 1:
            return ""
        goal = linked.needs[0][0].goals[0]
        statement = goal.statement
        if isinstance(statement, Tree):
            if statement.head != "relation" or len(statement.parts) != 2:
                return ""
            statement = (statement.parts[0], str(statement.value), statement.parts[1])
        if statement[1] not in _OPPOSITE:
            return ""
        opposite = replace(goal, statement=(statement[0], _OPPOSITE[statement[1]], statement[2]), role="never")
        name = f"{needs[0][0].claims[0]}.never"
        return self._option(Reading((opposite,)), name, None, 1, linked, "proved").claims[0]

    def _needs(self, linked: Linked, expected: str) -> tuple[tuple[Option, ...], ...]:
        row = linked.line.row
        stem = _id(row.label) or f"line{row.place.line}"
        stem = stem if not row.file else f"{_id(row.file.rsplit('.', 1)[0].replace('/', '.'))}.{stem}"
        chosen, k = stem, 1
        while chosen in self.taken:
            k += 1
            chosen = f"{stem}.{k}" if row.label else f"{stem}{chr(96 + k)}" if k < 27 else f"{stem}.{k}"
        self.taken.add(chosen)
        several = len(linked.needs) > 1
        out: list[tuple[Option, ...]] = []
        for n, need in enumerate(linked.needs, 1):
            options: list[Option] = []
            for m, reading in enumerate(need):
                name = f"{self.document}.{chosen}" + (f".{n}" if several else "")
                before = len(self.made)
                try:
                    options.append(self._option(reading, name, f"{self.document}.{chosen}" if several else None, m,
                                                linked, expected))
                except (Unread, StatementError):
                    # what another reading takes in (a line above, of another kind) is no fault of this line
                    if not m:
                        raise
                    del self.made[before:]
            out.append(tuple(options))
        return tuple(out)

    def _option(self, reading: Reading, name: str, parent: str | None, rank: int, linked: Linked, expected: str
                ) -> Option:
        ids = []
        for goal in reading.goals:
            id = name if rank == 0 and not goal.role else f"{name}.{goal.role or 'alone'}"
            known = next((c for c in self.made if c.id == id), None)
            while known is not None and known.claim != self._claim(goal, linked.line)[0]:
                id += "-2"
                known = next((c for c in self.made if c.id == id), None)
            if known is None:
                claim, labels = self._claim(goal, linked.line)
                where = linked.line.row
                self.made.append(StatedClaim(
                    id, claim, where.file or self.file, where.place.line, expected, parent,
                    labels=labels, fallback=rank > 0))
            ids.append(id)
        return Option(tuple(ids), reading.note, reading.rests)

    def _claim(self, goal: Goal, line: ReadLine) -> Any:
        meaning = Meaning(line.scope.names)
        facts = of_quantities([*relevant(goal, line), *goal.given], _sides(goal), line.scope.names)
        used: set[str] = set().union(*map(names, [*_sides(goal), *(f.tree for f in facts)]))
        values = {low: big for low, big in self.values.items() if {low, big} <= used}
        apart = steps_apart([*_sides(goal), *(f.tree for f in facts)], line.scope.names)

        def meant(tree: Tree) -> Tree:
            return apart(renamed(tree, values))

        with sympy.evaluate(False):
            if isinstance(goal.statement, Tree):
                whole = in_statement(goal.statement, line.scope.names)
                parts: tuple[Any, ...] = (meaning.statement(meant(whole)),)
            else:
                left, op, right = goal.statement
                parts = tuple(meaning.link(meant(left), op, meant(right)))
            given = [Assumed(f.why, meaning.statement(meant(f.tree))) for f in facts]
            found = read_claim(parts, [*meaning.given, *given], meaning.definitions)
        for low, big in values.items():
            note = f"{low} is read as a value of the random variable {big}"
            self.notes += [note] if note not in self.notes else []
        self.notes += [n for n in meaning.notes if n not in self.notes]
        return found


def _without_meaning(linked: Linked) -> Unread | None:
    """A row with a sum or product whose declared sizes do not fit, below a row that has a meaning: no claim can be made
    of it, and it is wrong as it stands.  A vector that is spread over the rows of a matrix may be a way of writing."""
    line = linked.line
    if any(f.tree.head == "relation" and f.tree.value == "=" and all(map(bare, f.tree.parts))
           for f in line.scope.facts):
        return None                                        # n = d: then they may fit
    goals = [g for need in linked.needs for reading in need[:1] for g in reading.goals]
    before = [g.statement[0] for g in goals[:1] if not isinstance(g.statement, Tree) and line.said[0].opens]
    if any(_mismatch(t, line) is not None for t in before):
        return None
    for side in (t for s in line.said for t in (*s.sides, *((s.tree,) if s.tree is not None and not s.sides else ()))):
        error = _mismatch(side, line)
        if error is not None:
            said = f"this has no meaning with the sizes declared: {error}"
            hint = "look for a transpose, or the order of a product"
            return None if error.broadcast else Unread(ILL_FORMED, said, side.place, hint)
    return None


def _mismatch(t: Tree, line: ReadLine) -> ShapeMismatch | None:
    try:
        with sympy.evaluate(False):
            Meaning(line.scope.names).expression(t)
    except Unread as error:
        return error.__cause__ if isinstance(error.__cause__, ShapeMismatch) else None
    except Exception:  # as in lines.read_row
        return None
    return None


def relevant(goal: Goal, line: ReadLine) -> list[Fact]:
    """The facts in force that speak of the goal's names, or of names that those facts speak of."""
    used: set[str] = set().union(*map(names, _sides(goal)))
    for f in goal.given:
        used |= names(f.tree)
    used = _unfolded(used, line.scope.names)
    chosen: list[Fact] = []
    waiting = [f for f in line.scope.facts if f not in goal.given]
    while True:
        new = [f for f in waiting if names(f.tree) & used or not names(f.tree)]
        if not new:
            return [f for f in line.scope.facts if f in chosen]
        chosen += new
        waiting = [f for f in waiting if f not in new]
        for f in new:
            used |= _unfolded(names(f.tree), line.scope.names)


def _sides(goal: Goal) -> tuple[Tree, ...]:
    s = goal.statement
    return (s,) if isinstance(s, Tree) else (s[0], s[2])


def _unfolded(used: set[str], notation: Notation) -> set[str]:
    """With the names in the definitions of these names."""
    out: set[str] = set()
    stack = list(used)
    while stack:
        key = stack.pop()
        if key in out:
            continue
        out.add(key)
        role = notation.role(key)
        if role is not None:
            for part in (role.value, *role.sizes, *role.conditions):
                if isinstance(part, Tree):
                    stack += names(part)
    return out


def _used(line: ReadLine, linked: Linked) -> list[Fact]:
    goals = [g for need in linked.needs for reading in need[:1] for g in reading.goals]
    found = [f for g in goals for f in relevant(g, line)]
    return list(dict.fromkeys(found))


def shown(line: ReadLine) -> str:
    """The line in our own LaTeX."""
    words = {"implies": r"\implies ", "iff": r"\iff ", "implied": r"\Longleftarrow ", "and": r",\quad ",
             "given": r",\quad "}
    out: list[str] = []
    for said in line.said:
        lead = words.get(said.lead, "")
        if not out and lead.startswith(","):
            lead = ""
        if said.sides:
            ops = (*((said.opens,) if said.opens else ()), *said.relations)
            settings = line.scope.notation.settings
            sides = [r" \text{ or } ".join(readback.latex(signed(t, k), settings)
                                           for k in ((0, 1) if t.head == "pm" else (0,))) for t in said.sides]
            ops = ops if said.opens else ("", *ops)
            text = " ".join(f"{_SIGNS.get(op, op)} {side}".strip() for op, side in zip(ops, sides, strict=False))
        else:
            text = readback.latex(said.tree, line.scope.notation.settings) if said.tree is not None else ""
        out.append(lead + text)
    return "".join(out)


_OPPOSITE = {"=": "!=", "<=": ">", ">=": "<", "<": ">=", ">": "<="}
_SIGNS = {"notin": r"\notin",
          "<=": r"\le", ">=": r"\ge", "!=": r"\ne", "in": r"\in", "~": r"\sim", "propto": r"\propto", "==": r"\equiv",
          "approx": r"\approx", "to": r"\to", ":=": r"\coloneqq"}


def tree_lines(line: ReadLine) -> list[str]:
    """The terms as the grammar built them, one node a line."""
    out: list[str] = []
    for said in line.said:
        for t in said.sides or ((said.tree,) if said.tree is not None else ()):
            _node(t, 0, out)
    return out[:120]


def _node(t: Tree, depth: int, out: list[str]) -> None:
    if len(out) > 120:
        return
    value = "" if t.value is None else f" {t.value}"
    if not t.parts or all(not p.parts for p in t.parts):
        inner = ", ".join(f"{p.head} {p.value}" if p.value is not None else p.head for p in t.parts)
        out.append("  " * depth + t.head + value + (f"({inner})" if inner else ""))
        return
    out.append("  " * depth + t.head + value)
    for p in t.parts:
        _node(p, depth + 1, out)


def _id(text: str) -> str:
    """A label as part of an id: ``eq:bound`` is ``eq-bound``."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in text).strip("-._")
