"""Inputs that nobody thought of: bounded in CI and always the same there; ``make fuzz`` tries thousands of others.

Whatever the bytes of a document, a notebook or a zip are, reading them ends in a moment, raises nothing, and what it says can
be printed; whatever a file says, a terminal obeys nothing of it; whatever stands in a key, it is read or refused by name.
"""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sympy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from checker.console.machine import annotation, attribute, xml_text
from checker.grading.problem import ProblemError, read_problems
from checker.reading.derivations import derivations
from checker.reading.documents import read_page, read_pages
from checker.reading.latex.declarations import read_notation
from checker.reading.latex.source import Place
from checker.reporting.escape import html, json_text, markdown, terminal, tex, typst_string

from .test_documents import _strings
from .test_terminal import ORDERS, obeyed

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "80"))
bounded = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck),
                   derandomize="FUZZ_EXAMPLES" not in os.environ, database=None)

TEX = r"""\documentclass{article}
\usepackage{amsmath, physics}
\newcommand{\th}{\theta} \newcommand{\f}[2][x]{#1 + #2}
% notation:
%   x, y: real
%   \th: real > 0
%   A: matrix 2 x 2
\begin{document}
\section*{Problem 1}\label{prob:square}
Let $x > 0$ and suppose that $y = x^2$. For $n \in \mathbb{N}$ we have
\begin{align*}
  (x + 1)^2 &= x^2 + 2x + 1 && \text{since } x > 0 \\
            &\ge \f{2} \qty(x) \label{a}
\end{align*}
% checker: expected=refuted
\[ \dv{x}\qty(x^2 + \th x) = \begin{cases} 2x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases} \]
\begin{enumerate} \item $\sum_{k=1}^n k = \frac{n(n+1)}{2}$ \item Solve $x^2 = 4$: \[ \iff x = \pm 2 \] \end{enumerate}
\end{document}
"""
MD = """---
title: Sheet
notation: |
  x, y: real
  p, q: density
---
# Problem 1 {#square}
Let $x > 0$. Then **it** follows that
$$
\\begin{aligned}
(x + y)^2 &= x^2 + 2xy + y^2 \\\\
 &\\le 2x^2 + 2y^2.
\\end{aligned}
$$
<!-- checker: goal -->
- $\\mathbb{E}_{z \\sim q(z|x)}[\\log p(x, z)]$ and `code` &lt;
> ```math
> \\int_0^1 x^2 \\, dx = \\frac13
> ```
"""
SEEDS = [(".tex", TEX.encode()), (".md", MD.encode()),
         (".ipynb", json.dumps({"cells": [{"cell_type": "markdown", "source": MD.split("---")[2]}, {"cell_type": "code", "source": "x"}], "nbformat": 4}).encode())]
#: what is put in: pieces of TeX, Markdown, JSON, bytes that are no text
PIECES = [p.encode("utf-8", "surrogatepass") for p in (
    "$", "$$", r"\[", r"\]", "{", "}", "[", "]", "(", ")", "%", "\n", "\n\n", "&", r"\\", "^", "_", "=", r"\begin{align}", r"\end{align}", r"\begin{cases}", r"\frac", r"\sqrt", r"\sum_{k=1}^n", r"\int", r"\lim_{x \to 0}", r"\text{", r"\left(",
    r"\right)", "|", r"\|", "'", "!", ",", ":=", r"\implies", r"\iff", r"\text{ for all } x", "Let $", "Show that $", "Case 1: ", "where $", r"\newcommand{\g}{\g}", r"\def\x", r"\input{a}", r"\label{", r"\eqref{a}", r"\pm", r"\dots", r"\mathbb{E}[", r"\operatorname{Var}(", "A", "^{-1}", r"^\top", "x", "9" * 30,
    "10^{", r"\section{", "# ", "- ", "> ", "```math\n", "```", "---\n", "notation: |\n", "<!--", "-->", "% notation:\n", "% checker: goal", '"', "\\u0000", '{"cells": [', "null", "\u202e", "\u200b", "\0", "\u0430", "\u00b2", "\ud800", "\x1b[2J", "::error::", "\t", " ")] + [b"\xff", b"\xc0\xaf", b"PK\3\4", b"\xef\xbb\xbf"]

edit = st.tuples(st.sampled_from(["put", "cut", "copy", "swap"]), st.integers(0, 1_200), st.integers(0, 120), st.sampled_from(PIECES), st.integers(1, 40))


