"""What ``checker explain`` prints: all there is to know about one claim."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from ..kernel.term import App, Bind, Index, Joint, Law, Map, Num, Scalar, Sort, Space, Term, Var, show, subterms
from ..records import Decision
from ..reporting.context import Context, context_of
from ..reporting.mistakes import plain, repair_text
from ..reporting.proof import Step, narrate
from ..reporting.text import text
from . import rows

MAX_TREE_LINES = 120
SHORT = 76


def explain(decision: Decision, out: TextIO) -> None:
    for line in lines(decision):
        out.write(line + "\n")


def lines(d: Decision) -> Iterator[str]:
    stated, claim = d.stated, d.stated.claim
    context = context_of(claim)
    yield f"{stated.id}   {stated.file}:{stated.line}" + (f"   {stated.source}" if stated.source else "")
    if stated.text:
        yield f"  {stated.text}"
    yield from _section("statement", [rows.statement(claim)])
    yield from _section("for all", [f"{n}: {sort_text(s, context)}" for n, s in claim.declarations])
    yield from _section("where", [_definition(x, context) for x in claim.definitions])
    yield from _section("given", _given(d, context))
    yield from _section("the term that is decided", tree(claim.statement))
    mark = "as expected" if d.as_expected else f"expected {stated.expected}"
    yield from _section("verdict", [f"{d.verdict} ({mark})"])
    match d.verdict:
        case "proved":
            yield from _section("wherever", rows.conditions(d))
            yield from _section("vacuous", [rows.vacuity(claim)] if d.vacuous else [])
            yield from _section("assuming the theorems", list(d.axioms))
            yield from _section("proof", proof_lines(d))
        case "refuted":
            yield from _section("witness", witness_lines(d.witness or {}))
            yield from _section("why it refutes", proof_lines(d))
            yield from _section("what it looks like", [repair_text(d)] if d.repair else [])
            yield from _section("erratum", [stated.erratum] if stated.erratum else [])
        case _:
            cause = ": ".join(filter(None, (rows.cause_text(d.cause), d.evidence)))
            yield from _section("cause", [cause or "nothing found"])
            yield from _section("tried", list(d.tried))
            yield from _section("next steps", list(d.next_steps))
    yield from _section("rests on", list(stated.using))


def _section(title: str, body: list[str] | Iterator[str]) -> Iterator[str]:
    body = list(body)
    if body:
        yield ""
        yield f"{title}:"
        for line in body:
            yield from (f"  {part}" for part in line.split("\n"))


def _given(d: Decision, context: Context) -> list[str]:
    labels = dict(d.stated.labels)
    return [
        text(a, context) + (f"   ({labels[k]})" if k in labels else "")
        for k, a in enumerate(d.stated.claim.assumptions)
    ]


def _definition(definition: Any, context: Context) -> str:
    names = [n for n, _ in definition.params]
    head = f"{definition.name}({', '.join(names)})" if names else definition.name
    return f"{head} := {text(definition.body, context.bind(names, [s for _, s in definition.params]))}"


def sort_text(sort: Sort, context: Context) -> str:
    match sort:
        case Scalar(kind):
            return kind
        case Index(size):
            return f"an index from 1 to {text(size, context)}"
        case Joint(members, _, values, within):
            kind = "a joint law" if len(members) > 1 else "a law"
            if within != (None, None):
                kind += " between " + " and ".join("any bound" if b is None else str(b) for b in within)
            return kind + (f" on {', '.join(map(str, values))}" if values else " with all moments finite")
        case Map(args, Joint() as one):
            return f"for each {' x '.join(sort_text(a, context) for a in args)}: {sort_text(one, context)}"
        case Map((Index(n),), Scalar("real")):
            return f"a real vector of length {text(n, context)}"
        case Map((Index(n), Index(m)), Scalar("real")):
            return f"a real matrix, {text(n, context)} x {text(m, context)}"
        case Map(args, result):
            parts = " x ".join(sort_text(a, context) for a in args)
            return f"a function from ({parts}) to {sort_text(result, context)}"
        case Space(measure):
            return f"a random variable ({measure} measure)"
        case Law(own, given):
            return f"a density in {', '.join(own)}" + (f" given {', '.join(given)}" if given else "")


def tree(t: Term) -> list[str]:
    """The term, one node a line; short parts stay on one line, a long part is written out once.

    >>> tree(App("=", (App("div", (Var("x"), Var("x"))), Num(1))))
    ['=', '  x/x', '  1']
    """
    out: list[str] = []
    numbers: dict[Term, int] = {}
    repeated = {u for u, n in Counter(subterms(t)).items() if n > 1}

    def go(u: Term, depth: int) -> None:
        if len(out) > MAX_TREE_LINES:
            return
        pad, short = "  " * depth, show(u)
        if isinstance(u, (Num, Var)) or (depth > 0 and len(short) + 2 * depth <= SHORT):
            out.append(pad + short)
            return
        if u in numbers:
            out.append(f"{pad}#{numbers[u]}")
            return
        if u in repeated:
            numbers[u] = len(numbers) + 1
            pad += f"#{numbers[u]} = "
        if isinstance(u, Bind):
            out.append(f"{pad}{u.head} {', '.join(u.names)}")
            parts: tuple[Term, ...] = u.outer + u.inner
        else:
            out.append(pad + u.head.lstrip("@"))
            parts = u.args if isinstance(u, App) else ()
        for part in parts:
            if not (isinstance(part, App) and part.head == "true"):
                go(part, depth + 1)

    go(t, 0)
    return out if len(out) <= MAX_TREE_LINES else [*out[:MAX_TREE_LINES], "..."]


def witness_lines(witness: Mapping[str, Any]) -> Iterator[str]:
    found = rows.point(witness)
    for name, value in found.items():
        yield rows.named_text(name, value)
    if isinstance(ray := witness.get("ray"), Mapping):
        found = {name: rows.value_text(value) for name, value in ray.items()}
        yield "along " + ", ".join(f"{name} = {value}" for name, value in found.items())
    if told := rows.solution_text(witness):
        yield told
    if told := rows.part_text(witness):
        yield told
    if "entry" in witness:
        yield f"entry {rows.value_text([str(k) for k in witness['entry']])}:"
    for key, label in (("left", "left side"), ("right", "right side"), ("condition", "never holds")):
        if key in witness:
            yield f"{label}: {witness[key]}"
    if not found and "condition" not in witness:
        yield str(witness.get("kind", ""))


def proof_lines(d: Decision) -> Iterator[str]:
    """The certificate in sentences, indented where one rests on others."""
    claim = d.stated.claim
    told = narrate(claim.sequent, d.certificate or {}, context_of(claim), {})
    if told is not None:
        yield from _step_lines(told, 0)


def _step_lines(step: Step, depth: int) -> Iterator[str]:
    words = plain(step.sentence)
    label = plain(step.label)
    wrapped = textwrap.wrap(f"{label} {words}".strip(), 96 - 2 * depth, break_long_words=False)
    for k, line in enumerate(wrapped):
        yield "  " * depth + ("- " if k == 0 else "  ") + line
    for child in step.children:
        yield from _step_lines(child, depth + 1)
