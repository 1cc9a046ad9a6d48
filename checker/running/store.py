"""What earlier runs found, in one SQLite file (write-ahead log, JSON, no pickle).

==================  ==========================================  ===============================================
what is kept        under                                       why it is believed
==================  ==========================================  ===============================================
a certificate       claim, hints, this program's code           it is not: the kernel replays it
a repair            claim, this program's code                  it is not: the kernel replays its proof
"undecided"         the same; with the limits of that search    the seal (:mod:`.seal`), and no larger limits now
what a file stated  file, folder, notation, this program's      the seal, and every file that was read while
                    code                                        loading has the hash it had before (:class:`Moment`)
==================  ==========================================  ===============================================

The claim's hash covers its lemmas; the code's covers the rule set and the libraries.  Verdicts that the clock or
the memory limit caused are not kept: another day may do better.

Every row is written whole, by itself, before its verdict is reported: who is killed at any moment loses the claims
under way, no more.  Any number of runs may share a store.  A store that is damaged, or is not what this program
makes, is thrown away; one that cannot be read or written is done without, and ``trouble`` says so.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ..kernel.term import digest
from .limits import Limits
from .seal import seal, sealed

#: Causes of "undecided" that say nothing about the claim.
NOT_STORED = frozenset({"time", "memory", "crash", "error", "lemma", "rejected", "interrupted"})
MAX_ROW = 8_000_000
#: Seconds to wait for another run; times that may happen before this one goes on without a store.
PATIENCE, LOCKED = 5.0, 3
_TABLES = {
    # certified: 1 has a certificate.  A search that found nothing never replaces one that found something.
    "answers": "CREATE TABLE answers (key TEXT PRIMARY KEY, certified INTEGER NOT NULL, value TEXT NOT NULL, "
               "seal TEXT NOT NULL)",
    "documents": "CREATE TABLE documents (key TEXT PRIMARY KEY, value TEXT NOT NULL, seal TEXT NOT NULL)",
}
_PUT_ANSWER = """
INSERT INTO answers VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE
SET certified = excluded.certified, value = excluded.value, seal = excluded.seal
WHERE excluded.certified >= certified
"""


class Store:
    """``Store(None)`` remembers nothing.  ``trouble``: why it remembers less than it should, for people."""

    def __init__(self, folder: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        self._file = None if folder is None else folder / "store.sqlite"
        self._renewed, self._locked = False, 0
        self.trouble: str | None = None
        if self._file is not None:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                self._give_up(error)
            else:
                self._try(lambda db: None)

    # ------------------------------------------------------------------ claims

    def verdict(self, key: str, limits: Limits) -> dict[str, Any] | None:
        """``{"certificate": {...}}``, to be replayed; or the outcome of a search that found nothing, within limits as
        large as these."""
        row = self._get("SELECT value, seal FROM answers WHERE key = ? AND length(value) < ?", key)
        if row is None:
            return None
        value = _object(row[0])
        if value is None or isinstance(value.get("certificate"), dict):
            return value
        if not sealed(row[1], "answer", key, row[0]):
            return None
        return value if value["seconds"] >= limits.seconds and value["memory"] >= limits.memory else None

    def remember_verdict(self, key: str, value: Mapping[str, Any], limits: Limits) -> None:
        """``value``: has a certificate, or is the outcome of a search within ``limits``."""
        certified = value.get("certificate") is not None
        text = _text(value if certified else {**value, "seconds": limits.seconds, "memory": limits.memory})
        mark = "" if certified else seal("answer", key, text)
        if mark is not None:
            self._put(_PUT_ANSWER, key, int(certified), text, mark)

    def repair(self, key: str) -> dict[str, Any] | None:
        """``{"repair": {...} or None, "certificate": ...}``: the kernel has to replay the certificate."""
        row = self._get("SELECT value, seal FROM answers WHERE key = ? AND length(value) < ?", key)
        return _object(row[0]) if row is not None and sealed(row[1], "repair", key, row[0]) else None

    def remember_repair(self, key: str, value: Mapping[str, Any]) -> None:
        text = _text(value)
        if (mark := seal("repair", key, text)) is not None:
            self._put(_PUT_ANSWER, key, 0, text, mark)

    def forget(self, key: str) -> None:
        """What was stored did not replay."""
        self._try(lambda db: db.execute("DELETE FROM answers WHERE key = ?", (key,)))

    # ------------------------------------------------------------------ files

    def document(self, file: Path, *context: str) -> dict[str, Any] | None:
        """What ``file`` stated, if every file it read is as it was.  ``context``: what else it was read with."""
        key = _document_key(file, context)
        row = self._get("SELECT value, seal FROM documents WHERE key = ? AND length(value) < ?", key)
        if row is None or not sealed(row[1], "document", key, row[0]):
            return None
        value = _object(row[0]) or {}
        inputs, answer = value.get("inputs"), value.get("answer")
        if not isinstance(inputs, dict) or not isinstance(answer, dict) or str(file) not in inputs:
            return None
        return answer if all(sha256(Path(p)) == h for p, h in inputs.items()) else None

    def remember_document(self, file: Path, answer: Mapping[str, Any], *context: str, before: Moment) -> None:
        """``before``: the loading.  Answers with problems are not kept: what they lacked may be a file not yet there.
        Nor is one of which a file was saved meanwhile: it may be about what stood there, or about what stands there."""
        if answer["problems"]:
            return
        inputs = {p: before.hash(Path(p)) for p in answer["inputs"]}
        if None in inputs.values():
            return
        key = _document_key(file, context)
        text = _text({"inputs": inputs, "answer": dict(answer)})
        if (mark := seal("document", key, text)) is not None:
            self._put("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", key, text, mark)

    # ------------------------------------------------------------------ the database

    def close(self) -> None:
        db, self._db, self._file = self._db, None, None
        if db is not None:
            try:
                db.close()
            except sqlite3.Error as error:
                self.trouble = self.trouble or str(error)

    def _get(self, query: str, key: str) -> tuple[str, str] | None:
        row = self._try(lambda db: db.execute(query, (key, MAX_ROW)).fetchone())
        return row if isinstance(row, tuple) and all(isinstance(v, str) for v in row) else None

    def _put(self, query: str, key: str, *values: Any) -> None:
        if all(len(v) < MAX_ROW for v in values if isinstance(v, str)):
            self._try(lambda db: db.execute(query, (key, *values)))

    def _try(self, action: Callable[[sqlite3.Connection], Any]) -> Any:
        """Its value; None where the store cannot do it."""
        while self._file is not None:
            try:
                if self._db is None:
                    self._db = _open(self._file)
                return action(self._db)
            except sqlite3.OperationalError as error:
                busy = "locked" in str(error) or "busy" in str(error)
                self._locked += busy
                if not busy or self._locked >= LOCKED:
                    self._give_up(error)
                elif self._db is not None:
                    return None
                else:
                    time.sleep(0.1 * self._locked)  # two runs that start at once
            except sqlite3.DatabaseError as error:  # no database, or damaged
                if self._renewed:
                    self._give_up(error)
                else:
                    self._renew()
            except sqlite3.Error as error:
                self._give_up(error)
        return None

    def _renew(self) -> None:
        """Start anew; others who have it open go on with what they have."""
        self._renewed = True
        if self._db is not None:
            self._db.close()
            self._db = None
        if self._file is not None:
            for stale in self._file.parent.glob(self._file.name + "*"):
                try:
                    stale.unlink(missing_ok=True)
                except OSError as error:
                    self._give_up(error)
                    return

    def _give_up(self, error: Exception) -> None:
        folder = self._file.parent if self._file is not None else ""
        self.close()
        self.trouble = (f"the store {folder} is not used from here on ({error}): verdicts are right, "
                        "and will be searched for again next time")


class Moment:
    """Before something was read: what these files were then.  Of a file that nobody knew would be read, its time says
    whether it is what it was."""

    #: Seconds by which the system's time of a change may lag behind the clock.
    LAG = 0.02

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self._time = time.time() - self.LAG
        self._hashes = {f: sha256(f) for f in files}

    def hash(self, file: Path) -> str | None:
        """The hash of a file that has not changed since, or None."""
        now = sha256(file)
        if file in self._hashes:
            return now if now == self._hashes[file] else None
        try:
            status = file.stat()
        except OSError:
            return None
        return now if status.st_ctime < self._time else None


class _Foreign(sqlite3.DatabaseError):
    """A database with other tables than this program makes (or views, triggers, functions in their place)."""


def _open(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
    try:
        db.text_factory = _decoded
        db.execute("PRAGMA trusted_schema=OFF")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        if _schema(db) != _TABLES:
            db.execute("BEGIN IMMEDIATE")  # of two runs that start at once, one makes the tables
            found = _schema(db)
            if not found:
                for table in _TABLES.values():
                    db.execute(table)
            db.execute("COMMIT")
            if found not in ({}, _TABLES):
                raise _Foreign("other tables")
        return db
    except sqlite3.Error:
        db.close()
        raise


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _schema(db: sqlite3.Connection) -> dict[str, str]:
    return dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL LIMIT 100"))


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def verdict_key(claim_hash: str, by: Iterable[str]) -> str:
    return digest([claim_hash, code_fingerprint(), list(by)])


def repair_key(claim_hash: str) -> str:
    return digest(["repair", claim_hash, code_fingerprint()])


def _document_key(file: Path, context: Iterable[str]) -> str:
    return digest([str(file), code_fingerprint(), *context])


def sha256(path: Path) -> str | None:
    """The hash of a file's content, or None if it cannot be read, or is no ordinary file (those may have no end)."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
    except OSError:
        return None


@functools.cache
def code_fingerprint() -> str:
    """Changes with any line that can change a verdict (``RULE_SET`` is one), and with the packages it
    rests on."""
    package = Path(__file__).resolve().parents[1]
    found = hashlib.sha256(sys.version.encode())
    for part in ("kernel", "engines", "language", "reading", "running"):
        for file in sorted((package / part).rglob("*.py")):
            found.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    for name in ("flint", "sympy"):
        spec = importlib.util.find_spec(name)  # finds, does not import
        site = Path(spec.origin).parents[1] if spec and spec.origin else None
        distributions = sorted(p.name for p in site.glob(f"*{name}*.dist-info")) if site else []
        found.update(repr(distributions).encode())
    return found.hexdigest()
