"""The store is never believed."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from checker.running.limits import Limits
from checker.running.store import NOT_STORED, Moment, Store, repair_key, verdict_key

from .conftest import REPOSITORY, Project


def rows(project: Project) -> dict[str, str]:
    with sqlite3.connect(project.root / ".checker/store.sqlite") as db:
        return dict(db.execute("SELECT key, value FROM answers"))


def poison(project: Project, change: str) -> None:
    with sqlite3.connect(project.root / ".checker/store.sqlite") as db:
        db.execute("UPDATE answers SET value = ?", (change,))


def verdicts(project: Project) -> dict[str, str]:
    return {c["id"]: c["verdict"] for c in project.check()[1]["claims"]}


def test_a_second_run_needs_no_sympy(project: Project) -> None:
    project.run("check")
    project.write("trap/sympy/__init__.py", "import os\nos._exit(99)\n")
    done = project.run("check", PYTHONPATH=str(project.root / "trap"))
    assert done.returncode == 2, "the trap does not work: another SymPy is another fingerprint"
    code = (
        "import sys; from checker import cli\ntry: cli.main(['check'])\n"
        "except SystemExit as e: assert e.code == 0, e.code\n"
        "bad = [m for m in ('sympy', 'checker.running.workers') if m in sys.modules]; assert not bad, bad"
    )
    subprocess.run(
        [sys.executable, "-c", code], cwd=project.root, check=True, env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
    )


@pytest.mark.parametrize("change", [
    json.dumps({"certificate": {
        "verdict": "proved", "proof": {"rule": "evaluate"}, "inhabitant": {"point": {}},
    }}),
    json.dumps({"certificate": {
        "verdict": "refuted", "witness": {"kind": "point", "point": {}}, "proof": {"rule": "evaluate"},
    }}),
    json.dumps({"certificate": {}}), json.dumps({"certificate": 7}), json.dumps({"verdict": "proved"}),
    json.dumps([]), "not json", "[" * 100_000,
])
def test_poisoned_verdicts_are_decided_anew(project: Project, change: str) -> None:
    before = verdicts(project)
    poison(project, change)
    assert verdicts(project) == before
    assert change not in rows(project).values(), "what was rejected is replaced"


def test_swapped_verdicts_are_decided_anew(project: Project) -> None:
    before = verdicts(project)
    values = list(rows(project).values())
    with sqlite3.connect(project.root / ".checker/store.sqlite") as db:
        for key, value in zip(rows(project), values[1:] + values[:1], strict=True):
            db.execute("UPDATE answers SET value = ? WHERE key = ?", (value, key))
    assert verdicts(project) == before


def test_what_else_a_stored_certificate_says_reaches_no_file(project: Project) -> None:
    """The kernel replays it for the claim of this run; its own claim, and half a surrogate pair, are not read."""
    before = verdicts(project), project.certificate("good.square")
    with sqlite3.connect(project.root / ".checker/store.sqlite") as db:
        for key, value in rows(project).items():
            stored = json.loads(value)
            stored["certificate"] |= {"id": "other", "claim": 7, "claim_hash": "0", "schema": "x", "note": "\ud800"}
            db.execute("UPDATE answers SET value = ? WHERE key = ?", (json.dumps(stored), key))
    assert (verdicts(project), project.certificate("good.square")) == (before[0], {**before[1], "note": "\ud800"})
    assert project.run("replay", "build/certificates").returncode == 0


def test_a_file_that_is_no_database_is_replaced(project: Project) -> None:
    project.write(".checker/store.sqlite", "this is no database" * 100)
    assert project.check()[0] == 0
    assert len(rows(project)) == 6


def test_a_store_that_cannot_be_made_is_done_without(project: Project) -> None:
    project.write("file", "")
    assert project.check("--store", "file")[0] == 0


def test_keys_depend_on_all_that_matters() -> None:
    assert len({verdict_key("h", ()), verdict_key("i", ()), verdict_key("h", ("x",)), repair_key("h")}) == 4


def test_undecided_is_looked_for_again_with_more_time_or_memory_only(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.remember_verdict("k", {"certificate": None, "cause": "search"}, Limits(10, 2**30))
    for limits, reused in (
        (Limits(10, 2**30), True), (Limits(5, 2**29), True), (Limits(11, 2**30), False), (Limits(10, 2**31), False),
    ):
        assert (store.verdict("k", limits) is not None) == reused, limits
    store.remember_verdict("k", {"certificate": {"verdict": "proved"}}, Limits(1, 2**20))
    assert store.verdict("k", Limits(99, 2**40)) == {"certificate": {"verdict": "proved"}}
    store.remember_verdict("k", {"certificate": None, "cause": "search"}, Limits(99, 2**40))
    assert store.verdict("k", Limits(10, 2**30)) == {"certificate": {"verdict": "proved"}}, "found beats not found"
    store.close()


def test_what_the_clock_caused_is_not_stored() -> None:
    assert {"time", "memory", "crash"} <= NOT_STORED


@pytest.mark.parametrize("saved", ["a.py", "a.md"])
def test_a_file_saved_while_it_is_loaded_is_not_remembered(saved: str, tmp_path: Path) -> None:
    """What was stated may be what stood there before: under the hash of what stands there it would be believed."""
    file, prose = tmp_path / "a.py", tmp_path / "a.md"
    file.write_text("1")
    prose.write_text("2")
    before = Moment([file])
    (tmp_path / saved).write_text("3")
    with closing(Store(tmp_path / "store")) as store:
        store.remember_document(file, {"documents": [], "problems": [], "inputs": [str(file), str(prose)]},
                                before=before)
        assert store.document(file) is None
    assert Moment([file]).hash(Path("/dev/zero")) is None, "a file without end"


def test_documents_are_stale_when_a_file_they_read_changes(tmp_path: Path) -> None:
    file, prose = tmp_path / "a.py", tmp_path / "a.md"
    file.write_text("1")
    prose.write_text("2")
    store = Store(tmp_path / "store")
    answer = {"documents": [], "problems": [], "inputs": [str(file), str(prose)]}
    store.remember_document(file, answer, before=Moment([file, prose]))
    assert store.document(file) == answer
    prose.write_text("3")
    assert store.document(file) is None
    prose.write_text("2")
    assert store.document(file) == answer
    prose.unlink()
    assert store.document(file) is None
    store.close()
    assert store.document(file) is None
