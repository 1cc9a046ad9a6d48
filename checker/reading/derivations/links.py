"""How the lines of a section hang together, and what each of them therefore claims.

    a &= b             a statement; or what is given; or what a name means
      &= c             a link: b = c, from the student's own last line
    \\implies d < e     an implication from the statement before
    f &= g             one more statement; where an equation is being solved, an equivalence with the one before

A line may have several sound readings.  They are listed, the most likely first; a line is wrong only if it is wrong
under each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..latex.rows import RELATIONS
from ..latex.source import Unread
from ..latex.tree import Tree
from .lines import ReadLine, Said, is_statement, problem, refusal
from .scope import Fact, bare, conjunction, names, relation, same, signed, works_out_chance
from .sentences import stands_by_itself
from .solving import Solving, Transforming, is_system

#: At most so many earlier lines are taken along as premises.
PREMISES = 8
_ORDERS = ("<", "<=", ">", ">=", "!=")


@dataclass(frozen=True, slots=True)
class Goal:
    """What one claim says: a link between two sides, or a statement; ``given``: besides what is in force."""

    statement: Tree | tuple[Tree, str, Tree]
    given: tuple[Fact, ...] = ()
    role: str = ""                                   # suffix of the claim's id: from-given, reason, answer


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which a need of the line holds; no goals: it is taken as given."""

    goals: tuple[Goal, ...] = ()
    note: str = ""
    rests: tuple[int, ...] = ()         # lines of its own chain that it assumes


@dataclass(frozen=True, slots=True)
class Linked:
    line: ReadLine
    relation: str = ""
    needs: tuple[tuple[Reading, ...], ...] = ()
    notes: tuple[str, ...] = ()
    broken: str = ""                                 # why the line cannot be judged although it was read


@dataclass(slots=True)
class _Chain:
    """Where the chain stands: its first side, its last, and what they are related by."""

    first: Tree | None = None
    last: Tree | None = None
    relation: str = "="
    line: int = 0


@dataclass(slots=True)
class _State:
    chain: _Chain | None = None
    statement: Tree | None = None                    # the last full statement
    earlier: list[Fact] = field(default_factory=list)
    under: tuple[Fact, ...] = ()                     # what was in force where it stands
    supposed: list[Tree] = field(default_factory=list)     # A of ``A => B``, while rows go on with ``=> C``
    broken: int = 0                                  # the line that was not read, right before this one
    premise: bool = True                             # nothing has been concluded yet


def link(lines: Sequence[ReadLine], file: str, *, asked: bool, solve: bool, given: Sequence[Tree] = (),
         sides: Tree | None = None) -> list[Linked]:
    """``asked``: the section asks to show something; ``solve``: to solve; ``given``: equations to start from;
    ``sides``: the relation whose sides LHS and RHS stand for."""
    lines = [replace(x, said=_merged(x.said)) for x in lines]
    state = _State()
    state.earlier += [Fact(g, "what is given") for g in given if solve]
    solved = {k: s for s in Solving.of(lines, solve=solve, given=given) for k in s.rows}
    transformed = {} if asked else {k: t for t in Transforming.of(lines, solved) for k in t.rows}
    out: list[Linked] = []
    for k, line in enumerate(lines):
        if line.unread is not None:
            out.append(Linked(line))
            state.broken, state.chain, state.statement = line.place.line, state.chain, None
            continue
        try:
            if k in solved:
                found = solved[k].judge(k)
                if line.imposed and not found.needs and len(line.said) == 1 and line.said[0].relations == ("=",):
                    zero = _set_to_zero(line.said[0], state)
                    found = replace(found, needs=(zero,), notes=()) if any(r.goals for r in zero) else found
                state.premise = False
                for said in line.said:
                    _begin(said, line, state)
            else:
                found = _line(lines, k, state, asked, sides)
                if k in transformed and len(found.needs) == 1:
                    rows = transformed[k]
                    more = rows.first() if k == rows.rows[0] else rows.next(k)
                    found = replace(found, needs=((*found.needs[0], *more),))
        except Exception as error:  # as in lines.read_row
            found = Linked(replace(line, unread=problem(refusal(error), line.row.file or file, line.place)))
        if line.lapsed and found.needs:
            found = replace(found, needs=tuple((*need, *_lapsed(need[0], line)) for need in found.needs))
        out.append(found)
        _remember(line, state, asked)
        state.broken = 0
    return out


