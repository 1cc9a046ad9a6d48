"""A certificate as sentences: each rule becomes one step, with the goal it shows.

``narrate`` walks a certificate the way the kernel's ``prove`` does and keeps the sequent beside it
(declarations, assumptions, goal), so that every sentence can show its formula.  It decides nothing:
a certificate that this module misreads is still replayed by the kernel.  A rule that it does not
know becomes a generic sentence that names the rule.

The sentence frames are macros in ``templates/sentences.j2``, one per rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..kernel.claim import Sequent
from ..kernel.definedness import definedness
from ..kernel.evidence import Reject
from ..kernel.term import (
    FALSE, TRUE, App, Bind, Malformed, Sort, Term, Var, app, conjuncts, fresh, from_json, negate,
    substitute, substitute_sort,
)
from .blocks import Inline
from .context import Context
from .fold import Folder
from .sentences import has_frame, say

MAX_STEPS = 400
Certificate = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """A sentence and the steps below it; ``label`` introduces it ("Case x < 0")."""

    rule: str
    sentence: tuple[Inline, ...]
    children: tuple[Step, ...] = ()
    label: tuple[Inline, ...] = ()

    @property
    def run(self) -> list[Step]:
        """This step, and below it while there is only one unlabelled step: one paragraph."""
        out = [self]
        while len(out[-1].children) == 1 and not out[-1].children[0].label:
            out.append(out[-1].children[0])
        return out

    @property
    def branches(self) -> tuple[Step, ...]:
        """What stands below the paragraph."""
        return self.run[-1].children


@dataclass
class Narrator:
    """``lemmas``: claim hash -> id."""

    context: Context
    lemmas: Mapping[str, str] = field(default_factory=dict)
    #: goals that the text has just shown: not repeated
    announced: set[Term] = field(default_factory=set)
    steps: int = 0

    def __post_init__(self) -> None:
        self.folded = Folder(self.context.definitions)

    # -------------------------------------------------------------------- one certificate

    def tell(self, s: Sequent, c: Certificate, label: tuple[Inline, ...] = ()) -> Step:
        self.steps += 1
        rule = str(c.get("rule", ""))
        if self.steps > MAX_STEPS:
            return Step(rule, self.say("too_long", s), label=label)
        try:
            handler = _rules().get(rule)
            step = handler(self, s, c) if handler else self.generic(s, c)
        except (Reject, Malformed, KeyError, IndexError, TypeError, ValueError, AttributeError):
            step = self.generic(s, c)
        return replace(step, label=label) if label else step

    def generic(self, s: Sequent, c: Certificate) -> Step:
        """A step known by its rule's name only, with the proofs inside it."""
        rule = str(c.get("rule", "")) or "unnamed"
        children = [self.tell(s.with_goal(TRUE), inner) for inner in proofs_inside(c)]
        frame = rule.replace("-", "_")
        known = frame.replace("_", "").isalpha() and has_frame(f"known_{frame}")
        sentence = (
            self.say(f"known_{frame}", s) if known else self.say("unknown", s, rule=rule.replace("-", " "))
        )
        return Step(rule, sentence, tuple(children))

    # --------------------------------------------------------------------------- helpers

    def say(self, frame: str, s: Sequent, **data: Any) -> tuple[Inline, ...]:
        shown = {k: self._show(v) for k, v in data.items()}
        goal = None if s.goal == TRUE or s.goal in self.announced else self._show(s.goal)
        return say(
            frame, replace(self.context, sorts={**self.context.sorts, **s.declarations}), goal=goal, **shown
        )

    def _show(self, x: Any) -> Any:
        if isinstance(x, (App, Bind)):
            return self.folded(x)
        if isinstance(x, (list, tuple)) and not isinstance(x, str):
            return [self._show(v) for v in x]
        return x


def _rules() -> Mapping[str, Any]:
    from . import (
        proof_analysis, proof_calculus, proof_discrete, proof_elementary, proof_functions, proof_matrices,
        proof_optimality, proof_order, proof_rules,
    )

    return {**proof_rules.RULES, **proof_analysis.RULES, **proof_elementary.RULES, **proof_calculus.RULES,
            **proof_order.RULES, **proof_matrices.RULES, **proof_optimality.RULES, **proof_functions.RULES,
            **proof_discrete.RULES}


def proofs_inside(c: Any) -> list[Certificate]:
    """The certificates directly inside a certificate, in order."""
    out: list[Certificate] = []
    values = c.values() if isinstance(c, Mapping) else c
    for value in values:
        if isinstance(value, Mapping):
            out += [value] if isinstance(value.get("rule"), str) else proofs_inside(value)
        elif isinstance(value, list):
            out += proofs_inside(value)
    return out


def narrate(
    sequent: Sequent, certificate: Certificate, context: Context, lemmas: Mapping[str, str]
) -> Step | None:
    """The proof in ``certificate`` (of the claim, or of its negation at the witness)."""
    proof = certificate.get("proof")
    if not isinstance(proof, Mapping):
        return None
    s = sequent
    if certificate.get("verdict") == "refuted":
        s = refuted_goal(sequent, certificate)
    return Narrator(context, lemmas, announced={sequent.goal}).tell(s, proof)


def refuted_goal(sequent: Sequent, certificate: Certificate) -> Sequent:
    """The negation of the claim, with the numbers of the witness put in."""
    witness = certificate.get("witness")
    point = witness.get("point") if isinstance(witness, Mapping) else None
    if isinstance(witness, Mapping) and witness.get("kind") == "undefined":
        conditions = definedness(sequent.goal, sequent)
        k = witness.get("condition")
        if isinstance(k, int) and 0 <= k < len(conditions):
            return sequent.with_goal(negate(conditions[k]))
        return sequent.with_goal(TRUE)
    by: dict[str, Term] = {}
    for name, data in (point.items() if isinstance(point, Mapping) else ()):
        try:
            value = data["term"] if isinstance(data, Mapping) and "term" in data else data
            by[name] = from_json(value)
        except (Malformed, TypeError, ValueError):
            continue
    return sequent.with_goal(substitute(negate(sequent.goal), by))


def opened(s: Sequent, goal: Bind) -> tuple[Sequent, tuple[str, ...], tuple[Sort, ...], list[Term]]:
    """A ``forall`` opened as the kernel opens it: new names, sorts, guards; the body is the goal."""
    names: list[str] = []
    by: dict[str, Term] = {}
    sorts: dict[str, Sort] = {}
    for name, sort in zip(goal.names, goal.sorts, strict=True):
        new = fresh(name, set(s.declarations) | set(names))
        names.append(new)
        sorts[new] = substitute_sort(sort, by)
        by[name] = Var(new)
    guard, body = (substitute(x, by) for x in goal.inner)
    guards = conjuncts(guard)
    return s.declaring(sorts).assuming(*guards).with_goal(body), tuple(names), tuple(sorts.values()), guards


__all__ = ["FALSE", "Narrator", "Step", "app", "narrate", "opened"]
