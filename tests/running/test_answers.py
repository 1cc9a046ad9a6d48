"""What comes back from a process that handled somebody's text is looked at before it is used."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from checker.kernel.claim import Claim
from checker.kernel.term import App
from checker.records import Decision, Document, StatedClaim
from checker.running import loader, run as running, seal, second_opinions
from checker.running.config import Options
from checker.running.exchange import Nonsense, exchange
from checker.running.limits import Ended
from checker.running.linking import Linked
from checker.running.session import Session

STATED = StatedClaim("hw.c", Claim((), (), App("true", ())), "a/hw.tex", 1)
DOCUMENT = Document("hw", "", "", "a/hw.tex", (STATED,))
PROBLEM = {"file": "a/hw.tex", "line": 1, "column": None, "code": "unreadable", "message": ""}


@pytest.mark.parametrize(("path", "value"), [
    ((), None), (("documents", 0, "file"), "b/hw.tex"), (("documents", 0, "file"), 7),
    (("documents", 0, "claims", 0, "id"), "other.c"), (("documents", 0, "claims", 0, "id"), None),
    (("documents", 0, "claims", 0, "claim"), {}), (("documents", 0, "claims"), "ab"), (("documents",), 7),
    (("documents", 0), None), (("problems", 0, "file"), "b/hw.tex"), (("problems", 0, "more"), 1),
    (("problems",), [None]), (("inputs",), [7]),
])
def test_a_document_speaks_for_itself(path: tuple[Any, ...], value: Any, tmp_path: Path) -> None:
    data: Any = {"documents": [DOCUMENT.to_json()], "problems": [dict(PROBLEM)], "inputs": []}
    options, file = Options(tmp_path), tmp_path / "a/hw.tex"
    assert loader._read(data, file, options).documents == (DOCUMENT,)
    at = data
    for key in path[:-1]:
        at = at[key]
    if path:
        at[path[-1]] = value
    with pytest.raises(loader._Unbelievable):
        loader._read(data if path else value, file, options)


@pytest.mark.parametrize("found", [7, None, [], "certificate", [{"certificate": {}}]])
def test_a_search_that_answers_nonsense_costs_its_own_claim(found: Any, tmp_path: Path) -> None:
    decision = _after("search", Ended(found), tmp_path)
    assert (decision.verdict, decision.cause) == ("undecided", "crash")


def test_what_a_search_says_in_words_is_words(tmp_path: Path) -> None:
    decision = _after("search", Ended({"certificate": 7, "evidence": {"a": []}, "tried": "abc", "cause": 3}), tmp_path)
    assert (decision.cause, decision.evidence, decision.tried) == ("3", None, ())


def test_a_verdict_on_another_claim_is_none(tmp_path: Path) -> None:
    told = {"verdict": "proved", "claim_hash": STATED.claim.hash, "rule": "r", "conditions": [], "axioms": [],
            "witness": None, "vacuous": False}
    assert _after("found", Ended(told), tmp_path).verdict == "proved"
    with pytest.raises(RuntimeError, match="no known shape"):
        _after("found", Ended({**told, "claim_hash": "0" * 64}), tmp_path)


def _after(kind: str, result: Ended, tmp_path: Path) -> Decision:
    linked: Any = Linked((DOCUMENT,), {STATED.id: ()}, ())
    with Session(Options(tmp_path)) as session:
        deciding = running._Deciding(linked, session.options, session, [])
        deciding._continue(running._Step(STATED.id, kind, {}), result)
        return deciding.decided[STATED.id]


@pytest.mark.parametrize(("said", "notes"), [
    (["a"], ["a", "a"]), (["a", "b", "c"], ["a", "b"]), ("ab", [None, None]), ([7, {}], [None, None]),
    ({"a": 1}, [None, None]), (3, [None, None]), ([], [None, None]),
])
def test_a_second_opinion_is_one_note_for_each_row(said: Any, notes: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pool = SimpleNamespace(submit=lambda *_: SimpleNamespace(result=lambda: Ended(said)))
    monkeypatch.setattr(second_opinions, "Workers", lambda *_, **__: nullcontext(pool))
    assert second_opinions.opinions([("x", "x"), ("y", "y")]) == notes


def test_what_is_nested_without_end_is_not_asked() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Nonsense):
        exchange(0, 0, deep, 0.0)
    while deep:     # taken apart by hand: freeing it at once recurses, too
        deep = deep[0]


@pytest.mark.parametrize("name", ["XDG_STATE_HOME", "HOME"])
def test_a_key_is_not_looked_for_in_what_is_checked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv(name, ".")
    assert seal._folder() is None
    assert seal.seal("answer") is None