def _lapsed(first: Reading, line: ReadLine) -> tuple[Reading, ...]:
    """The need under the condition of a display above: the student may mean that it still holds."""
    used = {n for g in first.goals for t in ((g.statement,) if isinstance(g.statement, Tree) else g.statement)
            if isinstance(t, Tree) for n in names(t)}
    kept = tuple(f for f in line.lapsed if names(f.tree) & used)
    if not kept or not first.goals:
        return ()
    goals = tuple(replace(g, given=(*g.given, *kept), role=f"{g.role}-still".strip("-")) for g in first.goals)
    return (Reading(goals, f"under what was said above for other rows ({_list(kept)})"),)


def _line(lines: Sequence[ReadLine], k: int, state: _State, asked: bool, sides: Tree | None) -> Linked:
    line = lines[k]
    _refuse_intermediate(line, state)
    needs: list[tuple[Reading, ...]] = []
    notes: list[str] = []
    shown = ""
    reasons = tuple(Fact(r, "the reason given") for r in line.reasons)
    for r in line.reasons:
        needs.append(_reason(r, line, state))
    given_here: tuple[Fact, ...] = ()             # what the row gives before: ``a_1 = 1, a_2 = 3, a_1 + a_2 = 4``
    system = _system(line, state, asked)
    for n, said in enumerate(line.said):
        reasons = (*reasons, *given_here)
        given_here = ()
        kind = said.lead if said.lead not in ("", "and") else said.opens or "".join(said.relations[:1])
        shown = shown or kind or "statement"
        if said.lead == "define":
            needs += [_options(l, line, reasons, state) for l in said.links[1:]]
            state.chain = _Chain(said.sides[0], said.sides[-1], "=", line.place.line)
            state.statement = said.tree
            notes.append(f"{_shown_name(said)} is defined here")
            shown = "define"
        elif said.lead == "given":
            shown = "given"
        elif said.opens:
            if n == 0 and line.side:
                state.chain, state.broken = _side_of(line, said, sides), 0
                if state.chain.last is said.sides[0]:
                    needs += [_options(step, line, reasons, state) for step in said.links]
                    state.chain.last = said.sides[-1]
                    continue
            broken = _continued(said, line, state, needs, reasons)
            if not broken and n + 1 == len(line.said) and not asked and _set_to_number(lines, k, said, state):
                needs[-1] = (*needs[-1], Reading((), "an equation is set up here"))
            if broken:
                return Linked(line, said.opens, tuple(needs), tuple(notes), broken)
        elif said.lead in ("implies", "iff", "implied"):
            if state.broken and n == 0 and state.statement is None:
                needs += _alone(said, line, state, reasons)
                broken = f"it follows from line {state.broken}, which was not read"
                _begin(said, line, state)
                return Linked(line, said.lead, tuple(needs) if len(line.said) == 1 else (), tuple(notes), broken)
            if state.statement is None and not state.earlier and not line.scope.facts:
                needs += _alone(said, line, state, reasons)
            else:
                options = _connected(said, line, state, reasons)
                if said.lead == "implies" and n + 1 < len(line.said) and line.said[n + 1].lead == "iff":
                    options = (*options, Reading((), "a condition, which the rest of the line is about"))
                needs.append(options)
            state.premise = False
            _begin(said, line, state)
        elif said.tree is not None and is_statement(said.tree):
            following = _following(lines, k, n)
            if _joined(line, n):
                needs += _condition(said, line, state, reasons)
                notes += ["taken as given"] if _is_given(said, line, state) else []
            elif _is_given(said, line, state, line.said[:n]):
                notes.append("taken as given")
                shown = "given"
                given_here = (Fact(said.tree, "this line"),)
            elif system:
                notes.append("taken as given: a system")
                shown = "given"
            elif following in ("implies", "iff") and state.premise:
                needs += _premise(said, line, state, reasons, asked)
            else:
                alone = _alone(said, line, state, reasons)
                if line.claimed:
                    pass
                elif alone and line.imposed and said.relations == ("=",) and (zero := _set_to_zero(said, state)):
                    alone = [zero]
                elif alone and _imposed(said, line, state):
                    alone[-1] = (*alone[-1], Reading((), "an equation is set up here"))
                elif alone and state.premise and not asked and names(said.tree) and _lost(lines, k):
                    alone[-1] = (*alone[-1], Reading((), "taken as given: what follows from it was not read"))
                needs += alone
            _begin(said, line, state)
        elif said.sides and not said.relations:
            state.chain = _Chain(said.sides[0], said.sides[0], "=", line.place.line)
            shown = shown or "expression"
    return Linked(line, shown, tuple(n for n in needs if n), tuple(notes))


