r"""Words of a declaration that say something of a name of its kind.

``x: bounded real`` would be read as ``x: real``: what the word says is lost, and a line that needs it is called wrong.
So a word that changes nothing for its kind is an error, with what to write instead.  Functions and matrices refuse
their own words where they are used (``meanings/objects.py``), for there the number of arguments and the size are known.
"""

from __future__ import annotations

from collections.abc import Iterable

from .notation import Role

#: Words with an effect, and words that say only what holds of every name of the kind.
_WORDS: dict[str, frozenset[str]] = {
    "vector": frozenset({"unit", "nonzero", "positive", "nonnegative", "column"}),
    "random": frozenset({"discrete", "continuous", "independent", "iid", "vector", "matrix", "event"}),
    "density": frozenset({"discrete", "continuous", "joint", "conditional", "normalised"}),
    "family": frozenset({"vector", "matrix"}),
    "constant": frozenset({"identity"}),
}
#: Kinds that look after their words where they are used.
_LATER = frozenset({"function", "matrix", "alias", "definition"})
_DOMAINS: dict[str, frozenset[str]] = {
    "random": frozenset({"integer", "natural"}), "sequence": frozenset({"integer", "natural", "complex"}),
    "function": frozenset({"complex"}), "density": frozenset(),
}
_INSTEAD = {
    "bounded": r"write the bound as a condition: x: real, |x| \le b",
    "increasing": "state it as a condition: a_{n+1} \\ge a_n, in a line of its own",
    "decreasing": "state it as a condition: a_{n+1} \\le a_n, in a line of its own",
    "even": "say it in a sentence: Let $n$ be even", "odd": "say it in a sentence: Let $n$ be odd",
    "distinct": "write i \\ne j as a condition", "row": "declare the column vector, and write x^\\top for the row",
    "orthogonal": "write it as a condition: x^\\top y = 0",
    "independent": "it is said of random variables: X, Y: random, independent",
}


def without_effect(role: Role, said_domain: bool) -> tuple[str, str] | None:
    """A word of this declaration that would be lost, and what to write; None if there is none."""
    if role.kind not in _LATER:
        for word in sorted(role.properties - _WORDS.get(role.kind, frozenset())):
            return word, _INSTEAD.get(word.split()[-1], "leave it out, or write what it says as a condition")
    known = _DOMAINS.get(role.kind)
    if said_domain and role.domain != "real" and known is not None and role.domain not in known:
        return role.domain, "leave it out, or write what it says as a condition"
    return None


def alone(roles: Iterable[Role]) -> Role | None:
    """The one random variable that is called independent, where there is no other: independent of what?"""
    found = [r for r in roles if r.kind == "random" and "independent" in r.properties]
    return found[0] if len(found) == 1 and not found[0].sizes else None
