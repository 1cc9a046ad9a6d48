"""Markdown and notebooks to pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.reading.latex.source import Place
from tests.reading.documents.outline import messages, outline, read, refusals

READ = {
    "displays": (r"""# Problem 1 {#one}
Let $x > 0$, **bold** and `$code$`.
$$
a
- b
= c
$$
text $$ d = e $$ text, $`f`$ and \(g\)
```math
h = i
```
\[
j
+ k
\]
\begin{align}
l &= m \\
  &= n
\end{align}
```python
$o$
```
    $p$
""", r"""
# one: Problem 1
Let $x > 0$, bold and $code$.
display
  4:1 a - b = c
text
display
  8:9 d = e
text, $f$ and $g$
display
  10:1 h = i
display
  13:1 j + k
align
  17:1 l & = m
  18:3 & = n"""),
    "an align within dollars": ("$$\\begin{align*} a &= b \\\\\n &= c \\end{align*}$$", """
# 1
align*
  1:18 a & = b
  2:2 & = c"""),
    "dollars that are money": ("It costs $5 and $10; a $20 bill, \\$3 and $ x $ is $y$. Or 5$", """
# 1
It costs $5 and $10; a $20 bill, $3 and $x$ is $y$. Or 5$"""),
    "lists and quotations": (r"""1. First $a$
   - inner
     $$ b $$
2. second

> quoted $c$
> $$
> d
> $$
""", """
# 1
[1] First $a$
[1] inner
[1] display
  3:9 b
[2] second
quoted $c$
display
  8:3 d"""),
    "headings": (r"""Title
=====
## Part $x$ one
$a$
### Solution
$b$
## Part $x$ one
$c$""", """
# title: Title
# part-x-one: Part x one
$a$
[solution] $b$
# part-x-one-2: Part x one
$c$"""),
    "headings in bold": (r"""**Problem 1** (a) $a$

**Solution:** $b$

__Exercise 2.__
$c$""", """
# problem-1: Problem 1
(a) $a$
[solution] Solution: $b$
# exercise-2: Exercise 2
$c$"""),
    "percents": ("$50%$ of\nthe $x$", """
# 1
$50$ of the $x$"""),
    "entities": ("$x &lt; y$ $$a &amp;= b$$", """
# 1
$x < y$
display
  1:14 a & = b"""),
    "comments": (r"""<!-- checker: expected=refuted; id=a -->
$$ a $$
<!-- a note with $x$ -->
text <!-- and $y$ --> text
<div>$b$</div>
""", """
# 1
display expected=refuted id=a
  2:4 a
text text
$b$"""),
    "macros in formulas": (r"""$$\newcommand{\E}{\mathbb E} \def\R{R}$$
$\E$ and $$\R$$""", r"""
# 1
$\mathbb E$ and
display
  2:12 R"""),
}


@pytest.mark.parametrize("name", READ)
def test_read(name: str, tmp_path: Path) -> None:
    source, expected = READ[name]
    assert outline(read(tmp_path, "a.md", source)) == expected.strip().splitlines()


REFUSED = [
    ("$$ x", "unclosed"),
    (r"\[ x", "unclosed"),
    (r"a $x = \frac{1}{2", "unclosed"),
    (r"\begin{align} x &= 1", "unclosed"),
    (r"\begin{tikzpicture} x \end{tikzpicture}", "environment"),
    ("a \u202e b", "bidi"),
    ("a \0 b", "null"),
    ("$x \ud800$", "encoding"),
    ("$а$", "look-alike"),
    ("word " * 20_000, "too-long"),
    ("$$" + "x+" * 40_000 + "$$", "too-long"),
    ("```notation\nx\u202e: real\n```", "bidi"),
]


@pytest.mark.parametrize(("source", "code"), REFUSED, ids=[ascii(r[0])[:30] for r in REFUSED])
def test_a_bad_part_is_refused_and_the_others_are_read(source: str, code: str, tmp_path: Path) -> None:
    page = read(tmp_path, "a.md", source + "\n\n# Good\nfine\n$$ a = b $$\n")
    assert code in refusals(page)
    assert [line.split()[-1] for line in outline(page)[-4:]] == ["Good", "fine", "display", "b"]


def test_front_matter(tmp_path: Path) -> None:
    page = read(tmp_path, "a.md", r"""---
