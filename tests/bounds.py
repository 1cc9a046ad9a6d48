"""What pyproject.toml promises, tried at both ends: ``make test-bounds`` (a few minutes; needs a package index).

The sdist is built, the wheel is built from the sdist, and for every supported Python that is here the wheel is installed
twice, with the lowest versions that pyproject.toml allows and with the newest.  Then, outside the checkout, the commands
do what a newcomer would: ``--version``, check, replay, explain, report with plots and PDF, grade.

    python -m tests.bounds [--python 3.12] [--only lowest|highest]
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENDS = {"lowest": "lowest-direct", "highest": "highest"}
CLAIMS = """\
from sympy import symbols
from checker import Derivation

x, y = symbols("x y", real=True)
D = Derivation("trial", title="A trial")
D.claim("square", (x + y)**2, "=", x**2 + 2*x*y + y**2)
D.claim("freshman", (x + y)**2, "=", x**2 + y**2, expected="refuted")
D.claim("bound", 2*x*y, "<=", x**2 + y**2)
"""


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--python", action="append", help="only these; default: all that pyproject.toml names")
    options.add_argument("--only", choices=list(ENDS))
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="checker-bounds-") as name:
        folder = Path(name)
        uv = _uv(folder)
        wheel = _wheel(uv, folder)
        missing = []
        for python in asked.python or supported():
            found = interpreter(python)
            if found is None:
                missing.append(python)
                continue
            for end in [asked.only] if asked.only else list(ENDS):
                _try(uv, folder / f"{python}-{end}", wheel, found, end)
        for python in missing:
            print(f"{python}: not on this machine, so not tried")
        if len(missing) == len(asked.python or supported()):
            sys.exit("no supported Python was found")


def supported() -> list[str]:
    """The versions that the classifiers name."""
    head = "Programming Language :: Python :: 3."
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    return ["3." + c.removeprefix(head) for c in listed if c.startswith(head)]


def interpreter(python: str) -> str | None:
    """One that runs: on PATH (a version manager's shim may only pretend), or among those of the version manager."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{python}.*/bin/python"))
    for candidate in (f"python{python}", *map(str, kept)):
        try:
            if subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
                return candidate
        except OSError:
            pass
    return None


def _run(command: list[str], cwd: Path, expected: int = 0) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=900)
    if done.returncode != expected:
        sys.exit(f"{' '.join(command)}\nexit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def _uv(folder: Path) -> list[str]:
    """The installer that can ask for the lowest versions, in an environment of its own."""
    _run([sys.executable, "-m", "venv", str(folder / "uv")], folder)
    _run([str(folder / "uv/bin/python"), "-m", "pip", "install", "-q", "uv"], folder)
    return [str(folder / "uv/bin/uv")]


def _wheel(uv: list[str], folder: Path) -> Path:
    """Built from the sdist, so that the sdist is whole."""
    _run([*uv, "build", "--sdist", "--out-dir", str(folder / "dist"), str(ROOT)], folder)
    (source,) = (folder / "dist").glob("*.tar.gz")
    _run([*uv, "build", "--wheel", "--out-dir", str(folder / "dist"), str(source)], folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def _try(uv: list[str], folder: Path, wheel: Path, python: str, end: str) -> None:
    folder.mkdir()
    environment = folder / "environment"
    _run([*uv, "venv", "-q", "--python", python, str(environment)], folder)
    install = [*uv, "pip", "install", "-q", "--python", str(environment)]
    # what a wheel needs is not "direct" for the resolver: what pyproject.toml names goes first, then the wheel alone
    _run([*install, "--resolution", ENDS[end], "-r", str(ROOT / "pyproject.toml"), "--extra", "report"], folder)
    _run([*install, "--no-deps", str(wheel)], folder)
    checker = str(environment / "bin/checker")
    work = folder / "work"
    (work / "derivations").mkdir(parents=True)
    (work / "derivations/trial.py").write_text(CLAIMS)
    shutil.copytree(ROOT / "examples/course", work / "course")
    version = " ".join(_run([checker, "--version"], work).split())
    data = json.loads(_run([checker, "check", "--output-format", "json"], work))
    found = {c["id"]: c["verdict"] for c in data["claims"]}
    if found != {"trial.square": "proved", "trial.freshman": "refuted", "trial.bound": "proved"}:
        sys.exit(f"{folder.name}: {found}")
    _run([checker, "replay"], work)
    _run([checker, "explain", "trial.bound"], work)
    _run([checker, "report"], work)
    made = {p.name for p in (work / "build").iterdir()}
    if not {"report.md", "report.tex", "report.html", "report.pdf"} <= made:
        sys.exit(f"{folder.name}: the report is {sorted(made)}")
    _run([checker, "grade", "course/problems.yaml", "course/submissions/02-sign.tex"], work)
    print(f"{folder.name:14} good: {version}")


if __name__ == "__main__":
    main()
