"""Run a derivation file so that a claim which cannot be read costs no other claim its verdict.

The file runs statement by statement.  Three kinds may fail without ending it, because what comes after them means the
same with or without them:

* ``D.claim(...)``, wherever it stands (in a loop, in a function), and a call of one of the file's own functions that
  does nothing but state claims: one that also appends to a list may have half done it;
* an assignment to names (``x = D.vector("x", 3)``).  The names are then *withdrawn*: whatever uses them is an error
  too, told with the first one, and never reads what the name meant before.

Any other statement ends the file: nobody knows what it would have changed (``assumed.append(...)``).  The claims above
it stand.  A claim inside the file's own ``try`` is left to that.
"""

from __future__ import annotations

import __future__
import ast
import builtins
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

#: A file of mistakes ends after so many.
MAX_REFUSED = 100
_REFUSED = " refused"        # no identifier: the file cannot have a name like it


@dataclass(slots=True)
class Refusal:
    """A statement that failed, and the lines that were not read because they use a name of it."""

    error: BaseException
    line: int
    names: frozenset[str] = frozenset()
    ends: bool = False                    # the statements below were not run
    rests: list[int] = field(default_factory=list)


class _TooMany(BaseException):
    """The file is made of mistakes."""


class Statements:
    """The statements of one file, run in ``namespace``; ``refused`` lists what failed."""

    def __init__(self, source: bytes, path: str, namespace: dict[str, Any]) -> None:
        tree = ast.parse(source, path)
        self.refused: list[Refusal] = []
        self._path, self._namespace = path, namespace
        stating = frozenset(_stating(tree))
        self._tree = ast.fix_missing_locations(_Guarded(stating).visit(tree))
        self._flags = _features(tree)
        self.compiled = [(s, self._compiled(s)) for s in self._tree.body]      # all of it, before any of it runs

    def _compiled(self, statement: ast.stmt) -> types.CodeType:
        code: types.CodeType = compile(
            ast.Module([statement], []), self._path, "exec", self._flags, dont_inherit=True)
        return code

    def run(self) -> None:
        self._namespace[_REFUSED] = lambda error: self._note(error, frozenset())
        names_of_python = self._namespace["__builtins__"] = dict(vars(builtins))
        for k, (statement, code) in enumerate(self.compiled):
            try:
                exec(code, self._namespace)  # noqa: S102  (a derivation is a program; this is its worker)
            except _TooMany:
                return
            except BaseException as error:
                names = frozenset(_bound(statement))
                ends = not (isinstance(error, Exception) and _withdrawable(statement)) or isinstance(error, MemoryError)
                try:
                    self._note(error, names, ends and k + 1 < len(self.compiled))
                except _TooMany:
                    return
                if ends:
                    return
                for name in names:
                    self._namespace.pop(name, None)
                    names_of_python.pop(name, None)     # nor is a withdrawn sum Python's

    def _note(self, error: BaseException, names: frozenset[str], ends: bool = False) -> None:
        line = _line(error, self._path)
        missing = error.name if isinstance(error, NameError) else None
        for earlier in self.refused:
            if missing is not None and missing in earlier.names and not ends:
                earlier.names |= names
                earlier.rests.append(line)
                return
        self.refused.append(Refusal(error, line, names, ends))
        if len(self.refused) >= MAX_REFUSED:
            self.refused[-1].ends = True
            raise _TooMany


class _Guarded(ast.NodeTransformer):
    """Each statement of a claim in a ``try`` of its own."""

    def __init__(self, stating: frozenset[str]) -> None:
        self.stating = stating

    def visit_Try(self, node: ast.Try) -> ast.Try:
        return node

    def visit_TryStar(self, node: ast.TryStar) -> ast.TryStar:
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        if not _states(node, self.stating):
            return node
        name = " error"
        call = ast.Expr(ast.Call(ast.Name(_REFUSED, ast.Load()), [ast.Name(name, ast.Load())], []))
        handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), name, [call])
        for part in ast.walk(handler):
            ast.copy_location(part, node)
        return ast.copy_location(ast.Try([node], [handler], [], []), node)


def _states(node: ast.AST, stating: frozenset[str]) -> bool:
    """``D.claim(...)``, or a call of a function that states claims; without names given in passing."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    of = node.value.func
    named = isinstance(of, ast.Attribute) and of.attr == "claim" or isinstance(of, ast.Name) and of.id in stating
    return named and not any(isinstance(u, ast.NamedExpr) for u in ast.walk(node))


def _stating(tree: ast.AST) -> Iterator[str]:
    """The functions of the file that state claims, and change nothing else."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = [u for s in node.body for u in ast.walk(s)]
            if any(_states(u, frozenset()) for u in inside) and all(map(_keeps, inside)):
                yield node.name


def _keeps(u: ast.AST) -> bool:
    """Not a statement that leaves something behind when the function ends."""
    if isinstance(u, ast.Expr):
        return _states(u, frozenset()) or isinstance(u.value, ast.Constant)
    if isinstance(u, (ast.Assign, ast.AnnAssign)):
        return _withdrawable(u)
    return not isinstance(u, (ast.Global, ast.Nonlocal, ast.AugAssign, ast.Delete, ast.NamedExpr))


def _withdrawable(statement: ast.stmt) -> bool:
    """An assignment to plain names."""
    targets = statement.targets if isinstance(statement, ast.Assign) else (
        [statement.target] if isinstance(statement, ast.AnnAssign) else [])
    return bool(targets) and all(isinstance(u, (ast.Name, ast.Tuple, ast.List, ast.Starred, ast.expr_context))
                                 for t in targets for u in ast.walk(t))


def _bound(statement: ast.stmt) -> Iterator[str]:
    for u in ast.walk(statement):
        if isinstance(u, ast.Name) and isinstance(u.ctx, ast.Store):
            yield u.id


def _features(tree: ast.Module) -> int:
    """``from __future__ import ...`` holds for the whole file."""
    flags = 0
    for s in tree.body:
        if isinstance(s, ast.ImportFrom) and s.module == "__future__":
            for alias in s.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags


def _line(error: BaseException, path: str) -> int:
    """The last line of the file that was under way."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


__all__ = ["MAX_REFUSED", "Refusal", "Statements"]