def _refuse_intermediate(line: ReadLine, state: _State) -> None:
    r"""``\partial a_i / \partial x_j`` where an equation in force says a = W x: a is no name of its own."""
    for t in (u for s in line.said for side in (s.sides or ((s.tree,) if s.tree is not None else ()))
              for u in side.walk() if u.head in ("derivative", "gradient", "hessian", "jacobian") and len(u.parts) > 1):
        held = _reach(t.parts[0], line)
        for v in {_base(p) for p in t.parts[1:]} - held - {""}:
            for f in (*line.scope.facts, *state.earlier):
                key = next((_base(one) for eq in f.tree.walk() if eq.head == "relation" and eq.value == "="
                            for one, other in (eq.parts, eq.parts[::-1])
                            if _base(one) in held and v in names(other)), "")
                if key:
                    raise Unread("intermediate", f"{key} depends on {v} by an equation ({f.why}), and is declared as a "
                                 "name of its own", t.place, f"define it: {key} := ... in the notation, or "
                                 f"“Let ${key} = ...$” without declaring {key}")


def _base(t: Tree) -> str:
    """The name whose value or entry this is, "" if it is more."""
    while t.head in ("entry", "transpose", "call") and t.parts:
        t = t.parts[0]
    return bare(t)


def _reach(t: Tree, line: ReadLine) -> set[str]:
    """The names in a formula and in the definitions it uses."""
    out: set[str] = set()
    todo = list(names(t))
    while todo:
        key = todo.pop()
        role = line.scope.names.role(key)
        if key not in out and role is not None and isinstance(role.value, Tree):
            todo += names(role.value)
        out.add(key)
    return out


def _side_of(line: ReadLine, said: Said, goal: Tree | None) -> _Chain:
    r"""``\\text{LHS} = ...``: the chain begins with that side of what is asked, or with the row where none is known."""
    known = goal is not None and goal.head == "relation"
    side = goal.parts[0 if line.side == "left" else 1] if known and goal is not None else said.sides[0]
    return _Chain(side, side, "=", line.place.line)


def _shown_name(said: Said) -> str:
    head = said.sides[0]
    return str((head.parts[0] if head.head in ("call", "entry") else head).value)


# ------------------------------------------------------------------------------------- one need


