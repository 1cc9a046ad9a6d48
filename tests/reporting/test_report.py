"""The whole report on a small run: what stands in it, and that it is the same every time."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from checker.kernel.claim import Claim
from checker.kernel.term import REAL, Var, app, num, to_json
from checker.records import Decision, Run
from checker.reporting import build_report
from checker.reporting.blocks import Grid, Math, Str
from checker.reporting.context import context_of
from checker.reporting.formats import table_columns
from checker.reporting.pdf import missing_for_latex
from checker.reporting.proof import Step, narrate
from checker.reporting.text import spell
from checker.reporting.view import report_of
from checker.reporting.witness import witness_sentence

from .samples import NEVER_ZERO, PERIOD, decided, full_run, game, proof, run_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    build_report(full_run(), out, "none")
    return out


def words(items: tuple[object, ...]) -> str:
    return "".join(
        i.text if isinstance(i, Str) else spell(i.layout) if isinstance(i, Math) else "?" for i in items
    )


def told(step: Step) -> str:
    return " ".join([words(step.label), words(step.sentence), *map(told, step.children)]).strip()


def test_files(folder: Path) -> None:
    names = {p.name for p in folder.iterdir()}
    assert {"report.md", "report.html", "report.tex"} <= names
    assert not any(n.endswith(".typ") for n in names)


def test_markdown_is_a_solutions_document(folder: Path) -> None:
    page = (folder / "report.md").read_text(encoding="utf-8")
    first = page.split("## Errata")[0]
    assert "9 claims were decided: ✓ 6 proved, ✗ 1 refuted, ? 2 undecided." in first
    assert "## Not as expected" in first
    assert "q.open" in first
    assert "The period is $`6`$ , not 3." in page or "The period is $`6`$, not 3." in page
    assert "At $`p = 1`$ and $`q = -\\frac{2}{3}`$ the left side is $`(-1, \\frac{2}{3})`$" in page.replace(
        "\\left(", "(").replace("\\right)", ")")
    assert "```math\n\\Phi^{6}(p, q)\n= (p, q)\n```" in page
    assert "Provided that $`x \\ne 0`$." in page
    assert "named theorems: Stirling" in page
    assert "\\alpha_{i}\n\\mathrel{:=}" in page
    assert page.index("# Part one") < page.index("**✓ proved** `q.period`") < page.index("Further claims")
    assert "agrees at 64 points." in page


def test_markdown_formulas_are_set_apart(folder: Path) -> None:
    page = (folder / "report.md").read_text(encoding="utf-8")
    outside = re.sub(r"\$`[^`]*`\$", "\0", page)
    assert not re.search(r"\w\0|\0\w|-\0|\0-|\0\0", outside)
    assert "$" not in outside


def test_html_names_every_claim_and_image(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    for d in full_run().decisions:
        assert f'href="#{d.stated.id.replace(".", "-")}"' in page
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)
    assert all('alt="' in image and 'alt=""' not in image for image in re.findall(r"<img[^>]*>", page))
    assert '<html lang="en">' in page
    assert page.count("<h1") == 1


def test_chain_shows_all_links(folder: Path) -> None:
    box = report_of(full_run()).questions[0].boxes["q.chain"]
    assert box.chain is not None
    assert spell(box.chain) == "x/x = 1 < x + 1"
    assert [link.number for link in box.links] == ["1", "2"]


def test_same_bytes_every_time(tmp_path: Path, folder: Path) -> None:
    build_report(full_run(), tmp_path, "none")
    for path in sorted(folder.iterdir()):
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_typst_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("typst")
    assert tmp_path / "report.pdf" in build_report(full_run(), tmp_path, "typst")
    assert "by typst" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("latexmk") is None, reason="there is no TeX")
def test_latex_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tmp_path / "report.pdf" in build_report(full_run(), tmp_path, "auto")
    said = capsys.readouterr().out
    assert "by latexmk" in said or "by typst (latexmk cannot be used" in said


def test_missing_packages_are_named() -> None:
    if shutil.which("kpsewhich") is None:
        assert missing_for_latex(r"\usepackage{amsmath}\begin{document}")
    else:
        assert "no-such-package.sty" in missing_for_latex(r"\usepackage{no-such-package}\begin{document}")


def test_empty_run(tmp_path: Path) -> None:
    assert build_report(Run([], []), tmp_path, "none")
    assert "0 claims" in (tmp_path / "report.md").read_text(encoding="utf-8")


# ------------------------------------------------------------------------------- proofs


def story(claim: Claim, certificate: dict[str, object]) -> str:
    step = narrate(claim.sequent, certificate, context_of(claim), {"abc": "q.other"})
    assert step is not None
    return told(step)


def test_proof_by_period() -> None:
    parts = [{"rule": "evaluate"}] * 6
    told_ = story(
        NEVER_ZERO,
        proof(
            "forall",
            proof={
                "rule": "periodic",
                "name": "n",
                "period": 6,
                "orbit": to_json(game(num(0), num(1), num(1))),
                "parts": parts,
            },
        ),
    )
    assert told_.startswith("Let n ∈ ℤ be arbitrary with n ≥ 0. To be shown: q_n ≠ 0.")
    assert "After 6 steps the orbit is back at its start, Φ⁶(1, 1) = (1, 1)" in told_
    assert "q_0 ≠ 0, q_1 ≠ 0" in told_


def test_proof_by_cases_and_cofactors() -> None:
    x = Var("x")
    claim = Claim((("x", REAL),), (app("=", app("pow", x, num(2)), num(0)),), app("=", x, num(0)))
    told_ = story(claim, proof("ideal", cofactors=[[0, "1"]], power=2))
    assert "follows from x² = 0, for x² = x² holds identically" in told_
    told_ = story(
        claim,
        proof("cases", on=to_json(x), parts=[{"rule": "sign"}, {"rule": "assumption"}, {"rule": "sign"}]),
    )
    assert "Case x < 0." in told_
    assert "Case x > 0." in told_


def test_unknown_rules_and_misread_certificates_become_generic_sentences() -> None:
    told_ = story(PERIOD, proof("new-rule", inner=[{"rule": "field"}]))
    assert "rule “new rule”" in told_
    assert "normal form" in told_
    assert "rule “ideal”" in story(PERIOD, proof("ideal", cofactors="nonsense"))
    assert "“__class__”" in story(PERIOD, proof("__class__"))


def test_lemma_is_named() -> None:
    assert "“q.other”" in story(PERIOD, proof("lemma", hash="abc", proof={"rule": "assumption"}))


@pytest.mark.parametrize(
    ("witness", "sentence"),
    [
        (
            {"kind": "point", "point": {"p": "1", "q": "-2"}, "left": "3", "right": "1/2"},
            "At p = 1 and q = −2 the left side is 3 and the right side is 1/2, so 3 = 1/2 does not hold.",
        ),
        (
            {"kind": "point", "point": {"p": "1"}, "left": "≈ 0.25", "right": "1", "relation": "<"},
            "At p = 1 the left side is ≈ 0.25 and the right side is 1.",
        ),
        (
            {"kind": "point", "point": {"k": [["1", "0"], ["0", "1"]]}},
            "The statement fails at k = [[1, 0], [0, 1]].",
        ),
        (
            {"kind": "point", "point": {"m": {"sequence": {"0": "0", "1": "1"}}}},
            "The statement fails at m(0) = 0, m(1) = 1.",
        ),
        ({"kind": "undefined", "condition": "x != 0"}, "x != 0 fails everywhere."),
        ({}, "The negation is proved."),
    ],
)
def test_witnesses(witness: dict[str, object], sentence: str) -> None:
    d = decided("q.x", PERIOD, "refuted", witness=witness)
    assert words(witness_sentence(d, context_of(PERIOD))).endswith(sentence)


def test_exists_in_a_refutation_is_part_of_the_witness() -> None:
    d: Decision = decided(
        "q.x",
        NEVER_ZERO,
        "refuted",
        witness={"kind": "point", "point": {}, "left": "0", "right": "0"},
        certificate={
            "verdict": "refuted",
            "witness": {"kind": "point", "point": {}},
            "proof": {"rule": "exists", "witness": {"n": "1"}, "proof": {"rule": "evaluate"}},
        },
    )
    page = report_of(run_of(d)).links[0]
    assert words(page.witness).startswith("With n = 1 the left side is 0")


def test_wide_tables_break_inside_the_page() -> None:
    def grid(words: str) -> Grid:
        return Grid((((Str("Line"),), (Str("Why"),)), ((Str("7"),), (Str(words),))))
    assert table_columns(grid("short")) == "ll"
    shares = [float(part) for part in re.findall(r"p\{([\d.]+)", table_columns(grid("long " * 40)))]
    assert len(shares) == 2 and shares[0] < shares[1] and sum(shares) < 1
