"""LaTeX documents to pages: what is read, and which part is refused while the others are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.reading.latex.source import Place
from tests.reading.documents.outline import outline, read, refusals

READ = {
    "a whole document": (r"""\documentclass{article}
\usepackage{amsmath}
\newcommand{\E}{\mathbb{E}}
\title{Sheet \textbf{3}}
\begin{document}
\maketitle
\section*{Problem 1}\label{prob:one}
Let $x > 0$ and~$\E x = 0$: it is so 50\% of the time. % a comment with $
By \eqref{eq:a} it
holds.

% checker: expected=refuted, id=square
\begin{align*}
  (x+1)^2 &= x^2 + 2x + 1 \label{eq:a} \\[2pt]
          &\ge 0. \tag{*}
\end{align*}
\end{document}
and nothing behind $x$""", r"""
# prob:one: Problem 1
Let $x > 0$ and $\mathbb { E } x = 0$: it is so 50% of the time. By \eqref{eq:a} it holds.
align* expected=refuted id=square
  14:3 ( x + 1 ) ^ 2 & = x ^ 2 + 2 x + 1 #eq:a
  15:11 & \ge 0 . (*)"""),
    "displays of every kind": (r"""
\[ a = b \] $$ c = d $$ \begin{equation} e = f \end{equation}
\begin{eqnarray} a &=& b \\ &=& c \nonumber \end{eqnarray}
\begin{alignat}{2} a &= b & \quad c &= d \end{alignat}
\begin{gather*} a = b, \\ c = d \end{gather*}
\begin{multline} a \\ + b \end{multline}
\begin{math} x \end{math} and \(y\)""", r"""
# 1
display
  2:4 a = b
display
  2:16 c = d
equation
  2:42 e = f
eqnarray
  3:18 a & = & b
  3:29 & = & c
alignat
  4:20 a & = b & \quad c & = d
gather*
  5:17 a = b ,
  5:27 c = d
multline
  6:18 a
  6:23 + b
$x$ and $y$"""),
    "environments within displays": (r"""\[ \begin{aligned}[t] a &= b \\ &= c \end{aligned}. \]
\begin{equation}\begin{split} a &= b \\ &= c \end{split} \label{x}\end{equation}
\[ L = \begin{aligned} & a \\ & = b \end{aligned} \]
\[ \left\{\begin{aligned} x &= 1 \\ y &= 2 \end{aligned}\right. \]
\[ f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases} \]
\[ \begin{pmatrix} 1 \\ 2 \end{pmatrix} = v \\ w = u \]
\[ \begin{array}{rcl} a &=& b \\ &=& c \end{array} \]""", r"""
# 1
aligned
  1:23 a & = b
  1:33 & = c
split
  2:31 a & = b
  2:41 & = c #x
aligned
  3:4 L = & a
  3:31 & = b