def _options(step: tuple[Tree, str, Tree], line: ReadLine, reasons: tuple[Fact, ...], state: _State
             ) -> tuple[Reading, ...]:
    """A link: by itself; else from the lines it names; else from what stands above it."""
    left, op, right = step
    if op == "to" or op == "approx":
        return (Reading((Goal(_special(left, op, right, line), reasons),)),)
    if "pm" in (left.head, right.head):
        both = [Goal((signed(left, k), op, signed(right, k)), reasons, ("", "lower")[k]) for k in (0, 1)]
        return (Reading(tuple(both)),)
    found = [Reading((Goal((left, {"==": "=", ":=": "="}.get(op, op), right), reasons),))]
    return (*found, *_from_above((left, op, right), line, reasons, state))


def _from_above(what: Tree | tuple[Tree, str, Tree], line: ReadLine, reasons: tuple[Fact, ...], state: _State
                ) -> tuple[Reading, ...]:
    earlier = _usable(state, line)
    cited = [f for f in earlier if any(c and f.why.endswith(f"({c})") for c in line.cites)]
    used = names(what) if isinstance(what, Tree) else names(what[0]) | names(what[2])
    above = [f for f in earlier if names(f.tree) & used][-PREMISES:]
    out = []
    if cited:
        out.append(Reading((Goal(what, (*reasons, *cited), "from"),), f"follows from {_list(cited)}",
                           _of_its_chain(what, cited)))
    if above and above != cited:
        out.append(Reading((Goal(what, (*reasons, *above), "above"),), f"follows from {_list(above)}",
                           _of_its_chain(what, above)))
    return tuple(out)


def _of_its_chain(what: Tree | tuple[Tree, str, Tree], facts: Sequence[Fact]) -> tuple[int, ...]:
    """The lines among the facts that lead to the side from which a step goes on."""
    if isinstance(what, Tree):
        return ()
    found = [f.why.split() for f in facts if f.tree.head == "relation" and what[0] in f.tree.parts]
    return tuple(int(w[1]) for w in found if w[:1] == ["line"] and len(w) > 1 and w[1].isdigit())


def _usable(state: _State, line: ReadLine) -> list[Fact]:
    """The lines above whose conditions are in force here too: what was said of x < 0 says nothing of x > 0."""
    return [f for f in state.earlier if f.lent <= line.scope.lent and all(c in line.scope.facts for c in f.under)]


def _list(facts: Sequence[Fact]) -> str:
    said = list(dict.fromkeys(f.why for f in facts))
    lines = [w.removeprefix("line ").split(" ")[0] for w in said if w.startswith("line ")]
    rest = [w for w in said if not w.startswith("line ")]
    words = [("line " if len(lines) == 1 else "lines ") + ", ".join(lines)] if lines else []
    return " and ".join([*words, *rest])


def _reason(reason: Tree, line: ReadLine, state: _State) -> tuple[Reading, ...]:
    """A reason is to be true.  A bound on a name is a condition that the student makes."""
    options = [Reading((Goal(reason, (), "reason"),))]
    above = [f for f in _usable(state, line) if names(f.tree) & names(reason)][-PREMISES:]
    if above:
        options.append(Reading((Goal(reason, tuple(above), "reason-above"),),
                               f"the reason follows from {_list(above)}"))
    bounds = reason.parts if reason.head == "and" else (reason,)
    if all(b.head == "relation" and b.value in _ORDERS
           and any(bare(p.parts[0] if p.head == "abs" else p) for p in b.parts) for b in bounds):
        options.append(Reading((), "the reason is assumed here; it is not given"))
    return tuple(options)


def _alone(said: Said, line: ReadLine, state: _State, reasons: tuple[Fact, ...]) -> list[tuple[Reading, ...]]:
    """A statement of its own, link by link."""
    if said.links:
        return [_options(step, line, reasons, state) for step in from_density(said.links, said.sides[0])]
    if said.tree is None:
        return []
    return [(Reading((Goal(said.tree, reasons),)), *_from_above(said.tree, line, reasons, state))]


