"""What an engine run comes back with: a certificate or what was tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """``certificate``: for ``verify`` (already accepted by the kernel once), or None.

    ``problem``: the assumptions contradict each other (an input error).  ``cause``, ``tried``,
    ``evidence``, ``next_steps`` tell a person about an undecided claim.
    """

    certificate: Mapping[str, Any] | None
    tried: tuple[str, ...] = ()
    evidence: str | None = None
    next_steps: tuple[str, ...] = ()
    cause: str | None = None
    problem: str | None = None


@dataclass(slots=True)
class Budget:
    """Deterministic limits: how many candidate points, and how many kernel checks in all."""

    points: int = 400
    checks: int = 4_000
    nodes: int = 200           # sequents for which a proof is sought
    leaves: int = 30           # of trees of cases (``branches``)

    def spend(self) -> bool:
        self.checks -= 1
        return self.checks >= 0
