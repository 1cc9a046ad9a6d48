"""What is said of a claim that stays undecided: which engines had something to offer and what stopped each, what is
left to show, what speaks for the claim, and lines that can be pasted into the derivation file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.prove import discharge
from ..kernel.term import (
    FALSE, INTEGER, RELATIONS, App, Bind, Index, Map, Scalar, Sort, Space, Term, Var, conjuncts, free_names, show,
    subterms,
)
from .pasting import source

if TYPE_CHECKING:
    from .search import Searcher

MAX_LINES, MAX_LENGTH = 6, 160
#: Notes of these say only that a goal is no assumption, or no identity.
_SILENT = {"assumption", "evaluate", "verdict"}


def tried(search: Searcher) -> tuple[str, ...]:
    """``engine: what stopped it``, for the engines that offered something."""
    lines = [f"{name}: {_short(reason)}" for name, reason in search.rejections.items()]
    named = " ".join(search.rejections.values())
    lines += [f"{rule}: {_short(text)}" for rule, text in search.notes.items()
              if rule not in _SILENT and text not in named]
    if search.budget.checks <= 0:
        lines.append("budget: all kernel checks that a claim may cost are used up")
    return tuple(dict.fromkeys(lines))[:MAX_LINES] or ("nothing here reads a statement of this form",)


def left_open(search: Searcher) -> Sequent | None:
    """The part that is still to be shown: the atomic goal nearest to the statement that no engine closed."""
    return min(search.open, key=lambda item: item[0])[1] if search.open else None


def evidence(search: Searcher, agreed: int, statement: Term) -> str | None:
    parts = []
    if agreed:
        parts.append(f"agrees at {agreed} rigorous points")
    rest = left_open(search)
    if rest is not None and rest.goal != statement:
        given = ", ".join(show(a) for a in rest.assumptions[-3:])
        parts.append("what is left open: " + _short((f"from {given} " if given else "") + f"to {show(rest.goal)}"))
    return "; ".join(parts) or None


# ------------------------------------------------------------------------- next steps


def next_steps(s: Sequent, search: Searcher) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_steps(s, search)))[:MAX_LINES]


def _steps(s: Sequent, search: Searcher) -> Iterator[str]:
    def write(t: Term, at: Sequent = s) -> str | None:
        return source(t, at.declarations)

    complex_names = [n for n, k in s.declarations.items() if k == Scalar("complex")]
    if complex_names:
        yield (f'if they are real, say so: {", ".join(complex_names)} = symbols("{" ".join(complex_names)}", '
               "real=True)")
    for c in discharge(definedness(s.goal, s), s)[:2]:
        if (text := write(c)) is not None:
            yield f"if it holds, assume the definedness: given=[{text}]"
    goal = s.goal
    match goal:
        case App("iff", (a, b)) if (p := write(a)) and (q := write(b)):
            yield f'one direction at a time: D.claim("there", implies({p}, {q}))'
            yield f'and back: D.claim("back", implies({q}, {p}))'
        case Bind("exists", (name,), (sort,), _, (_, body)) if (p := source(body, {**s.declarations, name: sort})):
            yield f"name the number: put a value for {name} into {p} and claim that"
    yield from _supports(s)
    rest = left_open(search)
    if rest is not None and rest.goal not in (FALSE, goal) and (q := write(rest.goal, rest)) is not None:
        premises = [t for a in rest.assumptions for f in conjuncts(a) if (t := write(f, rest)) is not None]
        given = f", given=[{', '.join(premises[-4:])}]" if premises else ""
        yield f'show what is left open as a claim of its own: D.claim("step", {q}{given}), then using=["step"]'
    yield from _hints(s)
    if isinstance(goal, App) and goal.head in RELATIONS and (p := write(goal.args[0])) and (q := write(goal.args[1])):
        yield f'with a term between: D.claim("steps", {p}, "=", ..., "{goal.head}", {q})'
    yield 'prove a helpful fact as a claim of its own and name it: using=["its-id"]'


def _supports(s: Sequent) -> Iterator[str]:
    """A density that something is divided by: positive everywhere, perhaps."""
    divisors = [d for u in subterms(s.goal) if isinstance(u, App) and u.head == "div" for d in subterms(u.args[1])
                if isinstance(d, App) and d.head == "density"]
    for d in dict.fromkeys(divisors):
        names = [a.name for a in d.args[1:] if isinstance(a, Var)]
        space: dict[str, Sort] = {**s.declarations, **dict.fromkeys(names, Space("unspecified"))}
        text = source(d, space)
        if text is not None and not any(d in set(subterms(a)) for a in s.assumptions):
            bound = names[0] if len(names) == 1 else f"({', '.join(names)})"
            yield f"if the density is positive everywhere, say so: given=[forall({bound}, {text} > 0)]"
            return


def _hints(s: Sequent) -> Iterator[str]:
    for n in _unsigned(s):
        yield f"by cases: by=[split({n})], or one claim for each, given=[{n} > 0], given=[eq({n}, 0)], given=[{n} < 0]"
    for law in [a for a in s.assumptions if isinstance(a, Bind) and a.head == "forall"][:1]:
        values = ", ".join(f"{n}: ..." for n in law.names)
        yield ("say at which values an assumption is used: law = D.assume(\"law\", ...), given=[law], "
               f"by=[instance(\"law\", {{{values}}})]")
    for n in _counting(s)[:1]:
        yield f"by induction: by=[induct({n})], with start=... if the assumptions name no least value"


def _counting(s: Sequent) -> list[str]:
    """Integers over which an induction may help: that a sum ends at, a power, a factorial, a sequence speaks of.
    Not the sizes of families, vectors and matrices: there is no smaller one inside."""
    sizes = {n for sort in s.declarations.values() if isinstance(sort, Map)
             for a in sort.args if isinstance(a, Index) for n in free_names(a.size)}
    stands: set[str] = set()
    for u in subterms(s.goal):
        match u:
            case Bind("sum" | "prod" | "iterate"):
                stands |= {n for t in u.outer for n in free_names(t)}
            case App("pow" | "at", args):
                stands |= {n for t in args[1:] for n in free_names(t)}
            case App("factorial" | "binomial" | "gamma" | "fibonacci" | "harmonic", args):
                stands |= {n for t in args for n in free_names(t)}
    return [n for n, k in s.declarations.items() if k == INTEGER and n in stands - sizes and n.isidentifier()]


def _unsigned(s: Sequent) -> list[str]:
    """Real names in a place where their sign matters: under a root, a modulus, a logarithm, in a coefficient."""
    said = {n for a in s.assumptions if isinstance(a, App) and a.head in RELATIONS for n in free_names(a)}
    out: dict[str, None] = {}
    for u in subterms(s.goal):
        if isinstance(u, App) and u.head in ("sqrt", "log", "abs", "div", "pow"):
            for v in (u.args[-1:] if u.head == "div" else u.args[:1]):
                if isinstance(v, Var) and v.name not in said and s.declarations.get(v.name) == Scalar("real"):
                    out.setdefault(v.name)
    return list(out)[:1]


def _short(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else text[:MAX_LENGTH - 1] + "…"


__all__ = ["evidence", "left_open", "next_steps", "tried"]
