"""A sheet that names a file of the course which is not there: what its names stand for is not guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy

from checker.reading.derivations import derivations
from checker.reading.documents import read_page

MARKDOWN = "---\n{line}\n---\n# P\n$$ \\sqrt{{x^2}} = x $$\n## Q\nWords.\n## R\n$$ y = y $$\n"
LATEX = "{line}\n\\section{{P}}\n\\[ \\sqrt{{x^2}} = x \\]\n"


def read(folder: Path, name: str, text: str, shared: str = "") -> tuple[list[str], list[str]]:
    (folder / name).write_text(text)
    with sympy.evaluate(False):
        documents, problems = derivations(read_page(folder / name, folder), name, shared)
    return [c.id for d in documents for c in d.claims], [p.message for p in problems]


@pytest.mark.parametrize(("name", "text"), [
    ("a.md", MARKDOWN.format(line="course: course.notation")), ("a.md", MARKDOWN.format(line="notation: course.notation")),
    ("a.tex", LATEX.format(line="% notation: course.notation")), ("a.md", MARKDOWN.format(line="course: ../up.notation")),
    ("a.md", MARKDOWN.format(line="course: /etc/up.notation"))])
def test_a_sheet_whose_course_file_is_missing_is_refused(name: str, text: str, tmp_path: Path) -> None:
    claims, told = read(tmp_path, name, text)
    assert not claims and all("the notation file cannot be read" in t and "\\input" not in t for t in told)
    if "course.notation" in text:
        assert "there is no file course.notation: write its path from the folder of this document" in told[0]
        (tmp_path / "course.notation").write_text("x: real > 0\ny: real")
        assert read(tmp_path, name, text)[0] and not read(tmp_path, name, text)[1]


def test_the_notation_of_who_checks_stands_in_its_place(tmp_path: Path) -> None:
    claims, told = read(tmp_path, "a.md", MARKDOWN.format(line="course: course.notation"), "x: real\ny: real")
    assert claims and "the notation file cannot be read" in told[0]