display
  4:4 \left \{ \begin { "aligned" } x & = 1 \\ y & = 2 \end { "aligned" } \right .
display
  5:4 f ( x ) = \begin { "cases" } 1 & x > 0 \\ 0 & "else" \end { "cases" }
display
  6:4 \begin { "pmatrix" } 1 \\ 2 \end { "pmatrix" } = v
  6:48 w = u
array
  7:23 a & = & b
  7:34 & = & c"""),
    "words between rows": (r"""\begin{align}
a &= b \\
\intertext{and so, as $x > 0$,}
&= c \shortintertext{now} &= d % the end
\end{align}""", r"""
# 1
align
  2:1 a & = b
  3:12 "and so, as " x > 0 ","
  4:1 & = c
  4:22 "now"
  4:27 & = d"""),
    "problems, parts, items": (r"""\newtheorem{hw}{Exercise}
\begin{hw}[Bounds]\label{hw:b} Show:
  \begin{enumerate}
    \item First $a$
    \item Second \begin{enumerate} \item inner \end{enumerate}
    \item[(z)] named
  \end{enumerate}
\end{hw}
\begin{solution} $b$ \end{solution}
\begin{theorem}[Old] $c$ \end{theorem} \begin{proof} $d$ \end{proof}
\begin{exercise} $e$ \end{exercise}
\subsection{Solution}
$f$
\section{Next}""", r"""
# hw:b: Bounds
[problem] Show:
[problem 1] First $a$
[problem 2] Second
[problem 2.a] inner
[problem z] named
[solution] $b$
[theorem] $c$
[proof] $d$
# exercise-2: Exercise 2
[problem] $e$
[solution] $f$
# next: Next"""),
    "an exam": (r"""\begin{questions} \question[5] $a$ \begin{parts} \part[2] $b$ \part $c$ \end{parts}
\question $d$ \begin{solution} $e$ \end{solution} \end{questions}""", r"""
# question-1: Question 1
[problem] $a$
[problem 1] $b$
[problem 2] $c$
# question-2: Question 2
[problem] $d$
[solution] $e$"""),
    "templates": (r"""\def\be{\begin{equation}} \def\ee{\end{equation}}
\newcommand{\problem}[1]{\section*{Problem #1}}
\newenvironment{al}{\begin{align*}}{\end{align*}}
\newenvironment{solution}{\textbf{Solution.}\begin{quote}}{\end{quote}}
\newcommand{\iid}{i.i.d.}
\problem{7} The $x$ are \iid{} and
\be a = b \ee
\begin{al} c &= d \end{al}
\begin{solution} $e$ \end{solution}""", r"""
# problem-7: Problem 7
The $x$ are i.i.d. and
equation
  7:5 a = b
al
  8:12 c & = d
[solution] $e$""".replace("\nal\n", "\nalign*\n")),
    "a definition ends with its group": (r"""\newcommand{\a}{x} {\renewcommand{\a}{y} $\a$} $\a$ {\def\b{z}} $\b$""", r"""
# 1
$y$ $x$ $\b$"""),
    "headings in bold": (r"""\newenvironment{problem}[2][Problem]{\begin{trivlist}\item[#1 #2]}{\end{trivlist}}
\begin{problem}{1.1} $a$ \end{problem}

\noindent\textbf{Problem 2.} (5 points) $b$

\textbf{Solution.} $c$ and \textbf{Problem 2} is a \textbf{bold} word.

\textbf{Bold} beginning""", r"""
# problem-1-1: Problem 1.1
[problem] $a$
# problem-2: Problem 2
(5 points) $b$
[solution] Solution. $c$ and Problem 2 is a bold word.
[solution] Bold beginning"""),
    "what is passed over": (r"""\begin{verbatim} $x \end{verbatim} \verb|$| a
\begin{figure} \caption{$x$} \end{figure} \iffalse $y$ \fi \vspace{1cm}
\begin{tabular}{l} $u$ \end{tabular} \includegraphics[width=1cm]{a_b} \$5 \& \textbf{b} % $z$
""", """
# 1
a $5 & b"""),
    "an alignment that is open in a brace": (r"""\begin{align} a &= b \\ {c &= d \\ e &= f \end{align}""", """
# 1
align
  1:15 a & = b
  1:25 refused brace
  1:36 e & = f"""),
}


@pytest.mark.parametrize("name", READ)
def test_read(name: str, tmp_path: Path) -> None:
    source, expected = READ[name]
    assert outline(read(tmp_path, "a.tex", source)) == expected.strip().splitlines()


GOOD = "\n\n\\section{Good}\nfine\n\\[ a = b \\]\n"
READ_ALL_THE_SAME = ["# good: Good", "fine", "display", "a = b"]

