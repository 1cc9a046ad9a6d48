"""Per rule, certificates that it must accept and certificates that it must reject.

The rejected rows are attacks: each would prove a false claim, refute a true one, or lose a condition,
and each was once accepted or nearly so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from checker.kernel.claim import Claim
from checker.kernel.term import show
from checker.kernel.verdict import Proved, Refuted

from .forms import ASSUMPTION, EVALUATE, FIELD, SIGN, J, claim, outcome, proof, proved, refuted

Row = tuple[str, Claim, Mapping[str, Any]]

SQUARE = "(item (iterate ((p real)) ({} (tuple {})) (assign p (pow p 2))) 1)"
FLIP = "(item (iterate ((p real)) ({} (tuple {})) (assign p (neg p))) 1)"
SELF = "(item (iterate ((p real)) (1 (tuple {})) (assign p p)) 1)"
IDENTITY = {"lambda": J("(lambda ((x real)) x)")}


def both(text: str, *values: Any) -> str:
    """A term equal to itself."""
    t = text.format(*values)
    return f"(= {t} {t})"


def undefined(k: Any, p: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "verdict": "refuted",
        "witness": {"kind": "undefined", "condition": k},
        "proof": p,
        "inhabitant": {"point": {}},
    }


def state_marks() -> tuple[Claim, dict[str, Any]]:
    """A certificate that names the normal form's own marks for states."""

    def fact(v: int) -> Any:
        return J(f"(= (tuple {SELF.format(v)} (@state 1 p)) (tuple {v} {v}))")

    end = proof("ideal", cofactors=[[1, "-1"], [3, "1"]])
    second = proof("have", fact=fact(6), because=FIELD, proof=end)
    point = {"p": 1}
    return claim("p real", "(= 1 2)"), proved(
        proof("have", fact=fact(5), because=FIELD, proof=second), **point
    )


