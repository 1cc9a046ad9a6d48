"""``pytest derivations/``: an item per claim."""

from __future__ import annotations

import os
import subprocess
import sys

from .conftest import REPOSITORY, Project


def pytest_in(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Where the package is installed, its entry point loads the plugin; here that must not matter.
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "checker.pytest_plugin", "-p", "no:cacheprovider", *arguments],
        cwd=project.root, capture_output=True, text=True, env=environment, timeout=120, check=False,
    )


def configured(project: Project) -> Project:
    project.write("pyproject.toml", '[tool.pytest.ini_options]\nchecker_paths = ["derivations"]\n')
    return project


def test_one_item_for_each_claim(project: Project) -> None:
    done = pytest_in(configured(project), "derivations", "-v")
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout
    for name in ("square", "freshman", "cancel", "again", "chain.1", "chain.2"):
        assert f"derivations/good.py::good.{name} PASSED" in done.stdout
    assert "2 passed, 4 deselected" in pytest_in(project, "derivations", "-k", "chain").stdout


def test_only_below_the_paths_of_the_setting(project: Project) -> None:
    project.write("elsewhere/other.py", (project.root / "derivations/good.py").read_text())
    done = pytest_in(configured(project), "elsewhere", "derivations", "--collect-only", "-q")
    assert "elsewhere" not in done.stdout
    project.write("pyproject.toml", "")
    assert pytest_in(project, "derivations").returncode == 5


def test_a_failure_says_why(project: Project) -> None:
    project.write("derivations/wrong.py", (
        "from sympy import symbols\nfrom checker import Derivation\nx = symbols('x', real=True)\n"
        "D = Derivation('wrong')\nD.claim('double', x + x, '=', x)\n"
        "D.claim('elsewhere', x + x, '=', 2*x, using=['good.square'])\n"
    ))
    project.write("derivations/broken.py", "1 +\n")
    done = pytest_in(configured(project), "derivations", "--continue-on-collection-errors")
    assert "wrong.py:5: wrong.double is refuted, expected proved: x = 1: left 2, right 1" in done.stdout
    assert "derivations/broken.py:1:4: error: invalid syntax [syntax]" in done.stdout
    assert "1 failed, 7 passed, 1 error" in done.stdout