REFUSED = [
    (r"\begin{align} x &= 1", "unclosed"),
    (r"\[ x", "unclosed"),
    (r"$$ x", "unclosed"),
    ("$x\n\ny$", "unclosed"),
    (r"\( x", "unclosed"),
    (r"\[ \begin{cases} x \]", "unclosed"),
    (r"\[ x \end{cases} \]", "unclosed"),
    (r"\[ \begin{cases} x \end{pmatrix} \]", "unclosed"),
    (r"\[ {x \]", "brace"),
    (r"\begin{numcases}{f(x) =} 1 & x > 0 \\ 0 \end{numcases}", "environment"),
    (r"\begin{equation} \begin x = 1 \end{equation}", "unclosed"),
    ("\\[ x \u202e\\]", "bidi"),
    ("a \u202e b", "bidi"),
    ("a \0 b", "null"),
    ("\\[ x = \ud800 \\]", "encoding"),
    (r"\iffalse", "unclosed"),
    (r"\input{/etc/passwd}", "input"),
    (r"\input{../secret}", "input"),
    (r"\input /etc/passwd", "input"),
    (r"\input{|ls}", "input"),
    (r"\input{~/x}", "input"),
    (r"\input{C:/x}", "input"),
    (r"\input{none}", "input"),
    (r"\include{a}", "input"),                          # the file itself
    (r"\def\x{\x}\[\x\]", "macro-recursion"),
    ("% notation: ../../secret", "notation"),
    ("% notation: none.notation", "notation"),
    (r"\[" + "x+" * 40_000 + r"\]", "too-long"),
    (r"\begin{align}" + r"x \\" * 20_000 + r"\end{align}", "too-long"),
]


@pytest.mark.parametrize(("source", "code"), REFUSED, ids=[ascii(r[0])[:30] for r in REFUSED])
def test_a_bad_part_is_refused_and_the_others_are_read(source: str, code: str, tmp_path: Path) -> None:
    page = read(tmp_path, "a.tex", source + GOOD)
    assert code in refusals(page)
    if source != r"\iffalse":
        lines = [line.strip().split(" ", 1)[1] if line.startswith("  ") else line for line in outline(page)]
        assert lines[-4:] == READ_ALL_THE_SAME


def test_input_reads_below_the_root_and_places_name_the_file(tmp_path: Path) -> None:
    page = read(tmp_path, "a.tex", r"\input{ch/one}\input{ch/two.tex} \section{B} \E",
                ch_one="\\newcommand{\\E}{e}\n\\section{A} \\[ \\E \\] \\input{ch/three}", ch_two="$2$", ch_three="$3$")
    assert outline(page)[:3] == ["# a: A", "display", "  2:16 e"]
    display = page.sections[0].parts[0]
    assert display.file == display.rows[0].file == "ch/one.tex"        # type: ignore[union-attr]
    assert page.inputs == ("ch/one.tex", "ch/three.tex", "ch/two.tex")


def test_files_that_read_one_another_are_refused(tmp_path: Path) -> None:
    page = read(tmp_path, "a.tex", r"\input{b.tex} $x$", **{"b.tex": r"\input{a}"})
    assert refusals(page) == {"input"}
    assert outline(page)[-1] == "$x$"


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.tex").write_text("$1$")
    (tmp_path / "in" / "link.tex").symlink_to(tmp_path / "secret.tex")
    assert refusals(read(tmp_path / "in", "a.tex", r"\input{link}")) == {"input"}


def test_notation_stands_in_comments(tmp_path: Path) -> None:
    page = read(tmp_path, "a.tex", r"""% notation: c.notation
% notation:
%   x, y: real
%   \newcommand{\E}{\mathbb{E}}
%   n: integer
\begin{document}
\section{A}
% notation:
% z: real
$\E x$
\end{document}""", **{"c.notation": "\\newcommand{\\F}{F}\nw: real"})
    assert (page.notation, page.notation_place) == ("  x, y: real\n\n  n: integer", Place(3, 3))
    assert (page.course, page.course_file) == ("\nw: real", "c.notation")
    assert page.sections[0].notation == "z: real"
    assert outline(page)[-1] == r"$\mathbb { E } x$"
    assert set(page.macros) == {r"\E", r"\F"}


def test_a_declared_latin_file_is_read(tmp_path: Path) -> None:
    page = read(tmp_path, "a.tex", "\\usepackage[latin1]{inputenc}\n\\section{Größe} für $x$".encode("latin-1"))
    assert outline(page) == ["# gr-e: Größe", "für $x$"]
