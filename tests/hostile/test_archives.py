"""Hostile zips: each comes to what the table says within two seconds, and nothing is written anywhere."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import sympy

from checker.reading.derivations import derivations
from checker.reading.documents import read_pages

from .archives import ARCHIVES


@pytest.mark.parametrize("name", ARCHIVES)
def test_each_zip_comes_to_what_the_table_says(name: str, tmp_path: Path) -> None:
    make, code, word = ARCHIVES[name]
    path = tmp_path / "a.zip"
    path.write_bytes(make())
    begun = time.process_time()
    with sympy.evaluate(False):
        read = [derivations(page, f"a.zip/{page.file}") for page in read_pages(path)]
    assert time.process_time() - begun < 2
    problems = [p for _, found in read for p in found]
    if code:
        assert any(p.code == code and word in p.message for p in problems), problems[:3]
    else:
        assert any(d.title == "Good" for documents, _ in read for d in documents), problems[:3]
    assert all(p.message.isprintable() for p in problems)
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]
