"""Hand-written claims and certificates: terms as s-expressions, straight to the kernel.

``(>= (pow x 13) 0)`` is an application; ``(forall ((x real)) guard body)`` a binder;
``(sum ((k integer)) (1 n) true body)`` a binder with outer terms.  An atom is a number, a constant
of the language (``pi``, ``i``, ``true``) or a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from checker.kernel.claim import Claim, Definition
from checker.kernel.evidence import Reject
from checker.kernel.term import BINDERS, HEADS, Malformed, Sort, Term, from_json, sort_from_json
from checker.kernel.verdict import Proved, Refuted, verify

Tree = Any


def tree(text: str) -> Tree:
    tokens = text.replace("(", " ( ").replace(")", " ) ").split()
    position = 0

    def go() -> Tree:
        nonlocal position
        token = tokens[position]
        position += 1
        if token != "(":
            return token
        out = []
        while tokens[position] != ")":
            out.append(go())
        position += 1
        return out

    found = go()
    assert position == len(tokens), text
    return found


def sort_data(t: Tree) -> Any:
    if isinstance(t, str):
        return t
    if t[0] == "index":
        return {"index": data(t[1])}
    if t[0] == "map":
        return {"map": [sort_data(a) for a in t[1]], "to": sort_data(t[2])}
    raise AssertionError(t)


def data(t: Tree) -> Any:
    """The kernel's JSON of a tree."""
    if isinstance(t, str):
        body = t.lstrip("-").replace("/", "")
        if body.isdigit():
            return t
        return [t] if t in HEADS and HEADS[t][0] == 0 and HEADS[t][1] == 0 else {"v": t}
    head = t[0]
    if head in BINDERS and isinstance(t[1], list):
        names = [[n, sort_data(s)] for n, s in t[1]]
        rest = t[2:]
        outer: Sequence[Tree] = ()
        if (
            BINDERS[head][0]
            and isinstance(rest[0], list)
            and len(rest) == 1 + (BINDERS[head][1] if BINDERS[head][1] >= 0 else len(rest) - 1)
        ):
            outer, rest = rest[0], rest[1:]
        return {"b": head, "vars": names, "outer": [data(u) for u in outer], "inner": [data(u) for u in rest]}
    return [head, *(data(a) for a in t[1:])]


def J(text: str) -> Any:
    return data(tree(text))


def T(text: str) -> Term:
    return from_json(J(text))


def sort(text: str) -> Sort:
    return sort_from_json(sort_data(tree(text)))


def claim(
    names: str,
    statement: str,
    *given: str,
    definitions: Sequence[tuple[str, str, str]] = (),
    lemmas: Sequence[str] = (),
) -> Claim:
    """``names``: ``"x real, n integer"``; definitions: name, parameters, body."""
    made = Claim(
        _declared(names),
        tuple(T(g) for g in given),
        T(statement),
        tuple(Definition(n, _declared(p), T(b)) for n, p, b in definitions),
        tuple(lemmas),
    )
    made.check_scope()
    return made


def _declared(names: str) -> tuple[tuple[str, Sort], ...]:
    parts = [p.strip().split(" ", 1) for p in names.split(",") if p.strip()]
    return tuple((n, sort(s)) for n, s in parts)


def proof(rule: str, **fields: Any) -> dict[str, Any]:
    return {"rule": rule, **fields}


FIELD, SIGN, EVALUATE, ASSUMPTION = (proof(r) for r in ("field", "sign", "evaluate", "assumption"))


def proved(p: Mapping[str, Any], /, because: Mapping[str, Any] | None = None, **point: Any) -> dict[str, Any]:
    """A certificate of a proof with its inhabitant."""
    inhabitant: dict[str, Any] = {"point": values(point)}
    if because is not None:
        inhabitant["because"] = because
    return {"verdict": "proved", "proof": p, "inhabitant": inhabitant}


def refuted(
    p: Mapping[str, Any], /, because: Mapping[str, Any] | None = None, **point: Any
) -> dict[str, Any]:
    witness: dict[str, Any] = {"kind": "point", "point": values(point)}
    if because is not None:
        witness["because"] = because
    return {"verdict": "refuted", "witness": witness, "proof": p}


def values(point: Mapping[str, Any]) -> dict[str, Any]:
    return {
        n: {"term": J(v)} if isinstance(v, str) else str(v) if isinstance(v, int) else v
        for n, v in point.items()
    }


def outcome(
    c: Claim, certificate: Mapping[str, Any], lemmas: Mapping[str, Proved] | None = None
) -> Proved | Refuted | str:
    """What the mint makes of it, or the reason it refuses."""
    try:
        return verify(c, certificate, lemmas)
    except (Reject, Malformed) as reason:
        return str(reason)