title: "Sheet: 3"
course: c.notation   # shared
tags:
  - a
notation: |
    x, y: real
    \newcommand{\E}{e}
    f: function
macros: |
  \newcommand{\F}{f}
---
# A
$\E \F$
```notation
z: real
```""", **{"c.notation": "w: real"})
    assert page.meta == {"title": "Sheet: 3", "tags": "- a"}
    assert (page.notation, page.notation_place) == ("x, y: real\n\nf: function", Place(7, 5))
    assert (page.course, page.course_file, page.inputs) == ("w: real", "c.notation", ("c.notation",))
    assert (page.sections[0].notation, page.sections[0].notation_place) == ("z: real", Place(16, 1))
    assert outline(page) == ["# a: A", "$e f$"]


@pytest.mark.parametrize(("source", "told"), [
    ("---\nnotaton: |\n  x: real\n---\n$$ x $$\n", "did you mean notation?"),
    ("---\ncorse: a.notation\n---\n$$ x $$\n", "did you mean course?"),
    ("---\ncourse: a.notation\n---\n$$ x $$\n", "write its path from the folder of this document"),
    ("$$ \\frac{x}{y = 1 $$\n", "a { of this formula is not closed before its $$"),
    ("$$ x = y\n", "$$ is not closed"),
    ("\\begin{algin} x \\end{algin}\n", "did you mean align?"),
])
def test_what_was_meant_is_said(source: str, told: str, tmp_path: Path) -> None:
    """What is mistyped at the top of a sheet would be lost in silence."""
    found = messages(read(tmp_path, "sheet.md", source))
    assert any(told in message for message in found), found


@pytest.mark.parametrize("key", ["title", "author", "notes", "course_id", "date"])
def test_other_keys_of_the_front_matter_are_nobodys_business(key: str, tmp_path: Path) -> None:
    assert not refusals(read(tmp_path, "sheet.md", f"---\n{key}: x\n---\n$$ x $$\n"))


def test_a_line_of_dashes_is_no_front_matter(tmp_path: Path) -> None:
    assert outline(read(tmp_path, "a.md", "---\n$x$")) == ["# 1", "$x$"]


def notebook(*cells: tuple[str, str | list[str]]) -> str:
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": kind, "source": source} for kind, source in cells]})


def test_a_notebook_is_its_markdown_cells_and_lines_name_the_cell(tmp_path: Path) -> None:
    page = read(tmp_path, "a.ipynb", notebook(
        ("markdown", ["# A\n", "$$\\newcommand{\\E}{e}$$"]),
        ("code", "open('ran', 'w'); $x$"),
        ("raw", "$y$"),
        ("markdown", "text\n$$\n\\E = 1\n$$\n$\ud800$")))
    assert outline(page) == ["# a: A", "text", "display", "  4003:1 e = 1", "<invisible>"]
    assert not list(tmp_path.glob("ran"))


@pytest.mark.parametrize(("source", "code"), [
    ("{", "not-text"), ("[" * 100_000, "not-text"), ("[]", "kind"), ('{"worksheets": []}', "kind"),
    ('{"cells": 1}', "kind"), (notebook(("markdown", "x\n" * 1000)), "too-large"),
    ('{"cells": [' + ",".join(["1"] * 3000) + "]}", "too-large"),
])
def test_a_notebook_that_is_refused(source: str, code: str, tmp_path: Path) -> None:
    assert refusals(read(tmp_path, "a.ipynb", source)) == {code}


def test_odd_cells_are_passed_over(tmp_path: Path) -> None:
    text = '{"cells": [1, {}, {"cell_type": "markdown"}, {"cell_type": "markdown", "source": [1, "$x$"]}, ' \
           '{"n": ' + "9" * 10_000 + "}]}"
    assert outline(read(tmp_path, "a.ipynb", text)) == ["# 1", "$x$"]
