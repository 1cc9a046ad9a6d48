r"""Equations that are being solved: the first is given, each later row has the same solutions.

    x^2 - 5x + 6 &= 0             given
    (x - 2)(x - 3) &= 0           iff the row before
    x = 2 \text{ or } x = 3       iff the row before

That is how rows of whole relations are read when the last one isolates a name of the first (or the text asks to
solve).  A row that loses a solution is wrong.  A row that clears a root, a modulus, a logarithm or a denominator may
gain some: it is right, and the last row is wrong if they are still there.  Another row may gain solutions only where
they are gone at the end.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from ..latex.tree import Tree
from .scope import bare, conjunction, names, same, works_out_chance

if TYPE_CHECKING:
    from .lines import ReadLine
    from .links import Linked, Reading

_ORDERS = ("<", "<=", ">", ">=", "!=")


@dataclass(frozen=True, slots=True)
class Solving:
    """``rows``: positions of the lines; ``given``: what the text gave; ``first``: how many rows state the problem."""

    rows: tuple[int, ...]
    lines: Sequence[ReadLine]
    given: tuple[Tree, ...]
    first: int
    unknowns: tuple[str, ...]
    asked: bool

    @staticmethod
    def of(lines: Sequence[ReadLine], *, solve: bool, given: Sequence[Tree] = ()) -> list[Solving]:
        """The rows of a section that solve an equation, each stretch of them."""
        out: list[Solving] = []
        for whole in _runs(lines):
            ends = [isolates(statement_of(lines[k])) for k in whole]
            given = [g for g in given if names(g) & set(ends) and (solve or g.value == "=" or g.head != "relation")]
            run = _to_answer(whole if given else _from_equation(whole, lines), lines)
            if not run:
                continue
            statements = [statement_of(lines[k]) for k in run]
            equations = [*given, *statements]
            first, last = equations[0], statements[-1]
            unknowns = _isolated(statements, names(first))
            if not unknowns or isolates(first) and len(given) < 2 or (len(equations) < 2):
                continue
            several = first.head == "and" and is_system(first.parts)
            if first.head != "relation" and not given and not several:
                continue
            if not _solvable(first) or not solve and not given and _computed(first, lines[run[0]]):
                continue
            wanted = max(0, len(unknowns) - len(given)) if len(unknowns) > 1 else 0 if given else 1
            if several and not given:
                wanted = 1
            imposed = list(takewhile(lambda k: lines[k].imposed and not isolates(statement_of(lines[k])), run))
            wanted = max(wanted, len(imposed)) if not given else wanted
            if len(unknowns) == 1 and not given and _eliminated(statements, unknowns[0]):
                wanted = 2
            if not solve and not given and names(last) <= set() or wanted >= len(run):
                continue
            out.append(Solving(tuple(run), lines, tuple(given), wanted, tuple(unknowns), solve))
            given = ()
        return out

    def judge(self, k: int) -> Linked:
        from .links import Goal, Linked, Reading

        line, n = self.under(k), self.rows.index(k)
        if n < self.first:
            return Linked(line, "given", (), ("read as an equation to solve: this line is given",))
        here = statement_of(line)
        above = [*self.given, *(statement_of(self.lines[j]) for j in self.rows[:n])]
        base = conjunction([*self.given, *(statement_of(self.lines[j]) for j in self.rows[:self.first])])
        lead = line.said[0].lead
        why = "read as solving for " + ", ".join(self.unknowns)
        goals = {
            "same": Goal(Tree("iff", (above[-1], here), None, here.place)),
            "keeps": Goal(Tree("implies", (above[-1], here), None, here.place), (), "keeps"),
            "from-all": Goal(Tree("implies", (conjunction(_distinct(above)), here), None, here.place), (), "from-all"),
            "answer": Goal(Tree("iff", (base, self._answer(n)), None, here.place), (), "answer"),
        }
        ends = n == len(self.rows) - 1
        if len(self.unknowns) > 1 or self.first > 1 or len(self.given) > 1:
            needs: list[tuple[Reading, ...]] = [(Reading((goals["from-all"],)),)]
            if ends and len(self.unknowns) > 1:
                needs.append((Reading((goals["answer"],)),))
            return Linked(line, "implies", tuple(needs), (why,))
        if lead == "iff":
            return Linked(line, "iff", ((Reading((goals["same"],)),),), (why,))
        final = Goal(Tree("iff", (base, self._answer(len(self.rows) - 1)), None, here.place), (), "answer")
        if lead == "implies" and not self.asked:
            one_way = (Reading((goals["keeps"],)), Reading((goals["from-all"],), "with the lines above"))
            return Linked(line, "implies", (one_way,), (why,))
        bound = here.head == "relation" and here.value != "="     # of an inequality nobody checks the solutions
        if self._gains(n) and not bound:
            kept: tuple[Reading, ...] = (
                Reading((goals["keeps"],), "solutions may be gained here: check them at the end"),)
        else:
            kept = (Reading((goals["keeps"], final), "solutions are gained here, and gone at the end"),
                    Reading((goals["from-all"], final), "with the lines above"))
        needs = [(Reading((goals["same"],)), *kept)]
        if any(self._gains(j) for j in range(self.first, n + 1)):
            # solutions that were gained may go, by a check that is not written down
            candidates = Goal(Tree("implies", (conjunction([base, above[-1]]), here), None, here.place), (),
                              "candidates.answer")
            back = Goal(Tree("implies", (here, base), None, here.place), (), "back.answer")
            checked = Reading((goals["answer"],), "these are the solutions of the first line")
            tested = Reading((candidates, back), "of the candidates above, these solve the first line")
            same_ = Reading((goals["same"],))
            if ends:
                whole = Reading((goals["from-all"],), "with the lines above")
                needs = [(checked, tested), (checked, same_, Reading((goals["keeps"],)), tested, whole)]
            else:
                needs = [(*needs[0], checked, tested)]
        return Linked(line, "iff", tuple(needs), (why,))

    def under(self, k: int) -> ReadLine:
        """The line without the candidate that the words before it check: "For $x = -1$ the root is 1, so"."""
        line = self.lines[k]
        kept = tuple(f for f in line.scope.facts
                     if not (_is_value(f.tree) and isolates(f.tree) in self.unknowns and f.tree not in self.given))
        return line if kept == line.scope.facts else replace(line, scope=replace(line.scope, facts=kept))

    def _gains(self, n: int) -> bool:
        """Does a row clear what is not one-to-one, or square both sides?"""
        before = self.given[-1] if n == 0 else statement_of(self.lines[self.rows[n - 1]])
        here = statement_of(self.lines[self.rows[n]])
        return _hidden(before, self.unknowns) > _hidden(here, self.unknowns) or _squared(before, here)

    def _answer(self, n: int) -> Tree:
        """What the rows up to this one say of the unknowns: a system ends in one row for each."""
        if len(self.unknowns) == 1:
            return statement_of(self.lines[self.rows[n]])
        found: dict[str, Tree] = {}
        for k in self.rows[:n + 1]:
            t = statement_of(self.lines[k])
            for part in t.parts if t.head == "and" else (t,):
                key = isolates(part)
                if key in self.unknowns:
                    found[key] = part
        return conjunction(list(found.values()) or [statement_of(self.lines[self.rows[n]])])


@dataclass(frozen=True, slots=True)
class Transforming:
    """Rows of one display that hold an equation, transformed line by line, that no row solves: the student stopped
    early, or slipped.  The first is given if a row follows from the one before it and it is no identity.
    """

    rows: tuple[int, ...]
    lines: Sequence[ReadLine]

    @staticmethod
    def of(lines: Sequence[ReadLine], solved: Container[int]) -> list[Transforming]:
        out: list[Transforming] = []
        for run in _runs(lines):
            begin = 0
            for j in range(1, len(run) + 1):
                if j < len(run) and lines[run[j]].display == lines[run[begin]].display \
                        and set(lines[run[begin]].scope.facts) <= set(lines[run[j]].scope.facts):
                    continue
                rows = tuple(run[begin:j])
                begin = j
                statements = [statement_of(lines[k]) for k in rows]
                unknowns = names(statements[0])
                claimed = lines[rows[0]].claimed or any(lines[k].cites for k in rows)
                if len(rows) > 1 and not claimed and not any(k in solved for k in rows) and unknowns and all(
                        t.head == "relation" and t.value in ("=", *_ORDERS) and names(t) == unknowns
                        and not isolates(t) for t in statements):
                    out.append(Transforming(rows, lines))
        return out

    def first(self) -> list[Reading]:
        """The readings under which the first row is an equation to solve."""
        from .links import Goal, Reading

        note = "read as an equation that is transformed: this line is given"
        found = []
        for n, (j, k) in enumerate(zip(self.rows, self.rows[1:], strict=False)):
            pair = (statement_of(self.lines[j]), statement_of(self.lines[k]))
            for head, role in (("iff", "given"), ("implies", "given-one-way")):
                found.append(Reading((Goal(Tree(head, pair, None, pair[1].place), (), f"{role}-{n}" if n else role),),
                                     note))
        return found

    def next(self, k: int) -> list[Reading]:
        """The readings under which a later row follows from the one before it."""
        from .links import Goal, Reading

        n = self.rows.index(k)
        pair = (statement_of(self.lines[self.rows[n - 1]]), statement_of(self.lines[k]))
        return [Reading((Goal(Tree(head, pair, None, pair[1].place), (), role),), "follows from the line above")
                for head, role in (("iff", "same"), ("implies", "keeps"))]


def _eliminated(statements: Sequence[Tree], unknown: str) -> bool:
    """Two equations in two names, and below them one in the unknown alone: a system."""
    if len(statements) < 4 or any(t.head != "relation" or t.value != "=" for t in statements[:2]):
        return False
    first, second = names(statements[0]), names(statements[1])
    return (len(first) == 2 and first == second and not isolates(statements[1])
            and any(names(t) == {unknown} for t in statements[2:-1]))


def _runs(lines: Sequence[ReadLine]) -> list[list[int]]:
    """Rows of whole relations, one after the other; a chain or a definition ends such a run."""
    runs: list[list[int]] = [[]]
    for k, line in enumerate(lines):
        whole = line.unread is None and line.said and all(
            not s.opens and s.lead in ("", "and", "implies", "iff") and s.tree is not None
            and s.tree.head in ("relation", "and", "or") for s in line.said) and not line.reasons
        if whole and all(s.lead in ("", "and") for s in line.said[1:]):
            runs[-1].append(k)
        elif line.unread is None and line.said and line.said[0].lead == "define":
            continue
        else:
            runs.append([])
    return [r for r in runs if r]


def _from_equation(run: list[int], lines: Sequence[ReadLine]) -> list[int]:
    """Without the rows before "set to 0": ``f'(x) = 2x - 2``, then ``2x - 2 = 0`` is the equation; or the words say
    where it begins ("Setting the derivative to zero:")."""
    start = next((j for j, k in enumerate(run) if lines[k].imposed), 0)
    for j in range(start + 1, len(run)):
        here, before = statement_of(lines[run[j]]), statement_of(lines[run[j - 1]])
        if here.head == before.head == "relation" and here.value == before.value == "=" \
                and not bare(here.parts[0]) and (same(here.parts[0], before.parts[1])
                     or here.parts[1].head == "number" and same(here.parts[0], before.parts[0])
                     or here.parts[0].head == "number" and same(here.parts[1], before.parts[1])):
            start = j
    return run[start:]


def _to_answer(run: list[int], lines: Sequence[ReadLine]) -> list[int]:
    """Up to the last row that isolates a name: what stands below is about the solution."""
    ends = [j for j, k in enumerate(run) if _answers(statement_of(lines[k]))]
    return run[:ends[-1] + 1] if ends else []


def _answers(t: Tree) -> bool:
    """``x = 3``, ``x = 3, y = 2``"""
    return bool(isolates(t)) or t.head == "and" and all(map(isolates, t.parts))


def is_system(parts: Sequence[Tree]) -> bool:
    """Several equations (or bounds) in common names that do not only list values."""
    chain = any(a.parts[-1:] == b.parts[:1] for a, b in pairwise(parts))     # a = b = c
    return (len(parts) > 1 and not chain
            and all(t.head == "relation" and t.value in ("=", *_ORDERS) and names(t) for t in parts)
            and any(t.value == "=" and not isolates(t) for t in parts)
            and all(any(names(t) & names(u) for u in parts if u is not t) for t in parts))


def statement_of(line: ReadLine) -> Tree:
    """What the row says; ``x = 1, x = 2`` lists solutions."""
    trees = [s.tree for s in line.said if s.tree is not None]
    if len(trees) == 1 and trees[0].head == "and":
        trees = list(trees[0].parts)                   # the solutions are x = 1 and x = 2
    keys = {isolates(t) for t in trees}
    if len(trees) > 1 and len(keys) == 1 and "" not in keys and all(t.value == "=" for t in trees):
        return Tree("or", tuple(trees), None, trees[0].place)
    return conjunction(trees)


def isolates(t: Tree) -> str:
    """The name that a relation (or each part of an "or") has by itself on one side, "" if there is none."""
    if t.head == "or":
        found = {isolates(p) for p in t.parts}
        return found.pop() if len(found) == 1 else ""
    if t.head == "and":
        found = {isolates(p) for p in t.parts}
        return found.pop() if len(found) == 1 else ""
    if t.head != "relation" or t.value not in ("=", "in", *_ORDERS):
        return ""
    left, right = t.parts
    if bare(left) and bare(left) not in names(right):
        return bare(left)
    if bare(right) and bare(right) not in names(left):
        return bare(right)
    return ""


def _isolated(statements: Sequence[Tree], known: set[str]) -> list[str]:
    """The unknowns: the names that the last rows isolate, from the end."""
    found: list[str] = []
    for t in reversed(statements):
        parts = t.parts if t.head == "and" and not isolates(t) else (t,)
        keys = [isolates(p) for p in parts]
        if "" in keys:
            break
        new = [k for k in keys if k not in found]
        if not new:
            break
        if found and not all(_is_value(p) for p in parts):
            break
        found += new
    inside = [k for k in found if k in known]
    return inside if inside and (len(inside) == len(found) or len(found) == 1) else inside[:1]


def _hidden(t: Tree, unknowns: Sequence[str]) -> int:
    """How often an unknown stands below a root, within a modulus or logarithm, or in a denominator."""
    count = 0
    for u in t.walk():
        inner = u.parts[1:] if u.head == "div" else u.parts
        deep = u.head in ("sqrt", "root", "abs", "div") or u.head == "function" and str(u.value) in ("log", "ln")
        if u.head == "pow" and u.parts[1].head != "number":
            deep, inner = u.parts[1].head in ("div", "neg"), u.parts[:1]
        if deep and any(n in unknowns for p in inner for n in names(p)):
            count += 1
    return count


def _squared(before: Tree, here: Tree) -> bool:
    if before.head != "relation" or here.head != "relation":
        return False
    two = Tree("number", (), Fraction(2))
    return all(same(Tree("pow", (a, two)), b) for a, b in zip(before.parts, here.parts, strict=True))


def _is_value(t: Tree) -> bool:
    return t.head == "relation" and t.value == "=" and bool(isolates(t))


def _computed(t: Tree, line: ReadLine) -> bool:
    """``f'(x) = 2x - 4`` for an f that has a definition: worked out, so right or wrong, and nothing to solve.
    (``f'(x) = 0`` is an equation.)"""
    if t.head == "and" and any(_computed(p, line) for p in t.parts) or works_out_chance(t, line.scope):
        return True
    if t.head != "relation" or t.value != "=" or len(t.parts) != 2:
        return False
    left, right = t.parts
    roles = [line.scope.names.role(n) for n in names(left)]
    return (left.head in ("call", "prime", "derivative", "gradient", "hessian") and bool(names(right))
            and any(r is not None and r.kind == "definition" for r in roles))


def _solvable(t: Tree) -> bool:
    return any(p.head == "relation" and p.value in ("=", *_ORDERS) for p in t.walk())


def _distinct(trees: Sequence[Tree]) -> list[Tree]:
    out: list[Tree] = []
    for t in trees:
        if t not in out:
            out.append(t)
    return out
