"""The kernel's rules for people: what each concludes from what, what makes it fail, and where it is from.

A rule's page is its docstring, the drawing that stands beside its code; nothing is written twice.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from ..kernel import prove


@dataclass(frozen=True, slots=True)
class RulePage:
    """``names``: the rules that one drawing speaks of, as certificates and verdicts call them; ``module``: the file
    of the kernel they are in; ``text``: premises over conclusion, FAILURE, source."""

    names: tuple[str, ...]
    module: str
    text: str

    @property
    def title(self) -> str:
        """The first paragraph; of a bare drawing its premises."""
        return " ".join(self.text.partition("\n\n")[0].partition("----")[0].split())


@cache
def pages() -> tuple[RulePage, ...]:
    """All rules, the small logical ones first."""
    of_module: dict[str, dict[str, str]] = {}
    for name, (module, function) in prove.RULES.items():
        of_module.setdefault(module, {})[name] = function
    return (*_small(), *(_page(module, functions) for module, functions in sorted(of_module.items())))


def _page(name: str, functions: dict[str, str]) -> RulePage:
    """A file of rules: what it says of all of them, then what each says of itself."""
    module = import_module(f"..kernel.{name}", __package__)
    parts = [inspect.getdoc(module) or ""]
    for rule, function in functions.items():
        if own := inspect.getdoc(getattr(module, function)):
            parts.append(f"``{rule}``:\n{own}" if own[:1] == " " else f"``{rule}``: {own}")
    return RulePage(tuple(functions), name, "\n\n".join(parts))


def find(name: str) -> RulePage | None:
    return next((p for p in pages() if name in p.names), None)


def _small() -> list[RulePage]:
    """Rules that ``Prover`` has in its ``match``: the docstring of the function that the case calls."""
    tree = ast.parse(inspect.getsource(prove))
    functions = {f.name: f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef)}
    found = []
    for case in ast.walk(functions["_dispatch"]):
        match case:
            case ast.match_case(
                pattern=ast.MatchValue(ast.Constant(str(name))),
                body=[ast.Return(ast.Call(ast.Attribute(attr=str(called)) | ast.Name(id=str(called))))],
            ):
                held = functions.get(called)
                imported = getattr(prove, called, None)
                module = "prove" if held is not None else imported.__module__.rpartition(".")[2]
                text = ast.get_docstring(held) if held is not None else inspect.getdoc(imported)
                found.append(RulePage((name,), module, inspect.cleandoc(text or "")))
    return found
