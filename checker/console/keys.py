"""The key of a problem as terms: its formulas, read as a document of their own with the problem's notation."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from ..grading.matching import form
from ..grading.problem import GradedProblem
from ..kernel.claim import Claim, unfold
from ..kernel.term import App, Term
from ..records import Problem
from ..running.config import Options
from ..running.loader import Loaded, load_each
from ..running.store import Store


@dataclass(frozen=True, slots=True)
class Key:
    """What a problem's formulas mean: milestones, start and goal as terms with the claims they were read in."""

    milestones: Mapping[str, Term]
    start: Claim | None
    goal: Claim | None
    assumed: frozenset[str]             # forms of what the problem lets a student assume
    problems: tuple[Problem, ...] = ()


def _key_source(problem: GradedProblem) -> str:
    """The problem as a document: each formula as ``F <=> F``, and as ``F = F``, for an expression is no statement."""
    lines = ["% checker: key"]
    if problem.notation.strip():
        lines += ["% notation:", *(f"%   {line}" for line in problem.notation.splitlines())]
    for name, formula in _formulas(problem):
        flat = " ".join(formula.split())
        for kind, shown in (("s", rf"{flat} \iff {flat}"), ("e", f"{flat} = {flat}")):
            lines += [rf"\section{{{name}-{kind}}}\label{{{name}-{kind}}}", rf"\[ {shown} \]"]
    return "\n".join(lines) + "\n"


def _formulas(problem: GradedProblem) -> list[tuple[str, str]]:
    named = [(f"m{k}", m.latex) for k, m in enumerate(problem.milestones)]
    named += [(f"g{k}", g) for k, g in enumerate(problem.given)]
    return [*named, *(("start", problem.start),) * bool(problem.start), *(("goal", problem.goal),) * bool(problem.goal)]


def read_keys(problems: Sequence[GradedProblem], options: Options) -> dict[str, Key]:
    """The keys by problem id.  A formula that cannot be read is a problem of the key, named by its place in it."""
    keys: dict[str, Key] = {}
    with tempfile.TemporaryDirectory(prefix="checker-key-") as folder:
        files = {}
        for k, problem in enumerate(problems):
            files[problem.id] = Path(folder, f"key{k}.tex")
            files[problem.id].write_text(_key_source(problem), encoding="utf-8")
        loaded = load_each_afresh(list(files.values()), replace(options, root=Path(folder), notation=None))
        for problem in problems:
            keys[problem.id] = _key(problem, loaded[files[problem.id]])
    return keys


def load_each_afresh(files: Sequence[Path], options: Options) -> dict[Path, Loaded]:
    """What files state, nothing remembered."""
    with closing(Store(None)) as store:
        return load_each(files, options, store)


def _key(problem: GradedProblem, loaded: Loaded) -> Key:
    claims = {d.id.rsplit(".", 1)[-1]: _chosen([c.claim for c in d.claims]) for d in loaded.documents if d.claims}
    errors: list[Problem] = []

    def read(name: str, formula: str, where: str) -> tuple[Claim, Term] | None:
        statement, expression = claims.get(f"{name}-s"), claims.get(f"{name}-e")
        if statement is not None and isinstance(statement.statement, App) and statement.statement.head == "iff":
            return statement, statement.statement.args[0]
        if expression is not None and isinstance(expression.statement, App):
            return expression, expression.statement.args[0]
        told = next((line.unread.message for d in loaded.documents for line in d.lines
                     if line.unread is not None and d.id.rsplit(".", 1)[-1] == f"{name}-e"), "it could not be read")
        errors.append(Problem(problem.file, None, None, "key", f"problem {problem.id}, {where} {formula}: {told}"))
        return None

    milestones = {}
    for k, m in enumerate(problem.milestones):
        if (found := read(f"m{k}", m.latex, f"milestone {m.id}")) is not None:
            milestones[m.id] = unfolded(found[0], found[1])
    given = [found for k, g in enumerate(problem.given) if (found := read(f"g{k}", g, "given")) is not None]
    start = read("start", problem.start, "start") if problem.start else None
    goal = read("goal", problem.goal, "goal") if problem.goal else None
    assumed = {form_in(c, a) for c in claims.values() for a in c.assumptions} | {form_in(c, t) for c, t in given}
    assumed |= {form_in(*start)} if start is not None else set()
    errors += [replace(p, file=problem.file, line=None, message=f"problem {problem.id}, notation: {p.message}")
               for p in loaded.problems if p.code.startswith("notation")]
    return Key(milestones, _claim_of(start), _claim_of(goal), frozenset(assumed), tuple(errors))


def _chosen(claims: Sequence[Claim]) -> Claim:
    """The equivalence ``F <=> F`` itself: beside it F may be a claim of its own."""
    return next((c for c in claims if isinstance(c.statement, App) and c.statement.head == "iff"), claims[0])


def _claim_of(found: tuple[Claim, Term] | None) -> Claim | None:
    return None if found is None else replace(found[0], statement=found[1])


def unfolded(claim: Claim, t: Term) -> Term:
    return unfold(t, {d.name: d for d in claim.definitions})


def form_in(claim: Claim, t: Term) -> str:
    return repr(form(unfolded(claim, t)))
