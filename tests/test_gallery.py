"""The gallery: every claim gets the verdict that its sheet announces, and every topic shows its false twins."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
TOPICS = sorted(p.stem for p in ROOT.glob("derivations/gallery/*.py"))


@pytest.fixture(scope="module")
def claims() -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "checker", "check", "derivations/gallery", "--no-store", "--timeout", "40", "--output-format",
         "json"],
        cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
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


def test_a_course(claims: list[dict[str, Any]]) -> None:
    assert len(TOPICS) >= 8 and len(claims) >= 120
