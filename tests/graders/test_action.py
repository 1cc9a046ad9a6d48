"""``action.yml`` and the workflows of ``examples/github``: what they may do, and their steps run as the runner does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..running.conftest import HOMEWORK

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
WORKFLOWS = sorted((ROOT / "examples/github").glob("*.yml"))


class Runner:
    """A step's shell as GitHub starts it: its files for outputs and the summary, the workspace as working folder."""

    def __init__(self, folder: Path) -> None:
        self.workspace, self.temp = folder / "work space", folder / "temp"
        self.output, self.summary = folder / "output", folder / "summary"
        for made in (self.workspace, self.temp, folder / "bin"):
            made.mkdir()
        for name, line in (("checker", '-m checker "$@"'), ("python", '"$@"')):
            script = folder / "bin" / name
            script.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -P {line}\n')
            script.chmod(0o755)
        self.environment = {
            **os.environ, "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(self.output), "GITHUB_STEP_SUMMARY": str(self.summary), "RUNNER_TEMP": str(self.temp),
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        }

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        for file in (self.output, self.summary):
            file.write_text("")
        path = self.temp / "step.sh"
        path.write_text(script)
        return subprocess.run(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(path)], text=True,
                              cwd=self.workspace, env={**self.environment, **environment}, capture_output=True, timeout=120)

    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    made = Runner(tmp_path)
    (made.workspace / "solutions").mkdir()
    (made.workspace / "solutions/home work.tex").write_text(HOMEWORK)
    return made


def act(runner: Runner, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The action's own step, with inputs filled in where it names them."""
    step = ACTION["runs"]["steps"][-1]
    given = {k: str(v["default"]) for k, v in ACTION["inputs"].items()} | {k.replace("_", "-"): v for k, v in inputs.items()}
    environment = {k: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: given[m[1]], v) for k, v in step["env"].items()}
    assert not any("${{" in v for v in environment.values())
    return runner.run(step["run"], **environment)


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [s for job in workflow["jobs"].values() for s in job["steps"]]


@pytest.mark.parametrize("path", [ROOT / "action.yml", *WORKFLOWS], ids=lambda p: p.name)
def test_what_is_used_is_pinned_and_nothing_is_written_back(path: Path) -> None:
    data = yaml.safe_load(path.read_text())
    found = data["runs"]["steps"] if "runs" in data else steps(data)
    for step in found:
        if (used := step.get("uses")) and not used.startswith("OWNER/"):
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", used), used
        assert "${{" not in step.get("run", ""), "what people write would become text of the script"
    assert "secrets" not in path.read_text()
    if "jobs" in data:
        assert data["permissions"] == {"contents": "read"}
        assert all("timeout-minutes" in job for job in data["jobs"].values())
        for step in found:
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False
            if step.get("uses", "").startswith("OWNER/"):
                assert set(step["with"]) <= set(ACTION["inputs"])


def test_the_action_names_the_outputs_that_its_step_writes(runner: Runner) -> None:
    done = act(runner, paths="solutions\n", format="sarif", fail_on="never")
    assert done.returncode == 0, done.stderr
    found = runner.outputs()
    assert set(found) == set(ACTION["outputs"])
    assert {k: found[k] for k in found if k != "report"} == {
        "claims": "2", "proved": "1", "refuted": "1", "undecided": "0", "unexpected": "1", "errors": "0"}
    assert json.loads(Path(found["report"]).read_text())["runs"][0]["results"][0]["ruleId"] == "refuted"
    assert "::error file=solutions/home work.tex,line=4," in done.stdout
    summary = runner.summary.read_text()
    assert summary.startswith("# Derivations") and "left 3, right 2" in summary


@pytest.mark.parametrize(("inputs", "told"), [
    ({"fail_on": "always"}, "fail-on is unexpected, undecided or never"), ({"format": "pdf"}, "format is json, sarif"),
    ({"paths": "$(touch stolen)"}, "$(touch stolen)"), ({"arguments": "--no-such-option"}, "--no-such-option"),
])
def test_bad_inputs_are_told_and_never_executed(runner: Runner, inputs: dict[str, str], told: str) -> None:
    done = act(runner, **inputs)
    assert done.returncode == 2 and told in done.stdout + done.stderr
    assert not (runner.workspace / "stolen").exists() and runner.outputs() == {}


