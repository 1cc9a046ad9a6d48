"""What is installed is what is here: the wheel and a plain installation carry the templates."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from checker.resources import template_dir

from .conftest import REPOSITORY

pytest.importorskip("hatchling", reason="builds the wheel")

LOCATE = "from checker.resources import template_dir; print(template_dir())"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=REPOSITORY,
        check=True, capture_output=True,
    )
    found, = folder.glob("*.whl")
    return found


def test_a_checkout_finds_its_templates() -> None:
    assert template_dir() == REPOSITORY / "templates"


def test_the_wheel_carries_templates_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    templates = {p.name for p in (REPOSITORY / "templates").iterdir() if p.is_file()}
    assert {f"checker/templates/{name}" for name in templates} <= set(names)
    assert {n.split("/")[0] for n in names if ".dist-info" not in n} == {"checker"}


def test_an_unpacked_wheel_finds_its_templates(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", LOCATE], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, text=True,
        capture_output=True, check=True,
    )
    assert done.stdout.strip() == str(tmp_path / "checker/templates")


def test_pip_install_works(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--no-build-isolation", "--target", str(tmp_path / "site"), str(REPOSITORY)],
        capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stderr
    assert any((tmp_path / "site/checker/templates").iterdir())
    assert (tmp_path / "site/bin/checker").is_file()


def test_the_version_names_what_a_verdict_depends_on() -> None:
    from checker.kernel.verdict import RULE_SET

    done = subprocess.run([sys.executable, "-m", "checker", "--version"], capture_output=True, text=True, check=True)
    for word in ("checker 0.", f"kernel rule set {RULE_SET};", "SymPy 1.", "with FLINT 3."):
        assert word in done.stdout
