"""Hostile documents: each is refused or read within two seconds, by name, and its other problems are read all the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sympy

from checker.reading.derivations import derivations
from checker.reading.documents import read_page
from checker.records import Document, Problem

from .documents import GROUPS, LOST, content

SECONDS = 2.0       # of computing, for the whole file


pytestmark = pytest.mark.usefixtures("deep")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


def read(folder: Path, group: str, name: str) -> tuple[list[Document], list[Problem], float]:
    kind, data = content(group, name)
    path = folder / f"bad.{kind}"
    path.write_bytes(data)
    begun = time.process_time()
    with sympy.evaluate(False):
        documents, problems = derivations(read_page(path, folder, single=True), "bad", "")
    return documents, problems, time.process_time() - begun


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for k, v in value.items():
                yield from (str(k), *_strings(v))
        case list() | tuple():
            for v in value:
                yield from _strings(v)


@pytest.mark.parametrize("group", GROUPS)
def test_each_document_comes_to_what_the_table_says(group: str, folder: Path) -> None:
    wrong = []
    for name, ((kind, text), code, word) in GROUPS[group].items():
        documents, problems, seconds = read(folder, group, name)
        codes = {p.code for p in problems}
        here = f"{group}/{name}: "
        if (code not in codes) if code else codes:
            wrong.append(here + f"{code or 'read'} expected, found {[(p.code, p.message[:80]) for p in problems[:3]]}")
        elif code and not any(p.code == code and word in p.message for p in problems):
            wrong.append(here + f"{word!r} is not in {problems[0].message!r}")
        good = any(d.title.startswith("Good") and any(line.claims for line in d.lines) for d in documents)
        if kind in ("tex", "md") and isinstance(text, str) and f"{group}/{name}" not in LOST and not good:
            wrong.append(here + "the good problem behind it was lost")
        if len(problems) > 600:
            wrong.append(here + f"{len(problems)} messages")
        if seconds > SECONDS:
            wrong.append(here + f"{seconds:.1f} s")
        wrong += [here + f"a message of {len(p.message)} characters" for p in problems if len(p.message) > 3_000]
        wrong += [here + "a message that cannot be printed" for p in problems if not p.message.isprintable()]
        for shown in _strings([d.to_json() for d in documents]):
            shown.encode()                          # no half of a surrogate pair gets out of the reader
    assert not wrong, "\n".join(wrong)


def test_there_are_hundreds() -> None:
    assert sum(map(len, GROUPS.values())) > 450
