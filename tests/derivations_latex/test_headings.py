"""What is assumed below a heading holds below its subheadings, and no further."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from checker.running.limits import Ended, Limits
from checker.running.workers import Workers

from .deciding import NOTATION, rows_of

CLAIM = "\\[ \\sqrt{x^2} = x \\]\n"

SCOPES = [
    ("\\section{One} Let $x > 0$.\n\\subsection{(a)}" + CLAIM + "\\section{Two}" + CLAIM, ["proved", "refuted"]),
    ("Let $x > 0$.\n\\section{One}" + CLAIM + "\\section{Two}" + CLAIM, ["proved", "proved"]),
    ("\\section{One}\\subsection{(a)} Let $x > 0$." + CLAIM + "\\subsection{(b)}" + CLAIM, ["proved", "refuted"]),
    ("\\section{Problem 1} Let $x > 0$." + CLAIM + "\n\n\\textbf{Problem 2.}" + CLAIM, ["proved", "refuted"]),
    ("\\begin{problem} Let $x > 0$." + CLAIM + "\\end{problem}\\begin{problem}" + CLAIM + "\\end{problem}",
     ["proved", "refuted"]),
]


@pytest.mark.parametrize(("text", "verdicts"), SCOPES)
def test_scopes_of_headings(text: str, verdicts: list[str], tmp_path: Path) -> None:
    found, problems = rows_of(NOTATION + text, tmp_path)
    assert [v.verdict for v in found] == verdicts and not problems


def test_a_zip_is_loaded(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("main.tex", r"\documentclass{article}\begin{document}\input{one}\end{document}")
        archive.writestr("one.tex", r"\[ x + x = 2x \]")
    with Workers(1, Limits(), fresh=True, boxed=False) as workers:      # load_file boxes itself, for good
        answer = workers.submit("load_file", str(tmp_path / "a.zip"), str(tmp_path), str(tmp_path / "box"), 60).result()
    assert isinstance(answer, Ended)
    loaded = answer.value
    assert [(d["file"], [line["file"] for line in d["lines"]]) for d in loaded["documents"]] == [
        ("a.zip/main.tex", ["one.tex"])]
    assert not loaded["problems"]