def _premise(said: Said, line: ReadLine, state: _State, reasons: tuple[Fact, ...], asked: bool
             ) -> list[tuple[Reading, ...]]:
    """What the implications below start from.  Where nothing is asked, it may be a condition on its names; of a chain
    ``f(x) = 2x - 2 = 0`` only the last link may."""
    needs = _alone(said, line, state, reasons)
    if not asked and needs and not line.claimed:
        needs[-1] = (*needs[-1], Reading((), "taken as given: the lines below start from it"))
    return needs


def _merged(said: Sequence[Said]) -> tuple[Said, ...]:
    r"""``A \iff x = 2, y = 1`` on one row: what stands behind the connective is one statement."""
    out: list[Said] = []
    for s in said:
        last = out[-1] if len(out) > 1 else None
        if last is not None and last.lead in ("implies", "iff", "implied") and s.lead == "and" \
                and last.tree is not None and s.tree is not None and is_statement(last.tree) and is_statement(s.tree):
            out[-1] = replace(last, sides=(), relations=(), tree=conjunction([last.tree, s.tree]))
        else:
            out.append(s)
    return tuple(out)


def _joined(line: ReadLine, n: int) -> bool:
    """Does a connective follow on the same row?  Then the statement is a part of what the row says, and no claim."""
    return next((s.lead in ("implies", "iff", "implied") for s in line.said[n + 1:] if s.lead != "and"), False)


def _condition(said: Said, line: ReadLine, state: _State, reasons: tuple[Fact, ...]) -> list[tuple[Reading, ...]]:
    """Of a condition ``f'(x) = 2x - 2 = 0`` all links but the last are computed; any other claims nothing."""
    computed = len(said.links) > 1 and set(said.relations) == {"="} and said.sides[-1].head == "number"
    return [_options(step, line, reasons, state) for step in said.links[:-1]] if computed else []


def _connected(said: Said, line: ReadLine, state: _State, reasons: tuple[Fact, ...]) -> tuple[Reading, ...]:
    before, tree = state.statement, said.tree
    if tree is None or not is_statement(tree):
        raise Unread("connective", "what stands after the connective is no statement", said.place,
                     "write a relation: ... \\implies x = 1")
    options: list[Reading] = []
    if before is None and said.lead in ("iff", "implied") and state.earlier:
        before = state.earlier[-1].tree         # a row that was given: an equivalence is more than to follow from it
    above = [f for f in _usable(state, line) if f.tree != before][-PREMISES:]
    left = [f.tree for f in state.under if f not in line.scope.facts]
    if before is not None and left and same(tree, before):
        before = Tree("implies", (conjunction(left), before), None, before.place)   # said again, without its condition
    if before is not None:
        pair = (tree, before) if said.lead == "implied" else (before, tree)
        head = "iff" if said.lead == "iff" else "implies"
        whole = Tree(head, pair, None, said.place)
        options.append(Reading((Goal(whole, reasons),)))
        if above:
            options.append(Reading((Goal(whole, (*reasons, *above), "above"),), f"with {_list(above)}"))
        if state.supposed and said is line.said[0] and not any(same(tree, a) for a in state.supposed):
            all_ = Tree("implies", (conjunction([*state.supposed, before]), tree), None, said.place)
            if said.lead == "implies":
                options.append(Reading((Goal(all_, reasons, "supposed"),), "under what the implication starts from"))
    if before is None or said.lead == "implies":
        plain = said.links[0] if len(said.links) == 1 else tree
        options.append(Reading((Goal(plain, reasons, "alone"),), "it holds by itself"))
        if before is None and state.earlier:
            options += _from_above(tree, line, reasons, state)
    return tuple(options)


def _special(left: Tree, op: str, right: Tree, line: ReadLine) -> Tree:
    """≈ with the digits that are written, and a → b as a limit: where the row says what they mean."""
    if op == "to":
        raise Unread("arrow", r"\to between two formulas says a limit only with its variable", left.place,
                     r"write \lim_{n \to \infty} a_n = b")
    raise Unread("approximately", "≈ states no relation that can be decided", left.place,
                 r"write = with an exact value, or bounds: 3.14 < \pi < 3.15")


