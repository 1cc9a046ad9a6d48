"""Other people's text is data in every format."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from checker.kernel.claim import Claim
from checker.kernel.term import REAL, Var, app
from checker.records import Problem, Run
from checker.reporting import build_report, escape
from checker.reporting.blocks import Code, Link, Math, Para, Ref, Slot
from checker.reporting.formats import render
from checker.reporting.mathread import Unreadable, read_tex
from checker.reporting.prose import read_line, read_prose
from checker.reporting.view import report_of

from .samples import decided, full_run, proof, run_of

ATTACKS = [
    r"\input{/etc/passwd}",
    r"\def\x{\x}\x",
    r"$\input{/etc/hostname}$",
    r"\end{document}\write18{id}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[x](javascript:alert(1))",
    "![i](https://e.x/i.png)",
    '#read("/etc/passwd")',
    '"); #panic("x"); #("',
    '#import "@preview/a:1.0.0"',
    "`` $`x`$ ``",
    "```\nx\n```",
    "{{ 7 * 7 }}",
    "<< 7 * 7 >>",
    "{% raw %}",
    "<% raw %>",
    "$x$ and $$y$$",
    "a | b",
    "% comment \\",
    "^^5cinput x",
    "@everyone #1 https://example.org",
    "\u202etxt.exe\ue0000\ue001",
    "---\ntitle: x\n---",
    "-- é ü 中文 😀 Ω ≤",
]


def hostile() -> Run:
    words = "\n\n".join(ATTACKS)
    inline = " ".join(ATTACKS).replace("\n", " ")
    claims = []
    for k, attack in enumerate(ATTACKS):
        name = attack.replace("\n", " ")[:60] or "x"
        claim = Claim(((name, REAL),), (app(">", Var(name), Var(name)),), app("=", Var(name), Var(name))) if (
            name.isprintable()) else Claim((("x", REAL),), (), app("=", Var("x"), Var("x")))
        claims.append(
            decided(
                f"q.c{k}",
                claim,
                "refuted",
                text=attack,
                erratum=attack,
                source=attack,
                cause=attack,
                witness={"kind": "point", "point": {name: attack}, "left": attack, "right": attack},
                labels=((0, attack),),
                certificate=proof(attack),
            )
        )
        claims.append(decided(f"q.u{k}", claim, "undecided", evidence=attack, tried=(attack, f"a: {attack}"),
                              next_steps=(attack,), cause=attack, axioms=(attack,)))
    return run_of(*claims, prose=f"{words}\n\n- {inline}\n\n# {inline}\n\n| {inline} |\n|---|\n| b |\n",
                  title=inline, problems=(Problem(inline, 1, 1, "x", inline),),
                  plots=({"kind": inline, "title": inline},))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("hostile")
    build_report(hostile(), out, "none")
    found = {s: (out / f"report.{s}").read_text(encoding="utf-8") for s in ("md", "html", "tex")}
    return {**found, "typ": render("typ", report_of(hostile()), {})}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))


def test_html_has_no_script_and_no_remote_reference(pages: dict[str, str]) -> None:
    parser = _Tags()
    parser.feed(pages["html"])
    assert len(parser.tags) > 500
    for tag, attributes in parser.tags:
        assert tag not in ("script", "iframe", "object", "embed", "link", "base", "form", "svg", "video")
        for name, content in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name != "style"
            if name == "src":
                assert content.startswith("data:image/svg+xml;base64,")
            if name == "href":
                assert content.startswith(("#", "https://"))
    assert "default-src 'none'" in pages["html"]


def test_markdown_has_no_bare_dollar_and_no_html(pages: dict[str, str]) -> None:
    rest = re.sub(r"\$`[^`$]*`\$", "", pages["md"])
    assert "$" not in rest
    for token in _all(MarkdownIt("commonmark", {"html": True}).enable("table").parse(pages["md"])):
        assert token.type not in ("html_block", "html_inline"), token.content
        if token.type in ("link_open", "image"):
            assert str(token.attrs.get("href") or token.attrs.get("src")).startswith(("https://", "plot-"))


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def test_tex_runs_nothing(pages: dict[str, str]) -> None:
    body = pages["tex"].split(r"\begin{document}")[1]
    for command in (r"\input", r"\write", r"\def", r"\catcode", "^^5c"):
        assert command not in body
    assert body.count(r"\end{document}") == 1


def test_typst_holds_text_in_strings_only(pages: dict[str, str]) -> None:
    code = re.sub(r'"(?:[^"\\]|\\.)*"', '""', pages["typ"])
    for word in ("#read", "#panic", "#import", "#include", "passwd"):
        assert word not in code


def test_hostile_report_compiles_with_typst(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    written = build_report(hostile(), tmp_path, "typst")
    assert (tmp_path / "report.pdf") in written


@pytest.mark.skipif(shutil.which("latexmk") is None, reason="there is no TeX")
def test_hostile_report_compiles_with_latexmk(tmp_path: Path) -> None:
    written = build_report(hostile(), tmp_path, "latexmk")
    assert (tmp_path / "report.pdf") in written


@pytest.mark.parametrize(
    "source",
    [
        r"\input{x}",
        r"\def\x{\x}\x",
        r"\begin{matrix}1\end{matrix}",
        r"\href{a}{b}",
        "(",
        r"\unknown",
        "x" * 5000,
        r"\catcode1=2",
        r"\write18{id}",
    ],
)
def test_formulas_that_are_not_understood_are_refused(source: str) -> None:
    with pytest.raises(Unreadable):
        read_tex(source)


def test_prose() -> None:
    blocks = read_prose('See {{ claim("a.b") }} and $x^2$, $\\input{x}$.\n\n{{ claim("c") }}\n')
    assert isinstance(blocks[0], Para)
    kinds = [type(i) for i in blocks[0].items]
    assert Ref in kinds
    assert Math in kinds
    assert Code in kinds
    assert blocks[1] == Slot("c")
    links = [i for b in read_prose("[a](https://example.org) [b](javascript:x) [c](//x)") for i in b.items]  # type: ignore[union-attr]
    assert [i.href for i in links if isinstance(i, Link)] == ["https://example.org"]
    assert read_line("no stop")[-1].text.endswith(".")  # type: ignore[union-attr]


def test_escaping_functions() -> None:
    assert escape.tex("a_b & 50% \\x {y} $z$ #1 ~ ^") == (
        r"a\_b \& 50\% \textbackslash{}x \{y\} \$z\$ \#1 \textasciitilde{} \textasciicircum{}")
    assert escape.typst_string('a"b\\c') == '"a\\"b\\\\c"'
    assert escape.html('<a b="c">&') == "&lt;a b=&quot;c&quot;&gt;&amp;"
    assert "$" not in escape.markdown("$x$")
    assert escape.markdown("1. x\n- y") == "1\\. x\n\\- y"
    assert escape.slug("../../a b.c") == "a-b-c"
    assert escape.clean("a\u202eb\ue000c\x07") == "abc"


def test_slots_for_unknown_claims_are_reported() -> None:
    run = full_run()
    document = run.documents[0]
    bad = run_of(*run.decisions, prose='{{ claim("nowhere") }}\n', title=document.title)
    report = report_of(bad)
    assert report.unplaced_slots == ("q: nowhere",)
    assert "nowhere" in render("md", report, {})
