r"""What a sentence adds to the notation: "let $x > 0$", "for $n \in \mathbb N$"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import grammar
from .declarations import one_name
from .grammar.tidy import tidy
from .notation import Notation, Role
from .source import Token, Unread
from .tree import Tree


def let(notation: Notation, tokens: Sequence[Token]) -> Notation:
    r"""The notation with what "let $x > 0$" says: new names get a role, known ones a condition.

    Read are conditions (``x > 0``, ``0 < p < 1``, ``x, y \in \mathbb R``, ``n \in \mathbb N``), ``x \in \mathbb R^n``,
    ``A \in \mathbb R^{n \times m}``, ``X \sim \mathcal N(0, 1)``, ``f : \mathbb R \to \mathbb R`` and ``a = ...``.
    """
    colon = next((k for k, t in enumerate(tokens) if t.text in (":", r"\colon")), None)
    if colon is not None and any(t.text in (r"\to", r"\rightarrow") for t in tokens[colon:]):
        name = one_name(tidy(list(tokens[:colon])).tokens, 0)[0]
        role = Role(name.key, "function", sizes=(grammar.number(1),), place=tokens[0].place)
        return replace(notation, roles={**notation.roles, name.key: role})
    loose = replace(notation, complete=False)
    reading = grammar.read(tokens, loose)
    roles = dict(notation.roles)
    statements = reading.tree.parts if reading.tree.head == "and" else (reading.tree,)
    for statement in statements:
        _let_one(roles, notation, statement, reading)
    missing = [k for k in reading.inferred if k not in roles]
    for name_ in missing:
        if notation.complete:
            raise Unread("undeclared", f"{name_} is not declared", reading.inferred[name_].place,
                         f"declare it in the notation: {name_}: real")
        roles[name_] = reading.inferred[name_]
    return replace(notation, roles=roles)


def _let_one(roles: dict[str, Role], notation: Notation, t: Tree, reading: grammar.Reading) -> None:
    if t.head not in ("relation", "chain", "distributed"):
        raise Unread("let", "this is no statement about a name", t.place, r"write  let $x > 0$")
    if t.head == "distributed":
        for n in ((t.parts[0],) if t.parts[0].head == "name" else t.parts[0].parts[:1]):
            key_ = str(n.value)
            if key_ not in roles or roles[key_].inferred:
                roles[key_] = Role(key_, "random", value=t.parts[1], place=t.place)
            else:
                roles[key_] = replace(roles[key_], value=t.parts[1])
        return
    subjects = list(dict.fromkeys(str(n.value) for n in t.walk() if n.head == "name"))
    fresh = [s for s in subjects if s in reading.inferred and s not in notation.roles]
    kind, domain = "scalar", "real"
    sizes: tuple[Tree, ...] = ()
    conditions: tuple[Tree, ...] = (t,)
    if t.head == "relation" and t.value == "in":
        where = t.parts[1]
        subject = str(t.parts[0].value)
        known = {"R": "real", "N": "natural", "Z": "integer", "Q": "rational", "C": "complex"}
        if where.head == "constant" and where.value in known:
            domain, conditions = known[where.value], ()
        elif where.head == "pow" and where.parts[0].head == "constant":
            sizes = where.parts[1].parts if where.parts[1].head == "tuple" else (where.parts[1],)
            kind, conditions = ("matrix" if len(sizes) == 2 else "vector"), ()
        elif where.head == "set" or where.head == "function" and where.parts[0] == Tree("constant", (), "Z"):
            domain = "integer" if where.head == "function" or all(p.head in ("number",
                                                                             "range") for p in where.parts) else "real"
        if subject in roles and not roles[subject].inferred:
            if conditions:
                roles[subject] = replace(roles[subject], conditions=(*roles[subject].conditions, *conditions))
            elif kind == "scalar" and roles[subject].kind == "scalar":
                roles[subject] = replace(roles[subject], domain=domain)
        else:
            roles[subject] = Role(subject, kind, domain, sizes, conditions, place=t.place)
            for s in sizes:
                for n in s.walk():
                    if n.head == "name" and str(n.value) not in roles:
                        one = Tree("relation", (n, grammar.number(1)), ">=")
                        roles[str(n.value)] = Role(str(n.value), "scalar", "integer", conditions=(one,), inferred=True,
                                                   place=t.place)
        return
    for name in (fresh or subjects[:1]):
        inferred = reading.inferred.get(name)
        old = roles.get(name) or (replace(inferred, inferred=False) if inferred
                                  else Role(name, "scalar", place=t.place))
        roles[name] = replace(old, conditions=(*old.conditions, t))
