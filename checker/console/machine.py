"""Formats for programs: JSON (the contract ``checker/1``), JUnit XML, GitHub annotations."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..records import Decision, Problem, Run
from ..reporting.escape import json_text, terminal
from ..reporting.context import context_of
from ..reporting.latex import latex
from . import rows


SCHEMA = "checker/1"


def to_json(run: Run, certificates: Path | None, root: Path, shard: Mapping[str, Any] | None = None) -> str:
    """Same claims, same bytes, ``seconds`` apart.  ``derivations``: those in LaTeX, line by line.  ``shard``: of a part
    of a run, which part it is."""
    from . import derivations

    data = {
        "schema": SCHEMA,
        **({"shard": shard} if shard is not None else {}),
        "errors": [p.to_json() for p in run.problems],
        "claims": [claim_json(d, certificates, root) for d in run.decisions],
        "derivations": derivations.to_json(run),
    }
    return json_text(json.dumps(data, indent=1, ensure_ascii=False))


def claim_json(d: Decision, certificates: Path | None, root: Path) -> Mapping[str, Any]:
    from ..reporting import mistakes  # its templates are nothing that `replay` may load

    stated = d.stated
    context = context_of(stated.claim)
    file = None
    if d.certificate is not None and certificates is not None:
        path = certificates / f"{stated.id}.json"
        file = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    return {
        "id": stated.id, "parent": stated.parent, "file": stated.file, "line": stated.line,
        "statement": latex(stated.claim.statement, context),
        "given": [latex(a, context) for a in stated.claim.assumptions],
        "text": rows.statement(stated.claim),
        "verdict": d.verdict, "expected": stated.expected, "as_expected": d.as_expected,
        "conditions": rows.conditions(d, unicode=False), "rule": d.rule, "axioms": list(d.axioms),
        "vacuous": d.vacuous, "using": list(stated.using), "witness": d.witness, "cause": d.cause,
        "evidence": d.evidence, "repair": mistakes.as_json(d),
        "tried": list(d.tried), "next_steps": list(d.next_steps), "certificate": file,
        "claim_hash": stated.claim.hash, "seconds": d.seconds,
    }


def to_junit(run: Run) -> str:
    """Not as expected: failure; undecided: skipped, with its cause; an unreadable file: error."""
    odd = [d for d in run.decisions if not d.as_expected and d.verdict != "undecided"]
    open_ = [d for d in run.decisions if d.verdict == "undecided" and d.stated.expected != "undecided"]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<testsuites><testsuite name="checker" tests="{len(run.decisions) + len(run.problems)}" '
        f'failures="{len(odd)}" errors="{len(run.problems)}" skipped="{len(open_)}">',
    ]
    for p in run.problems:
        lines.append(f"<testcase classname={attribute(p.file)} name={attribute(p.code)}>")
        lines.append(f"<error message={attribute(p.message)}>{xml_text(place(p))}</error></testcase>")
    for d in run.decisions:
        head = f"<testcase classname={attribute(d.stated.file)} name={attribute(d.stated.id)}"
        head += f' time="{d.seconds:.3f}"'
        message = f"{d.verdict}, expected {d.stated.expected}: {rows.because(d)}"
        if d in odd:
            lines += [head + ">", f"<failure message={attribute(message)}>"
                      f"{xml_text(rows.statement(d.stated.claim))}</failure></testcase>"]
        elif d in open_:
            lines += [head + ">", f"<skipped message={attribute(message)}/></testcase>"]
        else:
            lines.append(head + "/>")
    return "\n".join([*lines, "</testsuite></testsuites>"])


#: GitHub shows so many annotations of a level in a step and drops the others.
SHOWN = 10


def to_github(run: Run) -> str:
    """Workflow commands: GitHub shows them beside the line.  Refuted ones first, for it shows ten of a level."""
    from . import derivations

    columns = derivations.columns(run)
    errors: list[str] = []
    warnings: list[str] = []
    odd = sorted((d for d in run.decisions if not d.as_expected), key=lambda d: d.verdict != "refuted")
    for d in odd:
        level, kept = ("warning", warnings) if d.verdict == "undecided" else ("error", errors)
        title = f"{d.stated.id}: {d.verdict}, expected {d.stated.expected}"
        message = f"{rows.statement(d.stated.claim)}\n{rows.because(d)}"
        kept.append(annotation(level, d.stated.file, d.stated.line, columns.get(d.stated.id), title, message))
    errors += [annotation("error", p.file, p.line, p.column, p.code, p.message) for p in run.problems]
    lines = [*errors[:SHOWN], *warnings[:SHOWN]]
    if more := len(errors) + len(warnings) - len(lines):
        lines.append(f"{more} more like these: checker check prints all")
    return "\n".join([*lines, rows.summary(run), *filter(None, [derivations.summary(run)])])


def annotation(level: str, file: str, line: int | None, column: int | None, title: str, text: str) -> str:
    where = {"file": file, "line": line, "col": column, "title": title}
    properties = ",".join(f"{k}={_property(str(v))}" for k, v in where.items() if v is not None)
    return f"::{level} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return terminal(text, begins=False).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def xml_text(text: str) -> str:
    return html.escape("".join(c for c in text if c in "\t\n" or c.isprintable()), quote=False)


def attribute(text: str) -> str:
    return '"' + html.escape("".join(c if c.isprintable() else " " for c in text)) + '"'


def place(problem: Problem) -> str:
    """``file:line:column``, as far as it is known."""
    return ":".join(str(p) for p in (problem.file, problem.line, problem.column) if p is not None)
