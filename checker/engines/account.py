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
    FALSE, INTEGER, RELATIONS, TRUE, App, Bind, Index, Num, Scalar, Term, Var, conjuncts, free_names, show, subterms,
)

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
    complex_names = [n for n, k in s.declarations.items() if k == Scalar("complex")]
    if complex_names:
        yield (f'if they are real, say so: {", ".join(complex_names)} = symbols("{" ".join(complex_names)}", '
               "real=True)")
    for c in discharge(definedness(s.goal, s), s)[:2]:
        if (text := source(c)) is not None:
            yield f"if it holds, assume the definedness: given=[{text}]"
    goal = s.goal
    match goal:
        case App("iff", (a, b)) if (p := source(a)) and (q := source(b)):
            yield f'one direction at a time: D.claim("there", implies({p}, {q}))'
            yield f'and back: D.claim("back", implies({q}, {p}))'
        case Bind("exists", (name,), _, _, (_, body)) if (p := source(body)):
            yield f"name the number: put a value for {name} into {p} and claim that"
    rest = left_open(search)
    if rest is not None and rest.goal not in (FALSE, goal) and (q := source(rest.goal)) is not None:
        premises = [t for a in rest.assumptions for f in conjuncts(a) if (t := source(f)) is not None]
        given = f", given=[{', '.join(premises[-4:])}]" if premises else ""
        yield f'show what is left open as a claim of its own: D.claim("step", {q}{given}), then using=["step"]'
    for n in _unsigned(s):
        yield f"by cases: by=[split({n})], or one claim for each, given=[{n} > 0], given=[eq({n}, 0)], given=[{n} < 0]"
    for law in [a for a in s.assumptions if isinstance(a, Bind) and a.head == "forall"][:1]:
        values = ", ".join(f"{n}: ..." for n in law.names)
        yield ("say at which values an assumption is used: law = D.assume(\"law\", ...), given=[law], "
               f"by=[instance(\"law\", {{{values}}})]")
    for n in [n for n, k in s.declarations.items() if k == INTEGER and n in free_names(goal) and n.isidentifier()][:1]:
        yield f"by induction: by=[induct({n})], with start=... if the assumptions name no least value"
    if isinstance(goal, App) and goal.head in RELATIONS and (p := source(goal.args[0])) and (q := source(goal.args[1])):
        relation = goal.head
        yield f'with a term between: D.claim("steps", {p}, "=", ..., "{relation}", {q})'
    yield 'prove a helpful fact as a claim of its own and name it: using=["its-id"]'


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


_INFIX = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CALLS = {"=": "eq", "!=": "ne", "and": "and_", "or": "or_", "not": "not_", "implies": "implies", "iff": "iff",
          "abs": "Abs", "conj": "conjugate", "max": "Max", "min": "Min", "mod": "Mod"}
_SAME = {"sqrt", "exp", "log", "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "sinh", "cosh", "tanh",
         "coth", "asinh", "acosh", "atanh", "sign", "re", "im", "arg", "floor", "ceiling", "factorial", "binomial",
         "gamma"}
_CONSTANTS = {"pi": "pi", "e": "E", "i": "I", "oo": "oo"}


def source(t: Term) -> str | None:
    """The term as a derivation file would have it; None where it has no such form."""
    text = _source(t, 0)
    return text if text is not None and len(text) <= MAX_LENGTH and "'" not in text else None


def _source(t: Term, tight: int) -> str | None:
    """``tight``: 0 anything, 1 a factor, 2 a divisor, 3 a base or an exponent."""

    def wrap(text: str, level: int) -> str:
        return f"({text})" if tight > level else text

    def parts(args: tuple[Term, ...], level: int) -> list[str] | None:
        found = [_source(a, level) for a in args]
        return None if None in found else [f for f in found if f is not None]

    match t:
        case Num(q):
            text = str(q) if q.denominator == 1 else f"Rational({q.numerator}, {q.denominator})"
            return wrap(text, 0 if q < 0 else 9)
        case Var(name):
            return name if name.isidentifier() else None
        case App(head, ()) if head in _CONSTANTS:
            return _CONSTANTS[head]
        case App("add", args) if (p := parts(args, 0)) is not None:
            return wrap(" + ".join(p).replace("+ -", "- "), 0)
        case App("mul", args) if (p := parts(args, 1)) is not None:
            return wrap("*".join(p), 1)
        case App("neg", (a,)) if (x := _source(a, 1)) is not None:
            return wrap(f"-{x}", 0)
        case App("div", (a, b)) if (x := _source(a, 1)) is not None and (y := _source(b, 2)) is not None:
            return wrap(f"{x}/{y}", 1)
        case App("pow", (a, b)) if (x := _source(a, 3)) is not None and (y := _source(b, 3)) is not None:
            return wrap(f"{x}**{y}", 2)
        case App(head, (a, b)) if head in _INFIX and (p := parts((a, b), 0)) is not None:
            return f"{p[0]} {head} {p[1]}"
        case App(head, args) if (head in _CALLS or head in _SAME) and (p := parts(args, 0)) is not None:
            return f"{_CALLS.get(head, head)}({', '.join(p)})"
        case Bind("forall" | "exists" as head, names, sorts, _, (guard, body)) if all(
                isinstance(k, (Scalar, Index)) for k in sorts) and (x := _source(body, 0)) is not None:
            bound = names[0] if len(names) == 1 else f"({', '.join(names)})"
            if guard == TRUE:
                return f"{head}({bound}, {x})"
            y = _source(guard, 0)
            return None if y is None else f"{head}({bound}, {x}, where={y})"
    return None


def _short(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else text[:MAX_LENGTH - 1] + "…"


__all__ = ["evidence", "left_open", "next_steps", "source", "tried"]
