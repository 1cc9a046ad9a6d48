"""A small project in a folder of its own, and the commands run on it as a person would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

#: A homework in LaTeX: its first step lacks a factor, and the second follows from it.
HOMEWORK = r"""% notation:
%   x, y: real
\begin{align*}
(x+y)^2 - x^2 &= x^2 + xy + y^2 - x^2 \\
              &= y(x + y)
\end{align*}
"""

GOOD = """\
from sympy import symbols
from checker import Derivation

x, y = symbols("x y", real=True)
good = Derivation("good", title="Things that are so", source="Sheet 1")
good.claim("square", (x + y)**2, "=", x**2 + 2*x*y + y**2, source="Q1")
good.claim("freshman", (x + y)**2, "=", x**2 + y**2, expected="refuted", erratum="2xy is missing")
good.claim("cancel", x/x, "=", 1)
good.claim("again", (y + x)**2, "=", x**2 + 2*x*y + y**2, using=["square"])
good.claim("chain", x - x, "=", 0, "=", y - y)
"""


@dataclass(frozen=True)
class Project:
    root: Path

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join(filter(None, (environment.pop("PYTHONPATH", ""), str(REPOSITORY))))
        return subprocess.run(
            [sys.executable, "-m", "checker", *arguments], cwd=self.root, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": path, "COLUMNS": "120", **environment}, timeout=120, check=False,
        )

    def check(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Exit code and JSON of ``checker check``."""
        done = self.run("check", "--output-format", "json", *arguments)
        if done.returncode == 3:
            raise AssertionError(done.stderr)
        return done.returncode, json.loads(done.stdout)

    def certificate(self, name: str) -> dict[str, Any]:
        return json.loads((self.root / "build/certificates" / f"{name}.json").read_text())

    def put_certificate(self, name: str, data: Any) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        self.write(f"build/certificates/{name}.json", text)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("pyproject.toml", "[tool.checker]\n")
    made.write("derivations/good.py", GOOD)
    return made


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that has been checked once: read it, do not change it."""
    made = Project(tmp_path_factory.mktemp("checked"))
    made.write("pyproject.toml", "[tool.checker]\n")
    made.write("derivations/good.py", GOOD)
    done = made.run("check")
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return made
