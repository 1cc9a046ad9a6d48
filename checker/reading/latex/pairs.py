r"""``\sum_{i \ne j}`` and ``\sum_{i < j}``: one sum over pairs, or over one index while the other is fixed?

    \sum_{i \ne j} a_i a_j = ...        j stands nowhere else: a sum over all pairs
    \sum_{i \ne j} A_{ij} = r_j         j is fixed by the other side: a sum over i
    \sum_j \sum_{i \ne j} A_{ij}        j is bound outside: a sum over i

The grammar reads one formula and cannot see the other side; here all formulas of a row, or of a chain of rows, are
seen.  What is still doubtful is refused with both readings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from . import readback
from .grammar.sorts import BINDERS, bound_names
from .source import Unread
from .tree import Tree

_BIG = frozenset(("sum", "prod", "max", "min"))


def settled(trees: Iterable[Tree], fixed: Iterable[str] = ()) -> tuple[Tree, ...]:
    """The formulas, which stand in one row, with each such sum as it is meant.  ``fixed``: names that have a value
    there in any case, like the parameters of a definition."""
    trees = tuple(trees)
    if not any(_pair(t) for tree in trees for t in tree.walk()):
        return trees
    outside = frozenset(fixed).union(*(_free(t, frozenset()) for t in trees))
    return tuple(_settled(t, outside, frozenset()) for t in trees)


def _pair(t: Tree) -> tuple[str, ...]:
    """The two names that a big operator's condition relates, () if it is of another form."""
    if t.head not in _BIG or not t.parts or t.parts[0].head != "binding":
        return ()
    binding = t.parts[0]
    if binding.value == "differs":
        sides = binding.parts
    elif binding.value == "where" and len(binding.parts) == 2 and binding.parts[0].value == "all" \
            and len(binding.parts[0].parts) == 2 and binding.parts[1].head == "relation":
        sides = binding.parts[1].parts
        if {s.value for s in sides} != {v.value for v in binding.parts[0].parts}:
            return ()
    else:
        return ()
    return tuple(str(s.value) for s in sides) if all(s.head == "name" for s in sides) else ()


def _free(t: Tree, bound: frozenset[str]) -> Iterator[str]:
    if t.head == "name":
        if t.value not in bound:
            yield str(t.value)
        return
    if t.head in BINDERS and t.parts and t.parts[0].head == "binding":
        bound = bound | bound_names(t.parts[0]) | frozenset(_pair(t))
    for p in t.parts:
        yield from _free(p, bound)


def _settled(t: Tree, outside: frozenset[str], bound: frozenset[str]) -> Tree:
    pair = _pair(t)
    if pair and not bound & set(pair):
        t = _meant(t, pair, outside)
    if t.head in BINDERS and t.parts and t.parts[0].head == "binding":
        bound = bound | bound_names(t.parts[0])
    return replace(t, parts=tuple(_settled(p, outside, bound) for p in t.parts)) if t.parts else t


def _meant(t: Tree, pair: tuple[str, ...], outside: frozenset[str]) -> Tree:
    binding, body = t.parts[0], t.parts[-1]
    fixed = [n for n in pair if n in outside]
    summed = {n.value for n in body.walk() if n.head == "name"} & set(pair)
    over_pairs = binding if binding.value == "where" else Tree("binding", (
        Tree("binding", binding.parts, "all", binding.place),
        Tree("relation", binding.parts, "!=", binding.place)), "where", binding.place)
    one = pair[0] if binding.value == "differs" or len(fixed) != 1 else next(n for n in pair if n not in fixed)
    over_one = binding
    if binding.value != "differs":
        own = replace(binding.parts[0], parts=tuple(v for v in binding.parts[0].parts if v.value == one))
        over_one = replace(binding, parts=(own, *binding.parts[1:]))
    if not fixed and len(summed) != 1:
        return replace(t, parts=(over_pairs, body))
    if len(fixed) == 1 and one not in fixed:
        return replace(t, parts=(over_one, body))
    said = readback.latex(replace(t, parts=(binding, body)))
    other = next(n for n in pair if n != one)
    why = f"outside of it stand{'s' if len(fixed) == 1 else ''} {' and '.join(fixed)}, too" if fixed else \
        f"what is summed has only {next(iter(summed))}"
    raise Unread("pair", f"{said}: is this one sum over {one}, or over all pairs ({why})?", binding.place,
                 "name the fixed index on both sides, or write both sums, "
                 f"\\sum_{{{other}}} \\sum_{{{one} \\ne {other}}}",
                 (f"a sum over {one} for one {other}", f"a sum over all pairs ({one}, {other})"))


__all__ = ["settled"]
