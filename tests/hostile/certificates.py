"""Certificates that are too deep, too wide, too large when they are worked out, or of no shape at all.

A row: what stands in the file (text, bytes or data), the rule that rejects it, a word of its message.
"""

from __future__ import annotations

import json
import sys
from typing import Any

SCHEMA = "checker-certificate/1"
X: Any = {"v": "x"}
N: Any = {"v": "n"}


def cert(statement: Any, proof: Any = None, **more: Any) -> dict[str, Any]:
    """A certificate of a claim about real x, y and an integer n."""
    claim = {"declarations": [["x", "real"], ["y", "real"], ["n", "integer"]], "definitions": [], "assumptions": [],
             "statement": statement, "lemmas": []}
    claim |= {k: more.pop(k) for k in ("declarations", "definitions", "assumptions", "lemmas") if k in more}
    return {"schema": SCHEMA, "id": "x", "claim": claim, "verdict": "proved", "proof": proof or {"rule": "field"},
            "inhabitant": {"point": {"x": "1", "y": "1", "n": "1"}}} | more


def deep(head: str, times: int, inner: Any = X, *more: Any) -> Any:
    for _ in range(times):
        inner = [head, inner, *more]
    return inner


def equal(t: Any) -> Any:
    return ["=", t, t]


def definitions(times: int) -> list[Any]:
    """Each is the next one plus itself."""
    return [[f"d{times}", [], X]] + [[f"d{k}", [], ["add", [f"@d{k + 1}"], [f"@d{k + 1}"]]] for k in reversed(range(times))]


def with_arguments(times: int) -> list[Any]:
    """d0(t) = d1(d1(t)), and so on."""
    parameter: Any = [["t", "real"]]
    return [[f"d{times}", parameter, ["add", {"v": "t"}, "1"]]] + [
        [f"d{k}", parameter, [f"@d{k + 1}", [f"@d{k + 1}", {"v": "t"}]]] for k in reversed(range(times))]


def total(upper: Any, body: Any, name: str = "k", head: str = "sum") -> Any:
    return {"b": head, "vars": [[name, "integer"]], "outer": ["1", upper], "inner": [["true"], body]}


def rule(times: int, name: str = "split", twice: bool = False) -> Any:
    proof: Any = {"rule": "field"}
    for _ in range(times):
        proof = {"rule": name, "proof": proof} | ({"parts": [proof, proof]} if twice else {})
    return proof


def refuting(statement: Any, **point: Any) -> dict[str, Any]:
    data = cert(statement, {"rule": "evaluate"})
    del data["inhabitant"]
    return data | {"verdict": "refuted", "witness": {"kind": "point", "point": {"x": "1", "y": "1", "n": "1", **point}}}


def text(data: Any, before: str, after: str) -> str:
    made = json.dumps(data)
    assert before in made
    return made.replace(before, after, 1)


GOOD = cert(equal(X))
K: Any = {"v": "k"}
MILLION = 1_000_000

