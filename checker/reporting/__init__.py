"""Reports: what a run decided, as a solutions document in Markdown, HTML, LaTeX and PDF.

    term --(compose)--> layout --(latex, typst, mathml, text)--> formula
    run --(view)--> questions, claims, sentences --(templates)--> report.md, .html, .tex, .pdf

Reads claims, decisions and certificates only; decides nothing and loads no algebra system.
"""

from __future__ import annotations

from pathlib import Path

from ..records import Run


def build_report(run: Run, out_dir: Path, pdf_engine: str = "auto") -> list[Path]:
    """Write report.md, report.html, report.tex and report.pdf; return the files that were written.

    ``pdf_engine``: ``auto`` (latexmk where a TeX with all packages is found, else typst),
    ``latexmk``, ``typst`` or ``none``.  Prints which engine made the PDF.
    """
    from .build import build

    return build(run, Path(out_dir), pdf_engine)


__all__ = ["build_report"]
