"""What ``checker replay`` prints."""

from __future__ import annotations

import json
from typing import TextIO

from ..reporting.escape import json_text
from ..running.replay import Replay, Replayed
from . import rows
from .machine import place


def to_json(replay: Replay) -> str:
    return json_text(json.dumps({
        "schema": "checker-replay/1",
        "errors": [p.to_json() for p in replay.problems],
        "certificates": [
            {
                "file": str(r.file), "id": r.id, "verdict": r.verdict, "rule": r.rule, "where": r.where,
                "message": r.message, "claim_hash": r.claim_hash,
                "expected": r.stated.expected if r.stated else None,
            }
            for r in replay.results
        ],
        "missing": [c.id for c in replay.missing],
    }, indent=1))


def to_text(replay: Replay, out: TextIO) -> None:
    width = min(56, max((len(r.id or r.file.name) for r in replay.results), default=0))
    for p in replay.problems:
        out.write(f"{place(p)}: error: {p.message} [{p.code}]\n")
    for r in replay.results:
        out.write(_line(r, width) + "\n")
    for c in replay.missing:
        out.write(f"missing   {c.id:{width}}  {c.file}:{c.line} has no certificate that replays\n")
    good = sum(r.good for r in replay.results)
    bad = len(replay.results) - good
    text = f"{len(replay.results)} certificates: {good} replayed"
    text += f", {bad} rejected" if bad else ", none rejected"
    text += f", {len(replay.missing)} missing" if replay.missing else ""
    out.write(f"\n{text}.\n")


def _line(r: Replayed, width: int) -> str:
    name = r.id or r.file.name
    if not r.good:
        why = rows.clip(r.message or "", 300)
        return f"REJECTED  {name:{width}}  {r.file}: rule {r.rule}, {r.where}: {why}"
    odd = f" (expected {r.stated.expected})" if r.stated and r.stated.expected != r.verdict else ""
    return f"{r.verdict:9} {name:{width}}  by {r.rule}{odd}"