def edited(data: bytes, edits: list[tuple[str, int, int, bytes, int]]) -> bytes:
    for what, at, length, piece, times in edits:
        at = at % (len(data) + 1)
        part = data[at: at + length]
        match what:
            case "put":
                data = data[:at] + piece * times + data[at:]
            case "cut":
                data = data[:at] + data[at + length:]
            case "copy":
                data = data[:at] + part * times + data[at:]
            case "swap":
                data = data[:at] + piece + data[at + len(piece):]
    return data[:200_000]


pytestmark = pytest.mark.usefixtures("deep")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def comes_to_an_end(path: Path) -> None:
    begun = time.process_time()
    pages = read_pages(path) if path.suffix == ".zip" else (read_page(path, path.parent, single=True),)
    with sympy.evaluate(False):
        read = [derivations(page, page.file) for page in pages]
    assert time.process_time() - begun < 5          # seconds are a fault; twice what a slow machine needs for the worst
    for documents, problems in read:
        for p in problems:
            assert p.message and p.message.isprintable() and p.line is not None and p.line >= 1, p
        for text in _strings([d.to_json() for d in documents]):
            text.encode()


@bounded
@given(seed=st.sampled_from(SEEDS), edits=st.lists(edit, min_size=1, max_size=8))
def test_whatever_the_bytes_of_a_document_are(folder: Path, seed: tuple[str, bytes], edits: list[tuple[str, int, int, bytes, int]]) -> None:
    path = folder / f"fuzz{seed[0]}"
    path.write_bytes(edited(seed[1], edits))
    comes_to_an_end(path)


@bounded
@given(edits=st.lists(edit, min_size=1, max_size=6), inner=st.lists(edit, max_size=3), name=st.text(max_size=20), how=st.sampled_from([0, 8]))
def test_whatever_the_bytes_of_a_zip_are(folder: Path, edits: list[tuple[str, int, int, bytes, int]], inner: list[tuple[str, int, int, bytes, int]], name: str, how: int) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", how) as archive:
        archive.writestr("main.tex", edited(TEX.encode(), inner))
        archive.writestr("x" + name.encode("utf-8", "replace").decode().replace("\0", "") + ".md", MD)
    path = folder / "fuzz.zip"
    path.write_bytes(edited(held.getvalue(), edits))
    comes_to_an_end(path)


@bounded
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=25))
def test_whatever_a_formula_is(folder: Path, pieces: list[bytes]) -> None:
    path = folder / "formula.tex"
    path.write_bytes(b"% notation:\n%  x: real\n%  n: integer >= 1\n%  A: matrix n x n\n\\[ " + b" ".join(p for p in pieces if b"\n" not in p) + b" = x \\]\n")
    comes_to_an_end(path)


@bounded
@given(text=st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=12).map(lambda p: b"".join(p).decode("utf-8", "replace")))
def test_whatever_a_notation_is(text: str) -> None:
    begun = time.process_time()
    _, refused = read_notation(text, Place(1, 1))
    assert time.process_time() - begun < 5 and all(r.message.isprintable() for r in refused)


said = st.text(st.characters(), max_size=80) | st.lists(st.sampled_from(ORDERS) | st.text(max_size=5), max_size=6).map("".join)


@bounded
@example("\n ::error::\ud800")
@given(text=said)
def test_whatever_a_text_is_nothing_is_obeyed(text: str) -> None:
    assert obeyed(terminal(text)) == [] == obeyed(terminal(terminal(text)))
    shown = json_text(json.dumps([text], ensure_ascii=False))
    assert obeyed(shown) == [] and json.loads(shown) == [text]
    shown.encode()
    command = annotation("error", text, 1, 1, text, text)
    assert "\n" not in command and obeyed(command.replace("::", "", 1)) == [] and command.count("::") >= 2
    ElementTree.fromstring(f"<a b={attribute(text)}>{xml_text(text)}</a>")
    for form in (html, markdown, tex, typst_string):
        form(text).encode()
    assert not {"<", ">"} & set(html(text)) and '"' not in html(text)
    assert typst_string(text)[1:-1].replace("\\\\", "").replace('\\"', "").count('"') == 0


@bounded
@given(edits=st.lists(edit, min_size=1, max_size=6))
def test_whatever_stands_in_a_key(folder: Path, edits: list[tuple[str, int, int, bytes, int]]) -> None:
    key = b"title: x\npolicy: {conditions: note}\nproblems:\n  - id: a\n    points: 2\n    notation: |\n      x: real\n    goal: x + 1\n    milestones: [{latex: x, points: 1/2}]\n    feedback: {before: line, deadline: 2026-12-01}\n"
    path = folder / "key.yaml"
    path.write_bytes(edited(key, edits))
    begun = time.process_time()
    try:
        read_problems(path)
    except ProblemError as error:
        assert len(str(error)) < 3_000
    assert time.process_time() - begun < 5
