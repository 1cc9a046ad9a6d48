"""Killed, interrupted, damaged, full, locked, shared: what was reported as done is there, and nothing false is."""

from __future__ import annotations

import json
import random
import resource
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker.running import store as storing, workers
from checker.running.config import Options
from checker.running.limits import Limits
from checker.running.run import Interrupted, run
from checker.running.session import Session
from checker.running.store import Moment, Store

LIMITS = Limits(10, 2**30)
UNDECIDED = {"certificate": None, "cause": "search", "evidence": "it agrees at 64 points"}
PROVED = {"certificate": {"verdict": "proved", "proof": {"rule": "field"}}}
SHEET = """\
from sympy import symbols
from checker import Derivation

x, y = symbols("x y", real=True)
{name} = Derivation("{name}", title="Sheet", source="Sheet")
{name}.claim("square", (x + y)**2, "=", x**2 + 2*x*y + y**2)
{name}.claim("freshman", (x + y)**2, "=", x**2 + y**2, expected="refuted")
{name}.claim("cube", (x + y)**3, "=", x**3 + 3*x**2*y + 3*x*y**2 + y**3)
{name}.claim("slip", (x - y)**2, "=", x**2 + 2*x*y + y**2{expected})
"""


@pytest.fixture
def seat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the store; the key is elsewhere."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "store"


def filled(folder: Path, document: Path) -> Store:
    document.write_text("stated")
    store = Store(folder)
    for n in range(40):
        store.remember_verdict(f"proved {n}", PROVED, LIMITS)
        store.remember_verdict(f"undecided {n}", UNDECIDED, LIMITS)
    store.remember_repair("repair", {"repair": {"kind": "sign"}, "certificate": {}})
    store.remember_document(document, answer(document), before=Moment([document]))
    return store


def answer(document: Path) -> dict[str, Any]:
    return {"documents": [{"claims": ["what it states"] * 20}], "problems": [], "inputs": [str(document)]}


def wrong(store: Store, document: Path) -> list[Any]:
    """What the store says of what cannot be replayed, and was never written."""
    said = [store.verdict(f"undecided {n}", LIMITS) for n in range(40)]
    said = [v and {k: v.get(k) for k in (*UNDECIDED,)} for v in said if v is None or not v.get("certificate")]
    repair, stated = store.repair("repair"), store.document(document)
    return [v for v in said if v not in (None, UNDECIDED)] + [
        v for v in (repair,) if v not in (None, {"repair": {"kind": "sign"}, "certificate": {}})] + [
        v for v in (stated,) if v not in (None, answer(document))]


def test_no_changed_byte_is_believed(seat: Path, tmp_path: Path) -> None:
    document = tmp_path / "a.tex"
    filled(seat, document).close()
    file = seat / "store.sqlite"
    good, chance = file.read_bytes(), random.Random(1)
    for _ in range(150):
        bad = bytearray(good)
        for _ in range(chance.choice((1, 1, 20))):
            bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        file.write_bytes(bad)
        with closing(Store(seat)) as store:
            assert wrong(store, document) == []
        for rest in seat.glob("store.sqlite-*"):
            rest.unlink()


@pytest.mark.parametrize("statement", [
    "UPDATE documents SET value = replace(value, 'what it states', 'something else')",
    "UPDATE documents SET seal = ''", "UPDATE answers SET value = replace(value, '64', '99')",
    "UPDATE answers SET key = 'undecided 1', value = (SELECT value FROM answers WHERE key = 'undecided 2') "
    "WHERE key = 'undecided 1'",
    "UPDATE answers SET value = replace(value, 'sign', 'sin') WHERE key = 'repair'",
    "UPDATE answers SET value = CAST(x'ff00fe' AS TEXT)", "UPDATE answers SET value = 7, seal = NULL WHERE 0",
    "DROP TABLE answers", "DROP TABLE answers; CREATE VIEW answers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
    "SELECT i + 1 FROM n) SELECT i AS key, i AS certified, i AS value, i AS seal FROM n",
])
def test_no_changed_row_is_believed(statement: str, seat: Path, tmp_path: Path) -> None:
    document = tmp_path / "a.tex"
    filled(seat, document).close()
    with closing(sqlite3.connect(seat / "store.sqlite")) as db:
        db.executescript(statement)
    with closing(Store(seat)) as store:
        assert wrong(store, document) == []
        store.remember_verdict("new", PROVED, LIMITS)
        assert store.verdict("new", LIMITS) == PROVED
        assert store.trouble is None


