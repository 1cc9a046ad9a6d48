"""The worked example of CONTRIBUTING.md is what it says: the rule accepts and rejects its rows, the engine finds the proof."""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.engines import search
from checker.kernel import prove as kernel
from checker.kernel.evidence import Reject

from ..kernel.statements import sequent, statement, verdict

PAGE = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The rule and the engine of the page in the kernel and the search; the namespace of its rows."""
    for name in ("checker.kernel.rule_odd", "checker.engines.odd"):
        path = name.replace(".", "/") + ".py"
        block = re.search(rf"`{path}`.*?```python\n(.*?)```", PAGE, re.DOTALL)
        assert block is not None, path
        module = types.ModuleType(name)
        module.__package__ = name.rpartition(".")[0]
        monkeypatch.setitem(sys.modules, name, module)
        exec(compile(block[1], path, "exec"), module.__dict__)
    monkeypatch.setitem(kernel.RULES, "odd", ("rule_odd", "check"))
    odd = ("odd integrands", search._external("odd", "proofs"))
    monkeypatch.setattr(search, "ENGINES", (*search.ENGINES[:20], odd, *search.ENGINES[20:]))
    rows = re.search(r"```python\n(ODD = .*?)```", PAGE, re.DOTALL)
    assert rows is not None
    space: dict[str, Any] = {"pytest": pytest, "Reject": Reject, "FIELD": {"rule": "field"}, "prove": kernel.prove,
                             "sequent": sequent}
    exec(compile(rows[1], "CONTRIBUTING.md", "exec"), space)
    yield space
    search.FILES.discard("odd")


def test_the_rule_accepts_and_rejects_its_rows(installed: dict[str, Any]) -> None:
    for name in ("test_odd_integrands", "test_what_is_no_odd_integrand"):
        test = installed[name]
        (mark,) = test.pytestmark
        for row in mark.args[1]:
            test(row)


@pytest.mark.parametrize(("integral", "right", "expected"), [
    ("Integral(x*exp(x**4), (x, -1, 1))", "0", "proved"), ("Integral(x*exp(x**4), (x, -1, 1))", "1", "refuted"),
    ("Integral(x**2*exp(x**4), (x, -1, 1))", "0", "refuted"), ("Integral(x*exp(x**4), (x, -1, 2))", "0", "refuted"),
])
def test_the_engine_finds_the_proof(installed: dict[str, Any], integral: str, right: str, expected: str) -> None:
    assert verdict(statement(integral, "=", right)) == (expected, ())


def test_what_the_page_edits_stands_there() -> None:
    """The places that the page names: tables and files that a contributor has to find."""
    root = Path(__file__).resolve().parents[2]
    for path in set(re.findall(r"`((?:checker|tests|templates|docs)/[\w/.-]+\.(?:py|j2|md))`", PAGE)):
        assert (root / path).exists() or path.endswith("odd.py"), path
    for target in set(re.findall(r"`make ([a-z-]+)`", PAGE)):
        assert f"\n{target}:" in (root / "Makefile").read_text(), target
