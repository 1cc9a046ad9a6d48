"""The gallery: every claim gets the verdict that its sheet announces, and every topic shows its false twins."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
TOPICS = sorted(p.stem for p in ROOT.glob("derivations/gallery/*.py"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gallery in a folder of its own, whose store is empty."""
    folder = tmp_path_factory.mktemp("gallery")
    (folder / "pyproject.toml").write_text("[tool.checker]\ntimeout = 40\n")
    shutil.copytree(ROOT / "derivations/gallery", folder / "derivations/gallery")
    return folder


def checker(project: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "checker", *args], cwd=project, capture_output=True, text=True, timeout=900,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)


@pytest.fixture(scope="module")
def claims(project: Path) -> list[dict[str, Any]]:
    done = checker(project, "check", "derivations/gallery", "--output-format", "json")
    out = json.loads(done.stdout)
    assert out["errors"] == []
    found: list[dict[str, Any]] = out["claims"]
    return found


@pytest.mark.parametrize("topic", TOPICS)
def test_each_claim_gets_its_verdict(claims: list[dict[str, Any]], topic: str) -> None:
    mine = [c for c in claims if Path(c["file"]).stem == topic]
    assert mine
    assert [(c["id"], c["verdict"]) for c in mine if not c["as_expected"]] == []
    assert all(c["witness"] for c in mine if c["verdict"] == "refuted")


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_has_its_prose_and_false_twins(claims: list[dict[str, Any]], topic: str) -> None:
    assert (ROOT / f"derivations/gallery/{topic}.md").is_file()
    expected = Counter(c["expected"] for c in claims if Path(c["file"]).stem == topic)
    assert expected["proved"] >= 4 and expected["refuted"] >= 4


def test_it_is_a_document(claims: list[dict[str, Any]], project: Path) -> None:
    """Every proof can be told in words."""
    done = checker(project, "report", "derivations/gallery", "--pdf-engine", "none", "-o", "out")
    assert done.returncode == 0, done.stderr[-2000:]
    page = (project / "out/report.md").read_text(encoding="utf-8")
    assert all(c["id"] in page for c in claims)


def test_a_course(claims: list[dict[str, Any]]) -> None:
    assert len(TOPICS) >= 8 and len(claims) >= 120
