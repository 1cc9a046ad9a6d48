"""The fence around TeX and Typst holds even if text got in as code; that it does not is shown by tests/reporting/test_escaping.py.

What needs a TeX installation is skipped where there is none.
"""

from __future__ import annotations

import shutil
import socket
import threading
from pathlib import Path

import pytest

from checker.reporting import pdf

tex = pytest.mark.skipif(shutil.which("latexmk") is None or shutil.which("pdflatex") is None, reason="there is no TeX")
SECRET = "top-secret-5309"


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to report into, beside a secret; the clock is short."""
    monkeypatch.setattr(pdf, "WALL_CLOCK", 20)
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def latex(scratch: Path, body: str, seconds: int = 20) -> tuple[str | None, bytes]:
    pdf.WALL_CLOCK = seconds
    (scratch / "report.tex").write_text("\\documentclass{article}\n\\pdfcompresslevel=0 \\begin{document}\n\\ttfamily x " + body + "\n\\end{document}\n")
    failure = pdf.run_latexmk(scratch, {})
    made = scratch / "report.pdf"
    return failure, made.read_bytes() if made.is_file() else b""


@tex
@pytest.mark.parametrize("body", [
    r"\input{/etc/passwd}", r"\input{../secret.txt}", r"\input{SECRET}", r"\openin5=/etc/passwd \ifeof5 \else\read5 to\x \x\fi",
    r"\csname input\endcsname{/etc/passwd}", r"\immediate\write18{touch PWNED}", r"\immediate\openout5=../PWNED \immediate\write5{x}",
    r"\immediate\openout5=PWNED.sh \immediate\write5{x}", r"\pdffiledump offset 0 length 20{/etc/passwd}",
    r"\includegraphics{/etc/passwd}", r"\pdfximage{SECRET}", r"\input{|id}", r"\openin5=|id \read5 to\x \x",
])
def test_tex_reads_and_writes_its_folder_only(scratch: Path, body: str) -> None:
    _, made = latex(scratch, body.replace("SECRET", str(scratch.parent / "secret.txt")))
    assert b"root:" not in made and SECRET.encode() not in made and b"uid=" not in made
    assert sorted(p.name for p in scratch.parent.iterdir()) == ["out", "secret.txt"]
    assert {p.name for p in scratch.iterdir()} <= {"report.tex", "report.pdf"}


@tex
def test_what_tex_reads_could_be_seen(scratch: Path) -> None:
    failure, made = latex(scratch, SECRET)
    assert failure is None and SECRET.encode() in made


@tex
@pytest.mark.parametrize("body", [r"\def\x{\x}\x", r"\loop\iftrue\typeout{xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}\repeat",
                                  r"\def\x#1{\x{#1#1}}\x{xxxxxxxxxx}", r"\loop\iftrue y\par\vfill\eject\repeat"])
def test_tex_ends(scratch: Path, body: str) -> None:
    failure, _ = latex(scratch, body, seconds=2)
    assert failure is not None and len(failure) <= 300


def typst(scratch: Path, source: str, monkeypatch: pytest.MonkeyPatch, seconds: int = 20) -> tuple[str | None, bytes]:
    pytest.importorskip("typst")
    pdf.WALL_CLOCK = seconds
    monkeypatch.setattr(pdf, "render", lambda *_: source)
    failure = pdf.run_typst(None, {}, scratch)  # type: ignore[arg-type]
    made = scratch / "report.pdf"
    return failure, made.read_bytes() if made.is_file() else b""


@pytest.mark.parametrize("source", [
    '#read("/etc/passwd")', '#read("../secret.txt")', '#read("../../secret.txt")', '#read("SECRET")', '#include "/etc/passwd"',
    '#image("/etc/passwd")', '#csv("/etc/passwd")', '#import "/etc/passwd": *', '#plugin("/etc/passwd")', '#read("home/../../secret.txt")',
    '#import "@local/x:1.0.0": *',
])
def test_typst_reads_its_folder_only(scratch: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    failure, made = typst(scratch, source.replace("SECRET", str(scratch.parent / "secret.txt")), monkeypatch)
    assert failure is not None and not made


def test_typst_fetches_no_package(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxies we are told to use, Typst is not; where it would ask, nobody listens."""
    asked: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    asked.append(server.accept())
                except TimeoutError:
                    continue

        listener = threading.Thread(target=listen)
        listener.start()
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "http_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.getsockname()[1]}")
        failure, made = typst(scratch, '#import "@preview/cetz:0.2.0": *', monkeypatch)
        stop.set()
        listener.join()
    assert failure is not None and not made and not asked


@pytest.mark.parametrize("source", ["#let f(n) = f(n + 1)\n#f(0)", "#while true {}", '#let s = "x"\n#while true { s = s + s }',
                                    "#let a = (0,)\n#while true { a = a + a }"])
def test_typst_ends(scratch: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MEMORY", 2**31)
    failure, _ = typst(scratch, source, monkeypatch, seconds=2)
    assert failure is not None and len(failure) <= 300