def test_a_store_from_elsewhere_says_nothing_that_cannot_be_replayed(
    seat: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = tmp_path / "a.tex"
    filled(seat, document).close()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    with closing(Store(seat)) as store:
        assert store.verdict("undecided 1", LIMITS) is None
        assert store.document(document) is None
        assert store.repair("repair") is None
        assert store.verdict("proved 1", LIMITS) == PROVED
    (tmp_path / "other/derivation-checker/seal.key").chmod(0o644)
    storing.seal.__globals__["_key"].cache_clear()  # as the next run
    with closing(Store(seat)) as store:
        store.remember_document(document, answer(document), before=Moment([document]))
        assert store.document(document) is None, "a key that others may read seals nothing"


def test_a_file_read_elsewhere_or_alone_is_another_document(seat: Path, tmp_path: Path) -> None:
    document = tmp_path / "a.tex"
    with closing(filled(seat, document)) as store:
        assert store.document(document) == answer(document)
        assert store.document(document, "root", "", "file") is None


def test_what_is_locked_is_said_and_done_without(seat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "PATIENCE", 0.02)
    with closing(Store(seat)) as store:
        other = sqlite3.connect(seat / "store.sqlite")
        other.execute("BEGIN IMMEDIATE")
        store.remember_verdict("lost", PROVED, LIMITS)
        other.rollback()
        store.remember_verdict("kept", PROVED, LIMITS)
        assert (store.verdict("kept", LIMITS), store.trouble) == (PROVED, None), "a short wait is no trouble"
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            store.remember_verdict("lost", PROVED, LIMITS)
        assert "locked" in (store.trouble or "")
        other.close()


@contextmanager
def files_of(size: int) -> Iterator[None]:
    """A full disk: no file grows beyond ``size``."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_takes_nothing_away(seat: Path) -> None:
    with closing(Store(seat)) as store:
        store.remember_verdict("before", PROVED, LIMITS)
        with files_of(200_000):
            for n in range(50):
                store.remember_verdict(f"later {n}", {"certificate": {"x": "y" * 20_000}}, LIMITS)
        assert store.trouble is not None
        assert "verdicts are right" in store.trouble
    with closing(Store(seat)) as store:
        assert store.verdict("before", LIMITS) == PROVED
        assert store.verdict("later 0", LIMITS) is not None
        assert store.trouble is None


def test_a_store_damaged_while_open_is_replaced_once(seat: Path, tmp_path: Path) -> None:
    with closing(filled(seat, tmp_path / "a.tex")) as store:
        for part in seat.glob("store.sqlite*"):
            part.unlink()
        store.remember_verdict("x", PROVED, LIMITS)  # into a file without a name: no error, and no harm
    with closing(Store(seat)) as store:
        store.remember_verdict("x", PROVED, LIMITS)
        assert store.verdict("x", LIMITS) == PROVED


def test_runs_share_a_store(seat: Path) -> None:
    def write(part: int) -> str | None:
        with closing(Store(seat)) as store:
            for n in range(60):
                store.remember_verdict(f"{n}", PROVED if part % 2 else UNDECIDED, LIMITS)
                store.verdict(f"{n}", LIMITS)
            return store.trouble

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(write, range(4))) == [None] * 4
    with closing(Store(seat)) as store:
        assert [store.verdict(f"{n}", LIMITS) for n in range(60)] == [PROVED] * 60


# ------------------------------------------------------------------------------------- whole runs


@pytest.fixture
def options(tmp_path: Path, seat: Path) -> Options:
    for name, expected in (("first", ', expected="refuted"'), ("second", ""), ("third", "")):
        file = tmp_path / "derivations" / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(SHEET.format(name=name, expected=expected))
    return Options(root=tmp_path, paths=(tmp_path / "derivations",), store=seat, jobs=2, limits=Limits(20),
                   certificates=tmp_path / "certificates")


def found(done: Any) -> dict[str, Any]:
    return {d.stated.id: (d.verdict, d.witness, d.repair and d.repair["kind"]) for d in done.decisions}


def test_equal_claims_are_decided_once_and_an_interrupted_run_goes_on(
    options: Options, monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    submit = workers.Workers.submit

    def counted(self: Any, task: str, *args: Any) -> Any:
        asked.append(task)
        return submit(self, task, *args)

    monkeypatch.setattr(workers.Workers, "submit", counted)

    def stop(done: int, total: int, name: str) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        run(options, stop)
    part = stopped.value.run
    kept = {d.stated.id: d for d in part.decisions if d.verdict != "undecided"}
    assert len(kept) >= 3
    assert {d.cause for d in part.decisions if d.verdict == "undecided"} <= {"interrupted"}
    searched = asked.count("search")

    asked.clear()
    whole = run(options)
    verdicts = found(whole)
    assert {n: v[0] for n, v in verdicts.items()} == {
        f"{sheet}.{claim}": "proved" if claim in ("square", "cube") else "refuted"
        for sheet in ("first", "second", "third") for claim in ("square", "freshman", "cube", "slip")}
    assert all(verdicts[n][:2] == (d.verdict, d.witness) for n, d in kept.items())
    assert verdicts["second.slip"][2] == verdicts["third.slip"][2] == "sign"
    assert verdicts["first.slip"][2] is None, "it was expected to be refuted"
    assert searched + asked.count("search") <= 4 + 4, "twelve claims, four kinds, once before and once after at most"

    asked.clear()
    with monkeypatch.context() as patch:
        patch.setattr(Session, "searchers", lambda self: pytest.fail("a search"))
        assert found(run(options)) == verdicts, "slips, too, come from the store"

    # A slip's proof is replayed: a store that names another statement shows none.
    with closing(sqlite3.connect(f"{options.store}/store.sqlite")) as db:
        db.execute("UPDATE answers SET value = replace(value, '\"kind\":\"sign\"', '\"kind\":\"name\"')")
        db.commit()
    assert found(run(options)) == verdicts
    names = {p.name for p in (options.certificates or Path()).iterdir()}
    assert names == {f"{n}.json" for n in verdicts}
    with pytest.raises(Interrupted):
        run(replace(options, store=None), stop)
    assert {p.name for p in (options.certificates or Path()).iterdir()} == names, "an interruption takes none away"
    json.loads((options.certificates or Path()).joinpath("first.square.json").read_text())
