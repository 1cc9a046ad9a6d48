"""The mint: only it makes verdicts, a certificate shows only its own claim, bombs stop early."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from checker.engines.portfolio import decide
from checker.kernel.claim import Claim, Definition
from checker.kernel.evidence import Reject
from checker.kernel.term import REAL, TRUE, App, Bind, Malformed, Var, from_json, num, to_json
from checker.kernel.verdict import Proved, Refuted, verify

from .forms import FIELD, SIGN, J, T, claim, outcome, proof, proved
from .statements import statement

STATED = [
    statement("(x + y)**2", "=", "x**2 + 2*x*y + y**2"),
    statement("x/x", "=", "1"),
    statement("m - 2", ">", "0", ("m >= 3",)),
    statement("p", "=", "0", ("Eq(p*q, 0)", "Ne(q, 0)")),
    statement("x + y", "=", "3", ("Eq(x, 1)", "Eq(y, 2)")),
    statement("log(x*y)", "=", "log(x) + log(y)"),
    statement("sqrt(z**2)", "=", "z"),
    statement("m - 2", ">", "0", ("m >= 2",)),
    statement("1/(x - x)", "=", "1"),
]


def certificates() -> list[tuple[Claim, dict[str, Any]]]:
    out = []
    for c in STATED:
        found = decide(c, {}).certificate
        assert found is not None
        out.append((c, json.loads(json.dumps(found))))
    return out


CERTIFIED = certificates()
TRUTH = {c: f["verdict"] for c, f in CERTIFIED}


def test_every_certificate_replays_from_its_text() -> None:
    for c, f in CERTIFIED:
        again = Claim.from_json(json.loads(json.dumps(c.to_json())))
        assert again.hash == c.hash
        assert isinstance(verify(again, f), (Proved, Refuted))


def test_a_certificate_of_another_claim_never_turns_its_verdict() -> None:
    for c, _ in CERTIFIED:
        for _, f in CERTIFIED:
            found = outcome(c, f)
            if not isinstance(found, str):
                assert type(found).__name__.lower() == TRUTH[c]


@pytest.mark.parametrize(
    "edit",
    [
        lambda f: f.update(verdict="proved" if f["verdict"] == "refuted" else "refuted"),
        lambda f: f.pop("proof"),
        lambda f: f.update(proof={"rule": "assumption"}),
        lambda f: f.update(proof=[f["proof"]]),
        lambda f: f.update(proof="field"),
        lambda f: (f.get("inhabitant") or f["witness"]).update(point=None),
        lambda f: (f.get("inhabitant") or f["witness"]).update(point={"x": "1/0"}),
        lambda f: (f.get("inhabitant") or f["witness"]).update(point={"x": True, "y": True}),
        lambda f: (f.get("inhabitant") or f["witness"]).update(point=[1], spaces=7),
        lambda f: f.update(proof={"rule": "exists", "witness": 3}),
        lambda f: f.update(proof={"rule": ["field"]}),
        lambda f: f.update(inhabitant=5, witness=5),
    ],
)
def test_edited_certificates_are_refused(edit: Any) -> None:
    for c, f in CERTIFIED:
        changed = copy.deepcopy(f)
        edit(changed)
        assert isinstance(outcome(c, changed), str), changed


def test_only_the_mint_makes_verdicts() -> None:
    c = STATED[0]
    for key in (None, object(), "mint"):
        with pytest.raises(TypeError):
            Proved(c, "field", (), (), key)
        with pytest.raises(TypeError):
            Refuted(c, "evaluate", {}, (), key)


def test_a_lemma_must_be_minted_and_named() -> None:
    lemma = claim("x real", "(>= (mul x x) 0)")
    minted = verify(lemma, proved(SIGN, x=1))
    use = proof("lemma", hash=lemma.hash, premises=[], proof=proof("assumption"))
    user = claim("x real", "(>= (mul x x) 0)", lemmas=[lemma.hash])
    assert isinstance(outcome(user, proved(use, x=1), {lemma.hash: minted}), Proved)
    assert isinstance(
        outcome(claim("x real", "(>= (mul x x) 0)"), proved(use, x=1), {lemma.hash: minted}), str
    )

    class Forged:
        claim, conditions, axioms = lemma, (), ()

    assert isinstance(outcome(user, proved(use, x=1), {lemma.hash: Forged()}), str)  # type: ignore[dict-item]


def test_a_lemma_brings_its_conditions_along() -> None:
    lemma = claim("x real", "(= (div x x) 1)")
    minted = verify(lemma, proved(FIELD, x=1))
    user = claim("x real", "(= (div x x) 1)", lemmas=[lemma.hash])
    for premises in ([], [SIGN], [FIELD]):
        use = proof("lemma", hash=lemma.hash, premises=premises, proof=proof("assumption"))
        assert isinstance(outcome(user, proved(use, x=1), {lemma.hash: minted}), str)


@pytest.mark.parametrize(
    "data",
    [
        None,
        True,
        1,
        1.5,
        [],
        {},
        [[]],
        [1, 2],
        ["add", 1],
        ["exp"],
        ["exp", "1", "2"],
        ["no-such-head", "1"],
        "",
        "-",
        "1/0",
        "1e5",
        "0x10",
        " 1",
        "1 ",
        "+1",
        "١",
        "1/-2",
        {"v": ""},
        {"v": "x" * 81},
        {"v": "\n"},
        {"v": "#0"},
        {"v": 1},
        {"b": "sum", "vars": [], "outer": [], "inner": []},
        {"b": "sum", "vars": [["k", "real"]], "outer": ["0", "1"], "inner": [["true"], "1"]},
        {"b": "sum", "vars": [["k", {"index": "3"}]], "outer": ["0", "1"], "inner": [["true"], "1"]},
        {"b": "sum", "vars": [["k", "integer"]], "outer": [], "inner": [["true"], "1"]},
        {"b": "forall", "vars": [["x", "real"], ["x", "real"]], "outer": [], "inner": [["true"], ["true"]]},
        {
            "b": "forall",
            "vars": [["m", "integer"], ["k", {"index": {"v": "m"}}]],
            "outer": [],
            "inner": [["true"], ["true"]],
        },
        {
            "b": "iterate",
            "vars": [["p", "real"]],
            "outer": ["1", ["tuple", "1"]],
            "inner": [["assign", {"v": "x"}, "1"]],
        },
        {
            "b": "iterate",
            "vars": [["p", "real"], ["q", "real"]],
            "outer": ["1", ["tuple", "1", "1"]],
            "inner": [
                ["assign", ["tuple", {"v": "p"}, {"v": "q"}], ["cases", ["tuple", "1", "2"], ["true"]]]
            ],
        },
        {"b": "iterate", "vars": [["p", "real"]], "outer": [], "inner": [["assign", {"v": "p"}, "1"]]},
        {"b": "converges", "vars": [["n", "real"]], "outer": [], "inner": ["1"]},
        {"b": "nothing", "vars": [["x", "real"]], "outer": [], "inner": []},
    ],
    ids=lambda d: str(d)[:50],
)
def test_what_is_no_term_is_refused(data: Any) -> None:
    with pytest.raises(Malformed):
        from_json(data)


@pytest.mark.parametrize(
    "change",
    [
        {"declarations": [["x", "real"], ["x", "complex"]]},
        {"declarations": [["#1", "real"]]},
        {"declarations": [["x", "number"]]},
        {"declarations": [["i", {"index": {"v": "m"}}], ["m", "integer"]]},
        {"declarations": None},
        {"statement": {"v": "y"}},
        {"statement": ["@f"]},
        {"definitions": [["f", [], "1"], ["f", [], "2"]]},
        {"definitions": [["f", [], ["@f"]]]},
        {"definitions": [["f", [["u", "real"], ["u", "real"]], {"v": "u"}]]},
    ],
    ids=str,
)
def test_what_is_no_claim_is_refused(change: Mapping[str, Any]) -> None:
    good = claim("x real", "(= x x)").to_json()
    assert Claim.from_json(good).hash
    with pytest.raises(Malformed):
        Claim.from_json({**good, **change})


def bombs() -> Iterator[tuple[str, Any]]:
    deep: Any = "1"
    for _ in range(400):
        deep = ["neg", deep]
    yield "deep", lambda: from_json(deep)
    yield "wide", lambda: from_json(["add", *["1"] * 70_000])
    yield "digits", lambda: from_json("9" * 5_000)

    def doubling() -> Any:
        definitions = [Definition("f0", (("u", REAL),), Var("u"))]
        for k in range(1, 60):
            body = App(f"@f{k - 1}", (App("add", (Var("u"), Var("u"))),))
            definitions.append(Definition(f"f{k}", (("u", REAL),), body))
        big = App("@f59", (num(1),))
        return Claim((), (), App("=", (big, big)), tuple(definitions)).sequent

    yield "definitions that double", doubling


@pytest.mark.parametrize("bomb", list(bombs()), ids=lambda b: b[0])
def test_size_bombs_are_malformed_within_a_second(bomb: tuple[str, Any]) -> None:
    start = time.process_time()
    with pytest.raises(Malformed):
        bomb[1]()
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "text",
    [
        "(= (pow (pow (pow 9 9999) 9999) 9999) 1)",
        "(= (pow 7 (pow 7 (pow 7 7))) 1)",
        "(= (factorial 100000000) 1)",
        "(= (binomial 100000000 50000000) 1)",
        "(= (fibonacci 1000000000) 1)",
        "(= (sum ((k integer)) (1 1000000000) true k) 1)",
        "(= (item (iterate ((p real)) (60 (tuple 1)) (assign p (add p (div 1 p)))) 1) 1)",
        "(= (item (iterate ((p real)) (60 (tuple 2)) (assign p (div p (div 1 p)))) 1) 1)",
        "(= (exp (exp (exp (exp (exp 9))))) 1)",
        "(= (floor (exp (exp 20))) 1)",
    ],
    ids=lambda t: t[:60],
)
@pytest.mark.parametrize("rule", ["field", "evaluate"])
def test_numeric_bombs_are_refused_soon(text: str, rule: str) -> None:
    start = time.process_time()
    assert isinstance(outcome(claim("", text), proved(proof(rule))), str)
    assert time.process_time() - start < 2


def test_substitution_and_bound_names() -> None:
    inner = Bind("forall", ("y",), (REAL,), (), (TRUE, T("(= x y)")))
    from checker.kernel.term import alpha, substitute

    moved = substitute(inner, {"x": Var("y")})
    assert alpha(moved) != alpha(T("(forall ((y real)) true (= y y))"))
    assert alpha(moved) == alpha(T("(forall ((u real)) true (= y u))"))
    assert to_json(T("(= x 1)")) == J("(= x 1)")


def test_reject_says_where() -> None:
    with pytest.raises(Reject) as caught:
        verify(claim("x real", "(= x (add x 1))"), proved(FIELD, x=1))
    assert caught.value.rule == "field" and "x = x + 1" in caught.value.where
