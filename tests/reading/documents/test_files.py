"""Files that are no text, zips, and hostile documents: each is refused, quickly, with a message."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.reading.documents import read_page, read_pages
from checker.reading.documents.pages import Page, Refused
from tests.reading.documents.outline import outline, read, refusals

NO_TEXT = [
    ("a.tex", b"%PDF-1.5 \xff", "not-text"),
    ("a.md", b"PK\x03\x04rest", "not-text"),
    ("a.tex", b"\x89PNG\r\n", "not-text"),
    ("a.tex", "x = 1".encode("utf-16"), "encoding"),
    ("a.tex", bytes(range(128, 256)) * 4, "not-text"),
    ("a.tex", b"a\0" * 100, "not-text"),
    ("a.tex", b"x" * 4_000_001, "too-large"),
    ("a.md", b"\n" * 50_000, "too-large"),
    ("a.docx", b"x", "kind"),
    ("a", b"x", "kind"),
]


@pytest.mark.parametrize(("name", "data", "code"), NO_TEXT)
def test_what_is_no_text(name: str, data: bytes, code: str, tmp_path: Path) -> None:
    assert refusals(read(tmp_path, name, data)) == {code}


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf$x$", b"$x$\r\n", b"\r$x$\r"])
def test_byte_order_marks_and_line_ends(data: bytes, tmp_path: Path) -> None:
    assert outline(read(tmp_path, "a.md", data)) == ["# 1", "$x$"]


def test_one_byte_that_is_not_utf8_refuses_its_sentence_only(tmp_path: Path) -> None:
    page = read(tmp_path, "a.md", b"Jos\xe9\n\n$x$")
    assert outline(page) == ["# 1", "<encoding>", "$x$"]
    prose = page.sections[0].parts[0]
    assert prose.pieces[0].message == "the byte 0xe9 is not UTF-8"     # type: ignore[union-attr]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusals(read_page(tmp_path / "none.tex")) == {"input"}
    assert refusals(read_page(tmp_path / "none.tex", tmp_path / "elsewhere")) == {"input"}
    assert refusals(read_pages(tmp_path / "none.zip")[0]) == {"input"}


def zipped(folder: Path, files: dict[str, str | bytes]) -> tuple[Page, ...]:
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return read_pages(folder / "a.zip")


DOCUMENT = r"\documentclass{article}\begin{document}"
ZIPS = [
    ({"b.tex": DOCUMENT, "main.tex": DOCUMENT, "one/main.tex": DOCUMENT}, ["main.tex"]),
    ({"sub/main.tex": DOCUMENT, "a.tex": DOCUMENT, "b.tex": DOCUMENT}, ["sub/main.tex"]),
    ({"sub/a.tex": DOCUMENT, "z.tex": DOCUMENT, "y.tex": "% " + DOCUMENT}, ["z.tex"]),
    ({"b.md": "x", "a.ipynb": "{}", "n/c.tex": r"\input{d}", "d.tex": "", "picture.png": "x",
      "__MACOSX/._b.md": "x"}, ["a.ipynb", "b.md", "n/c.tex"]),
]


@pytest.mark.parametrize(("files", "names"), ZIPS)
def test_the_documents_of_a_zip(files: dict[str, str | bytes], names: list[str], tmp_path: Path) -> None:
    assert [page.file for page in zipped(tmp_path, files)] == names


def test_input_within_a_zip(tmp_path: Path) -> None:
    (tmp_path / "outside.tex").write_text("$secret$")
    page, = zipped(tmp_path, {"main.tex": DOCUMENT + r"\input{ch/one} \input{outside} \input{../outside}",
                              "ch/one.tex": r"$x$"})
    assert outline(page) == ["# 1", "$x$", "1:55 refused input", "1:71 refused input"]


@pytest.mark.parametrize("name", ["../a.tex", "/a.tex", "x/../../a.tex", "C:/a.tex", "x/../a.tex"])
def test_a_zip_whose_entries_lead_out_of_it(name: str, tmp_path: Path) -> None:
    page, = zipped(tmp_path, {name: "x"})
    assert refusals(page) <= {"zip", "input"} and refusals(page)


def test_zips_that_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.tex")
    link.external_attr = 0o120777 << 16
    for write in (
        lambda z: z.writestr(link, "/etc/passwd"),
        lambda z: z.writestr("a.tex", b"x" * 9_000_000),
        lambda z: [z.writestr(f"{k}.tex", b"x") for k in range(501)],
        lambda z: z.writestr("a.png", b"x"),
    ):
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            write(archive)
        assert refusals(read_pages(tmp_path / "a.zip")[0]) == {"zip"}
    for data in (b"", b"PK\x03\x04", (tmp_path / "a.zip").read_bytes()[:-10]):
        (tmp_path / "b.zip").write_bytes(data)
        assert refusals(read_pages(tmp_path / "b.zip")[0]) == {"zip"}


# --- hostile documents -------------------------------------------------------------------------------

GOOD = "\n\n\\section{Good}\n\\[ a = b \\]\n"
MILLION = 1_000_000
HOSTILE = {
    "braces": "$$" + "{" * 10_000 + "}" * 10_000 + "$$",
    "sum": r"\[" + "x+" * (MILLION // 2) + r"x\]",
    "digits": r"\[" + "1" * MILLION + r"\]",
    "unclosed": r"\[ x " * (MILLION // 5),
    "alignments": r"\begin{align} x " * (MILLION // 16),
    "dollars": "${" * (MILLION // 2),
    "lists": r"\begin{itemize}\item " * (MILLION // 21),
    "definitions": r"\newcommand{\a}{" * (MILLION // 16),
    "delimited": r"\def\f(" * (MILLION // 7),
    "listings": r"\begin{verbatim}" * (MILLION // 16),
    "packages": r"\usepackage{a}" * (MILLION // 14),
    "inputs": r"\input{x} " * (MILLION // 10),
    "options": r"\item[" * (MILLION // 6),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_problem_ends_and_the_next_is_read(name: str, tmp_path: Path) -> None:
    begun = time.process_time()
    page = read(tmp_path, "a.tex", HOSTILE[name] + GOOD)
    assert time.process_time() - begun < 20        # a square would take minutes; a second is usual
    assert outline(page)[-3:-1] == ["# good: Good", "display"]


PIECES = st.sampled_from([
    "$", "$$", r"\[", r"\]", r"\(", r"\)", "{", "}", "[", "]", "%", "\n", "\n\n", "&", r"\\", "x", "1", "=", " ", "#",
    r"\begin{align}", r"\end{align}", r"\begin{cases}", r"\end{cases}", r"\begin{proof}", r"\end{proof}", r"\item",
    r"\begin{enumerate}", r"\end{enumerate}", r"\text{", r"\newcommand{\a}[1]{", r"\def\a", r"\a", "#1", r"\let\a\b",
    r"\section{", r"\label{", r"\tag{", r"\input{a}", r"\dv", r"\qty(", r"\intertext{", "```math\n", "```", "> ", "- ",
    "# ", "---\n", "notation: |\n", "% notation:", "% checker: a=b", "<!--", "-->", "`", "*", "\u202e", "\0", "\ud800",
    "а", "²", "^", "_", "9" * 70, r"\begin{equation}", r"\end{equation}", r"\begin{document}", r"\newenvironment{e}{",
    r"\iffalse", r"\verb|", r"\end{verbatim}", r"\begin{verbatim}", "\t", "'", "\\"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(pieces=st.lists(PIECES, max_size=40), suffix=st.sampled_from([".tex", ".md"]))
def test_whatever_a_document_holds_it_comes_to_a_page(folder: Path, pieces: list[str], suffix: str) -> None:
    page = read(folder, "fuzz" + suffix, "".join(pieces))
    for line in outline(page):
        line.encode("utf-8")                       # what is shown can be printed
    for section in page.sections:
        for part in section.parts:
            if isinstance(part, Refused):
                assert part.message.isprintable() and part.place.line >= 1 and part.place.column >= 1


def test_a_document_handed_in_by_itself_takes_in_no_other(tmp_path: Path) -> None:
    (tmp_path / "other.tex").write_text(r"\[ x = 2 \]")
    (tmp_path / "mine.tex").write_text("\\input{other}\n\\[ x = x \\]")
    page = read_page(tmp_path / "mine.tex", tmp_path, single=True)
    refused = [p for s in page.sections for p in s.parts if isinstance(p, Refused)]
    assert [r.code for r in refused] == ["input"] and "handed in by itself" in refused[0].message
    assert page.inputs == ()
