"""A row: a claim as text, with its label and origin.

The text is Python in SymPy's notation: ``left == right``, ``left <= right``, or a statement of
checker.language (``iff(...)``); a theory file adds ``given x > 0, y > 0``.  It is evaluated with
integers wrapped (``1/2`` is exact) and SymPy's evaluation switched off, so that what is decided is
what is written.  Names by convention: x y p q c t s real, z w complex, a b r positive, n k m j
integers, N natural numbers, f g undefined functions.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

RELATIONS = {ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
SIGNS = {v: k for k, v in RELATIONS.items()}
PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True)
class Row:
    """``right`` and ``relation`` are empty for a statement.  ``label``: True, False or None (unknown)."""

    id: str
    area: str
    left: str
    relation: str
    right: str
    given: tuple[str, ...] = ()
    label: bool | None = None
    origin: str = ""
    mutation: str = ""

    @property
    def text(self) -> str:
        said = f"{self.left} {PYTHON.get(self.relation, '')} {self.right}".strip()
        return said + (f"  given {', '.join(self.given)}" if self.given else "")

    def json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: dict[str, Any]) -> Row:
        return cls(**{**data, "given": tuple(data["given"])})


class _Exact(ast.NodeTransformer):
    """Integers become SymPy's, and a quotient of two literals one rational number."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return _call("Integer", node) if type(node.value) is int else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if isinstance(node.op, ast.Div) and _literal(node.left) and _literal(node.right):
            return _call("Rational", node.left, node.right)
        return self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        inner = self.visit(node.operand)
        if isinstance(node.op, ast.USub) and isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) \
                and inner.func.id in ("Integer", "Rational") and _literal(inner.args[0]):
            first = ast.UnaryOp(ast.USub(), inner.args[0])
            return _call(inner.func.id, first, *inner.args[1:])
        return ast.UnaryOp(node.op, inner)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id in ("Integer", "Rational", "Symbol", "Dummy", "Function"):
            return node
        return self.generic_visit(node)


def _literal(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _call(name: str, *args: ast.AST) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


@cache
def namespace() -> dict[str, Any]:
    import sympy

    names: dict[str, Any] = {k: getattr(sympy, k) for k in dir(sympy) if not k.startswith("_")}
    names.update(zip("xypqcts", sympy.symbols("x y p q c t s", real=True), strict=True))
    names.update(zip("zw", sympy.symbols("z w"), strict=True))
    names.update(zip("abr", sympy.symbols("a b r", positive=True), strict=True))
    names.update(zip("nkmj", sympy.symbols("n k m j", integer=True), strict=True))
    names["N"] = sympy.Symbol("N", integer=True, nonnegative=True)
    names["f"], names["g"] = sympy.Function("f"), sympy.Function("g")
    names["limit"] = lambda f, x, a, side="+-": sympy.Limit(f, x, a, side)
    for notation in ("O", "Order"):    # SymPy's is another notion
        del names[notation]
    return names


def language() -> dict[str, Any]:
    """The names of checker.language too: only this project reads statements."""
    import checker

    own = {k: getattr(checker, k) for k in (
        "limit", "forall", "exists", "implies", "iff", "not_", "and_", "or_", "eq", "ne", "lt", "le",
        "O", "Omega", "Theta", "o", "similar", "iteration", "converges")}
    return {**namespace(), **own}


def evaluate(source: str, names: dict[str, Any], unevaluated: bool = True) -> Any:
    import sympy

    tree = ast.fix_missing_locations(_Exact().visit(ast.parse(source.strip(), mode="eval")))
    with sympy.evaluate(not unevaluated):
        return eval(compile(tree, "<row>", "eval"), {"__builtins__": {}}, names)


def claim_of(row: Row) -> Any:
    """The kernel's claim.  Raises StatementError where the checker does not read the row."""
    from checker.language.derivation import read_claim

    names = language()
    given = [evaluate(g, names) for g in row.given]
    parts = (evaluate(row.left, names), row.relation, evaluate(row.right, names)) if row.relation \
        else (evaluate(row.left, names),)
    return read_claim(parts, given, {})[0]


# ------------------------------------------------------------------ theory files


def parse(text: str, area: str, origin: str) -> Iterator[Row]:
    """Lines ``statement [given a, b]``; ``!`` first marks a false row, ``#`` a comment."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        label = not line.startswith("!")
        said, _, given = line.lstrip("! ").partition(" given ")
        tree = ast.parse(said.strip(), mode="eval").body
        conditions = tuple(ast.unparse(e) for e in ast.parse(f"[{given}]", mode="eval").body.elts)  # type: ignore
        where = f"{area}-{number}"
        if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
            yield Row(where, area, ast.unparse(tree.left), RELATIONS[type(tree.ops[0])],
                      ast.unparse(tree.comparators[0]), conditions, label, origin)
        else:
            yield Row(where, area, ast.unparse(tree), "", "", conditions, label, origin)


def theory() -> list[Row]:
    folder = Path(__file__).parent / "theory"
    return [row for file in sorted(folder.glob("*.txt"))
            for row in parse(file.read_text(encoding="utf-8"), file.stem, "theory")]


def save(rows: Iterable[Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r.json()) + "\n" for r in rows), encoding="utf-8")


def load(path: Path) -> list[Row]:
    return [Row.of(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


__all__ = ["PYTHON", "RELATIONS", "Row", "claim_of", "evaluate", "language", "load", "namespace", "parse", "replace",
           "save", "theory"]
