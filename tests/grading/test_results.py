"""Grades as data: pseudonyms, comparison, people's decisions, and the formats of other systems."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from checker.console import gradebooks
from checker.grading.persons import PersonDecision, PersonError, applied, line_key, read_decisions, record
from checker.grading.results import GradesError, Roster, compare, harmless, json_parts, purge, read_grades
from tests.grading.rows import PROBLEM, graded, result


def test_grades_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "grades.json"
    path.write_text("".join(json_parts([result("prp").to_json()])))
    (r,) = read_grades(path)
    assert (r["points"], r["first_wrong_line"], r["lines"][1]["status"]) == ("2.5", 2, "wrong")
    path.write_text("{}")
    with pytest.raises(GradesError, match="no file of grades"):
        read_grades(path)


def test_a_change_of_the_key_is_told_by_line() -> None:
    old, new = [result("prp").to_json()], [result("ppp").to_json()]
    (change,) = compare(old, new)
    assert not change.falls and "line 2 was wrong, is right" in change.why
    (change,) = compare(new, old)
    assert change.falls and change.before == 4
    assert compare(old, old) == []
    (gone,) = compare(old, [])
    assert gone.falls and "no longer" in gone.why


def test_pseudonyms_are_stable_and_say_nothing(tmp_path: Path) -> None:
    roster = Roster(tmp_path / "roster.csv")
    name = roster.pseudonym("student-name.tex")
    roster.save()
    again = Roster(tmp_path / "roster.csv")
    assert again.pseudonym("student-name.tex") == name and again.name(name) == "student-name.tex"
    assert "student" not in name and Roster(tmp_path / "other.csv").pseudonym("student-name.tex") != name
    assert (tmp_path / "roster.csv").stat().st_mode & 0o077 == 0
    assert purge(tmp_path) == [tmp_path / "roster.csv"] and purge(tmp_path) == []


@pytest.mark.parametrize("plain", [True, False])
def test_names_that_would_be_one_are_told_apart(plain: bool, tmp_path: Path) -> None:
    names = ["a b", "a-b", "Ada", "ada", "é", "è", "\udc80", "o.brien", "x" * 200, "x" * 200 + "y", "..", "c"]
    roster = Roster(tmp_path / "roster.csv", plain)
    made = roster.pseudonyms(names)
    assert len({p.casefold() for p in made.values()}) == len(names)
    assert made == roster.pseudonyms(names[::-1])
    assert all(roster.name(p) == n and len(p) < 120 and p[0] != "." for n, p in made.items())
    assert made["c"] == roster.pseudonym("c") and (not plain or made["o.brien"] == "o.brien")


def test_a_person_decides_once_for_equal_lines(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    lines = graded("upp").lines
    record(path, PersonDecision(PROBLEM.id, line_key(lines[0]), "right", "checked by hand", PROBLEM.version))
    decided, again = applied(PROBLEM, graded("upp").lines, read_decisions(path))
    assert decided[0].status == "right" and not again
    changed = replace(PROBLEM, version="other")
    decided, again = applied(changed, graded("upp").lines, read_decisions(path))
    assert decided[0].status == "right" and again[0].code == "key"
    decided, _ = applied(PROBLEM, graded("rpp").lines, read_decisions(path))
    assert decided[0].status == "wrong"           # a refutation is not overruled


def test_a_decision_needs_a_reason(tmp_path: Path) -> None:
    with pytest.raises(PersonError, match="reason"):
        record(tmp_path / "d.jsonl", PersonDecision("a", "form:1", "right", " ", "1"))
    (tmp_path / "d.jsonl").write_text('{"problem": "a"}\n')
    with pytest.raises(PersonError, match="line 1"):
        read_decisions(tmp_path / "d.jsonl")


def test_gradescope() -> None:
    data = json.loads(gradebooks.to_gradescope([result("prp"), result("ppp")], "line"))
    assert sum(t["max_score"] for t in data["tests"]) == 8 and data["score"] == 6.5
    assert {t["visibility"] for t in data["tests"]} == {"visible", "after_due_date"}
    assert set(data) <= {"score", "output", "output_format", "visibility", "stdout_visibility", "tests"}
    allowed = {"name", "number", "score", "max_score", "status", "output", "output_format", "tags", "visibility"}
    assert all(set(t) == allowed and t["status"] in ("passed", "failed") for t in data["tests"])


def test_prairielearn() -> None:
    data = json.loads(gradebooks.to_prairielearn([result("ppp"), result("rpp")], "line"))
    assert data["gradable"] is True and 0 <= data["score"] <= 1
    unread = json.loads(gradebooks.to_prairielearn([result("xx")], "line"))
    assert unread["gradable"] is False and "score" not in unread
    assert all(e.startswith("line ") and e.endswith(": not read") for e in unread["format_errors"])


def test_github_names_the_line_and_stops_at_ten() -> None:
    told = gradebooks.to_github([result("prp")], {"s-1": "hw/a,b.tex"})
    assert told.startswith("::error file=hw/a%2Cb.tex,line=2,col=1,title=first wrong line::At x = 1")
    many = gradebooks.to_github([result("r", f"s-{k}") for k in range(30)], {})
    assert many.count("::error") == 10


def test_junit_and_csv() -> None:
    results = [result("prp"), result("ppp", "s-2"), result("upp", "s-3")]
    told = "".join(gradebooks.to_junit([r.to_json() for r in results], len(results)))
    assert told.count("<failure") == 1 and told.count("<skipped") == 1
    rows = list(csv.DictReader(io.StringIO(gradebooks.to_csv([r.to_json() for r in results]))))
    assert [r["total"] for r in rows][:2] == ["2.5", "4"] and rows[2]["needs a person"] == "yes"


EXPORT = "Student,ID,SIS User ID,HW 5 (12)\n    Points Possible,,,4\nDoe,17,d17,\nRoe,18,r18,1\n"


def test_a_gradebook_is_merged_and_nothing_is_invented() -> None:
    merged = gradebooks.merge(EXPORT, "HW 5 (12)", "ID", {"17": Fraction(5, 2)})
    assert merged == EXPORT.replace("Doe,17,d17,", "Doe,17,d17,2.5")
    for bad, told in [(("HW 6", "ID", {}), "no column 'HW 6'"), (("HW 5 (12)", "ID", {"99": Fraction(1)}), "99")]:
        with pytest.raises(gradebooks.GradebookError, match=told):
            gradebooks.merge(EXPORT, *bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell).startswith("'")


def test_the_file_of_grades_in_pieces_is_what_json_writes() -> None:
    results = [{"a": ["x\ny", {"b": []}], "c": {}}, {"a": "\u2028é"}]
    for own in ([], results[:1], results):
        for shard in (None, {"number": 1, "names": []}):
            data = {"schema": "checker-grades/1", **({"shard": shard} if shard is not None else {}), "results": own}
            assert "".join(json_parts(own, shard)) == json.dumps(data, indent=1, ensure_ascii=False) + "\n"