def test_the_grading_workflow_is_what_init_writes_and_runs(runner: Runner) -> None:
    for name in ("problems.yaml", "submissions/02-sign.tex"):
        (runner.workspace / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "examples/course" / name, runner.workspace / name)
    runner.run("checker grade problems.yaml submissions --init github --out .")
    written = (runner.workspace / ".github/workflows/derivations.yml").read_text()
    assert written == (ROOT / "examples/github/grade.yml").read_text()
    scripts = [s["run"] for s in steps(yaml.safe_load(written)) if "run" in s and "pip install" not in s["run"]]
    graded, shown = (runner.run(script) for script in scripts)
    assert graded.returncode == 0, graded.stderr
    assert "::error file=submissions/02-sign.tex,line=3," in shown.stdout
    assert "02-sign" in runner.summary.read_text()


def in_parts(runner: Runner, name: str) -> list[subprocess.CompletedProcess[str]]:
    """A workflow in parts, run on two machines whose artifacts lie in one folder; the last steps are the merge's."""
    workflow = yaml.safe_load((ROOT / "examples/github" / name).read_text())
    first, last = workflow["jobs"].values()
    assert first["strategy"]["matrix"]["part"] == [1, 2, 3, 4] and last["needs"] in workflow["jobs"]
    assert [s["with"]["path"] for s in first["steps"] if "upload" in s.get("uses", "")] == ["parts"]
    assert [s["with"] for s in last["steps"] if "download" in s.get("uses", "")] == [{"path": "parts", "merge-multiple": True}]
    found = []
    for job, times in ((first, 2), (last, 1)):
        for part in range(1, times + 1):
            for step in job["steps"]:
                if "run" in step and "pip install" not in step["run"]:
                    assert step.get("env", {}) in ({}, {"PART": "${{ matrix.part }}", "PARTS": "${{ strategy.job-total }}"})
                    found.append(runner.run(step["run"], PART=str(part), PARTS="2"))
    return found


def test_a_check_in_parts(runner: Runner) -> None:
    *parts, whole = in_parts(runner, "check-in-parts.yml")
    assert [p.returncode for p in parts] == [0, 0] and "::error file=solutions/home work.tex" in parts[0].stdout
    assert whole.returncode == 1, whole.stderr
    assert len(json.loads((runner.workspace / "whole.json").read_text())["claims"]) == 2


def test_a_class_in_parts(runner: Runner) -> None:
    for name in ("problems.yaml", "submissions/02-sign.tex"):
        (runner.workspace / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "examples/course" / name, runner.workspace / name)
    shutil.copy(runner.workspace / "submissions/02-sign.tex", runner.workspace / "submissions/o.brien.tex")
    done = in_parts(runner, "grade-in-parts.yml")
    assert [d.returncode for d in done] == [0] * 4, done
    pages = {p.name for p in (runner.workspace / "grades/students").glob("*.md")}
    assert pages == {"02-sign.md", "o.brien.md"} and "o.brien" in runner.summary.read_text()


def test_the_page_tells_what_there_is() -> None:
    """docs/editors-and-ci.md: every input, output and hook, by its name, and no other."""
    page = (ROOT / "docs/editors-and-ci.md").read_text()
    inputs, outputs = page.partition("| input |")[2].split("| output |")
    assert re.findall(r"^\| `([\w-]+)` \|", inputs, re.MULTILINE) == list(ACTION["inputs"])
    named = re.findall(r"`([\w-]+)`", "\n".join(re.findall(r"^\| (.*?) \|", outputs, re.MULTILINE)))
    assert sorted(named) == sorted(ACTION["outputs"])
    hooks = {h["id"]: h for h in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    blocks = [yaml.safe_load(b) for b in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    assert {h["id"] for b in blocks if "repos" in b for r in b["repos"] for h in r["hooks"]} == set(hooks)
    assert {k for b in blocks if "repos" not in b for s in b for k in s["with"]} <= set(ACTION["inputs"])
    for hook in hooks.values():
        assert hook["entry"] == "checker check" and hook["language"] == "python" and hook["require_serial"] is True
