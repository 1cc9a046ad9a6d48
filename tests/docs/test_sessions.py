"""The console sessions of the documentation happen as they are shown: files are written, commands run, lines compared.

In a page, ``<!-- file: NAME -->`` before a block writes it, ``<!-- replace in NAME: OLD => NEW -->`` edits a file, and a block
```` ```console ```` is a command after ``$`` with lines of its output, in their order; ``...`` stands for any others.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
STEP = re.compile(
    r"<!-- file: (?P<file>\S+) -->\n```\w*\n(?P<text>.*?)^```"
    r"|<!-- replace in (?P<edited>\S+): (?P<old>.*?) => (?P<new>.*?) -->"
    r"|^```console\n\$ (?P<command>[^\n]*)\n(?P<shown>.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = sorted(p for p in DOCS.rglob("*.md") if "```console\n$ " in p.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_session_happens_as_shown(page: Path, tmp_path: Path) -> None:
    for step in STEP.finditer(page.read_text(encoding="utf-8")):
        if step["file"]:
            (tmp_path / step["file"]).write_text(step["text"], encoding="utf-8")
        elif step["edited"]:
            file = tmp_path / step["edited"]
            before = file.read_text(encoding="utf-8")
            assert before.count(step["old"]) == 1
            file.write_text(before.replace(step["old"], step["new"]), encoding="utf-8")
        else:
            missing = not_shown(step["shown"].splitlines(), run(step["command"], tmp_path).splitlines())
            assert missing is None, f"$ {step['command']}: {missing!r} is not in the output, or not there"


def run(command: str, folder: Path) -> str:
    program, *arguments = shlex.split(command)
    assert program == "checker"
    done = subprocess.run(
        [sys.executable, "-m", "checker", *arguments], cwd=folder, capture_output=True, text=True, timeout=120,
        env={**os.environ, "COLUMNS": "200"}, check=False)
    return done.stdout + done.stderr


def not_shown(shown: list[str], printed: list[str]) -> str | None:
    """The first shown line that the output does not have where it stands: next, or after ``...`` anywhere below."""
    at, anywhere = 0, False
    for line in (x.rstrip() for x in shown):
        if line == "...":
            anywhere = True
            continue
        rest = [x.rstrip() for x in printed[at:]]
        places = [k for k, x in enumerate(rest) if x == line or (not line and not x)]
        if not places or (places[0] and not anywhere and any(rest[:places[0]])):
            return line
        at, anywhere = at + places[0] + 1, False
    return None


@pytest.mark.parametrize(("shown", "missing"), [
    (["a", "c"], "c"), (["a", "...", "c"], None), (["...", "b", "a"], "a"), (["a", "b", "c"], None), (["x"], "x")])
def test_lines_are_compared_in_their_order(shown: list[str], missing: str | None) -> None:
    assert not_shown(shown, ["a", "b", "c"]) == missing


def test_there_are_sessions() -> None:
    assert {p.stem for p in PAGES} >= {"tutorial", "density-claim", "notation-file"}


def test_every_rule_of_the_kernel_has_its_page(tmp_path: Path) -> None:
    from checker.console import rule_pages
    from checker.kernel import prove

    assert set(prove.RULES) <= {n for p in rule_pages.pages() for n in p.names}
    assert all(p.title and p.text for p in rule_pages.pages())
    assert "did you mean gap?" in run("checker rules gapp", tmp_path)


def test_the_reference_of_json_names_every_key(tmp_path: Path) -> None:
    import json

    (tmp_path / "a.md").write_text("$$\n1 + 1 = 3\n$$\n", encoding="utf-8")
    data = json.loads(run("checker check a.md --output-format json", tmp_path))
    told = set(re.findall(r"`(\w+)`", (DOCS / "reference/json.md").read_text(encoding="utf-8")))
    assert {*data, *data["claims"][0]} <= told