# ---------------------------------------------------------------------------------- what comes after


def _continued(said: Said, line: ReadLine, state: _State, needs: list[tuple[Reading, ...]], reasons: tuple[Fact, ...]
               ) -> str:
    chain = state.chain
    if state.broken:
        return _over_unread(said, line, state, needs, reasons)
    if chain is None or chain.last is None:
        raise Unread("begins-with-relation", f"this row begins with {said.opens}, and no formula stands before it",
                     said.place, "write the whole relation, or put the row below the one it goes on from")
    steps = [(chain.last, said.opens, said.sides[0]), *said.links]
    needs += [_options(s, line, reasons, state) for s in from_density(steps, chain.first, chain.relation)]
    total = chain.relation
    for op in (said.opens, *said.relations):
        total = compose(total, op)
    state.chain = _Chain(chain.first, said.sides[-1], total, line.place.line)
    if total and chain.first is not None:
        state.statement = relation(total, chain.first, said.sides[-1])
    else:
        last = said.sides[-2] if said.links else chain.last
        state.statement = relation((said.opens, *said.relations)[-1], last, said.sides[-1])
    return ""


def from_density(steps: Sequence[tuple[Tree, str, Tree]], first: Tree | None, total: str = "="
                 ) -> list[tuple[Tree, str, Tree]]:
    r"""``p(z \mid x) = \frac{...}{p(x)} \propto g``: in which variables the last two are proportional, the density
    tells that the chain begins with.  So it is the one that is proportional to g."""
    out: list[tuple[Tree, str, Tree]] = []
    for left, op, right in steps:
        if op == "propto" and left.head != "density" and first is not None and first.head == "density" \
                and total in ("=", "propto"):
            left = first
        out.append((left, op, right))
        total = compose(total, op)
    return out


def _over_unread(said: Said, line: ReadLine, state: _State, needs: list[tuple[Reading, ...]],
                 reasons: tuple[Fact, ...]) -> str:
    """The row before was not read.  From the last side that was: what holds is right; what does not may be the fault
    of either row."""
    before = state.chain
    state.chain = _Chain(None, said.sides[-1], said.opens, line.place.line)
    broken = f"it goes on from line {state.broken}, which was not read"
    needs.clear()
    if before is not None and before.last is not None and said.opens in ("=", "<", "<=", ">", ">=") \
            and not reasons and len(said.sides) == 1:
        options = _options((before.last, said.opens, said.sides[0]), line, reasons, state)[:1]
        needs.append(tuple(replace(o, note=f"line {state.broken} was not read; from line {before.line}")
                           for o in options))
    return broken


def compose(a: str, b: str) -> str:
    """The relation between the ends of a chain, "" if there is none.

    >>> compose("=", "<="), compose("<=", "<"), compose("<", ">")
    ('<=', '<', '')
    """
    a, b = ("=" if r in ("==", ":=") else r for r in (a, b))
    if a == "=":
        return b
    if b == "=":
        return a
    if {a, b} <= {"<", "<="}:
        return "<" if "<" in (a, b) else "<="
    if {a, b} <= {">", ">="}:
        return ">" if ">" in (a, b) else ">="
    return a if a == b == "propto" else ""


def _begin(said: Said, line: ReadLine, state: _State) -> None:
    """A full statement stands: a chain may go on from its last side."""
    state.statement = said.tree if said.lead != "and" or state.statement is None or said.tree is None else \
        conjunction([state.statement, said.tree])
    if said.relations:
        total = said.relations[0]
        for op in said.relations[1:]:
            total = compose(total, op)
        state.chain = _Chain(said.sides[0], said.sides[-1], total, line.place.line)
    else:
        state.chain = None


