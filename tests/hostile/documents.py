"""Documents that somebody means badly, or mangled: what each comes to.

A row: a document, the code of the refusal, a word of its message; two empty strings where it is read, or passed over, without
complaint.  Every document ends with a good problem, which must be read all the same (``LOST`` names those in which it
stands inside something that is never closed, or below a notation file that cannot be had).
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

MILLION = 1_000_000
Row = tuple[tuple[str, str | bytes], str, str]
Table = dict[str, Row]


def tex(text: str) -> tuple[str, str]:
    return "tex", text


def md(text: str) -> tuple[str, str]:
    return "md", text


def d(row: str) -> tuple[str, str]:
    """A problem with one displayed row."""
    return tex("\\section{Bad}\n\\[ " + row + " \\]\n")


def rows(body: str, times: int) -> tuple[str, str]:
    return tex("\\section{Bad}\n\\begin{align*}" + body * times + "x &= 1\\end{align*}\n")


def dn(row: str) -> tuple[str, str]:
    """... about a matrix A, a vector w, a number x."""
    return tex(DECLARED + "\\section{Bad}\n\\[ " + row + " \\]\n")


DECLARED = "% notation:\n%  n: integer >= 1\n%  A: matrix n x n\n%  w: vector n\n%  x: real\n"


def nb(cells: list[Any]) -> tuple[str, str]:
    return "ipynb", json.dumps({"cells": cells, "nbformat": 4})


def c(source: str) -> dict[str, str]:
    return {"cell_type": "markdown", "source": source}


def doubling(n: int) -> str:
    """Macros each of which is the next one twice."""
    names = [rf"\m{chr(97 + k)}" for k in range(n + 1)]
    return "".join(rf"\newcommand{{{a}}}{{{b}{b}}}" + "\n" for a, b in pairwise(names)) + rf"\newcommand{{{names[-1]}}}{{x}}" + "\n"


def ones(height: int, width: int) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join([" & ".join(["1"] * width)] * height) + r" \end{pmatrix}"


TOWERS: Table = {
    "literal": (d("9^{9^{9^{9^9}}} = 1"), "exponent", "exponent"),
    "million": (d("2^{1000000} = 2"), "exponent", "exponent"),
    "long-exponent": (d("2^{" + "9"*50 + "} = 2"), "exponent", "exponent"),
    "digits": (d("1"*200 + " = 1"), "digits", "number"),
    "million-digits": (d("1"*MILLION + " = 1"), "too-long", "characters"),
    "factorial": (d("(10^{9})! = 1"), "", ""),
    "factorials": (d("9!!!!!!!! = 1"), "factorial", "exclamation"),
    "double-factorial": (d("((((99!)!)!)!)! = 1"), "", ""),
    "binomial": (d(r"\binom{10^{9}}{5 \cdot 10^{8}} = 1"), "", ""),
    "negative": (d("2^{-99999999} = 2"), "exponent", "exponent"),
    "sqrt": (d(r"\sqrt[99999999]{2} = 1"), "", ""),
    "product": (d("10000^{10000} \\cdot 10000^{10000} = 1"), "", ""),
    "names": (d("x^{x^{x^{x^{x^{x^{x^{x}}}}}}} = x"), "", ""),
    "exp": (d(r"\exp(\exp(\exp(\exp(\exp(9))))) = 1"), "", ""),
    "sum": (d(r"\sum_{k=1}^{10^{9}} k = 1"), "exponent", "exponent"),
    "prod": (d(r"\prod_{k=1}^{10^{9}} k = 1"), "exponent", "exponent"),
    "nested-sums": (d(r"\sum_{a=1}^{99}\sum_{b=1}^{99}\sum_{c=1}^{99}\sum_{d=1}^{99} abcd = 1"), "", ""),
    "derivative": (d(r"\frac{d^{9999}}{dx^{9999}} x^{9999} = 0"), "derivative", "derivative"),
    "f-primes": (d("f^{(999999999)}(x) = 0"), "exponent", "exponent"),
    "decimal": (d("0." + "3"*200 + " = 1"), "digits", "number"),
    "exp-literal": (d("10^{10000} = 10^{9999}"), "", ""),
    "power-of-power": (d("((9^{999})^{999})^{999} = 1"), "", ""),
    "modulus": (d(r"7^{10^{9}} \bmod 11 = 1"), "exponent", "exponent"),
    "in-matrix-power": (d(r"\begin{pmatrix}1&1\\1&0\end{pmatrix}^{99999999} = 1"), "exponent", "exponent"),
    "arrow": (d(r"3\uparrow\uparrow\uparrow 3 = 1"), "unexpected", "expected"),
    "index": (d("x_{99999999999} = 1"), "index-digits", "subscript"),
    "log": (d(r"\log_{10^{9999}} 2 = 1"), "", ""),
    "harmonic": (d(r"\sum_{k=1}^{9999} \frac{1}{k} = 1"), "", ""),
}

BOMBS: Table = {
    "self": (tex(r"\def\x{\x}" "\n\\[ \\x = 1 \\]\n"), "macro-recursion", "without"),
    "two": (tex(r"\def\a{\b}\def\b{\a}" "\n\\[ \\a = 1 \\]\n"), "macro-recursion", "without"),
    "doubling": (tex(doubling(20) + "\\[ \\ma = 1 \\]\n"), "macro-budget", "formula"),
    "arguments": (tex(r"\newcommand{\f}[1]{#1#1#1#1#1#1#1#1#1}" "\n\\[ \\f{\\f{\\f{\\f{\\f{\\f{x}}}}}} = 1 \\]\n"), "macro-budget", "formula"),
    "grow": (tex(r"\newcommand{\f}[1]{\f{#1#1}}" "\n\\[ \\f{x} = 1\\]\n"), "macro-recursion", "without"),
    "default": (tex(r"\newcommand{\f}[1][\f]{#1}" "\n\\[ \\f = 1 \\]\n"), "macro-budget", "formula"),
    "let": (tex(r"\let\a\b\let\b\a" "\n\\[ \\a = 1 \\]\n"), "unknown-command", "commands"),
    "structure": (tex(r"\def\be{\begin{equation}\be}\def\ee{\end{equation}}" "\n\\be x = 1 \\ee\n"), "unclosed", "equation"),
    "environment": (tex(r"\newenvironment{e}{\begin{e}}{\end{e}}" "\n\\begin{e}x\\end{e}\n"), "", ""),
    "many": (tex("\n".join(rf"\newcommand{{\z{''.join(chr(97+int(c)) for c in str(k))}}}{{x}}" for k in range(3000))), "", ""),
    "long-body": (tex(r"\newcommand{\f}{" + "x+"*3000 + "x}\n\\[ \\f = 1 \\]\n"), "macro-form", "characters"),
    "package": (d(r"\qty(" * 30 + "x" + ")" * 30 + " = 1"), "", ""),
    "delimited": (tex(r"\def\f#1.{#1}" "\n\\[ \\f x. = 1 \\]\n"), "macro-form", "parameters"),
    "edef": (tex(r"\edef\x{\x\x}" "\n\\[ \\x = 1 \\]\n"), "macro-form", "newcommand"),
    "csname": (d(r"\csname input\endcsname{/etc/passwd} = 1"), "unknown-command", "commands"),
    "loop": (d(r"\loop\iftrue\repeat = 1"), "unknown-command", "commands"),
    "expandafter": (d(r"\expandafter\def\csname x\endcsname{y} = 1"), "unknown-command", "expandafter"),
    "catcode": (d(r"\catcode`\@=11 x = 1"), "character", "meaning"),
    "write18": (d(r"\immediate\write18{id} = 1"), "unknown-command", "immediate"),
    "openin": (d(r"\openin5=/etc/passwd \read5 to\x = 1"), "unknown-command", "commands"),
    "directlua": (d(r"\directlua{os.execute('id')} = 1"), "unknown-command", "directlua"),
    "hat-notation": (d("^^5cinput x = 1"), "expected", "something"),
    "input-formula": (d(r"\input{/etc/passwd} = 1"), "unknown-command", "commands"),
    "include-abs": (tex("\\include{/etc/passwd}\n"), "input", "relative"),
    "input-pipe": (tex("\\input{|id}\n"), "input", "relative"),
    "input-up": (tex("\\input{../../../../etc/passwd}\n"), "input", "document"),
    "input-self": (tex("\\input{bad}\n"), "input", "itself"),
    "input-many": (tex("\\input{x} "*5000 + "\n"), "input", "document"),
    "input-drive": (tex("\\input{C:/windows/win.ini}\n"), "input", "relative"),
    "input-tilde": (tex("\\input{~/.ssh/id_rsa}\n"), "input", "relative"),
    "input-unc": (tex("\\input{\\\\host\\share}\n"), "input", "relative"),
    "input-nul": (tex("\\input{a\0b}\n"), "input", "relative"),
    "input-dev": (tex("\\input{/dev/zero}\n"), "input", "relative"),
    "input-url": (tex("\\input{http://127.0.0.1/x}\n"), "input", "document"),
    "verbatiminput": (tex("\\verbatiminput{/etc/passwd}\n\\lstinputlisting{/etc/passwd}\n\\includegraphics{/etc/passwd}\n"), "", ""),
    "import": (tex("\\import{/etc/}{passwd}\n\\subfile{/etc/passwd}\n"), "input", "relative"),
    "notation-file": (tex("% notation: /etc/passwd\n"), "notation", "notation"),
    "notation-up": (tex("% notation: ../../etc/passwd\n"), "notation", "notation"),
    "sty": (tex("\\usepackage{/etc/passwd}\n"), "", ""),
    "newcommand-unclosed": (tex("\\newcommand{\\f}{" * 5000), "", ""),
    "params": (tex(r"\newcommand{\f}[9]{#1#9}" "\n\\[ \\f x = 1 \\]\n"), "macro-arguments", "argument"),
    "param-beyond": (tex(r"\newcommand{\f}[1]{#2}" "\n\\[ \\f x = 1 \\]\n"), "macro-form", "names"),
    "unicode-name": (tex("\\newcommand{\\\u0430}{x}\n\\[ \\\u0430 = 1 \\]\n"), "character", "backslash"),
    "redefine-frac": (tex(r"\renewcommand{\frac}[2]{#2/#1}" "\n\\[ \\frac12 = 2 \\]\n"), "", ""),
    "redefine-equals": (tex(r"\def\le{>}" "\n\\[ 2 \\le 1 \\]\n"), "", ""),
    "notation-bomb": (tex("% notation:\n" + "".join(f"%  x{k}: real\n" for k in range(1500))), "notation-name", "write"),
    "definition-cycle": (tex("% notation:\n%  a := b\n%  b := a\n\\[ a = 1 \\]\n"), "circular", "assumption"),
    "definition-doubling": (tex("% notation:\n" + "".join(f"%  a_{{{k}}} := a_{{{k+1}}} + a_{{{k+1}}}\n" for k in range(40)) + "%  a_{40}: real\n\\[ a_{0} = 1 \\]\n"), "malformed", "definitions"),
}

DEPTH: Table = {
    "braces": (d("{"*10000 + "}"*10000), "too-long", "characters"),
    "open-braces": (d("{"*10000), "too-long", "characters"),
    "close-braces": (d("}"*10000), "too-long", "characters"),
    "parens": (d("("*5000 + "x" + ")"*5000 + " = 1"), "too-long", "characters"),
    "parens-61": (d("("*61 + "x" + ")"*61 + " = 1"), "depth", "brackets"),
    "left-right": (d(r"\left("*100 + "x" + r"\right)"*100 + " = 1"), "depth", "brackets"),
    "frac": (d(r"\frac{1}{"*100 + "x" + "}"*100 + " = 1"), "depth", "brackets"),
    "frac-2000": (d(r"\frac{1}{"*450 + "x" + "}"*450 + " = 1"), "too-long", "characters"),
    "sqrt": (d(r"\sqrt{"*70 + "x" + "}"*70 + " = 1"), "depth", "brackets"),
    "frac-bare": (d(r"\frac1"*300 + "x = 1"), "braces", "without"),
    "sqrt-bare": (d(r"\sqrt"*500 + "x = 1"), "braces", "without"),
    "minus": (d("-"*1400 + "x = 1"), "sign", "expected"),
    "minus-2000": (d("-"*3900 + "x = 1"), "too-long", "formula"),
    "hat": (d(r"\hat"*300 + "x = 1"), "accent", "declare"),
    "scripts": (d("x_{y_{z_{"*25 + "1" + "}}}"*25 + " = 1"), "depth", "brackets"),
    "bare-scripts": (d("x^"*300 + "x = 1"), "double-script", "superscripts"),
    "primes": (d("f" + "'"*1400 + "(x) = 1"), "order", "prime"),
    "abs": (d("|"*1400 + "x" + "| = 1"), "too-deep", "formula"),
    "abs-named": (d(r"\left|"*59 + "x" + r"\right|"*59 + " = 1"), "too-deep", "formula"),
    "norms": (d(r"\|"*700 + "x = 1"), "too-deep", "formula"),
    "sin": (d(r"\sin"*300 + " x = 1"), "too-deep", "formula"),
    "sin-paren": (d(r"\sin("*59 + "x" + ")"*59 + " = 1"), "too-deep", "formula"),
    "sums": (d(r"\sum_{k=1}^{n}"*120 + " k = 1"), "too-deep", "formula"),
    "ints": (d(r"\int_0^1 "*100 + "x" + r"\,dx"*100 + " = 1"), "too-deep", "formula"),
    "limits": (d(r"\lim_{x\to 0}"*120 + " x = 1"), "too-deep", "formula"),
    "nots": (d(r"\neg "*300 + "x = 1"), "too-deep", "formula"),
    "foralls": (d(r"\forall x \in \mathbb R: "*60 + "x = x"), "too-deep", "deep"),
    "implies": (d(r"x=1 \implies "*100 + "x = 1"), "", ""),
    "cases": (d((r"\begin{cases} x & \text{if } x>0 \\ "*30) + "1" + r" & \text{otherwise}\end{cases}"*30 + " = 1"), "", ""),
    "begin": (d(r"\begin{aligned}"*200 + "x" + r"\end{aligned}"*200), "too-long", "characters"),
    "begin-open": (tex("\\begin{align}x " * 6000), "unclosed", "closed"),
    "lists": (tex(r"\begin{itemize}\item " * 5000), "", ""),
    "quotes": (md("> " * 3000 + "x\n"), "depth", "quotations"),
    "md-lists": (md("".join(" " * (2*k) + "- x\n" for k in range(500))), "depth", "quotations"),
    "md-star": (md("*" * 50000 + "\n"), "", ""),
    "md-brackets": (md("[" * 50000 + "\n"), "", ""),
    "md-ticks": (md("`" * 3 + "a`" * 30000 + "\n"), "", ""),
    "md-html": (md("<" * 50000 + "\n"), "", ""),
    "md-amp": (md("&" * 50000 + "\n"), "", ""),
    "E": (d(r"\mathbb E[" * 59 + "X" + "]" * 59 + " = 1"), "too-deep", "formula"),
    "chain": (d("x" + " = x" * 700), "", ""),
    "chain-long": (d("x" + " = x" * 1900), "too-long", "characters"),
    "nabla": (d(r"\nabla "*300 + "f(x) = 1"), "gradient", "gradient"),
    "factorials": (d("n" + "!" * 1400 + " = 1"), "factorial", "exclamation"),
    "transposes": (d("A" + "^\\top" * 300 + " = A"), "undeclared", "transposed"),
    "dots": (d(r"1 + \dots + " * 200 + "n = 1"), "dots", "certain"),
    "underbrace": (d(r"\underbrace{" * 200 + "x" + "}_{y}" * 200 + " = 1"), "depth", "brackets"),
    "text": (d(r"\text{" * 200 + "x" + "}" * 200 + " = 1"), "words", "what"),
    "mixed": (d(r"([\{" * 400 + "x = 1"), "depth", "brackets"),
    "dollars-text": (d(r"\text{$\text{$" * 200 + "x = 1"), "brace", "behind"),
    "sections": (tex("".join(r"\section{a" for _ in range(3000))), "", ""),
    "fbox": (d(r"\boxed{" * 59 + "x = 1" + "}" * 59), "", ""),
    "overset": (d(r"\overset{" * 59 + "x" + "}{=}" * 59 + " 1"), "begins-with-relation", "formula"),
    "derivs": (d(r"\frac{d}{dx}" * 100 + "x = 1"), "too-deep", "formula"),
    "pmatrix": (d(r"\begin{pmatrix}" * 29 + "1" + r"\end{pmatrix}" * 29 + " = 1"), "", ""),
    "slash": (d("1" + "/2" * 700 + " = 1"), "slash", "quotients"),
    "pm": (d("x = " + r"\pm 1" * 300), "plus-minus", "things"),
    "choose": (d(r"{n \choose " * 59 + "k" + "}" * 59 + " = 1"), "too-deep", "formula"),
}

REGEX: Table = {
    "spaces": (d(" " * 3900), "", ""),
    "spaces-M": (tex(" " * 200000), "", ""),
    "newlines": (tex("\n" * 49990), "", ""),
    "tabs-md": (md("\t" * 100000 + "x\n"), "", ""),
    "percent": (tex("%" * MILLION + "\n"), "", ""),
    "percents": (tex("% notation:" * 50000 + "\n"), "notation", "notation"),
    "backslashes": (tex("\\" * 110000 + "\n"), "too-large", "commands"),
    "rows": (tex("\\begin{align}" + r"x \\ " * 60000 + "\\end{align}\n"), "too-long", "characters"),
    "ampersands": (d("&" * 1400 + "x = 1"), "", ""),
    "labels": (tex(r"\label{" * 51000), "too-large", "commands"),
    "verb": (tex(r"\verb|" * 110000), "too-large", "commands"),
    "iffalse": (tex(r"\iffalse " * 100000), "unclosed", "iffalse"),
    "comments-md": (md("<!--" * 100000), "too-long", "characters"),
    "comments-half": (md("<!-- -" * 100000), "too-long", "characters"),
    "dollar-text": (tex("$ " * 200000), "too-large", "paragraphs"),
    "dollar-1": (md("$" * 200001 + "\n"), "too-long", "characters"),
    "dd": (md("$$ " * 100001), "too-long", "characters"),
    "bracket": (md("\\[ " * 100000), "too-long", "characters"),
    "front": (md("---\n" + "a: b\n" * 60000), "too-large", "lines"),
    "front-open": (md("---\n" + "notation: |\n" + "  x\n" * 12000), "", ""),
    "mark-front": (md("---\n" + "x\n" * 8000), "", ""),
    "underscore-md": (md("_" * 50000 + "a" + "_" * 50000 + "\n"), "too-long", "characters"),
    "links": (md("[a](" * 30000), "too-long", "characters"),
    "images": (md("![" * 50000), "too-long", "characters"),
    "autolink": (md("<a@b." * 30000), "too-long", "characters"),
    "entities": (md("&#x" * 50000 + "\n"), "too-long", "characters"),
    "fences": (md("```" * 50000 + "\n"), "", ""),
    "fence-lines": (md("```math\n" * 20000), "too-long", "characters"),
    "tables": (md("|a" * 20000 + "\n" + "|-" * 20000 + "\n" + "|b" * 20000 + "\n"), "too-long", "characters"),
    "table-rows": (md("|a|b|\n|-|-|\n" + "|c|d|\n" * 6000), "", ""),
    "refs": (md("".join(f"[a{k}]: http://x\n" for k in range(4000)) + "[a1]\n" * 5000), "too-long", "characters"),
    "hr": (md("- " * 100000 + "\n"), "", ""),
    "setext": (md("a\n" * 20000 + "===\n"), "", ""),
    "num-list": (md("".join(f"{k}. x\n" for k in range(5500))), "too-large", "paragraphs"),
    "num-list-huge": (md("999999999. x\n\n9999999999. y\n"), "", ""),
    "tags": (md("<a " * 50000), "too-long", "characters"),
    "tags2": (md("<a b='" * 50000), "too-long", "characters"),
    "html-block": (md("<div>\n" * 30000), "too-long", "characters"),
    "bold-problem": (md("**Problem 1" * 20000 + "\n"), "too-long", "characters"),
    "items": (tex("\\begin{enumerate}" + r"\item[(" * 6000), "too-large", "paragraphs"),
    "newcommand-params": (tex(r"\newcommand{\f}" + "[1]" * 50000), "", ""),
    "def-hash": (tex(r"\def\f" + "#1" * 50000 + "{x}"), "", ""),
    "begin-space": (tex(r"\begin" + " " * 100000 + "{align}"), "unclosed", "begin"),
    "input-space": (tex(r"\input" + " " * 300000 + "{x}"), "input", "document"),
    "kern": (d(r"\kern" + " " * 3800 + "x"), "unknown-command", "commands"),
    "sqrt-opt": (d(r"\sqrt[" * 500 + "x = 1"), "depth", "brackets"),
    "row-opt": (d(r"\\[" * 900 + " x = 1"), "unbalanced", "closed"),
    "operatorname": (d(r"\operatorname{" + "a" * 3500 + "} x = 1"), "too-long", "formula"),
    "word": (d("a" * 1400 + " = 1"), "run-of-letters", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    "letters": (d("a" * 3900 + " = 1"), "too-long", "formula"),
    "usepackage": (tex(r"\usepackage[" * 10000), "", ""),
    "documentclass": (tex(r"\documentclass" + "[" * 60000), "", ""),
    "emph": (tex(r"\emph{\textbf{" * 30000), "too-large", "commands"),
    "footnote": (tex(r"\footnote{" * 51000), "too-large", "commands"),
    "title": (tex("\\section{" + "a" * 300000 + "}\n"), "", ""),
    "id-md": (md("# a {#" + "b" * 100000 + "}\n"), "", ""),
    "heading-md": (md("# " + "a " * 100000 + "\n"), "", ""),
    "commas": (d("x, " * 700 + "y > 0"), "unexpected", "expected"),
    "in-set": (d(r"x \in \{" + "1," * 650 + "1\\}"), "", ""),
    "since": (d("x = 1 " + r"\text{since }" * 250), "", ""),
    "forall": (d("x = 1 " + r"\text{ for all } x" * 200), "", ""),
    "let": (tex("Let $x > 0$, " * 300 + "\n"), "", ""),
    "sentences": (tex("Suppose that $x$ is real. " * 1000 + "\n"), "", ""),
    "where": (tex("\\[ x = 1 \\]\nwhere $u = x$, " + "and $v = u$, " * 300 + "\n"), "", ""),
    "notation-line": (tex("% notation:\n%  " + "x, " * 20000 + ": real\n"), "too-long", "characters"),
    "notation-words": (tex("% notation:\n%  x: " + "real " * 10000 + "\n"), "", ""),
    "notation-cond": (tex("% notation:\n%  x: real, " + "0 < " * 900 + "x\n"), "too-long", "notation"),
    "million-x": (d("x+" * (MILLION // 2) + "x = 1"), "too-long", "characters"),
    "paragraph": (md("a " * 200000 + "\n"), "too-long", "characters"),
    "one-line": (tex("a" * 400_000), "", ""),
    "many-displays": (tex("\\[ x^10 = x \\]\n" * 300), "too-large", "formulas"),
}

NOTEBOOKS: Table = {
    "empty": (("ipynb", ""), "not-text", "notebook"),
    "not-json": (("ipynb", "cells"), "not-text", "notebook"),
    "half": (("ipynb", '{"cells": ['), "not-text", "notebook"),
    "list": (("ipynb", "[]"), "kind", "notebook"),
    "null": (("ipynb", "null"), "kind", "notebook"),
    "deep": (("ipynb", "[" * 200000), "not-text", "notebook"),
    "deep-object": (("ipynb", '{"a":' * 100000), "not-text", "notebook"),
    "huge-int": (("ipynb", '{"cells": [], "n": ' + "9" * MILLION + "}"), "", ""),
    "exp": (("ipynb", '{"cells": 1e999999999}'), "kind", "notebook"),
    "cells-object": (("ipynb", '{"cells": {}}'), "kind", "notebook"),
    "cells-null": (("ipynb", '{"cells": null}'), "kind", "notebook"),
    "cells-number": (("ipynb", '{"cells": [1, null, "x", []]}'), "", ""),
    "many": (nb([c("x")] * 2001), "too-large", "notebook"),
    "nan": (("ipynb", '{"cells": [NaN, Infinity]}'), "", ""),
    "dup": (("ipynb", '{"cells": 1, "cells": [{"cell_type": "markdown", "source": "$$ 1 = 2 $$"}]}'), "", ""),
    "source-number": (nb([{"cell_type": "markdown", "source": 5}]), "", ""),
    "source-nested": (nb([{"cell_type": "markdown", "source": [["x"]]}]), "", ""),
    "surrogate": (("ipynb", '{"cells": [{"cell_type": "markdown", "source": "$$ \\ud800 = 1 $$"}]}'), "invisible", "invisible"),
    "surrogate-title": (("ipynb", '{"cells": [{"cell_type": "markdown", "source": "# \\ud800 \\udcff\\n$$ 1 = 1 $$"}]}'), "", ""),
    "null-char": (("ipynb", '{"cells": [{"cell_type": "markdown", "source": "$$ \\u0000 = 1 $$"}]}'), "null", "delete"),
    "long-cell": (nb([c("x\n" * 1001)]), "too-large", "divide"),
    "code": (nb([{"cell_type": "code", "source": "import os; os.system('id')"}]), "", ""),
    "magic": (nb([c("$$ 1 = 1 $$"), {"cell_type": "code", "source": "!rm -rf /", "outputs": [{"data": {"text/html": "<script>"}}]}]), "", ""),
    "attachment": (nb([{"cell_type": "markdown", "source": "![x](attachment:x.png)", "attachments": {"x.png": {"image/png": "A" * 100000}}}]), "", ""),
    "html": (nb([c("<script>alert(1)</script>\n\n$$ 1 = 2 $$")]), "", ""),
    "bom": (("ipynb", "\ufeff" + json.dumps({"cells": []})), "", ""),
    "utf16": (("ipynb", json.dumps({"cells": []}).encode("utf-16")), "encoding", "file"),
    "v3": (("ipynb", '{"worksheets": []}'), "kind", "notebook"),
    "comment": (("ipynb", '{"cells": [] /* x */}'), "not-text", "notebook"),
    "trailing": (("ipynb", '{"cells": []} {"cells": []}'), "not-text", "notebook"),
    "bool-type": (nb([{"cell_type": True, "source": "x"}]), "", ""),
    "crlf": (nb([c("# a\r\n$$\r\n1 = 2\r\n$$")]), "", ""),
}

ENCODINGS: Table = {
    "utf16": (("tex", "\\[ x = 1 \\]".encode("utf-16")), "encoding", "file"),
    "utf16-be": (("tex", b"\xfe\xff" + "\\[ x = 1 \\]".encode("utf-16-be")), "encoding", "file"),
    "utf16-no-bom": (("tex", "\\[ x = 1 \\]".encode("utf-16-le")), "null", "delete"),
    "utf32": (("tex", "\\[ x = 1 \\]".encode("utf-32")), "encoding", "file"),
    "latin1": (("tex", b"\\[ \\text{\xe9t\xe9} x = 1 \\]\n"), "encoding", "byte"),
    "latin1-declared": (("tex", b"\\usepackage[latin1]{inputenc}\n\\[ x \\text{\xe9} = 1 \\]\n"), "words", "brackets"),
    "overlong": (("tex", b"\\[ \xc0\xaf = 1 \\]\n"), "encoding", "byte"),
    "surrogate-bytes": (("tex", b"\\[ \xed\xa0\x80 = 1 \\]\n"), "encoding", "byte"),
    "truncated": (("tex", b"\\[ x\xe2\x82 = 1 \\]\n"), "encoding", "byte"),
    "f8": (("tex", b"\\[ \xf8\x88\x80\x80\x80 = 1 \\]\n"), "encoding", "byte"),
    "beyond": (("tex", b"\\[ \xf4\x90\x80\x80 = 1 \\]\n"), "encoding", "byte"),
    "shift-jis": (("tex", "\\[ \u3042 = 1 \\]\n".encode("shift-jis")), "encoding", "byte"),
    "utf7": (("tex", b"\\[ +AHg- = 1 \\]\n"), "matrix-or-number", "matrices"),
    "ebcdic": (("tex", "\\[ x = 1 \\]\n".encode("cp500")), "encoding", "byte"),
    "bom": (("tex", b"\xef\xbb\xbf\\[ 1 = 2 \\]\n"), "", ""),
    "two-boms": (("tex", b"\xef\xbb\xbf\xef\xbb\xbf\\[ 1 = 2 \\]\n"), "invisible", "invisible"),
    "bom-md": (("md", b"\xef\xbb\xbf---\nnotation: |\n  x: real\n---\n$$ 1 = 2 $$\n"), "", ""),
    "random": (("tex", bytes((k * 7919 + k * k) % 256 for k in range(4000))), "not-text", "characters"),
    "zeros": (("tex", b"\0" * 100000), "not-text", "characters"),
    "ff": (("md", b"\xff" * 100000), "not-text", "characters"),
    "cr-only": (("tex", b"\\[ 1 = 2 \\]\r\\[ 1 = 3 \\]\r"), "", ""),
    "byte-in-title": (("tex", b"\\section{\xff}\n\\[ 1 = 2 \\]\n"), "", ""),
    "byte-in-front": (("md", b"---\ntitle: \xff\nnotation: |\n  x: real\n---\n$$ 1 = 2 $$\n"), "", ""),
    "byte-in-notation": (("tex", b"% notation:\n%  \xff: real\n\\[ 1 = 2 \\]\n"), "encoding", "byte"),
    "byte-in-comment": (("tex", b"% \xff\n\\[ 1 = 2 \\]\n"), "", ""),
    "byte-in-mark": (("tex", b"% checker: expected=\xff\n\\[ 1 = 2 \\]\n"), "", ""),
    "byte-in-macro": (("tex", b"\\newcommand{\\a}{\xff}\n\\[ \\a = 2 \\]\n"), "macro-form", "newcommand"),
    "byte-in-label": (("tex", b"\\[ 1 = 2 \\label{\xff} \\]\n"), "encoding", "byte"),
    "pdf": (("tex", b"%PDF-1.7\n"), "not-text", "text"),
    "zip-named-tex": (("tex", b"PK\x03\x04"), "not-text", "archive"),
    "docx": (("md", b"\xd0\xcf\x11\xe0abc"), "not-text", "document"),
    "png": (("tex", b"\x89PNG\r\n\x1a\n"), "not-text", "solution"),
    "jpeg": (("md", b"\xff\xd8\xff\xe0"), "not-text", "solution"),
    "gzip": (("tex", b"\x1f\x8b\x08"), "not-text", "compressed"),
    "elf": (("tex", b"\x7fELF\x02\x01\x01" + b"\0" * 100), "not-text", "characters"),
    "empty": (("tex", b""), "", ""),
    "five-megabytes": (("tex", b"x" * 5_000_000), "too-large", "large"),
    "lines": (("md", b"x\n" * 60_000), "too-large", "lines"),
}

FRONT: Table = {
    "bomb": (md("---\na: &a [x, x]\nb: &b [*a, *a]\nnotation: *b\n---\n"), "notation", "notation"),
    "tag": (md("---\ntitle: !!python/object/apply:os.system [id]\n---\n"), "", ""),
    "tag-notation": (md("---\nnotation: !!python/name:os.system\n---\n"), "notation", "notation"),
    "merge": (md("---\n<<: *x\n---\n"), "", ""),
    "unclosed": (md("---\nnotation: |\n  x: real\n"), "", ""),
    "huge-key": (md("---\n" + "k" * 100000 + ": x\n---\n"), "", ""),
    "course-abs": (md("---\ncourse: /etc/passwd\n---\n"), "notation", "notation"),
    "course-up": (md("---\ncourse: ../../../etc/passwd\n---\n"), "notation", "notation"),
    "course-self": (md("---\ncourse: bad.md\n---\n"), "notation", "without"),
    "title-html": (md("---\ntitle: <script>alert(1)</script>\n---\n"), "", ""),
    "title-jinja": (md("---\ntitle: '{{ 7*7 }}'\n---\n"), "", ""),
    "title-ansi": (md("---\ntitle: \x1b[2J\n---\n"), "", ""),
    "id-path": (md("---\nid: ../../../tmp/x\n---\n"), "", ""),
    "id-null": (md("---\nid: \"a\0b\"\n---\n"), "", ""),
    "id-long": (md("---\nid: " + "x" * 5000 + "\n---\n"), "", ""),
    "many-keys": (md("---\n" + "".join(f"k{k}: v\n" for k in range(1990)) + "---\n"), "", ""),
    "macros": (md("---\nmacros: |\n  \\def\\x{\\x}\n---\n$$ \\x = 1 $$\n"), "macro-recursion", "without"),
    "notation-deep": (md("---\nnotation: |\n  x: real, " + "(" * 200 + "\n---\n"), "depth", "notation"),
    "tabs": (md("---\nnotation: |\n\tx: real\n---\n"), "", ""),
    "dup": (md("---\nnotation: |\n  x: real\nnotation: |\n  x: integer\n---\n"), "notation-twice", "declared"),
    "expected-x": (md("<!-- checker: expected=proved; id=../../x -->\n\n$$ 1 = 2 $$\n"), "", ""),
    "goal-flood": (md("<!-- checker: goal -->\n" * 3000), "", ""),
    "comment-injection": (md("<!-- notation: --><script>alert(1)</script> -->\n"), "", ""),
    "id-format": (md("---\nid: \"{0.__class__}\"\n---\n"), "", ""),
}

TABLES: Table = {
    "matrix-20": (d(ones(20, 20) + " = 1"), "no-meaning", "written"),
    "matrix-product": (d(ones(9, 9) * 6 + " = 1"), "no-meaning", "written"),
    "det": (d(r"\det " + ones(15, 15) + " = 1"), "no-meaning", "written"),
    "inverse": (d(ones(12, 12) + "^{-1} = 1"), "no-meaning", "written"),
    "wide": (d(ones(1, 700) + " = 1"), "no-meaning", "written"),
    "tall": (d(ones(500, 1) + " = 1"), "no-meaning", "written"),
    "ragged": (d(r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix} = 1"), "matrix", "different"),
    "empty": (d(r"\begin{pmatrix} \end{pmatrix} = 1"), "empty", "pmatrix"),
    "array-cols": (d(r"\begin{array}{" + "c" * 3000 + "} x = 1 \\end{array}"), "", ""),
    "cases-200": (d(r"\begin{cases}" + r" 1 & x = 1 \\" * 150 + r" \end{cases} = 1"), "", ""),
    "align-5000": (tex("\\begin{align}\n" + "x^10 &= x \\\\\n" * 2_500 + "x &= x\n\\end{align}\n"), "too-large", "formulas"),
    "align-cells": (tex("\\begin{align} " + "& " * 1400 + "x = 1 \\end{align}\n"), "", ""),
    "tabular": (tex("\\begin{tabular}{c}" + "x & " * 50000 + "\\end{tabular}\n"), "", ""),
    "two-alphabets": (d("x = 1 \\text{ s\u0456nce } x"), "look-alike", "alphabets"),
    "set-sum": (d(r"\sum_{x \in \{" + ",".join(str(k) for k in range(300)) + r"\}} x = 1"), "comma-number", "readings"),
    "double-sum-literal": (d(r"\sum_{i,j,k,l=1}^{50} ijkl = 1"), "", ""),
    "vector-ones": (d("(" + ", ".join("1" for _ in range(600)) + ") = 1"), "no-meaning", "members"),
    "polynomial": (d("(x+y+z+w)^{500} = 1"), "", ""),
    "poly-product": (d("".join(f"(x+{k})" for k in range(150)) + " = 1"), "", ""),
    "poly-power-power": (d("((x+y)^{99})^{99} = 1"), "", ""),
    "many-names": (d(" + ".join(f"x_{{{k}}}" for k in range(200)) + " = 1"), "index-digits", "subscript"),
    "determinant-bars": (d(r"\left|" + ones(12,12) + r"\right| = 1"), "no-meaning", "written"),
    "multinomial": (d("(" + "+".join(f"x_{{{k}}}" for k in range(20)) + ")^{20} = 1"), "index-digits", "subscript"),
    "trig-power": (d(r"(\sin x + \cos y)^{400} = 1"), "", ""),
    "nested-power": (d("((((x+1)^{50}+1)^{50}+1)^{50}+1)^{50} = x"), "", ""),
    "piecewise-abs": (d("".join(f"|x-{k}|+" for k in range(100)) + "1 = 1"), "", ""),
    "max-many": (d(r"\max(" + ",".join(f"x-{k}" for k in range(150)) + ") = 1"), "", ""),
    "delta": (d(r"\sum_{i=1}^{n}" * 12 + r" \delta_{ij} = 1"), "", ""),
}

SORTS: Table = {
    "quadratic-forms": (dn(r"w^\top (" * 55 + "w" + ")" * 55 + " = x"), "sizes-do-not-fit", "sizes"),
    "matrices": (dn(r"A (" * 55 + "w" + ")" * 55 + " = w"), "", ""),
    "transposes": (dn(r"(" * 25 + "A" + r"^\top A)" * 25 + " = A"), "", ""),
    "sums": (dn(r"\sum_{i=1}^n A (" * 25 + "w" + ")" * 25 + " = w"), "no-meaning", "matrices"),
    "norms": (dn(r"\|A (" * 29 + "w" + r")\|" * 29 + " = x"), "norm", "readings"),
    "inv": (dn("(" * 55 + "A" + "^{-1})" * 55 + " = A"), "", ""),
    "def-cycle": (("tex", DECLARED + "%  a := b + 1\n%  b := c + 1\n%  c := a + 1\n\\section{Bad}\n\\[ a = 1 \\]\n"), "circular", "assumption"),
    "def-params": (("tex", "% notation:\n" + "".join("%%  f_{%d}(x) := f_{%d}(f_{%d}(x))\n" % (k, k+1, k+1) for k in range(20)) + "%  f_{20}(x) := x + 1\n%  x: real\n\\section{Bad}\n\\[ f_{0}(x) = x \\]\n"), "too-large", "definitions"),
    "def-text": (("tex", "\\section{Bad}\n" + "".join("Let $a_{%s} = b_{%s} + b_{%s}$. " % ("k"*k, "k"*(k+1), "k"*(k+1)) for k in range(1, 30)) + "\\[ x = x \\]\n"), "", ""),
    "define-rows": (("tex", "\\section{Bad}\n\\begin{align*} a &:= x + x \\\\ b &:= a a \\\\ c &:= b b \\\\ d &:= c c\\\\ f &:= d d\\\\ g &:= f f\\\\ h &:= g g \\\\ p &:= h h\\\\ q &:= p p\\\\ r &:= q q \\\\ s &:= r r\\\\ t &:= s s \\\\ u &:= t t\\\\ v &:= u u \\end{align*}\n\\[ v = 1 \\]\n"), "differential", "differential"),
    "lets": (("tex", "\\section{Bad}\n" + "".join("Let $x > %d$. " % k for k in range(1000)) + "\n\\[ x > 1 \\]\n"), "too-large", "headings"),
    "lets-rows": (("tex", "\\section{Bad}\n" + "".join("Let $x_{%s} > %d$. " % ("k"*(k%40), k) for k in range(900)) + "\n" + "\\[ x > 1 \\]\n"*300), "too-large", "headings"),
    "cites": (("tex", "\\section{Bad}\n" + "".join("\\[ x = x \\label{a%d} \\]\nby \\eqref{a%d}\n" % (k,k) for k in range(60))), "", ""),
    "since": (("tex", "\\section{Bad}\n\\begin{align*}" + r"x &= x \text{ since } x > 0 \\ " * 30 + "\\end{align*}\n"), "", ""),
    "solve": (("tex", "\\section{Bad}\nSolve $x^2 = 1$.\n\\begin{align*}" + r"x^2 &= 1 \\ " * 60 + "x &= 1\\end{align*}\n"), "", ""),
    "cases": (("tex", "\\section{Bad}\n" + "Case 1: $x > 0$.\n\\[ x = x \\]\n" * 60), "", ""),
    "iff": (("tex", "\\section{Bad}\n\\begin{align*}x &= 1 \\\\ " + r"\iff x &= 1 \\ " * 60 + "\\iff x &= 1\\end{align*}\n"), "", ""),
    "implies": (("tex", "\\section{Bad}\n\\begin{align*}x &= 1 \\\\ " + r"\implies x &= 1 \\ " * 60 + "\\implies x &= 1\\end{align*}\n"), "", ""),
    "pm-rows": (("tex", "\\section{Bad}\n\\begin{align*}" + r"x &= \pm 1 \\ " * 300 + "\\end{align*}\n"), "plus-minus", "things"),
    "goal": (("tex", "\\section{Bad}\nShow that $x = x$. " * 400 + "\\[ x = x \\]\n"), "", ""),
    "and-chain": (d(r"x = 1 \text{ and } " * 150 + "x = 1"), "", ""),
    "or-chain": (d(r"x = 1 \text{ or } " * 150 + "x = 1"), "", ""),
    "big-and": (d("x = 1, " * 150 + "x = 1"), "", ""),
    "binom-nest": (d(r"\binom{" * 59 + "n" + "}{k}" * 59 + " = 1"), "too-deep", "formula"),
    "frac-both": (d("".join(r"\frac{x}{1+" for _ in range(55)) + "x" + "}" * 55 + " = 1"), "", ""),
    "E-nest": (d(r"\mathbb{E}[X \mid " * 1 + "Y] = " + r"\mathbb{E}[" * 55 + "X" + "]" * 55), "", ""),
    "KL": (d(" + ".join(["D_{KL}(q \\| p)"] * 60) + " = 0"), "", ""),
    "deriv-prod": (d(r"\frac{d}{dx}\left(" + "".join(f"(x+{k})" for k in range(100)) + r"\right) = 1"), "", ""),
    "int-nest": (d(r"\int_0^1 " * 55 + "x" + r" \, dx" * 55 + " = 1"), "", ""),
    "lim-nest": (d(r"\lim_{x \to 0} (" * 50 + "x" + ")" * 50 + " = 1"), "too-deep", "formula"),
    "sum-nest": (d(r"\sum_{k=1}^n (" * 50 + "k" + ")" * 50 + " = 1"), "too-deep", "formula"),
    "max-nest": (d(r"\max(x, " * 55 + "x" + ")" * 55 + " = 1"), "", ""),
    "abs-nest": (d("|(" * 28 + "x" + ")|" * 28 + " = 1"), "", ""),
    "integral-def": (d(r"\left[ " * 55 + "x" + r" \right]_0^1" * 55 + " = 1"), "depth", "brackets"),
    "evaluated": (d("x" + r"\big|_{x=0}" * 55 + " = 1"), "", ""),
    "exp-tower": (d("e^{" * 55 + "x" + "}" * 55 + " = 1"), "", ""),
    "prime-call": (d("f'(" * 55 + "x" + ")" * 55 + " = 1"), "", ""),
    "call": (d("f(" * 55 + "x" + ")" * 55 + " = 1"), "", ""),
    "call2": (d("f(x, " * 55 + "x" + ")" * 55 + " = 1"), "no-meaning", "argument"),
}

SORTS2: Table = {
    "transpose-inv": (dn("(" * 20 + "A" + r"^{-\top})" * 20 + " = A"), "", ""),
    "matpow": (dn("(" * 55 + "A" + "^2)" * 55 + " = A"), "", ""),
    "tr": (dn(r"\operatorname{tr}(A " * 27 + "A" + ")" * 27 + " = x"), "", ""),
    "det": (dn(r"\det(A " * 27 + "A" + ")" * 27 + " = x"), "", ""),
    "det-bars": (dn(r"\left|A" * 27 + "A" + r"\right|" * 27 + " = x"), "", ""),
    "hadamard": (dn(r"A \odot (" * 55 + "A" + ")" * 55 + " = A"), "", ""),
    "kron": (dn(r"A \otimes (" * 55 + "A" + ")" * 55 + " = A"), "shape", "kron"),
    "softmax": (dn(r"\operatorname{softmax}(A " * 27 + "w" + ")" * 27 + " = w"), "too-large", "written"),
    "norm": (dn(r"\|A (" * 27 + r"w) \|_2 w" * 27 + " = w"), "product", "vectors"),
    "exp-vec": (dn(r"\exp(A " * 27 + "w" + ")" * 27 + " = w"), "", ""),
    "entries": (dn("(" * 55 + "A" + "A)_{11}" * 55 + " = x"), "index-digits", "subscript"),
    "sum-of": (dn("(" * 55 + "A" + "+ A)" * 55 + " = A"), "", ""),
    "diag": (dn(r"\operatorname{diag}(A " * 27 + "w" + ")" * 27 + " = A"), "", ""),
    "bilinear": (dn(r"w^\top A w \cdot (" * 50 + "x" + ")" * 50 + " = x"), "", ""),
    "grad": (dn(r"\nabla_w (w^\top " * 27 + "w" + ")" * 27 + " = w"), "", ""),
    "inner": (dn(r"\langle w, " * 55 + "w" + r"\rangle" * 55 + " = x"), "shape", "number"),
    "var": (d(r"\operatorname{Var}(X + " * 55 + "X" + ")" * 55 + " = 1"), "too-large", "written"),
    "Pr": (d(r"\Pr(X > " * 30 + "1" + ")" * 30 + " = 1"), "too-deep", "formula"),
    "E-sq": (d("(" * 55 + r"\mathbb{E}[X" + "])^2" * 55 + " = 1"), "unbalanced", "nothing"),
    "partial": (d(r"\frac{\partial}{\partial x} (" * 50 + "x" + ")" * 50 + " = 1"), "too-deep", "formula"),
    "cases-nest": (d(r"\begin{cases} x & \text{if } x > 0 \\ ( " * 25 + "1" + r" ) & \text{otherwise} \end{cases}" * 25 + " = 1"), "too-deep", "formula"),
    "or-nest": (d("(" * 55 + "x = 1" + r" \text{ or } x = 2)" * 55), "too-deep", "formula"),
    "implies-nest": (d("(" * 55 + "x = 1" + r" \implies x = 2)" * 55), "too-deep", "formula"),
    "forall-nest": (d(r"\forall y \in \mathbb R: (" * 50 + "x = x" + ")" * 50), "too-deep", "formula"),
    "frac-tower": (d(r"\frac{" * 55 + "x" + "}{x+1}" * 55 + " = 1"), "", ""),
    "pow-tower": (d("(" * 55 + "x" + "^2+1)" * 55 + " = 1"), "", ""),
    "floor": (d(r"\lfloor " * 55 + "x" + r"\rfloor" * 55 + " = 1"), "", ""),
    "mod": (d("(" * 55 + "n" + r" \bmod 2)" * 55 + " = 1"), "", ""),
    "sum-sum": (d(r"\sum_{i=1}^{n} (" * 55 + "i" + ")" * 55 + " = 1"), "too-deep", "formula"),
    "sum-upper": (d(r"\sum_{i=1}^{" * 55 + "n" + "} i" * 55 + " = 1"), "", ""),
    "int-upper": (d(r"\int_0^{" * 55 + "x" + r"} t \, dt" * 55 + " = 1"), "", ""),
    "lim-point": (d(r"\lim_{x \to (" * 50 + "1" + ")} x" * 50 + " = 1"), "depth", "brackets"),
    "sum-range": (d(r"\sum_{i \in \{1,2,3\}}" * 30 + " i = 1"), "too-large", "written"),
}


CHARACTERS = {      # in a formula
    "null": ("\x00", "null"), "rlo": ("\u202e", "bidi"), "lre": ("\u202a", "bidi"), "rli": ("\u2067", "bidi"),
    "pdi": ("\u2069", "bidi"), "zwsp": ("\u200b", "invisible"), "zwj": ("\u200d", "invisible"),
    "zwnj": ("\u200c", "invisible"), "bom-inside": ("\ufeff", "invisible"), "soft-hyphen": ("\xad", "invisible"),
    "word-joiner": ("\u2060", "invisible"), "cyrillic-a": ("\u0430", "look-alike"),
    "greek-o": ("\u03bf", "look-alike"), "greek-Alpha": ("\u0391", "look-alike"),
    "fullwidth": ("\uff58", "look-alike"), "math-italic": ("\U0001d465", "look-alike"),
    "math-bold-digit": ("\U0001d7d9", "look-alike"), "combining": ("x\u0301", "character"),
    "zalgo": ("x" + "\u0336\u0321\u0330" * 30, "character"),
    "superscript": ("x\xb2", "character"), "subscript": ("x\u2081", "character"), "vulgar": ("\xbd", "character"),
    "fraction-slash": ("1\u20442", "character"), "div-slash": ("1\u22152", "character"),
    "ratio": ("1\u22362", "character"), "minus-2212": ("1 \u2212 1", ""), "figure-dash": ("1 \u2012 1", "character"),
    "hyphen-2010": ("1 \u2010 1", "character"), "arabic-digit": ("\u0663", "character"),
    "devanagari-digit": ("\u0967", "character"), "roman": ("\u2167", "look-alike"),
    "circled": ("\u2460", "look-alike"), "private": ("\ue000", "invisible"), "noncharacter": ("\uffff", "invisible"),
    "unassigned": ("\U000e0080", "invisible"), "tag": ("\U000e0041", "invisible"),
    "variation": ("x\ufe0f", "character"), "emoji": ("\U0001f600", "character"), "line-sep": ("\u2028", "invisible"),
    "para-sep": ("\u2029", "invisible"), "nel": ("\x85", "invisible"), "esc": ("\x1b[31m", "invisible"),
    "bell": ("\x07", "invisible"), "backspace": ("\x08", "invisible"), "del": ("\x7f", "invisible"),
    "c1-csi": ("\x9b31m", "invisible"), "vt": ("\x0b", "invisible"), "ff": ("\x0c", "invisible"),
    "hangul-filler": ("\u3164", "character"), "braille-blank": ("\u2800", "character"),
    "ideographic-space": ("\u3000", "begins-with-relation"), "nbsp": ("\xa0", "begins-with-relation"),
    "dotless": ("\u0131", "look-alike"), "long-s": ("\u017f", "look-alike"), "kelvin": ("\u212a", "look-alike"),
    "angstrom": ("\u212b", "character"), "ohm": ("\u2126", "character"), "invisible-times": ("2\u2062x", "invisible"),
    "invisible-plus": ("\u2064", "invisible"), "function-application": ("f\u2061(x)", "invisible"),
    "not-slash": ("=\u0338", "character"), "double-struck": ("\u2145", "look-alike"),
    "curly-quote": ("\u201c", "character"), "low-quote": ("\u201a", "character"),
    "per-mille": ("\u2030", "character"), "infinity-slashed": ("\u29de", "character"),
    "equals-fullwidth": ("\uff1d", "look-alike"), "triple": ("\u2263", "character"),
    "arrow-left": ("\u2190", "character"), "set-minus": ("\u2216", "character"),
    "asterisk-op": ("\u2217", "character"),
}
IN_MARKDOWN = {"null": ["null"], "bidi": ["rlo"], "invisible": ["zwsp", "esc", "line-sep", "bom-inside", "tag"], "look-alike": ["cyrillic-a"], "character": ["combining"]}
IN_PROSE = {"null": ["null"], "bidi": ["rlo"], "invisible": ["zwsp", "esc", "line-sep", "c1-csi", "bom-inside", "noncharacter", "tag", "private"], "character": ["braille-blank", "variation"],
            "": ["zalgo", "emoji"]}
IN_TITLES = {"": [     # shown with its code points
            "null", "rlo", "zwsp", "esc", "line-sep", "c1-csi", "zalgo", "emoji", "nel"]}
IN_NOTATION = {"null": ["null"], "bidi": ["rlo"], "invisible": ["zwsp", "esc", "nel", "line-sep"], "look-alike": ["cyrillic-a", "fullwidth"], "character": ["combining"]}
IN_WORDS = {"null": ["null"], "bidi": ["rlo"], "invisible": ["zwsp", "esc"], "words": ["cyrillic-a", "zalgo", "emoji"]}
IN_NAMES = {"bidi": ["rlo"], "look-alike": ["cyrillic-a"], "invisible": ["zwsp"]}
IN_LABELS = {"bidi": ["rlo"], "invisible": ["esc", "zwsp"]}

LOST = {"regex/iffalse", "regex/front", "regex/comments-md", "regex/comments-half", "regex/fences", "regex/fence-lines",
        "front/goal-flood", "bombs/notation-file", "bombs/notation-up", "front/course-abs", "front/course-up",
        "front/bomb", "front/tag-notation", "regex/percents"}


def _placed(where: dict[str, list[str]], form: str, kind: str) -> Table:
    return {name: ((kind, form.replace("*", CHARACTERS[name][0])), code, "") for code, names in where.items()
            for name in names}


GROUPS: dict[str, Table] = {
    "towers": TOWERS, "bombs": BOMBS, "depth": DEPTH, "regex": REGEX, "notebooks": NOTEBOOKS, "encodings": ENCODINGS,
    "front": FRONT, "tables": TABLES, "sorts": SORTS | SORTS2,
    "characters": {name: (d(character + " = 1"), code, "") for name, (character, code) in CHARACTERS.items()},
    "in-markdown": _placed(IN_MARKDOWN, "# Bad\n\n$$ * = 1 $$\n", "md"),
    "in-prose": _placed(IN_PROSE, "\\section{Bad}\nLet $x > 0$ and * more.\n\\[ 1 = 2 \\]\n", "tex"),
    "in-titles": _placed(IN_TITLES, "\\section{Bad *}\n\\[ 1 = 2 \\]\n", "tex"),
    "in-notation": _placed(IN_NOTATION, "% notation:\n%  *: real\n\\[ 1 = 2 \\]\n", "tex"),
    "in-words": _placed(IN_WORDS, "\\section{Bad}\n\\[ x = 1 \\text{ if *} \\]\n", "tex"),
    "in-names": _placed(IN_NAMES, "\\section{Bad}\n\\[ \\mathrm{a*} = 1 \\]\n", "tex"),
    "in-labels": _placed(IN_LABELS, "\\section{Bad}\n\\[ x = 1 \\label{a*}\\tag{*} \\]\n", "tex"),
}
GOOD = {"tex": "\n\n\\section{Good}\n\\[ 1 + 1 = 2 \\]\n", "md": "\n\n# Good\n\n$$ 1 + 1 = 2 $$\n"}


def content(group: str, name: str) -> tuple[str, bytes]:
    """The kind and the bytes of a row's file, with the good problem behind it where it is a text."""
    (kind, text), _, _ = GROUPS[group][name]
    if isinstance(text, bytes):
        return kind, text
    return kind, (text + GOOD.get(kind, "")).encode("utf-8", "surrogatepass")
