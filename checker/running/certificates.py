"""Certificates as files: one per decided claim, self-contained but for the lemmas it names by hash.

    {"schema": "checker-certificate/1", "id": ..., "claim": ..., "claim_hash": ..., "verdict": ..., ...}
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..records import Decision

SCHEMA = "checker-certificate/1"
#: Keys of a certificate file that are not part of the kernel's certificate.
ENVELOPE = ("schema", "id", "claim", "claim_hash")
_START = '{\n"schema": "' + SCHEMA.split("/")[0]


def file_of(folder: Path, claim_id: str) -> Path:
    return folder / f"{claim_id}.json"


def to_bytes(decision: Decision) -> bytes:
    """JSON, one line for each key; half of a surrogate pair, which UTF-8 has not, as JSON escapes it.

    The certificate comes from a search or a store: what else it says than a proof must not stand for the claim."""
    stated = decision.stated
    data: Mapping[str, Any] = {
        "schema": SCHEMA, "id": stated.id, "claim_hash": stated.claim.hash, "claim": stated.claim.to_json(),
        **{k: v for k, v in (decision.certificate or {}).items() if k not in ENVELOPE},
    }
    lines = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in data.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode(errors="backslashreplace")


def write(folder: Path, decisions: Iterable[Decision], *, everything: bool) -> None:
    """Write what is decided; remove what is so no longer.  ``everything``: these are all the claims there
    are, so certificates of others are left-overs."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = set()
    for decision in decisions:
        file = file_of(folder, decision.stated.id)
        if decision.certificate is None:
            file.unlink(missing_ok=True)
            continue
        kept.add(file.name)
        content = to_bytes(decision)
        if not file.is_file() or file.read_bytes() != content:
            part = file.with_suffix(f".part{os.getpid()}")
            part.write_bytes(content)
            part.replace(file)
    if everything:
        for file in folder.glob("*.json"):
            if file.name not in kept and _is_ours(file):
                file.unlink(missing_ok=True)


def _is_ours(file: Path) -> bool:
    try:
        with file.open(encoding="utf-8") as f:
            return f.read(len(_START)) == _START
    except (OSError, UnicodeDecodeError):
        return False
