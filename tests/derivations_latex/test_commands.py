"""``checker check`` and ``explain`` on documents in LaTeX: which files are derivations, JSON, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checker.running.loader import distinct, find_files, marked
from checker.records import Document, Line

HERE = Path(__file__).parent
SOLUTION = r"""\documentclass{article}
% notation:
%   x, y: real
\begin{document}
\section{Squares}
\begin{align}
(x+y)^2 - x^2 &= x^2 + xy + y^2 - x^2 \\
&= xy + y^2 \\
&= xy + y^2 \text{ more or less} \\
&= y(x + y)
\end{align}
\section{Roots}
\begin{align*}
x^2 - 5x + 6 &= 0 \\
(x-2)(x-3) &= 0 \\
x = 2 &\text{ or } x = 3
\end{align*}
\end{document}
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "checker", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    (folder / "solution.tex").write_text(SOLUTION, encoding="utf-8")
    return folder


def test_json(project: Path) -> None:
    """The whole answer, word for word; ``golden.json`` is what a program may rely on."""
    done = run(project, "check", "solution.tex", "--output-format", "json")
    assert done.returncode == 2, done.stderr          # one row was not read; the others are decided
    data: dict[str, Any] = json.loads(done.stdout)
    golden = HERE / "golden.json"
    assert data["derivations"] == json.loads(golden.read_text(encoding="utf-8"))
    assert [e["line"] for e in data["errors"]] == [9]
    assert all(c["as_expected"] == (c["verdict"] == "proved") for c in data["claims"])


def test_people_see_line_by_line(project: Path) -> None:
    """A second run, from the store."""
    text = run(project, "check", "solution.tex").stdout
    assert "7 ✗ (x+y)^2 - x^2 &= x^2 + xy + y^2 - x^2" in text
    assert "wrong at x = 1, y = 1: left 3, right 2" in text
    assert "what “more or less” says of the formula is not read" in text and r"9 | &= xy + y^2 \text{ more or less}" in text
    assert "first wrong line: 7" in text
    assert "2 derivations, 1 with a wrong line. First wrong lines: solution.squares line 7; 1 line was not read." in (
        text.splitlines())


def test_a_line_that_rests_on_words_is_an_error_of_the_file_too(tmp_path: Path) -> None:
    r"""``\bar x`` of which nothing is said: the line is not judged, and no build passes over it."""
    rows = r"\sum_{i=1}^n (x_i - c)^2 &= \sum_{i=1}^n (x_i - \bar x)^2 + (\bar x - c)^2 \\" + "\n" + r"&\ge (\bar x - c)^2"
    (tmp_path / "mean.md").write_text("# One\n$$\n\\begin{align*}\n" + rows + "\n\\end{align*}\n$$\n", encoding="utf-8")
    done = run(tmp_path, "check", "mean.md")
    assert done.returncode == 2, done.stdout
    assert "1 claim: 1 proved. All as expected. 1 error." in done.stdout
    assert "no wrong line; 1 line was not read" in done.stdout


def test_what_is_marked_as_wrong_is_named(tmp_path: Path) -> None:
    (tmp_path / "marked.md").write_text("# One\n<!-- checker: expected=refuted -->\n$$ x = x + 1 $$\n", encoding="utf-8")
    done = run(tmp_path, "check", "marked.md")
    assert done.returncode == 0
    assert "no wrong line besides what is marked as wrong: 3" in done.stdout


def test_explain_a_line(project: Path) -> None:
    text = run(project, "explain", "solution.tex:15").stdout
    for part in ("source:\n  (x-2)(x-3) &= 0", "the tree:", "read as solving for x", "x² − 5·x + 6 = 0 ⟺ (x − 2)·(x − 3) = 0",
                 "proof:"):
        assert part in text, part
    assert "its lines: 7, 8, 9, 10, 14, 15, 16" in run(project, "explain", "solution.tex:1").stderr


@pytest.mark.parametrize(("name", "text", "is_one"), [
    ("a.tex", "% notation:\n%  x: real\n$x=x$", True),
    ("a.tex", "% checker: expected=refuted\n", True),
    ("a.tex", "\\documentclass{article}\n", False),
    ("a.md", "---\ntitle: T\nnotation: |\n  x: real\n---\n", True),
    ("a.md", "---\ntitle: T\n---\nnotation of the course\n", False),
    ("a.md", "<!-- checker: expected=refuted -->\n", True),
    ("a.md", "Prose with $x$.\n", False),
    ("a.ipynb", '{"cells": [{"cell_type": "markdown", "source": ["<!-- notation: x: real -->"]}]}', True),
    ("a.ipynb", '{"cells": []}', False),
])
def test_which_documents_of_a_folder_are_derivations(name: str, text: str, is_one: bool, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert marked(file) is is_one
    assert find_files([tmp_path]) == ([file.resolve()] if is_one else [])
    assert find_files([file]) == [file.resolve()]                        # one that is named is read
    assert find_files([tmp_path], everything=True) == [file.resolve()]   # with --notation


def test_documents_of_one_name_get_the_names_of_their_folders() -> None:
    def document(file: str) -> Document:
        return Document("hw1", "", "", file, (), lines=(Line(1, 1, "x", claims=("hw1.line1",)),))

    found = distinct([document("ann/hw1.tex"), document("bob/hw1.tex"), document("bob/hw1.md")])
    assert len({d.id for d in found}) == 3
    assert [d.id for d in found][:2] == ["ann.hw1", "bob.hw1"]
    assert found[0].lines[0].claims == ("ann.hw1.line1",)