BOMBS: dict[str, Any] = {
    # no certificate at all
    "empty": "", "no-json": "certificate", "half": json.dumps(GOOD)[:-20], "list": [], "null": None, "number": 7, "text": "\"x\"",
    "bytes": b"\xff\xfe\0", "utf16": json.dumps(GOOD).encode("utf-16"), "bom": b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), "nan": "NaN", "trailing": json.dumps(GOOD) + "{}",
    "deep-list": "[" * 200_000, "deep-object": '{"a":' * 200_000, "deep-closed": "[" * 90_000 + "]" * 90_000, "million-digits": '{"schema": ' + "9" * MILLION + "}", "huge-exponent": '{"schema": 1e999999999}',
    "other-schema": {**GOOD, "schema": "checker-certificate/2"}, "schema-list": {**GOOD, "schema": [SCHEMA]}, "no-claim": {k: v for k, v in GOOD.items() if k != "claim"},
    "claim-text": {**GOOD, "claim": "x"}, "claim-list": {**GOOD, "claim": []}, "claim-null": {**GOOD, "claim": None}, "no-proof": {k: v for k, v in GOOD.items() if k != "proof"},
    "surrogate": text(GOOD, '"x"', '"\\ud800"'), "null-name": text(GOOD, '"v": "x"', '"v": "\\u0000"'), "id-list": {**GOOD, "id": [1], "verdict": "x"}, "sparse": b"\0" * 3_000_000,
    # wrong types
    "proof-text": {**GOOD, "proof": "field"}, "proof-list": {**GOOD, "proof": ["field"]}, "proof-number": {**GOOD, "proof": 1e308}, "rule-list": {**GOOD, "proof": {"rule": ["field"]}}, "rule-null": {**GOOD, "proof": {"rule": None}},
    "rule-unknown": {**GOOD, "proof": {"rule": "__class__"}}, "rule-dunder": {**GOOD, "proof": {"rule": "__import__('os')"}}, "statement-number": cert(1), "statement-true": cert(True), "statement-null": cert(None), "statement-text": cert("="), "statement-empty": cert([]),
    "statement-dict": cert({}), "statement-nan": text(cert(["=", X, "NAN"]), '"NAN"', "NaN"), "statement-inf": text(cert(["=", X, "INF"]), '"INF"', "Infinity"), "number-float": cert(["=", X, 0.5]), "number-int": cert(["=", X, 1]), "number-exp": cert(["=", X, "1e999999"]),
    "number-space": cert(["=", X, " 1"]), "number-underscore": cert(["=", X, "1_000"]), "number-unicode": cert(["=", X, "\u0663"]), "number-zero-denominator": cert(["=", X, "1/0"]), "number-negative-zero": cert(["=", X, "-0"]), "number-long": cert(["=", X, "9" * 5_000]), "number-long-quotient": cert(["=", X, "1/" + "9" * 5_000]),
    "head-unknown": cert(["=", ["eval", X], X]), "head-long": cert(["=", ["x" * MILLION, X], X]), "head-number": cert(["=", [5, X], X]), "head-list": cert(["=", [["add"], X], X]), "arity": cert(["=", ["sin", X, X, X], X]), "variable-number": cert(["=", {"v": 5}, X]), "variable-list": cert(["=", {"v": ["x"]}, X]),
    "variable-undeclared": cert(["=", {"v": "z"}, X]), "variable-more": cert(["=", {"v": "x", "w": "y"}, X]), "binder-unknown": cert(["=", {"b": "exec", "vars": [], "outer": [], "inner": []}, X]), "binder-partial": cert(["=", {"b": "sum"}, X]), "sort-unknown": cert(equal(X), declarations=[["x", "quaternion"]]),
    "sort-deep": cert(equal(X), declarations=[["x", "real"], ["f", {"map": [deep("map", 900)]}]]), "declared-twice": cert(equal(X), declarations=[["x", "real"], ["x", "integer"]]), "declared-long": cert(equal(X), declarations=[["x" * MILLION, "real"], ["x", "real"]]), "declarations-object": cert(equal(X), declarations={"x": "real"}),
    # too deep, too wide
    "deep": cert(equal(deep("sin", 200))), "deep-2000": cert(equal(deep("neg", 900))), "deep-pow": cert(equal(deep("pow", 140, X, "2"))), "wide": cert(equal(["add", *[X] * 70_000])), "wide-proof": {**GOOD, "proof": {"rule": "field", "x": [0] * 500_000}},
    "many-declared": cert(equal(X), declarations=[["x", "real"], *[[f"a{k}", "real"] for k in range(20_000)]]), "many-assumed": cert(equal(X), assumptions=[[">", X, "0"]] * 20_000), "assumed-deep": cert(equal(X), assumptions=[deep("not", 900, [">", X, "0"])]),
    "proof-deep": {**GOOD, "proof": rule(900)}, "proof-doubling": {**GOOD, "proof": rule(10, twice=True)}, "chain-deep": cert(equal(X), rule(500, "have")), "definitions": cert(equal(["@d0"]), definitions=definitions(40)), "definitions-3": cert(equal(["@d0"]), definitions=definitions(14)),
    "definitions-of-arguments": cert(equal(["@d0", X]), definitions=with_arguments(40)), "definition-of-itself": cert(equal(["@d"]), definitions=[["d", [], ["@d"]]]), "definitions-of-each-other": cert(equal(["@a"]), definitions=[["a", [], ["@b"]], ["b", [], ["@a"]]]), "definition-captures": cert(equal(["@d"]), definitions=[["d", [], {"v": "q"}]]),
    "lemma-of-itself": {**GOOD, "claim": {**GOOD["claim"], "lemmas": ["0" * 64]}}, "lemmas-many": cert(equal(X), lemmas=["0" * 64] * 100_000), "lemma-no-hash": cert(equal(X), lemmas=[5, None]),
    # too large once worked out
    "tower": cert(equal(["pow", "9", ["pow", "9", ["pow", "9", "9"]]])), "power": cert(equal(["pow", ["add", X, "1"], "100000000"])), "power-2": cert(["=", ["pow", "2", "10000000000"], "1"]), "power-names": cert(equal(["pow", ["add", X, {"v": "y"}, "1"], "3000"])), "power-power": cert(equal(deep("pow", 30, ["add", X, "1"], "2"))),
    "product": cert(equal(["mul", *[["add", X, {"v": "y"}, str(k)] for k in range(400)]])), "many-names": cert(equal(["pow", ["add", *[{"v": f"a{k}"} for k in range(60)]], "12"]), declarations=[[f"a{k}", "real"] for k in range(60)] + [["x", "real"]]), "factorial": cert(["=", ["factorial", "1000000000"], "1"]),
    "factorials": cert(["=", deep("factorial", 6, "9"), "1"]), "binomial": cert(["=", ["binomial", "1000000000", "500000000"], "1"]), "exps": cert(["=", deep("exp", 20, "9"), "1"]), "sum": cert(["=", total("1000000000", K), "1"]), "sums": cert(["=", total("999", total("999", total("999", K, "a"), "b")), "1"]), "prod": cert(["=", total("100000", K, head="prod"), "1"]),
    "sum-symbolic": cert(equal(total(N, ["pow", K, "5000"]))), "mod": cert(["=", ["mod", ["pow", "7", "100000000000"], "11"], "1"]), "root": cert(["=", ["pow", "2", "1/1000000007"], "1"]), "digits": cert(["=", ["mul", *["9" * 3_900] * 900], "1"]), "nested-quotients": cert(equal(deep("div", 140, ["add", X, "1"], ["add", X, "2"]))),
    # refutations
    "point-huge": refuting(["=", ["pow", X, "1000"], "1"], x="9" * 3_900), "point-long": refuting(["=", X, "1"], x="9" * 50_000), "point-text": refuting(["=", X, "1"], x="import os"), "point-nan": refuting(["=", X, "1"], x="nan"), "point-inf": refuting(["=", X, "1"], x="oo"), "point-list": refuting(["=", X, "1"], x=["1"]), "point-object": refuting(["=", X, "1"], x={"v": "x"}),
    "point-zero-denominator": refuting(["=", X, "1"], x="1/0"), "point-more": refuting(["=", X, "1"], z="1"), "point-null": {**refuting(["=", X, "1"]), "witness": {"kind": "point", "point": None}}, "witness-text": {**refuting(["=", X, "1"]), "witness": "x"}, "witness-true": refuting(equal(X)), "refuted-tower": refuting(["=", ["pow", "9", ["pow", "9", ["pow", "9", "9"]]], "1"]),
    "refuted-sum": refuting(["=", total("1000000000", K), "1"]), "refuted-sums": refuting(["=", total("3000", total("3000", K, "a")), "1"]), "refuted-exp": refuting(["=", ["exp", ["exp", ["exp", ["exp", "9"]]]], "1"]), "refuted-sin": refuting(["=", ["sin", ["pow", "10", "30000"]], "1"]), "refuted-close": refuting(["=", ["add", ["exp", "1"], ["neg", ["exp", "1"]]], "0"]),
    "refuted-floor": refuting(["=", ["floor", ["exp", "5000"]], "1"]), "refuted-matrix": {**refuting(["=", X, "1"]), "witness": {"kind": "point", "point": {"x": [["1"] * 700] * 700}}}, "refuted-ray": {**refuting(["=", X, "1"]), "witness": {"kind": "ray", "ray": {"x": "s"}}},
    "empty-wide": {**GOOD, "inhabitant": {"point": {f"a{k}": "1" for k in range(100_000)}}}, "inhabitant-text": {**GOOD, "inhabitant": "x"}, "inhabitant-none": {**GOOD, "inhabitant": None},
    # keys
    "duplicate-claim": text(GOOD, '"verdict"', '"claim": {}, "verdict"'), "duplicate-proof": text(GOOD, '"inhabitant"', '"proof": {"rule": "x"}, "inhabitant"'), "proto": text(GOOD, '"verdict"', '"__proto__": {"verdict": 1}, "verdict"'), "hash-other": {**GOOD, "claim_hash": "0" * 64}, "hash-list": {**GOOD, "claim_hash": ["0"]}, "verdict-list": {**GOOD, "verdict": ["proved"]}, "verdict-other": {**GOOD, "verdict": "refuted"}, "verdict-null": {**GOOD, "verdict": None},
}


