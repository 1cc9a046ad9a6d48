"""A run in parts is the run: shares, streams, and what is put together again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checker.console import merging
from checker.console.screen import rate
from checker.running.loader import UsageError
from checker.running.shards import Shard, parse_shard

SHEET = "---\nnotation: |\n  x: real\n---\n# P\n$$ x + {k} = {k} + x $$\n$$ x^2 \\ge {k} $$\n"
PYTHON = """
from sympy import symbols
from checker import Derivation
x = symbols("x", real=True)
D = Derivation("{name}")
D.claim("a", x**2, ">=", 0, using={using})
"""


@pytest.mark.parametrize("count", range(1, 8))
def test_shares_are_a_partition(count: int) -> None:
    items = list(range(5))
    shares = [Shard(k, count).share(items) for k in range(1, count + 1)]
    assert sorted(x for s in shares for x in s) == items
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


@pytest.mark.parametrize("text", ["0/3", "4/3", "1/0", "1", "a/b", "-1/2", "1/2/3", "", "１/２"])
def test_what_is_no_part(text: str) -> None:
    with pytest.raises(UsageError, match="is no part of a run"):
        parse_shard(text)


def checker(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "checker", *args], cwd=folder, capture_output=True, text=True,
                          timeout=120, check=False)


def without_seconds(text: str) -> Any:
    data = json.loads(text)
    for claim in data["claims"]:
        del claim["seconds"]
    return data


def test_the_parts_make_the_whole(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.checker]\n")
    for k in (1, 2):
        (folder / f"h{k}.md").write_text(SHEET.format(k=k))
    (folder / "z1.py").write_text(PYTHON.format(name="lemma", using="[]"))
    (folder / "z2.py").write_text(PYTHON.format(name="rests", using="['lemma.a']"))
    (folder / "z3.py").write_text("1/0\n")
    whole = checker(tmp_path, "check", "d", "--output-format", "json")
    assert whole.returncode == 2
    for k, form in ((1, "json-lines"), (2, "json")):
        part = checker(tmp_path, "check", "d", "--shard", f"{k}/2", "--output-format", form)
        (tmp_path / f"p{k}").write_text(part.stdout)
    made = checker(tmp_path, "merge", "p2", "p1", "-o", "whole.json")
    assert made.returncode == 2, made.stderr
    assert without_seconds((tmp_path / "whole.json").read_text()) == without_seconds(whole.stdout)
    lines = [json.loads(x) for x in (tmp_path / "p1").read_text().splitlines()]
    assert [x["kind"] for x in (lines[0], lines[-1])] == ["run", "end"]
    assert {x["kind"] for x in lines} == {"run", "claim", "derivation", "error", "end"}
    none = checker(tmp_path, "check", "d", "--shard", "6/6", "--output-format", "concise")
    assert none.returncode == 0 and "no claims of its own" in none.stderr


def part(number: int, **more: Any) -> dict[str, Any]:
    shard = {"number": number, "of": 2, "rule_set": "4", "names": ["a.md", "b.md"]} | more.pop("shard", {})
    return {"schema": "checker/1", "shard": shard, "errors": [], "claims": [], "derivations": [], **more}


CLAIM = {"id": "a.x", "file": "a.md", "as_expected": True, "verdict": "proved"}


@pytest.mark.parametrize(("parts", "told"), [
    ([part(1)], "part 2 of 2 is missing"),
    ([part(1), part(1)], "are both part 1"),
    ([part(1), part(2, shard={"rule_set": "3"})], "another rule set"),
    ([part(1), part(2, shard={"names": ["a.md"]})], "another set of files"),
    ([part(1), part(2, shard={"of": 3})], "another number of parts"),
    ([part(1), {"schema": "checker/1", "errors": [], "claims": [], "derivations": []}], "is no part of a run"),
    ([part(1), part(2, shard={"number": 7})], "is no part of a run"),
    ([part(1, claims=[{**CLAIM, "file": "c.md"}]), part(2)], "not in this run"),
    ([part(1, claims=["a"]), part(2)], "lists of objects"),
    ([part(1), []], "neither the JSON"),
    ([part(1), {"schema": "else"}], "neither the JSON"),
])
def test_what_does_not_fit_together(parts: list[Any], told: str, tmp_path: Path) -> None:
    paths = []
    for k, data in enumerate(parts):
        paths.append(tmp_path / f"p{k}.json")
        paths[-1].write_text(json.dumps(data))
    with pytest.raises(UsageError, match=told):
        merging.merge(paths, tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()


def test_a_claim_that_another_part_rests_on_counts_once(tmp_path: Path) -> None:
    for k in (1, 2):
        (tmp_path / f"p{k}.json").write_text(json.dumps(part(k, claims=[CLAIM])))
    whole = merging.merge([tmp_path / "p1.json", tmp_path / "p2.json"], tmp_path / "out.json")
    assert [c["id"] for c in whole["claims"]] == ["a.x"]
    assert [merging.exit_code({**whole, "claims": c}, f) for c, f in (
        ([CLAIM], ()), ([], ()), ([{**CLAIM, "as_expected": False}], ()), ([{**CLAIM, "verdict": "undecided"}],
                                                                         ("undecided",)))] == [0, 5, 1, 1]


def test_a_stream_that_broke_off_is_run_again(tmp_path: Path) -> None:
    (tmp_path / "p").write_text('{"kind":"run","schema":"checker/1"}\n{"kind":"claim","id":"a.x","file":"a.md"}\n')
    with pytest.raises(UsageError, match="did not come to its end"):
        merging.merge([tmp_path / "p"], tmp_path / "out.json")


def test_grades_of_two_parts(tmp_path: Path) -> None:
    result = {"problem": "p", "version": "v", "points": "1", "of": "2", "provisional": False, "goal": "none",
              "first_wrong_line": None, "reasons": [], "milestones": [], "notes": [], "transcript": False, "lines": []}
    for k, student in ((1, "s-1"), (2, "s-2")):
        folder = tmp_path / f"g{k}"
        (folder / "students").mkdir(parents=True)
        (folder / "students" / f"{student}.md").write_text(student)
        (folder / "students" / "s-9.md").write_text("an old page")
        (folder / "students" / f"{student}.extra.md").write_text("of a student with a longer name")
        shard = {"number": k, "of": 2, "rule_set": "4", "names": ["s-1", "s-2"]}
        data = {"schema": "checker-grades/1", "shard": shard, "results": [{**result, "student": student}]}
        (folder / "grades.json").write_text(json.dumps(data))
    out = tmp_path / "out"
    whole = merging.merge([tmp_path / "g2", tmp_path / "g1"], out)
    assert [r["student"] for r in whole["results"]] == ["s-1", "s-2"]
    assert sorted(p.name for p in (out / "students").iterdir()) == ["s-1.md", "s-2.md"]
    assert (out / "grades.csv").read_text().count("\n") == 3 and (out / "class.md").exists()
    assert "shard" not in json.loads((out / "grades.json").read_text())
    data = json.loads((tmp_path / "g2" / "grades.json").read_text())
    data["results"][0]["version"] = "w"
    (tmp_path / "g2" / "grades.json").write_text(json.dumps(data))
    with pytest.raises(UsageError, match="another version"):
        merging.merge([tmp_path / "g1", tmp_path / "g2"], out)
    own = {**result, "student": "s-2"}
    for results, told in (([], "lacks"), ([own, own], "has twice"),
                          ([own, {**result, "student": "s-1"}], "is not the part that should hold")):
        (tmp_path / "g2" / "grades.json").write_text(json.dumps({**data, "results": results}))
        with pytest.raises(UsageError, match=f"g2 {told} the result of s-"):
            merging.merge([tmp_path / "g1", tmp_path / "g2"], out)


@pytest.mark.parametrize(("done", "seconds", "told"), [
    (0, 9, ""), (5, 0.1, ""), (100, 10, "10 a second"), (1, 15, "4 a minute")])
def test_the_rate_of_progress(done: int, seconds: float, told: str) -> None:
    assert rate(done, seconds) == told


def test_json_lines_beside_another_format(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.checker]\n")
    (tmp_path / "h.md").write_text(SHEET.format(k=1))
    done = checker(tmp_path, "check", "h.md", "--output-format", "concise", "--write", "json-lines=out.jsonl")
    kinds = [json.loads(line)["kind"] for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert done.returncode == 1 and kinds[0] == "run" and kinds[-1] == "end" and kinds.count("claim") == 2
