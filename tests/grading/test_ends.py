"""Where a derivation ends: what was asked is reached by a chain or by equivalences, not by lines that stand apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.grading.test_command import results

PROBLEMS = r"""
problems:
  - id: product
    title: A product
    points: 5
    notation: "a, b: real"
    start: (a + b)^2 - (a - b)^2
    goal: 4ab
    milestones: [{id: factor, latex: '((a + b) - (a - b))((a + b) + (a - b))', points: 2}]
  - id: bound
    title: A bound
    points: 4
    notation: "x, y: real"
    goal: x^2 + y^2 \ge 2xy
    milestones: [{id: square, latex: '(x - y)^2 \ge 0', points: 2}]
"""
FACTORS = r"((a + b) - (a - b))((a + b) + (a - b))"
#: Rows for each problem, and whether a person has to look.
CLASS = {
    "chain": ([rf"(a+b)^2 - (a-b)^2 &= {FACTORS}", "&= 4ab"], False, [r"x^2 + y^2 &= (x-y)^2 + 2xy", r"&\ge 2xy"], False),
    "last": ([r"(a+b) - (a-b) &= 2b", rf"(a+b)^2 - (a-b)^2 &= {FACTORS}", r"&= 4ab"], False,
             [r"(x-y)^2 &\ge 0", r"x^2 - 2xy + y^2 &\ge 0", r"x^2 + y^2 &\ge 2xy"], False),
    "iff": ([rf"(a+b)^2 - (a-b)^2 &= {FACTORS}", "&= 2b(2a)", "&= 4ab"], False,
            [r"x^2 + y^2 &\ge 2xy", r"\iff (x-y)^2 &\ge 0"], False),
    "copies": ([r"(a+b)^2 - (a-b)^2 &= (a+b)^2 - (a-b)^2", rf"{FACTORS} &= {FACTORS}", "4ab &= 4ab"], True,
               [r"(x-y)^2 \ge 0 &\iff (x-y)^2 \ge 0"], True),
    "backwards": ([r"4ab &= 4ab", r"(a+b)^2 - (a-b)^2 &= 4ab"], True,
                  [r"x^2 + y^2 &\ge 2xy", r"\implies (x-y)^2 &\ge 0"], True),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("ends")
    (made / "problems.yaml").write_text(PROBLEMS)
    (made / "class").mkdir()
    for name, (product, _, bound, _) in CLASS.items():
        body = "".join(f"\\section*{{{title}}}\n\\begin{{align*}}\n" + " \\\\\n".join(rows) + "\n\\end{align*}\n"
                       for title, rows in (("Product", product), ("Bound", bound)))
        (made / "class" / f"{name}.tex").write_text(body)
    subprocess.run([sys.executable, "-m", "checker", "grade", "problems.yaml", "class", "--out", "grades"], cwd=made,
                   check=True, capture_output=True, timeout=120)
    return made


@pytest.mark.parametrize("name", CLASS)
def test_who_reached_what_was_asked(name: str, folder: Path) -> None:
    found = results(folder)
    _, product, _, bound = CLASS[name]
    for problem, person in (("product", product), ("bound", bound)):
        graded = found[name, problem]
        assert graded["provisional"] is person, graded["reasons"]
        if not person:
            assert graded["points"] == graded["of"] and graded["goal"] == "reached"


def test_copies_earn_no_milestone(folder: Path) -> None:
    assert not results(folder)["copies", "product"]["milestones"]
