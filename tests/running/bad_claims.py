"""A worker's task: the verdict on a claim given as text."""

from __future__ import annotations

from benchmarks.corpus.rows import claim_of, parse
from checker.engines.portfolio import decide
from checker.kernel.verdict import verify
from checker.language.errors import StatementError


def decide_text(text: str) -> str:
    row, = parse(text, "bad", "bad")
    try:
        claim = claim_of(row)
    except (StatementError, RecursionError):
        return "unread"
    certificate = decide(claim, {}).certificate
    if certificate is None:
        return "undecided"
    verify(claim, certificate)
    return str(certificate["verdict"])
