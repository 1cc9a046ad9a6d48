r"""Matrices and cases."""

from __future__ import annotations

from ..source import Token
from ..tree import Tree
from . import expressions, formulas
from .cursor import Cursor

MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "psmallmatrix", "bsmallmatrix",
                      "array"})


def environment(c: Cursor, cases: bool = False) -> Tree:
    t = c.token
    name = c.ahead(1).text
    c.pos += 2
    cases = cases or name in ("cases", "dcases", "rcases", "cases*")
    determinant = name == "vmatrix"
    if not cases and name not in MATRICES and not determinant and name not in ("aligned", "split", "gathered"):
        c.fail("environment", f"the environment {name} within a formula is not read", t.place,
               "known: cases, pmatrix, bmatrix, matrix, vmatrix")
    if name in ("aligned", "split", "gathered"):
        with c.inside():
            found = formulas.formula(c)
        if not c.at(r"\end"):
            c.fail("environment", f"several rows of {name} within a formula", c.token.place,
                   "write them as rows of their own")
        c.pos += 2
        return found
    rows = table(c, t, cases)
    if cases and rows:
        parts: list[Tree] = []
        for row in rows:
            if len(row) == 1:
                row = [row[0], Tree("constant", (), "true")]
            if len(row) != 2:
                c.fail("cases", f"a case of {len(row)} columns", t.place, "write the value, & and the condition")
            parts.extend(row)
        return Tree("cases", tuple(parts), None, t.place)
    if not rows:
        c.fail("empty", f"an empty {name}", t.place)
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        c.fail("matrix", "rows of different lengths", t.place, "write as many entries in each row")
    made = Tree("matrix", tuple(e for row in rows for e in row), (len(rows), width), t.place)
    return Tree("function", (made,), "det", t.place) if determinant else made


def table(c: Cursor, t: Token, cases: bool) -> list[list[Tree]]:
    rows: list[list[Tree]] = [[]]
    with c.inside():
        while True:
            if c.at(r"\end"):
                c.pos += 2
                break
            if c.at(r"\\"):
                c.pos += 1
                if not c.at(r"\end"):
                    rows.append([])
                continue
            if c.ended:
                c.fail("unbalanced", r"\begin without \end", t.place, r"write \end{...}")
            if c.at("&"):
                c.pos += 1
                if not rows[-1]:
                    c.fail("matrix", "an empty entry", c.token.place, "write 0")
            if cases and len(rows[-1]) == 1:
                rows[-1].append(condition(c))
            else:
                rows[-1].append(expressions.expression(c))
                c.loose = frozenset()
                if cases and c.accept(","):
                    pass
            if not (c.at("&") or c.at(r"\\") or c.at(r"\end")):
                if cases and len(rows[-1]) == 1 and c.token.kind == "text":
                    rows[-1].append(condition(c))
                    continue
                c.unexpected()
    return [row for row in rows if row]


def condition(c: Cursor) -> Tree:
    r"""The second column of cases: ``\text{if } x > 0``, ``x > 0``, ``\text{otherwise}``."""
    t = c.token
    if t.kind in ("text", "word"):
        said = t.text.strip().strip(".,;").casefold()
        if said in ("otherwise", "else", "sonst", "other"):
            c.pos += 1
            for mark in (".", ",", ";"):
                c.accept(mark)
            return Tree("constant", (), "true", t.place)
        if said in ("if", "for", "when", "where", "falls", "if and only if", "wenn", "für"):
            c.pos += 1
        else:
            c.unexpected()
    found = formulas.formula(c, commas=False)
    for mark in (".", ",", ";"):
        c.accept(mark)
    return found
