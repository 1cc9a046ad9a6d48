"""Terms and runs for the tests of the reports, made by hand (no reading, no kernel rules)."""

from __future__ import annotations

from checker.kernel.claim import Claim, Definition
from checker.kernel.term import (
    BINDERS, HEADS, INTEGER, OO, REAL, TRUE, Bind, Index, Law, Map, Space, Term, Var, add, app, mul, num,
    sub, to_json,
)
from checker.records import Decision, Document, Problem, Run, StatedClaim

x, y, z, n, m, c, i, j = map(Var, "x y z n m c i j".split())
TWO_SIDED = app("two-sided")


def every_head() -> list[Term]:
    """One term for each head of the kernel."""
    out: list[Term] = []
    for head, (least, most) in HEADS.items():
        match head:
            case "cases":
                out.append(app(head, x, app("<", x, num(0)), num(1), TRUE))
            case "density":
                out.append(app(head, Var("p"), x, x, y, num(1), app("given"), z, z))
            case "at":
                out += [app(head, Var("f"), x), app(head, Var("k_Q"), num(1), num(2))]
            case _:
                count = max(least, 2 if most is None else least)
                out.append(app(head, *(x, y, z, n)[:count]))
    return out


def every_binder() -> list[Term]:
    """One term for each binder of the kernel."""
    guard, body = app("!=", j, num(2)), app("pow", j, num(2))
    outer: dict[str, tuple[Term, ...]] = {
        "sum": (num(1), n),
        "prod": (num(1), n),
        "integral": (num(0), OO),
        "limit": (num(0), app("from-above")),
        "diff": (num(0),),
        "partial": (x, app("tuple")),
    }
    out: list[Term] = []
    for head, (_, inner) in BINDERS.items():
        if head == "iterate":
            out.append(game(n, x, y))
            continue
        parts = {1: (body,), 2: (guard, body), 3: (guard, body, body)}[inner]
        out.append(Bind(head, ("j",), (REAL,), outer.get(head, ()), parts))
    return out


def game(steps: Term, p: Term, q: Term) -> Bind:
    """Alternating ascent and descent: the iteration of the founding document."""
    lines = (
        app("assign", Var("q"), add(Var("q"), Var("p"))),
        app("assign", Var("p"), sub(Var("p"), Var("q"))),
    )
    return Bind("iterate", ("p", "q"), (REAL, REAL), (steps, app("tuple", p, q)), lines)


WEIGHT = app("div", app("exp", c), add(mul(num(2), app("exp", c)), m, num(-2)))
WEIGHT_LIMIT = Claim(
    (("m", INTEGER), ("c", REAL)), (app(">=", m, num(2)),),
    app("=", Bind("limit", ("c",), (REAL,), (OO, TWO_SIDED), (WEIGHT,)), num("1/2")),
)
PERIOD = Claim(
    (("p", REAL), ("q", REAL)),
    (),
    app("=", game(num(6), Var("p"), Var("q")), app("tuple", Var("p"), Var("q"))),
)
NEVER_ZERO = Claim(
    (), (), Bind("forall", ("n",), (INTEGER,), (), (
        app(">=", n, num(0)), app("!=", app("item", game(n, num(1), num(1)), num(2)), num(0)))))

_M, _D = Index(m), Index(Var("d"))
_SCORE = Definition("s", (("i", _M),), Bind(
    "sum", ("r",), (_D,), (), (TRUE, mul(app("at", Var("k"), i, Var("r")), app("at", Var("q"), Var("r"))))))
_ALPHA = Definition("alpha", (("i", _M),), app(
    "div", app("exp", app("@s", i)), Bind("sum", ("j",), (_M,), (), (TRUE, app("exp", app("@s", j))))))
SOFTMAX = Claim(
    (("m", INTEGER), ("d", INTEGER), ("a", _M), ("k", Map((_M, _D), REAL)), ("q", Map((_D,), REAL))),
    (app(">=", m, num(2)),), app("<", app("@alpha", Var("a")), num(1)), (_SCORE, _ALPHA))

_Z = Space("unspecified")
_P = app("density", Var("p"), x, x, z, z)
_Q = app("density", Var("q"), z, z, app("given"), x, x)
ELBO = Claim(
    (("x", _Z), ("z", _Z), ("p", Law(("x", "z"))), ("q", Law(("z",), ("x",)))), (),
    app("=", Bind("integral", ("z",), (_Z,), (), (mul(_Q, app("log", app("div", _P, _Q))),)),
        sub(Bind("E", ("z",), (_Z,), (), (
            _Q, app("log", app("density", Var("p"), x, x, app("given"), z, z)))),
            Bind("KL", ("z",), (_Z,), (), (_Q, app("density", Var("p"), z, z))))))
COST = Claim(
    (), (), Bind("big-o", ("t", "n"), (INTEGER, INTEGER), (), (
        app(">", Var("t"), n), mul(Var("t"), app("pow", n, num(2))), mul(app("pow", Var("t"), num(2)), n))))

