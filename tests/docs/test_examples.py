"""Every Python example in the README and the docs runs, and every claim in it gets the verdict it expects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sympy

from checker.engines.portfolio import decide
from checker.kernel.verdict import verify
from checker.language import derivation
from checker.records import Document
from checker.running.linking import link

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples() -> Iterator[Any]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            if "Derivation(" in match[1]:
                line = text[:match.start()].count("\n") + 2
                yield pytest.param(match[1], id=f"{page.name}:{line}")


def load(source: str) -> list[Document]:
    derivation.reset()
    with sympy.evaluate(False):
        exec(compile(source, "example.py", "exec"), {"__name__": "example"})  # noqa: S102
    documents = derivation.collected()
    derivation.reset()
    return documents


@pytest.mark.parametrize("source", list(examples()))
def test_an_example_gets_the_verdicts_it_expects(source: str) -> None:
    linked = link(load(source))
    assert not linked.problems
    proved: dict[str, Any] = {}
    found = {}
    for document in linked.documents:
        for stated in document.claims:
            certificate = decide(stated.claim, proved, stated.by).certificate
            found[stated.id] = certificate["verdict"] if certificate else "undecided"
            if certificate and certificate["verdict"] == "proved":
                proved[stated.claim.hash] = verify(stated.claim, certificate, proved)
    expected = {c.id: c.expected for d in linked.documents for c in d.claims}
    assert found == expected
    assert found
