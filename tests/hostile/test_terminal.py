"""Nothing that a file says, or is called, is obeyed by a terminal or a build system; formats for programs stay well formed."""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from checker.console import derivations, explain, machine, printed, replay as replaying, screen
from checker.console.printed import Door
from checker.grading.results import harmless
from checker.kernel.claim import Claim
from checker.kernel.term import REAL, Var, app
from checker.records import Problem, Run
from checker.reporting.escape import json_text, terminal
from checker.running.config import read_config
from checker.running.replay import Replay, Replayed
from checker.running.run import run
from tests.reporting.samples import decided, run_of

#: What a terminal, a log or a reader obeys.
ORDERS = [
    "\x1b[2J\x1b[31m", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\click\x1b]8;;\x1b\\", "\x9b31m", "\x07", "\b\b\b", "\r", "\x7f", "\x00",
    "\u202egnp.exe", "\u2066x", "\u200b", "\u2028", "\x85", "\ufeff", "\U000e0041", "\ud800", "\udcff", "\uffff", "\ue000", "\x0b\x0c",
    "\n::error::x", "\n  ::set-output name=a::b", "\n\u00a0::add-mask::1", "\n::stop-commands::x", "##[error]x", "##[add-mask]1", "%0A::error::x", "%0D%0A", "::debug::",
    "[red]x[/red]", "[link=http://x]x[/link]", "{x}", "%s", "]]>", "<script>", "&#27;", "\\u001b", "a\tb",
]
OURS = ("::error file=", "::warning file=")


def obeyed(text: str) -> list[str]:
    """What is left in a text that somebody obeys."""
    bad = [repr(c) for c in text if c not in "\n\t" and (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))]
    for line in text.split("\n"):
        start = line.lstrip()
        bad += [line] if start.startswith("::") and not line.startswith(OURS) else []
        bad += [line] if "##[" in line and not line.startswith(OURS) else []
    return bad


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_is_shown_not_obeyed(order: str) -> None:
    out = io.StringIO()
    door = Door(out)
    door.write(order + "\n")
    door.write("line: " + order)
    door.write("\n")
    for c in ("a", ":", ":", "b\n"):        # in pieces it does not begin a line
        door.write(c)
    assert obeyed(out.getvalue()) == []
    assert obeyed(terminal("x" + order)) == []
    shown = json_text(json.dumps({order: [order]}, ensure_ascii=False))
    assert obeyed(shown) == [] and json.loads(shown) == {order: [order]}


def hostile_run() -> Run:
    name = "x"
    claims = []
    for k, order in enumerate(ORDERS):
        claim = Claim(((name, REAL),), (), app("=", Var(name), Var(name)))
        claims.append(decided(f"q.c{k}", claim, "refuted", text=order, erratum=order, source=order, cause=order, labels=(),
                              witness={"kind": "point", "point": {"x": order}, "left": order, "right": order}))
        claims.append(decided(f"q.u{k}", claim, "undecided", evidence=order, tried=(order,), next_steps=(order,), cause=order))
    return run_of(*claims, title="".join(ORDERS), problems=tuple(Problem(o, 1, 1, "x", o) for o in ORDERS))


@pytest.mark.parametrize("form", ["full", "coloured", "concise", "json", "github", "junit", "explain", "replay", "replay-json"])
def test_no_format_lets_an_order_through(form: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = hostile_run()
    out = io.StringIO()
    if form == "coloured":
        monkeypatch.setattr(screen, "is_terminal", lambda stream: True)
    again = Replay(tuple(Replayed(Path(o.replace("\0", "")), o, None, o, o, o) for o in ORDERS), (), found.problems)
    with redirect_stdout(Door(out)):
        match form:
            case "full" | "coloured":
                screen.full(found, tmp_path, sys.stdout)
            case "concise":
                screen.concise(found, sys.stdout)
            case "json":
                print(machine.to_json(found, None, tmp_path))
            case "github":
                printed.commands(machine.to_github(found))
            case "junit":
                print(machine.to_junit(found))
            case "explain":
                for d in found.decisions:
                    explain.explain(d, sys.stdout)
            case "replay":
                replaying.to_text(again, sys.stdout)
            case "replay-json":
                print(replaying.to_json(again))
    text = out.getvalue()
    if form == "coloured":      # a table breaks its cells anywhere; no build system looks at a terminal
        text = text.replace("::", "  ")
    assert text.strip() and obeyed(text) == []
    if "json" in form:
        json.loads(text)
    if form == "junit":
        ElementTree.fromstring(text)


CALLED = ["a\x1b[31mred.tex", "b\u202egnp.tex", "c\nd.tex", "::error::x.tex", "##[error]y.tex", "-rf.tex", "<b>.tex", "{{7}}.tex"]


def test_files_with_names_like_orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in CALLED:
        Path(name).write_text("% checker: x=y\n\\section{\x1b[31m}\n\\[ 1 + 1 = 3 \\]\n")
    Path(os.fsdecode(b"\xff\xfe.tex")).write_text("% checker: x=y\n\\[ 1 + 1 = 3 \\]\n")
    found = run(replace(read_config(), paths=(tmp_path,), store=None, certificates=None))
    out = io.StringIO()
    with redirect_stdout(Door(out)):
        screen.full(found, tmp_path, sys.stdout)
        screen.concise(found, sys.stdout)
        printed.commands(machine.to_github(found))
    assert obeyed(out.getvalue()) == []
    json.loads(machine.to_json(found, None, tmp_path).encode("utf-8"))
    ElementTree.fromstring(machine.to_junit(found))
    assert len(derivations.written(found)) >= 4


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\ufeff=1", "\u200b=1", "\0=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == "'" + cell
    assert harmless("x" + cell) == "x" + cell
