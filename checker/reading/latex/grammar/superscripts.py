r"""What a superscript means: a power, a transpose, an inverse, a mark of the name, a number of a family."""

from __future__ import annotations

from ..notation import Role
from ..tree import Tree
from . import names, probability, scripts, sorts
from .cursor import Cursor

#: Superscripts that are part of a name: ``x^*``.
MARKS = frozenset({"*", r"\star", r"\dagger", "+", "-", r"\circ", r"\bullet"})


def transposable(c: Cursor, tree: Tree) -> None:
    """What is transposed must be known as a vector or a matrix."""
    for n in tree.walk():
        role = c.inferred.get(str(n.value)) if n.head == "name" else None
        if role is not None and role.kind == "scalar" and str(n.value) not in c.scope and sorts.sort(c, tree) == "number":
            c.fail("undeclared", f"{n.value} is transposed, and it is not declared", n.place,
                   f"declare {n.value}: vector n  or  {n.value}: matrix n x m")


def number_transposed(c: Cursor, tree: Tree) -> None:
    """A name or an entry that is declared as a number is not transposed."""
    base = tree.parts[0] if tree.head == "entry" else tree
    role = c.role(str(base.value)) if base.head == "name" else None
    if role is None or tree.head == "name" and role.kind != "scalar":
        return
    if tree.head == "entry" and (role.properties & {"vector", "matrix"} or role.kind == "matrix" and len(tree.parts) == 2
                                 or role.kind in ("random", "definition")):
        return
    index = "_i" if tree.head == "entry" else ""
    c.fail("transpose", f"{base.value}{index} is a number by its declaration, and is transposed", tree.place,
           f"declare {base.value}{index}: vector d")


def superscripted(c: Cursor, tree: Tree, role: Role | None, where: tuple[int, int]) -> Tree:
    r"""``^2``, ``^T``, ``^{-1}``, ``^{(i)}``, ``^*``."""
    start, stop = where
    tokens = c.tokens[start:stop]
    first = tokens[0]
    if len(tokens) == 1:
        text = first.text
        if text in (r"\top", r"\intercal") or first.kind in ("word", "text") and text == "T" or text == r"\mathsf T":
            transposable(c, tree)
            number_transposed(c, tree)
            return Tree("transpose", (tree,), None, tree.place)
        if text in ("T", "t") and c.role(text) is None:
            what = sorts.sort(c, tree)
            if text == "T" and (what in ("matrix", "vector") or c.setting("^T") == "transpose"):
                return Tree("transpose", (tree,), None, tree.place)
            if text == "T":
                c.fail("power-or-transpose", "^T may be a transpose or a power", first.place,
                       r"write ^\top for the transpose, or declare T: integer", (r"^\top", "^{(T)}"))
        elif text == "T" and sorts.sort(c, tree) in ("matrix", "vector") \
                and c.setting("^T", "") != "power":
            t_role = c.role("T")
            if c.setting("^T") == "transpose" or sorts.sort(c, tree) == "vector" or t_role is not None and t_role.kind in (
                    "function", "sequence", "matrix", "vector", "density"):              # no exponents
                return Tree("transpose", (tree,), None, tree.place)
            c.fail("power-or-transpose", "T is declared, so ^T may be a transpose or a power", first.place,
                   r"write ^\top for the transpose", (r"^\top", "^{(T)}"))
        if text in MARKS or first.kind in ("text", "word"):
            base = tree.value if tree.head == "name" else None
            if text in (r"\dagger", "+", "*") and base is None:
                c.fail("unknown-superscript", f"^{text} is not read", first.place, "write what it means")
            key = f"{base}^{scripts.script_key(tokens)}" if base is not None else ""
            if not key or c.notation.complete:
                c.fail("undeclared", f"{key or 'this superscript'} is not declared", first.place,
                       f"declare it in the notation: {key}: real" if key else "declare the name with its mark")
            base_role = c.role(str(base))
            if base_role is not None and base_role.kind not in ("scalar", "constant"):
                c.fail("undeclared", f"{key} is not declared", first.place, f"declare {key} like {base}")
            c.infer(key, tree.place or first.place, "scalar")
            return Tree("name", (), key, tree.place)
    if first.text == "(" and c.match.get(start) == stop - 1:
        return labelled_superscript(c, tree, role, (start, stop))
    if [t.text for t in tokens] == ["-", "1"] and sorts.sort(c, tree) == "matrix":
        return Tree("inverse", (tree,), None, tree.place)
    if len(tokens) == 2 and first.text == "-" and (tokens[1].text in (r"\top", "T")) \
            and sorts.sort(c, tree) == "matrix":
        return Tree("transpose", (Tree("inverse", (tree,), None, tree.place),), None, tree.place)
    return power(c, tree, where)


def power(c: Cursor, tree: Tree, where: tuple[int, int]) -> Tree:
    exponent = probability.part(c, where)
    if exponent.head == "number" and abs(exponent.value) > 10**4:
        c.fail("too-large", f"an exponent of {exponent.value}", exponent.place, "exponents up to 10000 are read")
    return Tree("pow", (tree, exponent), None, tree.place)


def labelled_superscript(c: Cursor, tree: Tree, role: Role | None, where: tuple[int, int]) -> Tree:
    r"""``x^{(i)}``: an index of a family, a derivative of a function, else part of a name that must be declared."""
    start, stop = where
    inner = c.tokens[start + 1:stop - 1]
    if not inner:
        c.fail("empty", "an empty superscript", c.tokens[start].place)
    beside = f"{tree.value}{names.BESIDE}"
    if tree.head == "name" and role is not None and role.kind == "scalar" and c.role(beside) is not None:
        return labelled_superscript(c, Tree("name", (), beside, tree.place), c.role(beside), where)
    if role is not None and role.kind in ("vector", "matrix"):
        c.fail("superscript-index", f"{tree.value}^{{({c.source(start + 1, stop - 1)})}} is not declared", inner[0].place,
               f"declare it as a {role.kind} of its own, or {tree.value} as a family of them")
    if role is not None and role.kind in ("family", "sequence"):
        if tree.head == "name":
            shown = str(tree.value).removesuffix(names.BESIDE)
            c.fail("superscript-index", f"{shown}^{{({c.source(start + 1, stop - 1)})}}: the indices of {shown} are declared below",
                   inner[0].place, f"declare {shown}^{{(i)}}, or write {shown}_i")
        found = names.indices(c, (start + 1, stop - 1), None)
        if tree.head == "entry":                     # x_j^{(i)} is x^{(i)}_j
            return Tree("entry", (tree.parts[0], *found, *tree.parts[1:]), None, tree.place)
        out = Tree("entry", (tree, *found), None, tree.place)
        if c.at("_"):
            c.pos += 1
            out = Tree("entry", (*out.parts, *names.indices(c, scripts.script(c, "subscript"), None)), None, tree.place)
        return out
    if role is not None and role.kind in ("scalar", "constant", "index") and not c.notation.complete \
            or tree.head != "name":
        base = c.source(c.pos, c.pos)
        c.fail("superscript-index", "a superscript in round brackets may be a power or an index", inner[0].place,
               "write a power without the round brackets, or declare the name as a family",
               (f"{base}^{{{c.source(start + 1, stop - 1)}}}", "a declared family"))
    c.fail("undeclared", f"{tree.value}^{{({c.source(start + 1, stop - 1)})}} is not declared", inner[0].place,
           "declare the name with its superscript, or its base as a family")
