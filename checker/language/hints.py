"""``by=[...]``: how a person would go about it.

    induct(n)                   by induction over n; start=a: the base, steps=2: from two earlier values
    cases(x > 1, y > 0)         each holds or not
    split(x)                    x < 0, x = 0, x > 0
    unfold("s")                 open this definition only; the others stay names for any number
    via(u, v)                   left = u = v = right: intermediate links
    instance("law", {x: t})     an assumption (by its label) or a lemma (by its id) at t

A hint guides the search and is never trusted: what it leads to is a certificate like any other, and a
wrong hint costs time only.  Hints are taken in their order, one inside the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..kernel import term as T
from .errors import StatementError
from .nodes import expression


class Hint:
    """``kind`` and its parts: ``terms``, ``formulas``, and plain data."""

    def __init__(self, kind: str, terms: Iterable[Any] = (), formulas: Iterable[Any] = (), **data: Any) -> None:
        self.kind, self.terms, self.formulas, self.data = kind, tuple(terms), tuple(formulas), data

    def packed(self, reading: Any) -> str:
        """The hint as JSON, its terms read among the claim's names.  A name that the claim does not have is an
        error: the hint would be about something else."""
        before, defined = set(reading.declarations), len(reading.used())
        terms = [reading.term(expression(t)) for t in self.terms]
        formulas = [reading.formula(f) for f in self.formulas]
        if new := set(reading.declarations) - before:
            raise StatementError(f"{self.kind}: {', '.join(sorted(new))} is no name of this claim", "hint")
        if len(reading.used()) > defined:
            raise StatementError(f"{self.kind}: it uses a definition that the claim does not use", "hint")
        return json.dumps({"hint": self.kind, "terms": [T.to_json(t) for t in terms],
                           "formulas": [T.to_json(f) for f in formulas], **self.data}, sort_keys=True)


def induct(n: Any, start: Any = None, steps: int = 1) -> Hint:
    """By induction over the integer ``n``, from ``start`` (else from the bounds that are assumed); ``steps``
    earlier values are used at once."""
    if not isinstance(steps, int) or not 1 <= steps <= 4:
        raise StatementError(f"induct: steps={steps!r}, it is a number from 1 to 4", "hint")
    return Hint("induct", (n,) if start is None else (n, start), steps=steps)


def cases(*conditions: Any) -> Hint:
    """Each condition holds or does not."""
    if not conditions:
        raise StatementError("cases(...) needs a condition: cases(x > 0)", "hint")
    return Hint("cases", formulas=conditions)


def split(*quantities: Any) -> Hint:
    """Each quantity is negative, zero or positive."""
    if not quantities:
        raise StatementError("split(...) needs a quantity: split(x - 1)", "hint")
    return Hint("split", quantities)


def via(*links: Any) -> Hint:
    """Through these terms, one after the other."""
    if not links:
        raise StatementError("via(...) needs a term between the two sides", "hint")
    return Hint("via", links)


def unfold(*names: str) -> Hint:
    """Open only these definitions; every other one stays a name, for any number."""
    bad = [n for n in names if not isinstance(n, str)]
    if bad:
        raise StatementError(f"unfold takes the names of definitions as text, not {bad[0]}", "hint")
    return Hint("unfold", names=[n.lstrip("\\") for n in names])


def instance(law: Any, values: Mapping[Any, Any]) -> Hint:
    """The assumption of that label, or the lemma of that id, for these values of its names."""
    names = [getattr(k, "name", None) or str(k) for k in values]
    return Hint("instance", values.values(), law=getattr(law, "label", law), names=names)


def packed(hints: Iterable[Any], reading: Any, assumed: Mapping[str, int], using: Sequence[str]) -> tuple[str, ...]:
    """``assumed``: positions of the named assumptions; ``using``: ids of lemmas.  Raises :class:`StatementError`."""
    if isinstance(hints, (str, Hint)):
        raise StatementError("by= is a list of hints: by=[induct(n)]", "hint")
    out = []
    for h in hints:
        if not isinstance(h, Hint):
            raise StatementError(
                f"{h!r} is no hint; hints are induct(n), cases(x > 0), split(x), unfold(\"s\"), via(t) and "
                "instance(law, {x: t})", "hint")
        if h.kind == "instance":
            law = h.data["law"]
            if law not in assumed and law not in using:
                raise StatementError(
                    f"instance: {law!r} is neither a named assumption of this claim nor one of using=", "hint")
            place = {"assumption": assumed[law]} if law in assumed else {"lemma": law}
            h = Hint(h.kind, h.terms, names=h.data["names"], **place)
        out.append(h.packed(reading))
    return tuple(out)


__all__ = ["Hint", "cases", "induct", "instance", "packed", "split", "unfold", "via"]
