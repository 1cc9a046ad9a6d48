"""What is assumed equal is put for each other inside determinants, inverses, orders; traces by the order of matrices.

Class decided: consequences of equations between matrices under heads that matrix words do not open (log det, spectral
norms, definiteness), and tr A <= tr B where A <= B in Loewner's order is shown by the other engines.
Each equation is used in one direction: a letter gives way to what it is equal to, else the longer side to the shorter.
Cannot do: equations modulo others (an occurrence that appears after a rotation or a transposition).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..kernel.claim import Sequent
from ..kernel.matrix_terms import about_matrices, same_size, shape
from ..kernel.rule_matrix_equals import STATEMENTS, replaced
from ..kernel.term import ONE, App, Num, Term, Var, app, free_names, mul, num, subterms, to_json

if TYPE_CHECKING:
    from .search import Searcher

Certificate = dict[str, Any]
MAX_EQUATIONS = 6
#: Heads that matrix words look into only where their argument comes apart.
OPAQUE = frozenset(("det", "maxeig", "log", "sqrt", "pd", "psd", "invertible", "rank", "<", "<=", ">", ">=", "!="))


def exchanges(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in STATEMENTS and about_matrices(goal)) or goal in search.exchanged \
            or not any(isinstance(u, App) and u.head in OPAQUE for u in subterms(goal)):
        return
    steps: list[tuple[int, bool, Term]] = []
    for k, a in enumerate(s.assumptions):
        match a:
            case App("mat=", (left, right)) if len(steps) < MAX_EQUATIONS:
                flip = _turned(left, right)
                old, new = (right, left) if flip else (left, right)
                after = replaced(goal, old, new)
                if after != goal and old not in set(subterms(new)) and not _is_structure(left, right):
                    steps.append((k, flip, after))
                    goal = after
    if not steps:
        return
    search.exchanged.add(goal)
    proof = search.prove(s.with_goal(goal))
    if proof is None:
        return
    for k, flip, _ in reversed(steps):
        proof = {"rule": "equal-matrices", "assumption": k, **({"flip": True} if flip else {}), "proof": proof}
    yield proof


def _turned(left: Term, right: Term) -> bool:
    """Whether the right side gives way to the left one."""
    letters = [isinstance(x, Var) and x.name not in free_names(y) for x, y in ((left, right), (right, left))]
    if any(letters):
        return not letters[0]
    return len(list(subterms(right))) > len(list(subterms(left)))


def _is_structure(left: Term, right: Term) -> bool:
    """A^T = A, A^T = -A: letters know it."""
    return any(isinstance(x, App) and x.head == "transpose" and x.args[0] in set(subterms(y))
               for x, y in ((left, right), (right, left)))


def traces(s: Sequent, search: Searcher) -> Iterator[Certificate]:
    """b - a is one trace, of a difference of matrices."""
    match s.goal:
        case App("<=" | "<", (a, b)):
            pass
        case App(">=" | ">", (b, a)):
            pass
        case _:
            return
    parts = [*_parts(b, ONE), *_parts(a, num(-1))]
    if len(parts) < 2 or any(m is None for _, m in parts):
        return
    matrices = [(c, m) for c, m in parts if m is not None]
    sizes = [shape(m, s.declarations)[0] for _, m in matrices]
    if not all(same_size(sizes[0], n) for n in sizes):
        return
    whole = app("matadd", *(m if c == ONE else app("scale", c, m) for c, m in matrices))
    definite = app("pd" if s.goal.head in ("<", ">") else "psd", whole)
    equal: Certificate = {"rule": "matrix-form"}
    if search.accepted(s.with_goal(app("=", app("add", b, app("neg", a)), app("trace", whole))), equal) is None:
        return
    if (proof := search.prove(s.with_goal(definite))) is not None:
        yield {"rule": "trace-order", "matrix": to_json(whole), "equal": equal, "proof": proof}


def _parts(t: Term, c: Term) -> list[tuple[Term, Term | None]]:
    """The summands c tr M of a number; None for what is no trace."""
    match t:
        case App("add", args):
            return [p for a in args for p in _parts(a, c)]
        case App("neg", (a,)):
            return _parts(a, _times(num(-1), c))
        case App("mul", args) if len(found := [a for a in args if _is_trace(a)]) == 1:
            for a in args:
                if a is not found[0]:
                    c = _times(a, c)
            return _parts(found[0], c)
        case App("trace", (m,)):
            return [(c, m)]
        case Num(value) if value == 0:
            return []
        case _:
            return [(c, None)]


def _is_trace(t: Term) -> bool:
    return isinstance(t, App) and t.head == "trace"


def _times(a: Term, b: Term) -> Term:
    if isinstance(a, Num) and isinstance(b, Num):
        return num(a.value * b.value)
    return a if b == ONE else mul(a, b)


__all__ = ["exchanges", "traces"]