#: the rule that rejects each; "" for those that are what they say, and replay
RULES = {
    "format": (
        "bytes duplicate-claim duplicate-proof empty half huge-exponent list million-digits nan no-claim no-json null "
        "number other-schema schema-list sparse text trailing"
    ).split(),
    "": (
        "bom deep-pow lemma-no-hash lemma-of-itself nested-quotients power power-names power-power product proto "
        "sum-symbolic surrogate tower utf16 variable-more wide-proof"
    ).split(),
    "size": (
        "deep-closed deep-list deep-object"
    ).split(),
    "term": (
        "arity assumed-deep binder-partial binder-unknown claim-list claim-null claim-text declarations-object "
        "declared-long declared-twice deep deep-2000 definition-captures definition-of-itself "
        "definitions-of-each-other head-list head-long head-number head-unknown lemmas-many many-assumed "
        "many-declared null-name number-exp number-float number-int number-long number-long-quotient number-space "
        "number-underscore number-unicode number-zero-denominator sort-deep sort-unknown statement-dict "
        "statement-empty statement-inf statement-nan statement-null statement-number statement-text statement-true "
        "variable-list variable-number variable-undeclared wide"
    ).split(),
    "verdict": (
        "definitions definitions-3 definitions-of-arguments id-list inhabitant-none inhabitant-text no-proof "
        "proof-list proof-number proof-text verdict-list verdict-null verdict-other witness-text"
    ).split(),
    "prove": (
        "rule-list rule-null"
    ).split(),
    "__class__": (
        "rule-unknown"
    ).split(),
    "__import__('os')": (
        "rule-dunder"
    ).split(),
    "field": (
        "binomial digits exps factorial factorials mod number-negative-zero power-2 prod root sum sums"
    ).split(),
    "split": (
        "proof-deep proof-doubling"
    ).split(),
    "have": (
        "chain-deep"
    ).split(),
    "witness": (
        "empty-wide many-names point-inf point-list point-long point-more point-nan point-null point-object "
        "point-text point-zero-denominator refuted-matrix refuted-ray"
    ).split(),
    "evaluate": (
        "point-huge refuted-close refuted-exp refuted-floor refuted-sin refuted-sum refuted-sums refuted-tower "
        "witness-true"
    ).split(),
    "claim-hash": (
        "hash-list hash-other"
    ).split(),
}


def content(data: Any) -> bytes:
    if isinstance(data, bytes):
        return data
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)       # to write what nobody should have to read
    try:
        return (data if isinstance(data, str) else json.dumps(data)).encode("utf-8", "surrogatepass")
    finally:
        sys.setrecursionlimit(before)
