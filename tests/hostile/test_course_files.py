"""The files of a course that somebody else may have had in hand: keys, decisions, earlier grades, gradebooks, notation."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from checker.console.gradebooks import GradebookError, merge
from checker.grading.persons import PersonError, read_decisions
from checker.grading.problem import ProblemError, read_problems
from checker.grading.results import GradesError, compare, read_grades, summary
from checker.reading.latex.declarations import read_notation
from checker.reading.latex.source import Place

KEYS = {
    "anchor": ("id: a\ngiven: &x [1]\nmilestones: *x\n", "without & and"), "bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "without & and"), "merge": ("id: a\n<<: {points: 3}\n", "no key <<"),
    "tag": ("id: !!python/object/apply:os.system [id]\n", "no tags"), "tag-name": ("id: !!python/name:os.system\n", "no tags"), "tag-new": ("id: !!python/object/new:os.system [id]\n", "no tags"), "tag-own": ("id: !secret x\n", "no tags"), "binary": ("id: !!binary aGk=\n", "no tags"),
    "set": ("id: !!set {a, b}\n", "no tags"), "deep": ("id: a\ngiven: " + "[" * 900 + "]" * 900 + "\n", "deep"), "deep-map": ("id: a\ngiven: " + "{a: " * 900 + "}" * 900 + "\n", "deep"), "deep-block": ("id: a\ngiven:\n" + "".join(" " * k + "- \n" for k in range(1, 300)), ""),
    "large": ("id: a\ntitle: " + "x" * 250_000 + "\n", "at most"), "digits": ("id: a\npoints: " + "9" * 150_000 + "\n", "points"), "exponent": ("id: a\npoints: 1e999999\n", "points"), "infinite": ("id: a\npoints: .inf\n", "points"), "nan": ("id: a\npoints: .nan\n", "points"), "negative": ("id: a\npoints: -1\n", "points"), "quotient": ("id: a\npoints: 1/0\n", "points"),
    "hex": ("id: a\npoints: 0xFFFFFFFFFFFFFFFFFFFFFFFF\n", "points"), "sexagesimal": ("id: a\npoints: " + "59:" * 5_000 + "59\n", "points"), "octal": ("id: a\npoints: 0o7\n", "points"), "bool": ("id: a\npoints: yes\n", "points"), "date-huge": ("id: a\nfeedback: {deadline: 99999-99-99}\n", "deadline"), "date-bad": ("id: a\nfeedback: {deadline: 2026-13-45}\n", "month"), "date-zone": ("id: a\nfeedback: {deadline: 2026-01-01T00:00:00+99:99}\n", ""),
    "twice": ("id: a\nid: b\n", "stands twice"), "key-number": ("1: a\n", "key: value"), "key-list": ("? [a]\n: b\n", "hash"), "key-null": ("~: a\n", "key: value"), "list": ("- a\n", "key: value"), "text": ("just words\n", "key: value"), "empty": ("", "key: value"), "documents": ("id: a\n---\nid: b\n", "another document"),
    "tab": ("id:\ta\n\tb: c\n", ""), "colon": ("id: a\ngoal: a: b\n", "LaTeX"), "unclosed": ("id: 'a\n", "end of stream"), "id-number": ("id: 5\n", "needs an id"), "id-empty": ("id: ''\n", "needs an id"), "id-path": ("id: ../../x\n", "letters"), "id-absolute": ("id: /etc/passwd\n", "letters"), "id-long": ("id: " + "x" * 5_000 + "\n", "letters"),
    "id-control": ('id: "a\\e[31m"\n', "letters"), "id-newline": ('id: "a\\nb"\n', "letters"), "id-null": ('id: "a\\0b"\n', "letters"), "id-bidi": ('id: "a\\u202eb"\n', "letters"), "id-dots": ("id: ..\n", "letters"), "id-formula": ("id: =1+1\n", "letters"), "null-byte": ("id: a\0\n", "not"), "control": ("id: a\x1b[31m\n", "not"), "bidi-title": ('id: a\ntitle: "x\\u202e"\n', ""),
    "milestones-text": ("id: a\nmilestones: x\n", "key: value"), "milestone-list": ("id: a\nmilestones: [[a]]\n", "key: value"), "milestones-many": ("id: a\nmilestones:\n" + "- {latex: x, points: 0}\n" * 6_000, "milestones"), "problems-object": ("problems: {a: b}\n", "list"), "problems-text": ("problems: x\n", "list"), "problems-many": ("problems:\n" + "".join(f"- {{id: a{k}}}\n" for k in range(6_000)), "problems"),
    "notation-list": ("id: a\nnotation: [x]\n", "text"), "given-number": ("id: a\ngiven: [5]\n", "text"), "given-many": ("id: a\ngiven: [" + "x, " * 30_000 + "x]\n", "given"), "goal-null": ("id: a\ngoal: ~\n", "text"), "policy-text": ("id: a\npolicy: x\n", "key: value"), "share": ("id: a\npolicy: {follow_through: 7}\n", "share"), "jumps": ("id: a\npolicy: {jumps: -1}\n", "number of lines"),
    "jumps-huge": ("id: a\npolicy: {jumps: 99999999999999999999}\n", ""), "level": ("id: a\nfeedback: shout\n", "level"), "unknown": ("id: a\nexec: x\n", "no key exec"), "unknown-long": ("id: a\n" + "k" * 900 + ": x\n", "no key"), "dunder": ("id: a\n__class__: x\n", "no key"),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_refused_by_name(name: str, tmp_path: Path) -> None:
    text, word = KEYS[name]
    path = tmp_path / "key.yaml"
    path.write_text(text, encoding="utf-8")
    begun = time.process_time()
    try:
        read_problems(path)
        told = ""
    except ProblemError as error:
        told = str(error)
    assert time.process_time() - begun < 2
    assert word in told and (told or not word) and len(told) < 1_500, told[:300]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", "id: a".encode("utf-16"), b"\x89PNG", b"%YAML 9.9\n---\nid: a\n", b"%TAG ! tag:x,2000:\n---\nid: !a b\n"])
def test_a_key_of_other_bytes(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "key.yaml").write_bytes(data)
    with pytest.raises(ProblemError):
        read_problems(tmp_path / "key.yaml")


DECISION = {"problem": "a", "line": "form:1", "verdict": "right", "reason": "so", "version": "1"}
DECISIONS = {
    "json": "no json", "list": "[]", "null": "null", "number": "5", "text": '"x"', "deep": "[" * 100_000, "digits": '{"problem": ' + "9" * 100_000 + "}", "missing": '{"problem": "a"}', "more": json.dumps(DECISION | {"exec": "x"}), "verdict": json.dumps(DECISION | {"verdict": "perfect"}),
    "dunder": json.dumps(DECISION | {"__class__": "x"}), "nan": '{"problem": NaN}', "twice": json.dumps(DECISION)[:-1] + ', "verdict": "wrong"}', "verdict-list": json.dumps(DECISION | {"verdict": ["right"]}), "bytes": b"\xff\xfe", "half": json.dumps(DECISION)[:-5], "two": json.dumps(DECISION) + json.dumps(DECISION), "object": json.dumps(DECISION | {"reason": {"a": "b"}}),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    data = DECISIONS[name]
    (tmp_path / "d.jsonl").write_bytes(json.dumps(DECISION).encode() + b"\n" + (data if isinstance(data, bytes) else data.encode()) + b"\n")
    with pytest.raises(PersonError, match=r"d\.jsonl") as told:
        read_decisions(tmp_path / "d.jsonl")
    assert len(str(told.value)) < 600


RESULT: dict[str, Any] = {"student": "s-1", "problem": "a", "points": "1", "of": "2", "version": "1", "first_wrong_line": None, "lines": [], "milestones": [], "reasons": [], "provisional": False}


def grades(**changed: Any) -> str:
    return json.dumps({"schema": "checker-grades/1", "results": [RESULT | changed]})


GRADES = {
    "json": "x", "deep": "[" * 100_000, "list": "[]", "null": "null", "schema": '{"schema": "other/1", "results": []}', "no-results": '{"schema": "checker-grades/1"}', "results-text": '{"schema": "checker-grades/1", "results": "x"}', "result-text": '{"schema": "checker-grades/1", "results": ["x"]}', "result-empty": '{"schema": "checker-grades/1", "results": [{}]}',
    "points-text": grades(points="many"), "points-zero": grades(points="1/0"), "points-exponent": grades(points="1e999999999"), "points-list": grades(points=[1]), "points-digits": grades(points="9" * 100_000), "points-nan": '{"schema": "checker-grades/1", "results": [' + json.dumps(RESULT).replace('"1"', "NaN", 1) + "]}", "student-list": grades(student=["s"]), "lines-text": grades(lines="x"), "lines-number": grades(lines=[5]),
    "line-empty": grades(lines=[{}]), "line-list": grades(lines=[{"line": [1], "status": "x"}]), "milestones-text": grades(milestones="x"), "milestone-empty": grades(milestones=[{}]), "bytes": b"\xff", "digits": '{"schema": ' + "9" * 100_000 + "}", "twice": '{"schema": "x", "schema": "checker-grades/1", "results": [5]}', "null-student": grades(student=None), "huge": grades(student="s" * 100),
}


@pytest.mark.parametrize("name", GRADES)
def test_earlier_grades_are_refused_or_compared(name: str, tmp_path: Path) -> None:
    data = GRADES[name]
    path = tmp_path / "old.json"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    begun = time.process_time()
    try:
        old = read_grades(path)
        compare(old, [RESULT])
        assert name == "huge"
    except GradesError as error:
        assert len(str(error)) < 600 and "old.json" in str(error)
    assert time.process_time() - begun < 2


EXPORTS: dict[str, tuple[Callable[[], str], str]] = {
    "empty": (lambda: "", "empty"), "no-column": (lambda: "ID,x\n1,2\n", "column"), "twice": (lambda: "ID,HW,HW\n1,2,3\n", "more than one"), "short-rows": (lambda: "ID,HW\n1\n", "not in"), "strangers": (lambda: "ID,HW\n9,1\n", "not in"), "ids-twice": (lambda: "ID,HW\n1,\n1,\n", "twice"), "quotes": (lambda: '"ID","HW\n1,2\n' * 50, "column"), "field": (lambda: "ID,HW\n1," + "x" * 200_000 + "\n", "field"), "null": (lambda: "ID,HW\n\0,1\n", "not in"),
    "columns": (lambda: ",".join(f"c{k}" for k in range(50_000)) + "\n", "column"),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_refused(name: str) -> None:
    make, word = EXPORTS[name]
    with pytest.raises(GradebookError, match=word) as told:
        merge(make(), "HW", "ID", {"1": Fraction(1)})
    assert len(str(told.value)) < 2_000


def test_an_export_keeps_its_cells() -> None:
    """It goes back to the system it came from: formulas of others are left as they are, and none is added."""
    text = merge("ID,Name,HW\n1,=cmd|calc,\n2,x,\n", "HW", "ID", {"1": Fraction(1, 2)})
    assert text == "ID,Name,HW\n1,=cmd|calc,0.5\n2,x,\n"


NOTATION = {
    "flood": "\n".join(f"x_{{{k}}}: real" for k in range(3_000)), "cycle": "a := b + 1\nb := a + 1", "itself": "a := a", "doubling": "\n".join(f"a_{{{k}}} := a_{{{k + 1}}} + a_{{{k + 1}}}" for k in range(60)), "deep": "x: real, " + "(" * 500 + "0", "tower": "x: real > 9^{9^{9^{9}}}", "digits": "x: real > " + "9" * 3_000, "dunder": "__class__: real", "eval": "x: __import__('os').system('id')",
    "format": "{0}: real", "macro": "\\def\\x{\\x}\n\\x: real", "spaces": " " * 3_000 + ":", "colons": ":" * 3_000, "commas": "x" + ", x" * 2_000 + ": real", "index": "i: index 1..9999999999", "sizes": "A: matrix 99999999999 x 99999999999", "conditions": "x: real" + ", x > 0" * 300, "words": "x: " + "real " * 700,
}


@pytest.mark.parametrize("name", NOTATION)
def test_a_notation_ends(name: str) -> None:
    begun = time.process_time()
    _, refused = read_notation(NOTATION[name], Place(1, 1))
    assert time.process_time() - begun < 2
    assert all(len(r.message) <= 700 and r.message.isprintable() for r in refused)
    assert refused or name in ("cycle", "flood", "doubling", "index", "sizes", "commas", "conditions", "words")


def test_a_class_of_strange_results() -> None:
    strange = [RESULT | {"student": "\x1b[31m", "problem": "=1", "lines": [{"key": "k", "status": "wrong", "after_slip": False, "source": "<script>", "witness": "", "repair": ""}]}]
    assert summary(strange)["students"][0]["student"] == "\x1b[31m"     # as it is; pages and formats escape


def test_the_environment_is_what_it_was() -> None:
    assert not Path("PWNED").exists() and "PWNED" not in os.environ
