"""The mint: the only function that makes ``Proved`` and ``Refuted``.

    assumptions |- statement  (by ``prove``, perhaps under conditions from definedness: ``realness``)
    where a condition fails that need not fail the statement: a reason why nothing is lost (``excluded``)
    a point satisfies assumptions and conditions                                        (inhabitant)
    ------------------------------------------------------------------------------------------------
    Proved(claim, conditions)

    a point satisfies the assumptions;   the statement's negation is proved at that point
    (near it, where a free Lebesgue variable has a value)
    ------------------------------------------------------------------------------------------------
    Refuted(claim, witness)

    a subterm's definedness condition is proved false wherever the assumptions hold;  inhabitant
    ------------------------------------------------------------------------------------------------
    Refuted(claim, witness kind "undefined")

    further, if the certificate says so:  each premise of the statement is absurd      (``rule_logic.premises``)
    ------------------------------------------------------------------------------------------------
    Proved(claim, vacuous)

FAILURE: :class:`Reject` names the rule and the place in the certificate.  Nothing in a certificate
is believed: it holds choices, and each choice is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import excluded
from .claim import Claim, Sequent
from .definedness import atomic_conditions, definedness
from .evidence import Evidence, Reject
from .finite import generic
from .model import Model, read_model, satisfies
from .prove import Prover, prove
from .realness import superfluous
from .rule_logic import premises
from .term import Malformed, Term, negate, show, spoken

_MINT = object()

#: Changes whenever a rule changes what it accepts; part of every store key.
RULE_SET = "5"


@dataclass(frozen=True)
class Proved:
    claim: Claim
    rule: str
    conditions: tuple[Term, ...]
    axioms: tuple[str, ...]
    _key: object = field(repr=False, compare=False)
    vacuous: bool = False

    def __post_init__(self) -> None:
        if self._key is not _MINT:
            raise TypeError("only the kernel's mint makes Proved")


@dataclass(frozen=True)
class Refuted:
    claim: Claim
    rule: str
    witness: Mapping[str, Any]
    axioms: tuple[str, ...]
    _key: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._key is not _MINT:
            raise TypeError("only the kernel's mint makes Refuted")


def verify(
    claim: Claim, certificate: Mapping[str, Any], lemmas: Mapping[str, Proved] | None = None
) -> Proved | Refuted:
    """Replay ``certificate`` for ``claim``.

    ``lemmas`` maps claim hashes to minted proofs; only those that the claim names are used.
    Raises :class:`Reject` if the certificate does not show what it says.
    """
    try:
        return _verify(claim, certificate, lemmas)
    except (Malformed, KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError,
            RecursionError, ZeroDivisionError) as error:     # a witness may be any JSON
        raise Reject("verdict", "certificate", f"{type(error).__name__}: {error}") from error


def _verify(
    claim: Claim, certificate: Mapping[str, Any], lemmas: Mapping[str, Proved] | None
) -> Proved | Refuted:
    usable = {h: p for h, p in (lemmas or {}).items() if h in claim.lemmas and type(p) is Proved}
    sequent = claim.sequent
    match certificate:
        case {"verdict": "proved", "proof": dict(proof), "inhabitant": dict(inhabitant)}:
            evidence = prove(sequent, proof, usable)
            if (loose := superfluous(evidence.conditions, sequent)) is not None:
                raise Reject("verdict", show(loose)[:80], "may fail where the statement has a truth value all the same")
            evidence += excluded.check(sequent, evidence.conditions, certificate.get("excluded", ()),
                                       Prover(usable, None))
            model = read_model(sequent, inhabitant)
            satisfies(model, sequent, (*sequent.assumptions, *evidence.conditions), inhabitant, "inhabitant", usable)
            empty = _vacuous(sequent, certificate.get("vacuous"), usable)
            conditions = tuple(map(spoken, evidence.conditions))      # for people and for JSON
            return Proved(claim, _rule(proof), conditions, evidence.axioms, _MINT, empty)
        case {"verdict": "refuted", "witness": {"kind": "undefined", "condition": int(k)} as witness,
              "proof": dict(proof), "inhabitant": dict(inhabitant)}:
            conditions = definedness(sequent.goal, sequent)
            if isinstance(k, bool) or not 0 <= k < len(conditions):
                raise Reject("undefined", "witness", f"there is no condition {k}")
            if conditions[k] not in atomic_conditions(sequent.goal, sequent):
                raise Reject("undefined", "witness", f"it may be true without {show(conditions[k])}")
            evidence = prove(sequent.with_goal(negate(conditions[k])), proof, usable)
            _unconditional(evidence, "undefined")
            model = read_model(sequent, inhabitant)
            satisfies(model, sequent, sequent.assumptions, inhabitant, "inhabitant", usable)
            return Refuted(claim, _rule(proof), witness, evidence.axioms, _MINT)
        case {"verdict": "refuted", "witness": {"kind": str()} as witness, "proof": dict(proof)}:
            model = read_model(sequent, witness)
            satisfies(model, sequent, sequent.assumptions, witness, "witness", usable)
            generic(sequent, model.values, model.truth)
            at_point = model.instance(sequent.with_goal(negate(sequent.goal)))
            evidence = prove(at_point, proof, usable, model)
            _unconditional(evidence, "witness")
            return Refuted(claim, _rule(proof), witness, evidence.axioms, _MINT)
        case _:
            raise Reject("verdict", "certificate", "neither a proof with its inhabitant nor a witness")


def _vacuous(sequent: Sequent, proofs: Any, lemmas: Mapping[str, Proved]) -> bool:
    """The certificate shows that no point satisfies the premise (both sides, of an equivalence)."""
    if proofs is None:
        return False
    absurd = premises(sequent)
    if not absurd or len(absurd) != len(proofs):
        raise Reject("vacuous", "certificate", f"{len(absurd)} premises, {len(proofs)} proofs")
    for question, proof in zip(absurd, proofs, strict=True):
        _unconditional(prove(question, proof, lemmas), "vacuous")
    return True


def _rule(proof: Mapping[str, Any]) -> str:
    return str(proof.get("rule"))


def _unconditional(evidence: Evidence, where: str) -> None:
    if evidence.conditions:
        raise Reject(where, "conditions", f"a refutation may not rest on {show(evidence.conditions[0])}")


__all__ = ["RULE_SET", "Model", "Proved", "Refuted", "verify"]
