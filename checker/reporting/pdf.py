"""report.pdf: by latexmk where a TeX with every needed package is found, else by the embedded Typst.

A report holds other people's text.  It goes in as data: escaped, or in string literals.  And because an
escape may have a hole, both run fenced in, in a scratch folder that holds the report alone:

* TeX without shell escape and with ``openin_any=p openout_any=p`` (no file outside its folder), without
  anybody's latexmkrc, Typst with its root at the folder and without a way to packages (none are kept
  there, and what would be fetched goes to a port where nobody listens);
* the folder is their home, and of our environment they see the path to programs only;
* so much time, memory and size of a file, and no more (where the system knows such limits).
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

from .escape import clean
from .formats import render
from .plots import Figure
from .view import Report

WALL_CLOCK = 180  # seconds for a whole document
MEMORY = 4 * 2**30  # bytes of address space
FILE_SIZE = 200 * 2**20  # bytes of any file that is written
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
        environment = _private(work) | {
            "openin_any": "p", "openout_any": "p", "shell_escape": "f", "TEXINPUTS": ".:", "max_print_line": "1000",
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


def _private(work: Path) -> dict[str, str]:
    """The environment of a program that sees other people's text: its folder is its home."""
    home = work / "home"
    home.mkdir(exist_ok=True)
    nowhere = "http://127.0.0.1:9"      # the port of discard: a package that is asked for is not fetched
    return {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "SYSTEMROOT")} | {
        "HOME": str(home), "TMPDIR": str(home), "TEXMFHOME": str(home), "TEXMFVAR": str(home), "TEXMFCONFIG": str(home),
        "XDG_CACHE_HOME": str(home), "XDG_DATA_HOME": str(home), "TYPST_PACKAGE_PATH": str(home),
        "TYPST_PACKAGE_CACHE_PATH": str(home), "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "ALL_PROXY": nowhere,
        "SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1",
    }


_FENCE = """
import os, sys
try:
    import resource
    for what, most in (("RLIMIT_CPU", %d), ("RLIMIT_AS", %d), ("RLIMIT_FSIZE", %d), ("RLIMIT_CORE", 0)):
        limit = getattr(resource, what)
        hard = resource.getrlimit(limit)[1]
        most = most if hard < 0 else min(most, hard)
        resource.setrlimit(limit, (most, most))
except ImportError:
    pass
os.execvp(sys.argv[1], sys.argv[1:])
"""


def _clocked(command: list[str], folder: Path, environment: Mapping[str, str]) -> str | None:
    """Run a command and everything that it starts, within the limits above."""
    fence = [sys.executable, "-I", "-c", _FENCE % (WALL_CLOCK, MEMORY, FILE_SIZE)]
    said = folder / "output.txt"        # a pipe would have to be kept in memory
    with said.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - a fixed command
            [*fence, *command], cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=out,
            stderr=subprocess.STDOUT, start_new_session=True,
        )
        try:
            process.wait(WALL_CLOCK)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return f"it was stopped after {WALL_CLOCK} seconds"
    if process.returncode == 0:
        return None
    log = folder / "report.log"
    lines = _tail(log if log.is_file() else said).splitlines()
    errors = [line for line in lines if line.startswith(("!", "typst.")) or "Error: " in line]
    return clean(errors[0])[:300] if errors else f"exit code {process.returncode}"


def _tail(file: Path) -> str:
    with file.open("rb") as f:
        f.seek(max(0, file.stat().st_size - 200_000))
        return f.read().decode("utf-8", "replace")


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
        failure = _clocked(command, work, _private(work))
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
