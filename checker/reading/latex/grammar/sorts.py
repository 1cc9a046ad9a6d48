"""What an expression is, as far as the notation says: a number, a vector, a matrix, a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..tree import Tree
from .cursor import Cursor

BINDERS = frozenset({"sum", "prod", "max", "min", "argmax", "argmin", "sup", "inf", "integral", "forall", "exists"})


def sort(c: Cursor, t: Tree) -> str:
    """"matrix", "vector", "function", "number" or "" (not known)."""
    return _Sorts(c).sort(t)


@dataclass
class _Sorts:
    """Each node is looked at once: products look at their ends more than once, and so do definitions of each other,
    which doubles at every level otherwise."""

    c: Cursor
    known: dict[int, str] = field(default_factory=dict)      # by identity: nodes live as long as the outermost one

    def sort(self, t: Tree) -> str:
        if id(t) not in self.known:
            self.known[id(t)] = ""                           # what leads back to itself is not known
            self.known[id(t)] = _sort(self.c, t, self.sort)
        return self.known[id(t)]


def _sort(c: Cursor, t: Tree, sort: Callable[[Tree], str]) -> str:
    head = t.head
    if head == "name":
        role = c.role(str(t.value))
        if role is None:
            return ""
        if role.kind in ("matrix", "vector"):
            return role.kind
        if role.kind == "definition" and isinstance(role.value, Tree):
            return sort(role.value) if role.value.head != "name" else ""
        if role.kind == "random" and role.properties & {"vector", "matrix"}:
            return "vector" if "vector" in role.properties else "matrix"
        return "function" if role.kind in ("function", "alias") else "number"
    if head == "matrix":
        return "vector" if t.value[1] == 1 else "matrix"
    if head == "entry":
        inner = t.parts[0]
        role = c.role(str(inner.value)) if inner.head == "name" else None
        if role is not None and role.kind == "matrix" and len(t.parts) == 2:
            return "vector"
        if role is not None and role.kind == "family" and role.properties & {"vector", "matrix"}:
            return "vector" if "vector" in role.properties else "matrix"
        return "number"
    if head == "transpose":
        inner_sort = sort(t.parts[0])
        return "matrix" if inner_sort in ("vector", "matrix") else inner_sort
    if head in ("inverse",):
        return "matrix"
    if head == "gradient":
        return "vector"
    if head in ("hessian", "jacobian"):
        return "matrix"
    if head in ("add", "neg"):
        for p in t.parts:
            if (found := sort(p)) in ("vector", "matrix"):
                return found
        return "number"
    if head == "mul":
        found = [s for p in t.parts if (s := sort(p)) in ("vector", "matrix")]
        if not found:
            return "number"
        if t.parts and sort(t.parts[-1]) == "vector" and sum(s == "vector" for s in found) == 1 \
                and not (t.parts[0].head == "transpose" and sort(t.parts[0].parts[0]) == "vector"):
            return "vector"
        if len(found) > 1 and t.parts[0].head == "transpose" and sort(t.parts[0].parts[0]) == "vector" \
                and sort(t.parts[-1]) == "vector":
            return "number"
        return "matrix"
    if head in ("pow", "div"):
        return sort(t.parts[0])
    if head in ("sum", "expectation"):
        return sort(t.parts[-1])
    if head == "function" and t.value == "identity":
        return "matrix"
    if head == "function" and t.value in ("hadamard", "kron", "diag", "softmax"):
        return "matrix" if t.value != "softmax" else "vector"
    return "number"


def bound_names(binding: Tree) -> frozenset[str]:
    """The names that a binding binds."""
    if binding.value in ("where",):
        return bound_names(binding.parts[0])
    if binding.value == "several":
        return frozenset().union(*(bound_names(p) for p in binding.parts))
    if binding.value == "all":
        return frozenset(str(n.value) for p in binding.parts for n in p.walk() if n.head == "name")
    return frozenset(str(n.value) for n in binding.parts[0].walk() if n.head == "name")


def free(t: Tree) -> frozenset[str]:
    """The names that occur free."""
    if t.head == "name":
        return frozenset((str(t.value),))
    if t.head in BINDERS and t.parts and t.parts[0].head == "binding":
        inner = frozenset().union(*(free(p) for p in t.parts[1:])) if len(t.parts) > 1 else frozenset()
        return (inner - bound_names(t.parts[0])) | free_of_binding(t.parts[0])
    if t.head == "limit":
        return (free(t.parts[2]) - free(t.parts[0])) | free(t.parts[1])
    if not t.parts:
        return frozenset()
    return frozenset().union(*(free(p) for p in t.parts))


def free_of_binding(binding: Tree) -> frozenset[str]:
    if not binding.parts:
        return frozenset()
    return frozenset().union(*(free(p) for p in binding.parts)) - bound_names(binding)