def _remember(line: ReadLine, state: _State, asked: bool) -> None:
    """Later lines may rest on this one.  Of ``A => B`` on one row they have the whole, and A and B only where A
    is an equation that is set up here."""
    state.under = line.scope.facts
    if not line.said or line.said[0].lead != "implies":
        parts = [s.tree for n, s in enumerate(line.said[:1]) if s.tree is not None and is_statement(s.tree)
                 and not s.opens and _joined(line, n)]
        state.supposed = parts if [s.lead for s in line.said[1:]] == ["implies"] * (len(line.said) - 1) else []
    why = f"line {line.place.line}"
    mark = line.row.tag or line.row.label
    if mark:
        why += f" ({mark})"
    before: list[Tree] = []                          # of a connective on this row
    for n, said in enumerate(line.said):
        if said.lead == "define":
            continue
        if said.tree is not None and is_statement(said.tree) and not said.opens:
            if said.lead not in ("implies", "iff", "implied") and _joined(line, n):
                before.append(said.tree)
                if asked or not _equation(said.tree):
                    continue
            elif before and said.lead in ("implies", "iff", "implied"):
                pair = conjunction(before), said.tree
                whole = Tree("iff" if said.lead == "iff" else "implies", pair[::-1] if said.lead == "implied" else pair,
                             None, said.place)
                stands = not asked and all(map(_equation, before))
                before = [said.tree] if not stands else []
                if not stands:
                    state.earlier.append(Fact(whole, why, line.scope.facts, line.scope.lent))
                    continue
        tree = state.statement if said.opens else said.tree
        if tree is not None and is_statement(tree):
            if said.opens and state.earlier and state.chain is not None and state.chain.first is not None \
                    and state.earlier[-1].tree.head == "relation" \
                    and state.earlier[-1].tree.parts[0] == state.chain.first:
                state.earlier.pop()                  # the chain's ends are related anew
            state.earlier.append(Fact(tree, why, line.scope.facts, line.scope.lent))


def _equation(tree: Tree) -> bool:
    return tree.head == "relation" and tree.value == "=" or tree.head == "and" and all(map(_equation, tree.parts))


def _following(lines: Sequence[ReadLine], k: int, n: int) -> str:
    """The connective that stands after the ``n``-th statement of a line."""
    rest = lines[k].said[n + 1:]
    if rest:
        return rest[0].lead
    for line in lines[k + 1:]:
        if line.unread is None and line.said:
            first = line.said[0]
            return "" if first.opens else first.lead
    return ""


def _lost(lines: Sequence[ReadLine], k: int) -> bool:
    """Was a row not read that may follow from this one as a whole?  Not if the next one goes on from its last side."""
    rest = [x for x in lines[k + 1:] if x.display == lines[k].display]
    if not any(x.unread is not None for x in rest):
        return False
    first = next((t.text for t in rest[0].row.tokens if t.text != "&"), "")
    return first not in RELATIONS and not rest[0].row.source.lstrip("& ").startswith(("=", "<", ">"))


def _imposed(said: Said, line: ReadLine, state: _State) -> bool:
    """``f'(x) = 0`` below ``f'(x) = 2x - 4``: set to a number, not computed; or the text says "setting"."""
    if said.relations != ("=",) or said.sides[1].head != "number" or not names(said.sides[0]):
        return False
    left = said.sides[0]
    return line.imposed or any(f.tree.head == "relation" and any(same(left, p) for p in f.tree.parts) and
                               f.tree.parts[1].head != "number" for f in state.earlier)


