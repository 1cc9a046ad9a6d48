"""What a rule returns, and how it fails."""

from __future__ import annotations

from dataclasses import dataclass

from .term import Term


class Reject(Exception):
    """A certificate that does not show its claim.  ``rule``: who says so; ``where``: which part."""

    def __init__(self, rule: str, where: str, message: str) -> None:
        super().__init__(f"rule {rule}, {where}: {message}")
        self.rule, self.where, self.message = rule, where, message


@dataclass(frozen=True, slots=True)
class Evidence:
    """The goal holds wherever ``conditions`` hold; each condition is the definedness of a subterm
    of the goal.  ``axioms`` are the named theorems that were assumed."""

    conditions: tuple[Term, ...] = ()
    axioms: tuple[str, ...] = ()

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            tuple(dict.fromkeys(self.conditions + other.conditions)),
            tuple(dict.fromkeys(self.axioms + other.axioms)),
        )
