"""Ids and lemmas: which claim rests on which, in what order they can be decided.

``using=["weight-limit"]`` names a claim of the same derivation by its short id, any other by its full
id, and a whole chain by the chain's id.  A claim's hash covers the hashes of its lemmas, so lemmas are
resolved bottom up; a cycle is an error.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..records import Document, Problem, StatedClaim

#: Ids name files and test items: letters, digits, dots, hyphens, underscores.
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")


@dataclass(frozen=True, slots=True)
class Linked:
    """Claims with the hashes of their lemmas filled in; ``lemmas`` maps ids to the ids they rest on."""

    documents: tuple[Document, ...]
    lemmas: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...]


def link(documents: Sequence[Document]) -> Linked:
    """Claims with a bad or taken id, an unknown lemma or a circular one are dropped with a problem."""
    problems: list[Problem] = []
    kept = _with_own_ids(documents, problems)
    claims = {c.id: c for d in kept for c in d.claims}
    rests_on = {c.id: _resolve(c, d, claims, problems) for d in kept for c in d.claims}
    circular = _circular(rests_on)
    for cycle in circular:
        first = claims[cycle[0]]
        problems.append(_problem(
            first, "cycle", f"claims rest on each other: {' -> '.join((*cycle, cycle[0]))}; one of them must "
            "be proved without the other",
        ))
    lost = {name for cycle in circular for name in cycle}
    lemmas = {name: found for name, found in rests_on.items() if name not in lost and found is not None}
    linked: dict[str, StatedClaim] = {}
    for name in order(lemmas):
        # A lemma that was dropped leaves a claim that cannot be proved; run() says so.
        hashes = {n: linked[n].claim.hash for n in lemmas[name] if n in linked}
        linked[name] = replace(
            claims[name], claim=replace(claims[name].claim, lemmas=tuple(hashes.values())),
            by=tuple(_placed(h, hashes) for h in claims[name].by))
    return Linked(
        tuple(replace(d, claims=tuple(linked[c.id] for c in d.claims if c.id in linked)) for d in kept),
        lemmas, tuple(problems),
    )


def _with_own_ids(documents: Sequence[Document], problems: list[Problem]) -> list[Document]:
    """Every id is well formed and belongs to one claim, chains included."""
    owner: dict[str, StatedClaim] = {}
    chains: dict[str, StatedClaim] = {}
    kept = []
    for document in documents:
        good = []
        for c in document.claims:
            other = owner.get(c.id) or chains.get(c.id)
            if not ID.fullmatch(c.id):
                problems.append(_problem(
                    c, "bad-id",
                    f"{c.id!r} cannot be an id: use letters, digits, dots, hyphens and underscores",
                ))
            elif other is not None:
                problems.append(_problem(
                    c, "duplicate-id", f"the id {c.id} is taken by the claim at {other.file}:{other.line}; "
                    "give this one another"
                ))
            elif c.parent is not None and c.parent in owner:
                taken = owner[c.parent]
                problems.append(_problem(
                    c, "duplicate-id", f"the chain's id {c.parent} is taken by the claim at "
                    f"{taken.file}:{taken.line}; give this one another"
                ))
            else:
                owner[c.id] = c
                if c.parent is not None:
                    chains.setdefault(c.parent, c)
                good.append(c)
        kept.append(replace(document, claims=tuple(good)))
    return kept


def _resolve(
    claim: StatedClaim, document: Document, claims: Mapping[str, StatedClaim], problems: list[Problem]
) -> tuple[str, ...] | None:
    """Full ids of the lemmas; None (and a problem) if one is unknown."""
    found: list[str] = []
    for name in claim.using:
        for full in (f"{document.id}.{name}", name, name.removeprefix(f"{document.id}.")):
            links = [c.id for c in claims.values() if c.parent == full]
            if full in claims or links:
                found += [full] if full in claims else links
                break
        else:
            short = name.removeprefix(f"{document.id}.")
            near = difflib.get_close_matches(short, [c.removeprefix(f"{document.id}.") for c in claims], 1)
            hint = f"; did you mean {near[0]!r}?" if near else "; is its file among those checked?"
            message = f"using {short!r}: there is no such claim{hint}"
            problems.append(_problem(claim, "unknown-lemma", message))
            return None
    return tuple(dict.fromkeys(found))


def _placed(hint: str, hashes: Mapping[str, str]) -> str:
    """A hint that speaks of a lemma by its id, speaking of it by its hash; a chain's id stands for its first link."""
    data = json.loads(hint)
    if "lemma" not in data:
        return hint
    name = data["lemma"]
    found = [h for n, h in hashes.items() if n == name or n.endswith(f".{name}") or f".{name}." in f".{n}"]
    return json.dumps({**data, "lemma": found[0] if found else ""}, sort_keys=True)


def _circular(rests_on: Mapping[str, tuple[str, ...] | None]) -> list[tuple[str, ...]]:
    """The cycles, each once."""
    state: dict[str, int] = {}
    cycles: list[tuple[str, ...]] = []

    for start in rests_on:
        path: list[str] = []
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            name, k = stack.pop()
            if k == 0:
                if state.get(name):
                    if state[name] == 1:
                        cycles.append(tuple(path[path.index(name):]))
                    continue
                state[name] = 1
                path.append(name)
            below = [n for n in rests_on.get(name) or () if n in rests_on]
            if k < len(below):
                stack += [(name, k + 1), (below[k], 0)]
            else:
                state[name] = 2
                path.pop()
    return cycles


def order(lemmas: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Lemmas before the claims that use them; otherwise as given.  ``lemmas`` has no cycle."""
    done: dict[str, None] = {}
    for start in lemmas:
        stack = [start]
        while stack:
            name = stack[-1]
            waiting = [n for n in lemmas.get(name, ()) if n in lemmas and n not in done]
            if name in done or not waiting:
                done.setdefault(name)
                stack.pop()
            else:
                stack += waiting[::-1]
    return list(done)


def needed(names: Sequence[str], lemmas: Mapping[str, tuple[str, ...]]) -> set[str]:
    """``names`` and all they rest on."""
    found: set[str] = set()
    stack = list(names)
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack += lemmas.get(name, ())
    return found


def _problem(claim: StatedClaim, code: str, message: str) -> Problem:
    return Problem(claim.file, claim.line, None, code, message)
