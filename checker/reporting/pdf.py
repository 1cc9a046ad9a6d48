"""report.pdf: by latexmk where a TeX with every needed package is found, else by the embedded Typst.

A report holds other people's text, so both run fenced in: TeX without shell escape and with
``openin_any=p openout_any=p`` (no file outside its folder), Typst with its root at a folder that
holds the report alone; both under a wall clock.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .formats import render
from .plots import Figure
from .view import Report

WALL_CLOCK = 180  # seconds for a whole document
Figures = Mapping[tuple[str, str], Figure]


def make_pdf(report: Report, figures: Figures, out: Path, engine: str) -> tuple[Path | None, str]:
    """The PDF's path (None if no engine made one) and a sentence that says which engine it was."""
    reasons: list[str] = []
    if engine in ("auto", "latexmk"):
        missing = missing_for_latex((out / "report.tex").read_text(encoding="utf-8"))
        if missing:
            reasons.append(f"latexmk cannot be used: {missing}")
        else:
            failure = run_latexmk(out, figures)
            if failure is None:
                return out / "report.pdf", "report.pdf was made by latexmk"
            reasons.append(f"latexmk failed: {failure}")
        if engine == "latexmk":
            return None, f"no report.pdf: {reasons[-1]}"
    failure = run_typst(report, figures, out)
    because = f" ({reasons[-1]})" if reasons else ""
    if failure is None:
        return out / "report.pdf", f"report.pdf was made by typst{because}"
    return None, f"no report.pdf: typst failed: {failure}{because}"


# ------------------------------------------------------------------------------------- TeX


def missing_for_latex(source: str) -> str:
    """What is not installed, in words; empty if nothing is missing."""
    if shutil.which("latexmk") is None or shutil.which("pdflatex") is None:
        return "there is no latexmk with pdflatex"
    kpsewhich = shutil.which("kpsewhich")
    if kpsewhich is None:
        return "there is no kpsewhich"
    wanted = {
        f"{name.strip()}.sty" for found in re.findall(r"\\usepackage(?:\[[^\]]*\])?\{([^}]*)\}", source.split(
            r"\begin{document}")[0]) for name in found.split(",")
    } | {"article.cls"}
    for name in sorted(wanted):
        done = subprocess.run([kpsewhich, name], capture_output=True, text=True, timeout=60)  # noqa: S603
        if done.returncode != 0 or not done.stdout.strip():
            return f"the TeX installation has no {name}"
    return ""


def run_latexmk(out: Path, figures: Figures) -> str | None:
    """Compile out/report.tex in a folder of its own.  None, or why there is no PDF."""
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        work = Path(folder)
        shutil.copy(out / "report.tex", work / "report.tex")
        copy_figures(figures, out, work)
        environment = {
            k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TEXMFHOME", "TMPDIR")
        }
        environment |= {
            "openin_any": "p", "openout_any": "p", "shell_escape": "f", "SOURCE_DATE_EPOCH": "0",
            "FORCE_SOURCE_DATE": "1", "TEXINPUTS": ".:",
        }
        command = [
            "latexmk", "-norc", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape",
            "-quiet", "report.tex",
        ]
        failure = _clocked(command, work, environment)
        made = work / "report.pdf"
        if failure is None and made.is_file():
            shutil.copy(made, out / "report.pdf")
            return None
        return failure or "it wrote no PDF"


def _clocked(command: list[str], folder: Path, environment: Mapping[str, str]) -> str | None:
    """Run a command and everything that it starts, for at most ``WALL_CLOCK`` seconds."""
    process = subprocess.Popen(  # noqa: S603 - a fixed command
        command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=WALL_CLOCK)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return f"it was stopped after {WALL_CLOCK} seconds"
    if process.returncode == 0:
        return None
    log = folder / "report.log"
    words = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else output
    errors = [line for line in words.splitlines() if line.startswith(("!", "typst."))]
    return errors[0][:300] if errors else f"exit code {process.returncode}"


# ----------------------------------------------------------------------------------- Typst


_TYPST = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], root=sys.argv[3])"


def run_typst(report: Report, figures: Figures, out: Path) -> str | None:
    """Compile the report's Typst source with the embedded compiler.  None, or why there is no PDF."""
    if importlib.util.find_spec("typst") is None:
        return "the package typst is not installed"
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        work = Path(folder)
        (work / "report.typ").write_text(render("typ", report, figures), encoding="utf-8")
        copy_figures(figures, out, work)
        command = [sys.executable, "-P", "-c", _TYPST, "report.typ", "report.pdf", "."]
        failure = _clocked(command, work, os.environ)
        made = work / "report.pdf"
        if failure is None and made.is_file():
            shutil.copy(made, out / "report.pdf")
            return None
    return failure or "it wrote no PDF"


def copy_figures(figures: Figures, out: Path, work: Path) -> None:
    for figure in figures.values():
        for name in (figure.file, figure.vector, figure.vector_typst):
            if name and (out / name).is_file():
                shutil.copy(out / name, work / name)