REJECTED: list[Row] = [
    # field
    ("a sum from one half", claim("", "(= (sum ((k integer)) (1/2 5/2) true k) 3)"), proved(FIELD)),
    ("oo is no number", claim("", "(= (add oo (neg oo)) 0)"), proved(FIELD)),
    ("true is no number", claim("", "(= (mul 0 true) 0)"), proved(FIELD)),
    ("no third component", claim("", both("(item (tuple 1 2) 3)")), proved(FIELD)),
    (
        "a function of one argument with two",
        claim("f (map (real) real)", both("(at f 1 2)")),
        proved(FIELD, f=IDENTITY),
    ),
    (
        "|z^n| is not a real square",
        claim("z complex, n integer", "(= (pow (abs (pow z n)) 2) (pow (pow z n) 2))", "(>= n 0)"),
        proved(FIELD, z=1, n=1),
    ),
    ("a certificate that names the marks of states", *state_marks()),
    (
        "cuts: sqrt of a product",
        claim("z complex, w complex", "(= (sqrt (mul z w)) (mul (sqrt z) (sqrt w)))"),
        proved(FIELD, z=1, w=1),
    ),
    (
        "cuts: log of a product",
        claim("x real, y real", "(= (log (mul x y)) (add (log x) (log y)))"),
        proved(FIELD, x=1, y=1),
    ),
    ("cuts: log of exp", claim("z complex", "(= (log (exp z)) z)"), proved(FIELD, z=1)),
    ("cuts: a cube root of a cube", claim("x real", "(= (pow (pow x 3) 1/3) x)"), proved(FIELD, x=1)),
    (
        "cuts: a power of a power",
        claim("x real, y real", "(= (pow (pow x 2) y) (pow x (mul 2 y)))"),
        proved(FIELD, x=1, y=1),
    ),
    ("conj of a root", claim("x real", "(= (conj (sqrt x)) (sqrt x))"), proved(FIELD, x=1)),
    # sign
    ("degree 13 under a shift", claim("x real", "(>= (pow x 13) 0)", "(>= x -1)"), proved(SIGN, x=1)),
    ("x != 1 does not say x^2 > 0", claim("x real", "(> (pow x 2) 0)", "(!= x 1)"), proved(SIGN, x=2)),
    ("x <= 0 does not say x < 0", claim("x real", "(< x 0)", "(<= x 0)"), proved(SIGN, x=-1)),
    ("a complex square is not >= 0", claim("z complex", "(!= (add 1 (pow z 2)) 0)"), proved(SIGN, z=1)),
    (
        "the sign of a quotient is not that of its numerator",
        claim("x real, y real", "(< y 0)", "(> (div y x) 0)"),
        proved(SIGN, x=-1, y=-1),
    ),
    ("a square may be 0", claim("x real, y real", "(> (pow (add x y) 2) 0)"), proved(SIGN, x=1, y=1)),
    (
        "0^(n + 1) may be 1",
        claim("x real, n integer", "(!= x 0)", "(!= (pow x (add n 1)) 0)", "(>= n -1)"),
        proved(SIGN, x=1, n=1),
    ),
    ("x != 1 is no bound", claim("x real", "(> x 0)", "(!= x 1)"), proved(SIGN, x=2)),
    (
        "x^n is no integer",
        claim("x real, n integer", "(>= (pow x n) 1)", "(> (pow x n) 0)"),
        proved(SIGN, x=1, n=1),
    ),
    (
        "a state that leaves the integers",
        claim(
            "n integer, x integer",
            "(>= (item (iterate ((p integer)) (n (tuple x)) (assign p (div p 2))) 1) 1)",
            "(>= n 0)",
            "(> (item (iterate ((p integer)) (n (tuple x)) (assign p (div p 2))) 1) 0)",
        ),
        proved(SIGN, n=1, x=1),
    ),
    (
        "an orbit before its start",
        claim("n integer, x real", f"(>= {SQUARE.format('(add n 1)', 'x')} 0)", "(>= n -1)"),
        proved(SIGN, n=1, x=1),
    ),
    (
        "half a step",
        claim("y real, x real", f"(>= {SQUARE.format('(add y 1)', 'x')} 0)", "(>= y 0)"),
        proved(SIGN, y="1/2", x=1),
    ),
    ("an order of complex numbers", claim("z complex", "(<= z z)"), proved(SIGN, z=1)),
    ("an order of imaginary numbers", claim("x real", "(<= (mul i x) (mul i x))"), proved(SIGN, x=1)),
    (
        "log x <= log x + 1 at -1",
        claim("x real", "(<= (log x) (add 1 (log x)))", "(< x 0)"),
        proved(SIGN, x=-1),
    ),
    # evaluate
    ("3 > 1 + i", claim("", "(> 3 (add 1 i))"), proved(EVALUATE)),
    ("2 >= log(-1)", claim("", "(>= 2 (log -1))"), proved(EVALUATE)),
    ("x/x = 2 at 0", claim("x real", "(!= (div x x) 2)"), refuted(EVALUATE, x=0)),
    (
        "atan2 at the origin",
        claim("x real, y real", "(implies (= (atan2 y x) 0) (> x 0))"),
        refuted(EVALUATE, x=0, y=0),
    ),
    (
        "atan2 at the origin, inexactly",
        claim("x real, y real", "(< (atan2 y x) -4)"),
        refuted(proof("sign"), x=0, y=0),
    ),
    (
        "a real exponent at a negative base",
        claim("x real, y real", "(> (pow x y) 0)"),
        refuted(EVALUATE, x=-1, y=1),
    ),
    (
        "a complex exponent at 0",
        claim("z complex, w complex", "(!= (pow z w) 0)"),
        refuted(EVALUATE, z=0, w="1/2"),
    ),
    (
        "a real exponent in a quantifier",
        claim("", "(exists ((y real)) true (= (pow -2 y) -2))"),
        proved(proof("exists", witness={"y": "1"}, proof=FIELD)),
    ),
    (
        "a bound name takes the point's value",
        claim("x real", "(or (!= x x) (exists ((x real)) true (!= x 3)))"),
        refuted(proof("and", parts=[EVALUATE, proof("forall", proof=EVALUATE)]), x=3),
    ),
    (
        "a sum inside an iteration sees the state, not the declared name",
        claim(
            "p real",
            "(!= p 1)",
            "(= (item (iterate ((p real)) (2 (tuple p)) (assign p (sum ((k integer)) (1 2) true p))) 1) 2)",
        ),
        refuted(EVALUATE, p=1),
    ),
    (
        "an iteration inside an iteration sees the state",
        claim(
            "p real",
            "(!= p 1)",
            "(= (item (iterate ((p real)) (2 (tuple p)) (assign p "
            "(item (iterate ((q real)) (1 (tuple 0)) (assign q (mul 2 p))) 1))) 1) 2)",
        ),
        refuted(EVALUATE, p=1),
    ),
    # points
    (
        "assumptions proved from themselves",
        claim("x real", "(= 1 2)", "(> x 0)", "(< x 0)"),
        proved(
            proof("contradiction", proof=proof("conflict", assumption=0, proof=SIGN)),
            because={"0": ASSUMPTION, "1": ASSUMPTION},
            x=5,
        ),
    ),
    (
        "a witness outside the assumptions",
        claim("x real", "(> x -1)", "(> x 0)"),
        refuted(EVALUATE, because={"0": ASSUMPTION}, x=-5),
    ),
    (
        "a function that is not total",
        claim("f (map (real) real)", "(exists ((x real)) true (!= (mul x (at f x)) 1))"),
        refuted(proof("forall", proof=FIELD), f={"lambda": J("(lambda ((x real)) (div 1 x))")}),
    ),
    (
        "a function applied off its domain",
        claim("f (map (real) real), z complex", "(= (im (at f z)) 0)"),
        refuted(EVALUATE, f=IDENTITY, z="i"),
    ),
    (
        "a function of an undefined argument",
        claim("f (map (real) real), x real", "(implies (= (at f (div 1 x)) 2) (!= x 0))"),
        refuted(EVALUATE, f={"lambda": J("(lambda ((y real)) 2)")}, x=0),
    ),
    (
        "a family off its range",
        claim(
            "f (map ((index 2)) integer), n integer",
            "(<= (at f n) 2)",
            "(forall ((i (index 2))) true (<= (at f i) 2))",
        ),
        refuted(EVALUATE, f={"lambda": J("(lambda ((i (index 2))) i)")}, n=5),
    ),
    ("no value", claim("x real", "(> x 0)"), refuted(EVALUATE)),
    ("one value too many", claim("x real", "(> x 0)"), refuted(EVALUATE, x=-1, y=1)),
    ("a real number that is not", claim("x real", "(>= (pow x 2) 0)"), refuted(EVALUATE, x="i")),
    ("an integer that is not", claim("n integer", "(!= (mul 2 n) 1)"), refuted(EVALUATE, n="1/2")),
    ("an index out of range", claim("k (index 3)", "(<= k 3)"), refuted(EVALUATE, k=4)),
    ("a truth value for a number", claim("x real", "(> x 1)"), refuted(EVALUATE, x=[True])),
    (
        "a refutation under a condition",
        claim("", "(exists ((y real)) true (!= (div y y) 1))"),
        refuted(proof("forall", proof=FIELD)),
    ),
    # undefined
    (
        "undefined at some x",
        claim("", "(exists ((x real)) true (= (div 1 x) 1))"),
        undefined(0, proof("exists", witness={"x": "0"}, proof=FIELD)),
    ),
    ("undefined beside a truth", claim("", "(or (= 1 1) (= (div 1 0) 1))"), undefined(0, FIELD)),
    ("undefined under a premise", claim("", "(implies (= (div 1 0) 1) (= 1 1))"), undefined(0, FIELD)),
    ("condition number true", claim("", "(= (div 1 0) (div 1 0))"), undefined(True, FIELD)),
    ("condition number -1", claim("", "(= (div 1 0) 1)"), undefined(-1, FIELD)),
    # exists
    (
        "an index in a range shown under a condition",
        claim("m integer", "(exists ((k (index m))) true (= k k))", "(>= m 0)"),
        proved(
            proof(
                "exists",
                witness={"k": J("(add 1 (mul 0 (floor (log m))))")},
                range={"k": proof("and", parts=[SIGN, SIGN])},
                proof=FIELD,
            ),
            m=1,
        ),
    ),
    (
        "an irrational rational",
        claim("", "(exists ((x rational)) true (= x (binomial 1 1/2)))"),
        proved(proof("exists", witness={"x": J("(binomial 1 1/2)")}, proof=FIELD)),
    ),
    (
        "a half for an integer",
        claim("", "(exists ((x integer)) true (= x (rising 3 -1)))"),
        proved(proof("exists", witness={"x": J("(rising 3 -1)")}, proof=FIELD)),
    ),
    (
        "a Fibonacci number between two",
        claim("", "(exists ((x integer)) true (= x (fibonacci 1/2)))"),
        proved(proof("exists", witness={"x": J("(fibonacci 1/2)")}, proof=FIELD)),
    ),
    (
        "a witness under a condition",
        claim("x real", "(exists ((y real)) true (= (mul x y) 1))"),
        proved(proof("exists", witness={"y": J("(div 1 x)")}, proof=FIELD), x=1),
    ),
    (
        "a complex witness for a real name",
        claim("", "(exists ((y real)) true (= (pow y 2) -1))"),
        proved(proof("exists", witness={"y": J("i")}, proof=FIELD)),
    ),
    (
        "a witness that names the bound name",
        claim("", "(exists ((y real)) true (= y (add y 1)))"),
        proved(proof("exists", witness={"y": J("(add y 1)")}, proof=FIELD)),
    ),
    # logic
    (
        "an order of complex numbers in or",
        claim("z complex", "(or (< z 0) (>= z 0))"),
        proved(proof("or", index=1, proof=ASSUMPTION, **{"assume-others": True}), z=1),
    ),
    (
        "the negation of an undefined part",
        claim("x real", "(or (= (div x x) 1) (= x 0))"),
        proved(
            proof(
                "or", index=1, proof=proof("conflict", assumption=0, proof=FIELD), **{"assume-others": True}
            ),
            x=1,
        ),
    ),
    (
        "cases on an undefined term",
        claim("x real", "(>= (pow x 2) 0)"),
        proved(proof("cases", on=J("(div 1 x)"), parts=[SIGN, SIGN, SIGN]), x=1),
    ),
    (
        "cases on a complex term",
        claim("z complex", "(= z z)"),
        proved(proof("cases", on=J("z"), parts=[FIELD, FIELD, FIELD]), z=1),
    ),
    (
        "two cases of three",
        claim("x real", "(>= (abs x) x)"),
        proved(proof("cases", on=J("x"), parts=[SIGN, SIGN]), x=1),
    ),
    (
        "a case that assumes the goal",
        claim("x real", "(> x 0)"),
        proved(proof("cases", on=J("(> x 0)"), parts=[ASSUMPTION, ASSUMPTION]), x=1),
    ),
    (
        "have under a condition",
        claim("x real", "(= (div x x) 1)"),
        proved(proof("have", fact=J("(= (div x x) 1)"), because=FIELD, proof=ASSUMPTION), x=1),
    ),
    (
        "through oo",
        claim(
            "x real", "(= (limit ((c real)) (oo two-sided) c) (limit ((c real)) (oo two-sided) (mul 2 c)))"
        ),
        proved(
            proof("through", terms=[J("oo")], relations=["=", "="], parts=[proof("limit"), proof("limit")]),
            x=1,
        ),
    ),
    (
        "through terms that are undefined",
        claim("x real", "(= x x)"),
        proved(
            proof("through", terms=[J("(div (mul x x) x)")], relations=["=", "="], parts=[FIELD, FIELD]), x=1
        ),
    ),
    (
        "through <= to <",
        claim("x real", "(< x (add x 1))"),
        proved(proof("through", terms=[J("(add x 1)")], relations=["<=", "="], parts=[SIGN, FIELD]), x=1),
    ),
    (
        "through both directions",
        claim("x real", "(< x x)"),
        proved(proof("through", terms=[J("(add x 1)")], relations=["<", ">"], parts=[SIGN, SIGN]), x=1),
    ),
    (
        "a captured instance",
        claim(
            "x real",
            "(exists ((y real)) true (< (add y 1) y))",
            "(forall ((x real)) true (exists ((y real)) true (< x y)))",
        ),
        proved(proof("instance", assumption=0, terms={"x": J("(add y 1)")}, proof=ASSUMPTION), x=1),
    ),
    (
        "an instance off the domain",
        claim("z complex", "(>= (pow z 2) 0)", "(forall ((x real)) true (>= (pow x 2) 0))"),
        proved(proof("instance", assumption=0, terms={"x": J("z")}, proof=ASSUMPTION), z=1),
    ),
    (
        "an instance without its guard",
        claim("x real", "(> x 0)", "(forall ((y real)) (> y 0) (> y 0))"),
        proved(proof("instance", assumption=0, terms={"y": J("x")}, guard=ASSUMPTION, proof=ASSUMPTION), x=1),
    ),
    (
        "substitution of a term that contains the name",
        claim("x real", "(= x 0)", "(= x (mul 2 x))"),
        proved(proof("substitute", assumption=0, proof=FIELD), x=0),
    ),
    (
        "the kernel's bound names",
        claim("a real", "(forall ((x real)) true (= x a))"),
        proved(
            proof(
                "have",
                fact=J("(forall ((x real)) true (= x x))"),
                because=proof("forall", proof=FIELD),
                proof=ASSUMPTION,
            ),
            a=1,
        ),
    ),
    (
        "a definition captured by a quantifier",
        claim("x real", "(forall ((x real)) true (= (@d) x))", definitions=[("d", "", "x")]),
        proved(proof("forall", proof=FIELD), x=1),
    ),
    (
        "a lemma that is not proved",
        claim("x real", "(= x 1)", lemmas=["0"]),
        proved(proof("lemma", hash="0", premises=[], proof=ASSUMPTION), x=1),
    ),
    # ideal
    (
        "a cofactor that is undefined",
        claim("x real, y real", "(= x 1)", "(= (mul x y) y)"),
        proved(proof("ideal", cofactors=[[0, J("(div 1 y)")]]), x=1, y=1),
    ),
    (
        "a nonzero term that may be 0",
        claim("x real, y real", "(= x 1)", "(= (mul x y) y)"),
        proved(proof("ideal", nonzero=[J("y")], cofactors=[[0, "1"]]), x=1, y=1),
    ),
    (
        "the power 0",
        claim("x real", "(= x 1)", "(= x x)"),
        proved(proof("ideal", power=0, cofactors=[]), x=1),
    ),
    (
        "equation -1",
        claim("x real", "(= x 1)", "(= x 2)", "(= x 1)"),
        proved(proof("ideal", cofactors=[[-1, "1"]]), x=1),
    ),
    # iterations
    (
        "cases of n inside a quantifier over n",
        claim(
            "n integer",
            "(or (forall ((n integer)) (>= n 0) (= {} {})) (!= {} {}))".format(
                FLIP.format("n", 1), FLIP.format(0, 1), FLIP.format("n", 1), FLIP.format(0, 1)
            ),
            "(>= n 0)",
        ),
        proved(
            proof(
                "periodic",
                name="n",
                period=2,
                orbit=J("(iterate ((p real)) (0 (tuple 1)) (assign p (neg p)))"),
                parts=[
                    proof("or", index=0, proof=proof("forall", proof=FIELD)),
                    proof("or", index=1, proof=EVALUATE),
                ],
            ),
            n=1,
        ),
    ),
    (
        "the period 1 of a flip",
        claim("n integer", f"(= {FLIP.format('n', 1)} 1)", "(>= n 0)"),
        proved(
            proof(
                "periodic",
                name="n",
                period=1,
                orbit=J("(iterate ((p real)) (0 (tuple 1)) (assign p (neg p)))"),
                parts=[FIELD],
            ),
            n=1,
        ),
    ),
    (
        "induction without its base",
        claim("n integer", "(>= (pow 2 n) (add n 5))", "(>= n 0)"),
        proved(proof("induction", name="n", least=0, base=SIGN, step=SIGN), n=4),
    ),
    (
        "induction from 1 for n >= 0",
        claim("n integer", "(!= n 0)", "(>= n 0)"),
        proved(proof("induction", name="n", least=1, base=SIGN, step=SIGN), n=1),
    ),
    (
        "induction over the size of a family",
        claim(
            "n integer, f (map ((index n)) real)",
            "(forall ((k (index n))) true (= (at f k) (at f k)))",
            "(>= n 0)",
        ),
        proved(
            proof(
                "induction",
                name="n",
                least=0,
                base=proof("forall", proof=FIELD),
                step=proof("forall", proof=FIELD),
            ),
            n=0,
            f={"table": []},
        ),
    ),
    (
        "a sequence that converges",
        claim("", f"(not (converges ((n integer)) {FLIP.format('n', 0)}))"),
        proved(
            proof(
                "not-convergent",
                period=2,
                orbit=J("(iterate ((p real)) (0 (tuple 0)) (assign p (neg p)))"),
                proof=proof("or", index=0, proof=EVALUATE),
            )
        ),
    ),
    # nonsense
    ("no rule", claim("", "(= 1 1)"), proved(proof("simplify"))),
    ("no proof", claim("", "(= 1 1)"), {"verdict": "proved", "inhabitant": {"point": {}}}),
    ("no inhabitant", claim("", "(= 1 1)"), {"verdict": "proved", "proof": FIELD}),
    (
        "another verdict",
        claim("", "(= 1 1)"),
        {"verdict": "true", "proof": FIELD, "inhabitant": {"point": {}}},
    ),
]

