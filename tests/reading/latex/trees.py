"""Trees and notations in short form, for tests that need no grammar.

    tree("(relation:= (sum (binding:range i 1 n) (entry x i)) 0)")        head:value, numbers, names
    notation("x: vector n", "n: integer >= 1", "q: density")
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from checker.reading.latex.notation import Notation, Role
from checker.reading.latex.tree import Tree

_TOKEN = re.compile(r"\(|\)|[^\s()]+")
_TUPLES = {"chain", "matrix"}
_CONSTANTS = {"pi", "oo", "e", "RR", "ZZ", "NN"}


def tree(text: str) -> Tree:
    tokens = _TOKEN.findall(text)
    out, rest = _parse(tokens, 0)
    assert rest == len(tokens), text
    return out


def _parse(tokens: list[str], at: int) -> tuple[Tree, int]:
    token = tokens[at]
    if token != "(":
        return _atom(token), at + 1
    head, _, value = tokens[at + 1].partition(":")
    at += 2
    parts = []
    while tokens[at] != ")":
        part, at = _parse(tokens, at)
        parts.append(part)
    return Tree(head, tuple(parts), _value(head, value)), at + 1


def _value(head: str, value: str) -> Any:
    if head == "chain":
        return tuple(value.split(","))
    if head == "matrix":
        return tuple(map(int, value.split(",")))
    if head in ("prime", "factorial"):
        return int(value or 1)
    return value if value else "" if head == "limit" else None


def _atom(token: str) -> Tree:
    if re.fullmatch(r"\d+(/\d+)?", token):
        return Tree("number", (), Fraction(token))
    if token in _CONSTANTS:
        return Tree("constant", (), {"RR": "R", "ZZ": "Z", "NN": "N"}.get(token, token))
    return Tree("name", (), token)


_LINE = re.compile(r"([^:]+):\s*(.*)")


def notation(*lines: str, **settings: str) -> Notation:
    """One declaration a line: kind words as in the notation block, sizes and conditions in short form."""
    roles: dict[str, Role] = {}
    for line in lines:
        names, said = _LINE.fullmatch(line).groups()                 # type: ignore[union-attr]
        for key in names.split(","):
            roles[key.strip()] = _role(key.strip(), said)
    return Notation(roles, settings, True)


def _role(key: str, said: str) -> Role:
    if said.startswith(":="):
        params = re.match(r":=\[(.*?)\]\s*(.*)", said)
        if params:
            return Role(key, "definition", value=tree(params[2]), params=tuple(map(tree, params[1].split())))
        return Role(key, "definition", value=tree(said[2:].strip()))
    said, _, law = said.partition("~")
    head, _, rest = said.partition("|")
    words = head.split()
    conditions = tuple(tree(c.strip()) for c in rest.split(";") if c.strip())
    extra: dict[str, Any] = {"conditions": conditions}
    if words[0] in ("real", "integer", "complex", "rational", "natural"):
        for relation in (">=", ">", "<=", "<", "!="):
            if relation in words:
                k = words.index(relation)
                extra["conditions"] = (tree(f"(relation:{relation} {key} {words[k + 1]})"), *conditions)
        return Role(key, "scalar", domain=words[0], **extra)
    properties = frozenset(w for w in words[1:] if w.isalpha() and len(w) > 3)
    sizes = tuple(tree(w) for w in words[1:] if w not in properties)
    if law:
        extra["value"] = tree(law.strip())
    if words[0] == "function" and words[1:2] == ["of"]:
        return Role(key, "function", params=tuple(map(tree, words[2:])), **extra)
    if words[0] == "density" and words[1:2] == ["of"]:
        return Role(key, "density", params=tuple(map(tree, words[2:])), **extra)
    if words[0] == "index":
        sizes = (tree("1"), *sizes)
    if words[0] == "alias":
        return Role(key, "alias", value=words[1])
    return Role(key, words[0], sizes=sizes, properties=properties, **extra)
