"""Writes the report's files."""

from __future__ import annotations

from pathlib import Path

from ..records import Run
from .formats import render
from .pdf import make_pdf
from .plots import Figure, draw_all
from .view import Report, report_of


def build(run: Run, out: Path, pdf_engine: str) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    report = report_of(run)
    figures, written = draw_all(run.documents, out)
    mark_placed(report, figures)
    notes = sorted({f.skipped for f in figures.values() if f.skipped})
    for name, suffix in (("md", "md"), ("html", "html"), ("tex", "tex")):
        path = out / f"report.{suffix}"
        path.write_text(render(name, report, figures, notes), encoding="utf-8")
        written.append(path)
    if pdf_engine != "none":
        made, words = make_pdf(report, figures, out, pdf_engine)
        print(words)
        if made is not None:
            written.append(made)
    return written


def mark_placed(report: Report, figures: dict[tuple[str, str], Figure]) -> None:
    """A figure whose slot stands in the prose is not shown again at the end of its question."""
    from .blocks import PlotSlot
    from .view import slots

    for q in report.questions:
        for slot in slots(q.blocks):
            figure = figures.get((q.document.id, slot.id))
            if isinstance(slot, PlotSlot) and figure is not None:
                figures[(q.document.id, slot.id)] = figure.as_placed()