#: Accepted, with exactly these conditions.
CONDITIONS: list[tuple[Claim, Mapping[str, Any], list[str]]] = [
    (
        claim("z complex", f"(= (re {SELF.format('z')}) {SELF.format('z')})"),
        proved(FIELD, z=1),
        ["z in reals"],
    ),
    (claim("x real", both("(cases 1 (> x 0))")), proved(FIELD, x=1), ["x > 0"]),
    (claim("x real", both("(cases 1 (> x 0) 2 true)")), proved(FIELD, x=1), []),
    (claim("z complex", "(= (im (floor z)) 0)"), proved(FIELD, z=1), ["z in reals"]),
    (
        claim("x real", "(implies (> (div 1 x) 0) (>= (pow x 2) 0))"),
        proved(proof("implies", proof=SIGN), x=1),
        ["x != 0"],
    ),
    (
        claim("f (map (real) real), z complex", "(= (im (at f z)) 0)"),
        proved(FIELD, f=IDENTITY, z=1),
        ["z in reals"],
    ),
    (claim("z complex", "(= (mul 0 (tanh z)) 0)"), proved(FIELD, z=1), ["cosh(z) != 0"]),
    (claim("x real", "(= (mul 0 (tanh x)) 0)"), proved(FIELD, x=1), []),
    (
        claim("x real", "(= (mul 0 (binomial x 1/2)) 0)"),
        proved(FIELD, x=1),
        ["(x + 1 > 0) or not(x + 1 in integers)"],
    ),
    (claim("x real", "(<= (log x) (add 1 (log x)))"), proved(SIGN, x=1), ["x > 0"]),
    (claim("x real", "(<= (sqrt x) (add 1 (sqrt x)))"), proved(SIGN, x=1), ["x >= 0"]),
    (claim("x real", "(<= (log x) (add 1 (log x)))", "(> x 0)"), proved(SIGN, x=1), []),
    (claim("y real", both("(sum ((k integer)) (1 y) true k)")), proved(FIELD, y=1), ["y in integers"]),
    (claim("x real", "(= (div x x) 1)"), proved(FIELD, x=2), ["x != 0"]),
    (
        claim("x real, y real", "(= (pow x y) x)", "(= y 1)"),
        proved(proof("substitute", assumption=0, proof=FIELD), x=1, y=1),
        ["x > 0"],
    ),
    (
        claim("x real, n integer", "(= (pow x n) x)", "(= n 1)"),
        proved(proof("substitute", assumption=0, proof=FIELD), x=1, n=1),
        [],
    ),
]

