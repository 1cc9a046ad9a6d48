"""The documents that docs/latex.md shows are read as it says."""

from __future__ import annotations

import re
from pathlib import Path

from tests.reading.documents.outline import outline, read

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "latex.md").read_text(encoding="utf-8")


def shown(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_document_in_latex(tmp_path: Path) -> None:
    (tmp_path / "course.notation").write_text("n: integer")
    page = read(tmp_path, "a.tex", shown("latex").replace("../course", "course"))
    assert outline(page) == [
        "# prob:square: Problem 1", "Let $x > 0$.", "align*", "  12:3 ( x + 1 ) ^ 2 & = x ^ 2 + 2 x + 1", r"  13:13 & \ge 2 x .",
        "# problem-2: Problem 2", "display expected=refuted",
        r"  17:4 \frac { \mathrm { d } } { \mathrm { d } x } \left ( x ^ 2 + \theta x \right ) = 2 x - \theta"]
    assert (page.course, page.notation) == ("n: integer", "  x, y: real\n  \\theta: real > 0")


def test_the_document_in_markdown(tmp_path: Path) -> None:
    (tmp_path / "course.notation").write_text("n: integer")
    page = read(tmp_path, "a.md", shown("markdown").replace("../course", "course"))
    assert outline(page) == [
        "# square: Problem 1", "Let $x > 0$.", "align*", "  13:3 ( x + 1 ) ^ 2 & = x ^ 2 + 2 x + 1", r"  14:13 & \ge 2 x .",
        "# problem-2: Problem 2", "display expected=refuted", r"  19:4 \frac { d } { d x } ( x ^ 2 + \theta x ) = 2 x - \theta"]
    assert (page.course, page.notation) == ("n: integer", "x, y: real\n\n\\theta: real > 0")
