"""SARIF 2.1.0, the format of code scanning: a result for every verdict that is not as expected and for every error.

    tool.driver.rules   what can be the matter, with what to do about it
    results             file, line, column; the statement with its witness or cause; fingerprints that outlive a move

Lines of zips and notebooks are not those of the file, so such a result names the file only.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..records import Decision, Line, Problem, Run
from ..versions import program
from . import derivations, rows

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#: id -> (level, one sentence, what to do)
RULES: Mapping[str, tuple[str, str, str]] = {
    "refuted": (
        "error", "The statement is false at a point where every assumption holds.",
        "Put the witness into both sides. `checker explain` shows the statement as it was read and both values."),
    "undecided": (
        "warning", "The statement was neither proved nor refuted.",
        "`checker explain` lists what was tried and what would help: a domain, an intermediate term, a lemma."),
    "proved": (
        "error", "The statement is proved, and its file expects another verdict.",
        "Change `expected=`, or the statement; `checker explain` shows the proof."),
    "unreadable": (
        "error", "A file or a line could not be read, so what it states is not decided.",
        "The message says what is not understood, where, and what would be; the rest is decided all the same."),
}


def to_sarif(run: Run, root: Path) -> str:
    """Same claims, same bytes."""
    from ..kernel.verdict import RULE_SET   # the kernel, which a run that prints a table need not load

    ids = list(RULES)
    data = {
        "$schema": SCHEMA, "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "derivation-checker", "version": program(), "rules": [_rule(id) for id in ids],
                "properties": {"kernelRuleSet": RULE_SET},
            }},
            "columnKind": "unicodeCodePoints",
            "results": [{**r, "ruleIndex": ids.index(r["ruleId"])} for r in _fingerprinted(_results(run, root))],
        }],
    }
    return json.dumps(data, indent=1, ensure_ascii=False)


def _rule(id: str) -> dict[str, Any]:
    level, short, help_ = RULES[id]
    return {"id": id, "shortDescription": {"text": short}, "fullDescription": {"text": f"{short} {help_}"},
            "help": {"text": help_}, "defaultConfiguration": {"level": level}}


def _results(run: Run, root: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each result with what makes it the same one after an edit elsewhere in its file."""
    at = {c: line for d in derivations.written(run) for line in d.lines for c in line.claims}
    for p in run.problems:
        yield _result("unreadable", f"{p.message} [{p.code}]", _location(p.file, p.line, p.column, root)), _key(p)
    for d in run.decisions:
        if not d.as_expected:
            yield _of_decision(d, at.get(d.stated.id), root), f"{d.stated.claim.hash} {d.verdict}"


def _of_decision(d: Decision, line: Line | None, root: Path) -> dict[str, Any]:
    stated = d.stated
    told = f"{rows.statement(stated.claim)}\n{d.verdict}, expected {stated.expected}: {rows.because(d)}"
    if d.repair is not None:
        from ..reporting.mistakes import repair_text

        told += f"\n{repair_text(d)}"
    column = None if line is None else line.column
    found = _result(d.verdict, told, _location(stated.file, stated.line, column, root, line))
    return {**found, "properties": {"claim": stated.id, "claimHash": stated.claim.hash, "witness": d.witness}}


def _result(rule: str, text: str, location: dict[str, Any]) -> dict[str, Any]:
    return {"ruleId": rule, "level": RULES[rule][0], "message": {"text": _plain(text)}, "locations": [location]}


def _location(file: str, line: int | None, column: int | None, root: Path, of: Line | None = None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(file, root)}
    if line is not None and line > 0 and not file.endswith((".zip", ".ipynb")):
        place["region"] = {"startLine": line}
        if column is not None and column > 0:
            place["region"]["startColumn"] = column
        if of is not None:
            place["region"]["snippet"] = {"text": _plain(of.source)}
    return {"physicalLocation": place}


def _artifact(file: str, root: Path) -> dict[str, Any]:
    """Relative to the root, as code scanning wants it; a file elsewhere by its whole path."""
    path = Path(file)
    if path.is_absolute() and not path.is_relative_to(root):
        return {"uri": "file://" + _quoted(path.as_posix())}
    relative = path.relative_to(root) if path.is_absolute() else path
    return {"uri": _quoted(relative.as_posix()), "uriBaseId": "%SRCROOT%"}


def _quoted(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"))


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _key(p: Problem) -> str:
    return f"{p.code} {p.message}"


def _fingerprinted(results: Iterator[tuple[dict[str, Any], str]]) -> Iterator[dict[str, Any]]:
    """Equal ones in a file are told apart by their order."""
    seen: Counter[tuple[str, str]] = Counter()
    for result, key in results:
        file = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        seen[file, key] += 1
        digest = hashlib.sha256(f"{file}\n{key}".encode("utf-8", "replace")).hexdigest()[:32]
        yield {**result, "partialFingerprints": {"statement/v1": f"{digest}:{seen[file, key]}"}}


__all__ = ["RULES", "to_sarif"]