#: too wide for a line even when it is broken: a page makes it smaller
WIDE = Claim(
    (("x", REAL), ("y", REAL)),
    (),
    app(
        "=",
        app("sqrt", add(*[app("pow", x, num(k)) for k in range(2, 40)])),
        mul(*[add(x, num(k), y) for k in range(2, 40)]),
    ),
)

CLAIMS = (WEIGHT_LIMIT, PERIOD, NEVER_ZERO, SOFTMAX, ELBO, COST)


def decided(id_: str, claim: Claim, verdict: str = "proved", **fields: object) -> Decision:
    """A decision; keyword arguments go to the stated claim or to the decision."""
    of_stated = {k: fields.pop(k) for k in list(fields) if k in StatedClaim.__dataclass_fields__}
    stated = StatedClaim(**{  # type: ignore[arg-type]
        "id": id_, "claim": claim, "file": "q.py", "line": 1, "expected": verdict, **of_stated})
    return Decision(stated, verdict, **fields)  # type: ignore[arg-type]


def run_of(*decisions: Decision, prose: str = "", title: str = "A question", plots: tuple[object, ...] = (),
           problems: tuple[Problem, ...] = ()) -> Run:
    claims = tuple(d.stated for d in decisions)
    return Run([Document("q", title, "Sheet 1, Q1", "q.py", claims, prose, "", plots)],  # type: ignore[arg-type]
               decisions, problems)


def proof(rule: str, **fields: object) -> dict[str, object]:
    return {"verdict": "proved", "proof": {"rule": rule, **fields}, "inhabitant": {"point": {}}}


def full_run() -> Run:
    """Proved, refuted as expected, undecided; a chain; prose with slots; a plot."""
    wrong = Claim(
        PERIOD.declarations, (), app("=", game(num(3), Var("p"), Var("q")), app("tuple", Var("p"), Var("q")))
    )
    chain = [
        decided(f"q.chain.{k}", Claim((("x", REAL),), (app(">", x, num(0)),), s), parent="q.chain",
                rule="field", certificate=proof("field"))
        for k, s in enumerate((app("=", app("div", x, x), num(1)), app("<", num(1), add(x, num(1)))), 1)
    ]
    return run_of(
        decided(
            "q.period", PERIOD, rule="field", certificate=proof("field"), source="Q1(a)", text="Every start."
        ),
        decided(
            "q.wrong",
            wrong,
            "refuted",
            erratum="The period is $6$, not 3.",
            rule="evaluate",
            witness={
                "kind": "point",
                "point": {"p": "1", "q": "-2/3"},
                "left": "(-1, 2/3)",
                "right": "(1, -2/3)",
            },
            certificate={
                "verdict": "refuted",
                "witness": {"kind": "point", "point": {"p": "1", "q": "-2/3"}},
                "proof": {"rule": "evaluate"},
            },
        ),
        decided(
            "q.open",
            WEIGHT_LIMIT,
            "undecided",
            expected="proved",
            cause="time",
            evidence="agrees at 64 points",
            tried=("limits", "field: the difference does not reduce to 0"),
            next_steps=("m > 2",),
        ),
        decided(
            "q.softmax",
            SOFTMAX,
            rule="index-form",
            certificate=proof("index-form"),
            conditions=(to_json(app("!=", x, num(0))),),
            axioms=("Stirling",),
        ),
        decided("q.elbo", ELBO, rule="density-equal", certificate=proof("density-equal", groups=[])),
        decided(
            "q.never-zero",
            NEVER_ZERO,
            rule="forall",
            certificate=proof(
                "forall",
                proof={
                    "rule": "periodic",
                    "name": "n",
                    "period": 2,
                    "orbit": to_json(game(num(0), num(1), num(1))),
                    "parts": [
                        {"rule": "evaluate"},
                        {"rule": "strange-new-rule", "deep": [{"rule": "field"}]},
                    ],
                },
            ),
        ),
        decided("q.wide", WIDE, "undecided"),
        *chain,
        prose='# Part one\n\nLet $f(p, q) = p q$ and see {{ claim("wrong") }}.\n\n{{ claim("period") }}\n\n'
        '$$a_1 = \\frac{1}{2}$$\n\n| a | b |\n|---|---|\n| $x$ | 2 |\n\n'
        '- one\n- two\n\n{{ plot("orbit") }}\n',
        plots=(
            {
                "kind": "orbit",
                "iteration": to_json(game(num(6), num(1), num(1))),
                "level": to_json(
                    add(app("pow", Var("p"), num(2)), mul(Var("p"), Var("q")), app("pow", Var("q"), num(2)))
                ),
                "title": "The orbit",
            },
            {
                "kind": "curve",
                "id": "weight",
                "variable": "c",
                "range": ["-5", "5"],
                "at": {"m": "3"},
                "curves": [{"label": "weight", "expression": to_json(WEIGHT)}],
                "lines": [{"label": "1/2", "expression": "1/2"}],
            },
        ),
    )