ACCEPTED: list[Row] = [
    (
        "field",
        claim("x real, y real", "(= (pow (add x y) 2) (add (pow x 2) (mul 2 x y) (pow y 2)))"),
        proved(FIELD, x=1, y=1),
    ),
    (
        "field, orbit",
        claim(
            "n integer, x real", f"(= {FLIP.format('(add n 2)', 'x')} {FLIP.format('n', 'x')})", "(>= n 0)"
        ),
        proved(FIELD, n=1, x=1),
    ),
    ("sign, shift", claim("n integer", "(>= (pow n 3) 8)", "(> n 1)"), proved(SIGN, n=2)),
    ("sign, nonzero", claim("x real", "(> (pow x 2) 0)", "(!= x 0)"), proved(SIGN, x=2)),
    ("evaluate", claim("", "(< (sqrt 2) (div 3 2))"), proved(EVALUATE)),
    ("evaluate >", claim("", "(> (div 3 2) (sqrt 2))"), proved(EVALUATE)),
    ("evaluate, member", claim("", "(in (mul i i) reals)"), proved(EVALUATE)),
    ("refuted", claim("x real", "(>= x 0)"), refuted(EVALUATE, x=-1)),
    ("refuted, power", claim("x real, y real", "(> (pow x y) 1)", "(> x 0)"), refuted(EVALUATE, x=2, y=-1)),
    (
        "refuted, a sum inside an iteration",
        claim(
            "p real",
            "(!= p 1)",
            "(= (item (iterate ((p real)) (2 (tuple p)) (assign p (sum ((k integer)) (1 2) true p))) 1) 4)",
        ),
        refuted(EVALUATE, p=1),
    ),
    (
        "refuted, family",
        claim("f (map ((index 2)) integer), n (index 2)", "(<= (at f n) 1)"),
        refuted(EVALUATE, f={"lambda": J("(lambda ((k (index 2))) k)")}, n=2),
    ),
    ("undefined", claim("", "(= (div 1 0) 1)"), undefined(0, FIELD)),
    (
        "exists",
        claim("x real", "(exists ((y real)) (> y x) (> y x))"),
        proved(proof("exists", witness={"y": J("(add x 1)")}, guard=SIGN, proof=SIGN), x=1),
    ),
    (
        "exists, index",
        claim("m integer", "(exists ((k (index m))) true (= k 1))", "(>= m 1)"),
        proved(
            proof("exists", witness={"k": "1"}, range={"k": proof("and", parts=[SIGN, SIGN])}, proof=FIELD),
            m=1,
        ),
    ),
    (
        "cases",
        claim("x real", "(>= (abs x) x)"),
        proved(
            proof("cases", on=J("x"), parts=[SIGN, proof("substitute", assumption=0, proof=SIGN), SIGN]), x=1
        ),
    ),
    (
        "or",
        claim("x real", "(or (< x 0) (>= x 0))"),
        proved(proof("or", index=1, proof=ASSUMPTION, **{"assume-others": True}), x=1),
    ),
    (
        "through",
        claim("x real", "(< x (add x 2))"),
        proved(proof("through", terms=[J("(add x 1)")], relations=["<", "<="], parts=[SIGN, SIGN]), x=1),
    ),
    (
        "have",
        claim("x real", "(>= (mul x x) 0)"),
        proved(proof("have", fact=J("(>= (mul x x) 0)"), because=SIGN, proof=ASSUMPTION), x=1),
    ),
    (
        "contradiction",
        claim("x real", "(!= x 0)", "(> (pow x 3) 0)"),
        proved(
            proof(
                "contradiction",
                proof=proof("conflict", assumption=0, proof=proof("substitute", assumption=1, proof=SIGN)),
            ),
            x=1,
        ),
    ),
    (
        "instance",
        claim(
            "f (map (real) real), x real",
            "(> (at f (pow x 2)) 0)",
            "(forall ((y real)) (>= y 0) (> (at f y) 0))",
        ),
        proved(
            proof("instance", assumption=0, terms={"y": J("(pow x 2)")}, guard=SIGN, proof=ASSUMPTION),
            because={"0": proof("forall", proof=SIGN)},
            f={"lambda": J("(lambda ((y real)) (exp y))")},
            x=1,
        ),
    ),
    (
        "ideal",
        claim("x real, y real", "(= x 1)", "(= (mul x y) y)", "(!= y 0)"),
        proved(proof("ideal", nonzero=[J("y")], cofactors=[[0, "1"]]), x=1, y=1),
    ),
    (
        "periodic",
        claim("n integer", "(= (pow {} 2) 1)".format(FLIP.format("n", 1)), "(>= n 0)"),
        proved(
            proof(
                "periodic",
                name="n",
                period=2,
                orbit=J("(iterate ((p real)) (0 (tuple 1)) (assign p (neg p)))"),
                parts=[FIELD, FIELD],
            ),
            n=1,
        ),
    ),
    (
        "induction",
        claim("n integer, x real", f"(>= {SQUARE.format('n', 'x')} 0)", "(>= n 1)"),
        proved(proof("induction", name="n", least=1, base=SIGN, step=SIGN), n=1, x=1),
    ),
    (
        "not convergent",
        claim("", f"(not (converges ((n integer)) {FLIP.format('n', 1)}))"),
        proved(
            proof(
                "not-convergent",
                period=2,
                orbit=J("(iterate ((p real)) (0 (tuple 1)) (assign p (neg p)))"),
                proof=proof("or", index=0, proof=EVALUATE),
            )
        ),
    ),
]


def _title(row: Any) -> str:
    return row[0] if isinstance(row[0], str) else show(row[0].statement)[:60]


@pytest.mark.parametrize("row", REJECTED, ids=_title)
def test_rejects(row: Row) -> None:
    _, stated, certificate = row
    found = outcome(stated, certificate)
    assert isinstance(found, str), found


@pytest.mark.parametrize("row", ACCEPTED, ids=_title)
def test_accepts(row: Row) -> None:
    _, stated, certificate = row
    found = outcome(stated, certificate)
    assert isinstance(found, (Proved, Refuted)), found
    assert not getattr(found, "conditions", ())


@pytest.mark.parametrize("row", CONDITIONS, ids=_title)
def test_lists_the_conditions(row: tuple[Claim, Mapping[str, Any], list[str]]) -> None:
    stated, certificate, conditions = row
    found = outcome(stated, certificate)
    assert isinstance(found, Proved), found
    assert [show(c) for c in found.conditions] == conditions
