"""One contestant, row after row: JSON lines in, JSON lines out.  It ends itself, by a signal that no code can
catch, when a row has used the limit of processor time: a busy machine changes no result.

    python benchmarks/worker.py checker|simplify|equals|math-verify|arb SECONDS

Answers: proved, refuted, undecided, unread (the contestant has no word for the row).  Runs with nothing
but the row format and SymPy for the contestants that have an environment of their own.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.setrecursionlimit(5000)

from benchmarks.corpus.rows import Row, evaluate, namespace  # noqa: E402

UNREAD = "unread"


def checker() -> Any:
    from benchmarks.corpus.rows import claim_of
    from checker.engines.portfolio import decide
    from checker.kernel.verdict import verify

    def answer(row: Row) -> tuple[str, dict[str, Any]]:
        try:
            claim = claim_of(row)
        except Exception as error:
            return UNREAD, {"why": f"{type(error).__name__}: {error}"[:300]}
        start = time.perf_counter()
        outcome = decide(claim, {})
        seconds = time.perf_counter() - start
        if outcome.certificate is None:
            said = outcome.problem or "; ".join(outcome.tried[-6:])
            return "undecided", {"why": said[:400], "decide": seconds}
        minted = verify(claim, outcome.certificate)
        replay = _replay(claim, outcome.certificate)
        conditions = [str(c) for c in getattr(minted, "conditions", ())]
        certificate = outcome.certificate
        return str(certificate["verdict"]), {
            "decide": seconds, "replay": replay, "rule": str(certificate["proof"]["rule"]), "conditions": conditions,
            "witness": certificate.get("witness"), "bytes": len(json.dumps(certificate, default=str))}

    return answer


def _replay(claim: Any, certificate: Any) -> float:
    """Seconds of one replay, nothing remembered from the one before: the mean of enough of them to be told."""
    from checker.kernel.effort import forget
    from checker.kernel.verdict import verify

    count, start = 0, time.perf_counter()
    while count < 3 or time.perf_counter() - start < 0.03 and count < 300:
        forget()
        verify(claim, certificate)
        count += 1
    return (time.perf_counter() - start)/count


def _sides(row: Row) -> tuple[Any, Any] | None:
    if not row.relation or row.given:
        return None
    names = namespace()
    return evaluate(row.left, names, False), evaluate(row.right, names, False)


def _relation(row: Row) -> tuple[Any, Any] | None:
    return _sides(row) if row.relation == "=" else None


def simplify() -> Any:
    import sympy

    def answer(row: Row) -> tuple[str, dict[str, Any]]:
        pair = _relation(row)
        if pair is None:
            return UNREAD, {}
        rest = sympy.simplify((pair[0] - pair[1]).doit())
        if rest == 0:
            return "proved", {}
        return ("refuted" if rest.is_zero is False else "undecided"), {}

    return answer


def equals() -> Any:
    def answer(row: Row) -> tuple[str, dict[str, Any]]:
        pair = _relation(row)
        if pair is None:
            return UNREAD, {}
        same = pair[0].doit().equals(pair[1].doit())
        return {True: "proved", False: "refuted"}.get(same, "undecided"), {}

    return answer


def math_verify() -> Any:
    from math_verify import verify

    def answer(row: Row) -> tuple[str, dict[str, Any]]:
        pair = _relation(row)
        if pair is None:
            return UNREAD, {}
        return ("proved" if verify([pair[0]], [pair[1]], timeout_seconds=None) else "refuted"), {}

    return answer


def arb() -> Any:
    """Balls at random points: what a refuter without a prover reaches.  Integrals, limits and infinite sums are
    not evaluated."""
    import random
    from fractions import Fraction

    from benchmarks.corpus.rows import claim_of
    from checker.kernel.evaluate import Undefined, Unknown
    from checker.kernel.evidence import Reject
    from checker.kernel.model import read_model
    from checker.kernel.term import INTEGER, Num, add, app, mul, to_json

    def value(sort: Any, r: random.Random) -> Any:
        if sort == INTEGER:
            return Num(Fraction(r.randint(-6, 12)))
        q = Num(Fraction(r.randint(-200, 200), r.randint(1, 20)))
        if str(getattr(sort, "kind", "")) == "complex":
            return add(q, mul(Num(Fraction(r.randint(-200, 200), r.randint(1, 20))), app("i")))
        return q

    def answer(row: Row) -> tuple[str, dict[str, Any]]:
        try:
            sequent = claim_of(row).sequent
        except Exception:
            return UNREAD, {}
        r = random.Random(row.id)
        for _ in range(40):
            point = {n: to_json(value(s, r)) for n, s in sequent.declarations.items()}
            try:
                model = read_model(sequent, {"kind": "point", "point": point})
                if all(map(model.truth, sequent.assumptions)) and not model.truth(sequent.goal):
                    return "refuted", {}
            except (Reject, Undefined, Unknown):
                continue
        return "undecided", {}

    return answer


CONTESTANTS = {"checker": checker, "simplify": simplify, "equals": equals, "math-verify": math_verify, "arb": arb}


def main() -> None:
    answer = CONTESTANTS[sys.argv[1]]()
    said = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)      # a contestant that prints must not be read as an answer
    said.write("ready\n")
    said.flush()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for line in sys.stdin:
        row = Row.of(json.loads(line))
        signal.setitimer(signal.ITIMER_PROF, float(sys.argv[2]))
        start = time.perf_counter()
        try:
            verdict, more = answer(row)
        except Exception as error:
            verdict, more = "undecided", {"why": f"{type(error).__name__}: {error}"[:300], "raised": True}
        seconds = more.get("decide", time.perf_counter() - start)     # without the timing of replays
        signal.setitimer(signal.ITIMER_PROF, 0)
        said.write(json.dumps({"verdict": verdict, "seconds": seconds, **more}, default=str) + "\n")
        said.flush()


if __name__ == "__main__":
    main()
