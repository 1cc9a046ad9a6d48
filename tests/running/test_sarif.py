"""``--output-format sarif``: valid, and each result where it is, with what refutes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker.console.sarif import to_sarif
from checker.records import Run

from .conftest import HOMEWORK, Project

SCHEMA = json.loads((Path(__file__).parent / "schemas/sarif-2.1.0.json").read_text())
UNREADABLE = HOMEWORK + "$$ a/bc = 1 $$\n"


def sarif(project: Project, *paths: str) -> dict[str, Any]:
    data = json.loads(project.run("check", "--output-format", "sarif", *paths).stdout)
    jsonschema.validate(data, SCHEMA)
    return data


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[dict[str, Any]]]:
    project = Project(tmp_path_factory.mktemp("sarif"))
    project.write("pyproject.toml", "")
    project.write("hw 1é.tex", UNREADABLE)
    project.write("derivations/slip.py", "from sympy import symbols\nfrom checker import Derivation\n"
                  "x = symbols('x', real=True)\nD = Derivation('slip')\nD.claim('sign', x - 1, '=', 1 - x)\n")
    return project, sarif(project, "hw 1é.tex", "derivations")["runs"][0]["results"]


def test_each_result_says_where_and_why(results: tuple[Project, list[dict[str, Any]]]) -> None:
    _, found = results
    by = {(r["ruleId"], r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]): r for r in found}
    assert set(by) == {("refuted", "hw%201%C3%A9.tex"), ("unreadable", "hw%201%C3%A9.tex"), ("refuted", "derivations/slip.py")}
    line = by["refuted", "hw%201%C3%A9.tex"]
    assert line["locations"][0]["physicalLocation"]["region"]["startLine"] == 4
    assert "x = 1, y = 1: left 3, right 2" in line["message"]["text"] and "It looks like" in line["message"]["text"]
    assert line["level"] == "error" and line["properties"]["witness"]["kind"] == "point"
    assert by["refuted", "derivations/slip.py"]["locations"][0]["physicalLocation"]["region"] == {"startLine": 5}


def test_a_fingerprint_outlives_a_move(results: tuple[Project, list[dict[str, Any]]]) -> None:
    project, found = results
    project.write("hw 1é.tex", "\n\n% a new first paragraph\n\n" + UNREADABLE)
    moved = sarif(project, "hw 1é.tex", "derivations")["runs"][0]["results"]
    prints = [sorted(r["partialFingerprints"]["statement/v1"] for r in rs) for rs in (found, moved)]
    assert prints[0] == prints[1] and len(set(prints[0])) == len(found)


def test_nothing_odd_is_an_empty_list(tmp_path: Path) -> None:
    data = json.loads(to_sarif(Run((), ()), tmp_path))
    jsonschema.validate(data, SCHEMA)
    assert data["runs"][0]["results"] == [] and data["runs"][0]["tool"]["driver"]["properties"]["kernelRuleSet"]
