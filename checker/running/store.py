"""What earlier runs found, in one SQLite file (write-ahead log, JSON, no pickle).

No verdict in it is believed.  A stored certificate is replayed by the kernel before its verdict counts;
a stored "undecided" can cost a proof but never make one.  What a file stated is remembered too: who can
write there can write the derivations as well, so ``checker replay --against`` and ``--no-store`` load
afresh.  Keys hold everything the answer depended on:

* verdict: the claim's hash, this program's code (with it the rule set), the hints and the limits;
* document: the hash of every file that was read while loading.

Verdicts that the clock or the memory limit caused are not stored: another day may do better.
A store that cannot be read is thrown away, one that cannot be written is done without.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..kernel.term import digest

#: Causes of "undecided" that say nothing about the claim.
NOT_STORED = frozenset({"time", "memory", "crash", "error", "lemma", "rejected"})
MAX_ROW = 8_000_000
_TABLES = """
CREATE TABLE IF NOT EXISTS verdicts (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (file TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Store:
    """``Store(None)`` remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                self._db = _open(folder / "store.sqlite")
            except (OSError, sqlite3.Error):
                self._db = None

    def verdict(self, key: str) -> dict[str, Any] | None:
        return self._get("SELECT value FROM verdicts WHERE key = ? AND length(value) < ?", key)

    def remember_verdict(self, key: str, value: Mapping[str, Any]) -> None:
        self._put("INSERT OR REPLACE INTO verdicts VALUES (?, ?)", key, value)

    def document(self, file: Path, notation: str = "") -> dict[str, Any] | None:
        """What ``file`` stated, if every file it read is as it was, under the same shared notation."""
        row = self._get("SELECT value FROM documents WHERE file = ? AND length(value) < ?", str(file))
        if row is None or row.get("code") != code_fingerprint() or row.get("notation", "") != notation:
            return None
        inputs, answer = row.get("inputs"), row.get("answer")
        if not isinstance(inputs, dict) or not isinstance(answer, dict) or str(file) not in inputs:
            return None
        return answer if all(sha256(Path(p)) == h for p, h in inputs.items()) else None

    def remember_document(self, file: Path, answer: Mapping[str, Any], notation: str = "") -> None:
        """Answers with problems are not kept: what they lacked may be a file not yet there."""
        if answer["problems"]:
            return
        inputs = {p: sha256(Path(p)) for p in answer["inputs"]}
        self._put(
            "INSERT OR REPLACE INTO documents VALUES (?, ?)", str(file),
            {"code": code_fingerprint(), "notation": notation, "inputs": inputs, "answer": dict(answer)},
        )

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _get(self, query: str, key: str) -> dict[str, Any] | None:
        if self._db is None:
            return None
        try:
            row = self._db.execute(query, (key, MAX_ROW)).fetchone()
            value = json.loads(row[0]) if row else None
        except (sqlite3.Error, ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def _put(self, query: str, key: str, value: Mapping[str, Any]) -> None:
        text = json.dumps(value, separators=(",", ":"))
        if self._db is not None and len(text) < MAX_ROW:
            try:
                self._db.execute(query, (key, text))
            except sqlite3.Error:
                self.close()


def _open(file: Path) -> sqlite3.Connection:
    for attempt in (1, 2):
        db = sqlite3.connect(file, timeout=5, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.executescript(_TABLES)
            return db
        except sqlite3.DatabaseError as error:
            db.close()
            if attempt == 2 or isinstance(error, sqlite3.OperationalError):
                raise
            for stale in file.parent.glob(file.name + "*"):  # not a database: start anew
                stale.unlink(missing_ok=True)
    raise sqlite3.OperationalError("unreachable")


def verdict_key(claim_hash: str, by: Iterable[str], seconds: float, memory: int) -> str:
    return digest([claim_hash, code_fingerprint(), list(by), seconds, memory])


def sha256(path: Path) -> str | None:
    """The hash of a file's content, or None if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
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