def _set_to_zero(said: Said, state: _State) -> tuple[Reading, ...]:
    """A row below "Setting the gradient to zero:": what a derivative above was found to be is 0, so this holds; an
    equation that is set up, where none was found."""
    if said.sides[1].head == "number" and not names(said.sides[1]) and state.chain is None:
        return ()
    found = [f.tree for f in state.earlier if f.tree.head == "relation" and f.tree.value == "="
             and any(t.head in ("derivative", "prime", "gradient") for t in f.tree.parts[0].walk())
             and f.tree.parts[1].head != "number"]
    if not found or said.tree is None:
        return (Reading((), "an equation is set up here"),)
    at_zero = relation("=", found[-1].parts[1], Tree("number", (), Fraction(0)))
    if same(at_zero, said.tree):
        return (Reading((), "an equation is set up here"),)
    follows = Goal(Tree("implies", (at_zero, said.tree), None, said.place), (), "set-to-zero")
    return (Reading((follows,), "what was found above is set to 0"),)


def _set_to_number(lines: Sequence[ReadLine], k: int, said: Said, state: _State) -> bool:
    """``L'(w) = 2w - 4``, ``= 0``, and below it what follows for w: the derivative is set to 0, not computed."""
    chain = state.chain
    if said.opens != "=" or said.relations or said.sides[0].head != "number" or chain is None or chain.first is None:
        return False
    if not any(t.head in ("derivative", "prime", "gradient") for t in chain.first.walk()):
        return False
    below = next((x for x in lines[k + 1:] if x.unread is None and x.said), None)
    if below is None or below.said[0].opens or below.said[0].tree is None:
        return False
    before = lines[k - 1].said[-1].sides[-1] if k and lines[k - 1].said and lines[k - 1].said[-1].sides else None
    if before is not None and state.statement is not None:
        state.statement = relation("=", before, said.sides[0])
    return True


def _starts(said: Said, line: ReadLine, state: _State) -> bool:
    """``a_1 = 1`` of a sequence that nobody declared: where it starts, unless a law of it was stated before."""
    entry = said.sides[0]
    key = bare(entry.parts[0])
    role = line.scope.names.role(key) if key else None
    if role is None or not role.inferred or role.kind not in ("family", "sequence") or key in names(said.sides[1]) \
            or any(i.head != "number" for i in entry.parts[1:]):
        return False
    before = [t for f in (*state.earlier, *line.scope.facts) for t in f.tree.walk()
              if t.head == "entry" and bare(t.parts[0]) == key]
    return all(t != entry and all(i.head == "number" for i in t.parts[1:]) for t in before)


def _system(line: ReadLine, state: _State, asked: bool) -> bool:
    """``x + y = 5, x - y = 1`` on the first row: several equations in common unknowns are what is to be solved."""
    if asked or line.claimed or not state.premise or any(f.why != "what is given" for f in state.earlier) \
            or any(s.lead not in ("", "and") or s.opens for s in line.said):
        return False
    first = line.said[0]
    if _is_given(first, line, state) and not names(first.sides[1]):
        return False                                       # x = 1, y = 2, x + y = 3: values, and what follows
    parts = [p for s in line.said if s.tree is not None for p in (s.tree.parts if s.tree.head == "and" else (s.tree,))]
    return is_system(parts) and not any(stands_by_itself(p, line.scope, False) or works_out_chance(p, line.scope)
                                        for p in parts)


def _is_given(said: Said, line: ReadLine, state: _State, before: Sequence[Said] = ()) -> bool:
    """``y = m x + b`` of a number that nothing has been said of: it says what y is.  ``before``: on the same row, each
    of which has to be given too."""
    if before and (said.lead != "and" or not all(
            _is_given(s, line, state, before[:k]) for k, s in enumerate(before))
            or bare(said.sides[0]) in {n for s in before for t in s.sides for n in names(t)} - {""}):
        return False
    if said.lead and not before or said.relations != ("=",) or not said.sides:
        return False
    if said.sides[0].head == "entry":
        return _starts(said, line, state)
    key = bare(said.sides[0])
    if not key or key in line.scope.constrained or key in names(said.sides[1]):
        return False
    role = line.scope.names.role(key)
    if role is not None and role.kind == "definition":
        return False
    return not any(key in names(f.tree) for f in state.earlier)
