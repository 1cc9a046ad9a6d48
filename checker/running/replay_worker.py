"""The process that decides: a loop that reads certificates and answers with verdicts.

It imports the kernel and nothing else (no SymPy, no engine, no report), limits and boxes itself (:mod:`.sandbox`), and
speaks JSON, one object a line, on standard input and output:

    {"source": S, "lemmas": [S, ...]}    ->  {"verdict": "proved", "rule": ..., ...}
                                         or  {"rejected": {"rule": ..., "where": ..., "message": ...}}
    {"read": S}                          ->  {"id": ..., "claim_hash": ..., "lemmas": [...]}

A source S is ``{"path": file}`` (untrusted in every byte) or ``{"claim": ..., "certificate": ...}``.
Lemmas come earlier ones first; each is minted here before it is used.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..kernel.claim import Claim
from ..kernel.evidence import Reject
from ..kernel.term import Malformed, to_json
from ..kernel.verdict import Proved, Refuted, verify
from . import sandbox
from .certificates import ENVELOPE, SCHEMA
from .limits import computing, leave_for_memory, limit_process
from .witness import for_people

#: A certificate file larger than this is refused before a byte of it is read.
MAX_FILE = 16_000_000

_minted: dict[str, Proved] = {}
_lemma_sources: set[str] = set()


def read_source(source: Mapping[str, Any]) -> tuple[str | None, Claim, dict[str, Any]]:
    """Id, claim and certificate.  Raises :class:`Reject` or :class:`Malformed`."""
    if "path" not in source:
        return None, Claim.from_json(source["claim"]), source["certificate"]
    path = source["path"]
    if not os.path.isfile(path):    # a pipe would keep the reader waiting
        raise Reject("format", "file", "this is no ordinary file")
    size = os.path.getsize(path)
    if size > MAX_FILE:
        raise Reject("size", "file", f"{size} bytes are more than a certificate has (limit {MAX_FILE})")
    with open(path, "rb") as f:
        text = f.read(MAX_FILE + 1)
    try:
        data = json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        raise Reject("size", "file", "nested too deeply to be read") from None
    except ValueError as error:  # not JSON, not UTF-8, or a number with thousands of digits
        raise Reject("format", "file", f"not JSON: {_short(error)}") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise Reject("format", "schema", f"this is not a certificate: its schema is not {SCHEMA!r}")
    if "claim" not in data:
        raise Reject("format", "claim", "the certificate does not say what it certifies")
    claim = Claim.from_json(data["claim"])
    stated = data.get("claim_hash")
    if stated is not None and stated != claim.hash:
        raise Reject(
            "claim-hash", "claim_hash",
            f"made for another claim: it says {str(stated)[:12]}…, its claim has {claim.hash[:12]}…",
        )
    name = data.get("id")
    certificate = {k: v for k, v in data.items() if k not in ENVELOPE}
    return (name if isinstance(name, str) else None), claim, certificate


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, each of whose keys stands once: else a reader of the file may see another claim than the kernel."""
    data = dict(pairs)
    if len(data) < len(pairs):
        raise Reject("format", "file", "a key stands twice in one object")
    return data


def mint(source: Mapping[str, Any]) -> tuple[str | None, Proved | Refuted, Mapping[str, Any]]:
    name, claim, certificate = read_source(source)
    verdict = verify(claim, certificate, _minted)
    if isinstance(verdict, Proved):
        _minted[claim.hash] = verdict
    return name, verdict, certificate


def mint_lemma(source: Mapping[str, Any]) -> None:
    """As ``mint``, but once for each source."""
    key = json.dumps(source)
    if key not in _lemma_sources:
        mint(source)
        _lemma_sources.add(key)


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """One answer for one request; anything that goes wrong with a certificate is a rejection."""
    part = "certificate"
    try:
        if "read" in request:
            name, claim, _ = read_source(request["read"])
            return {"id": name, "claim_hash": claim.hash, "lemmas": list(claim.lemmas)}
        for k, lemma in enumerate(request.get("lemmas", ())):
            part = f"lemma {k + 1}"
            mint_lemma(lemma)
        part = "certificate"
        name, verdict, certificate = mint(request["source"])
        return _told(name, verdict, certificate)
    except Reject as reject:
        where = reject.where if part == "certificate" else f"{part}, {reject.where}"
        return _rejected(reject.rule, where, reject.message)
    except Malformed as error:
        return _rejected("term", part, str(error))
    except RecursionError:
        return _rejected("size", part, "nested too deeply to be checked")
    except MemoryError:
        raise
    except Exception as error:  # the kernel met a shape it did not expect: never a proof
        return _rejected("format", part, f"{type(error).__name__}: {_short(error)}")


def _told(name: str | None, verdict: Proved | Refuted, certificate: Mapping[str, Any]) -> dict[str, Any]:
    conditions: list[Any] = []
    witness: Mapping[str, Any] | None = None
    if isinstance(verdict, Proved):
        conditions = [to_json(c) for c in verdict.conditions]
    else:
        witness = for_people(verdict, certificate)
    return {
        "id": name, "verdict": "proved" if isinstance(verdict, Proved) else "refuted",
        "claim_hash": verdict.claim.hash, "rule": verdict.rule, "axioms": list(verdict.axioms),
        "conditions": conditions, "witness": witness, "vacuous": isinstance(verdict, Proved) and verdict.vacuous,
    }


def _rejected(rule: str, where: str, message: str) -> dict[str, Any]:
    return {"rejected": {"rule": rule, "where": where, "message": message}}


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text if len(text) < 200 else text[:199] + "…"


def main() -> None:
    """``python -m checker.running.replay_worker MEMORY SECONDS [FOLDER...]``: the folders may be read."""
    memory, seconds, sock = int(sys.argv[1]), float(sys.argv[2]), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing but answers goes to the parent
    sys.setrecursionlimit(10_000)
    gc.freeze()
    gc.set_threshold(50_000)  # a short life with many small terms, few of them circular
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_process(memory)
    sandbox.enter(map(Path, sys.argv[3:]))
    with os.fdopen(sock, "w", encoding="utf-8") as out:
        for line in sys.stdin:
            start = time.monotonic()
            try:
                with computing(seconds):
                    reply = answer(json.loads(line))
            except MemoryError:
                leave_for_memory()
            if "sympy" in sys.modules:
                raise RuntimeError("the kernel has loaded SymPy: its verdicts are not to be trusted")
            timed = [reply, round(time.monotonic() - start, 6)]
            out.write(json.dumps(timed, separators=(",", ":")) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
