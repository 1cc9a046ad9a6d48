"""A claim that cannot be read is an error of its own, and every other claim of its file is decided."""

from __future__ import annotations

from checker.running.statements import MAX_REFUSED, Statements

from .conftest import Project

SHEET = """\
from __future__ import annotations
from sympy import symbols
from checker import Derivation, E
x = symbols("x", real=True)
D = Derivation("topic")

def state(id, *sides):
    D.claim(id, *sides)

v = D.vector("v", "two")
D.claim("c6-01", x, "=", x)
D.claim("c6-02", x, "=", E(x))
D.claim("c6-03", x + 1, "=", 1 + x)
D.claim("c6-04", v, "=", v)
D.claim("c6-05", x, "=", x, "=", "a b")
for k in (1, 2, 3):
    D.claim(f"loop-{k}", x, "=", x if k != 2 else x + missing)
state("helped", x, "=", xx)
state("helped-again", x, "=", x)
w = v + 1
D.claim("c6-06", w, "=", w)
D.claim("c6-02", x, "=", x)
assumed = []
assumed.append(nothing)
D.claim("c6-08", x, ">", 0, given=assumed)
"""


def test_the_other_claims_of_the_file_are_decided(project: Project) -> None:
    project.write("derivations/topic.py", SHEET)
    code, data = project.check("-k", "topic")
    assert code == 2
    assert [c["id"] for c in data["claims"]] == [
        "topic.c6-01", "topic.c6-03", "topic.loop-1", "topic.loop-3", "topic.helped-again", "topic.c6-02"]
    assert all(c["verdict"] == "proved" for c in data["claims"])
    errors = {e["line"]: e["message"] for e in data["errors"]}
    assert list(errors) == [10, 12, 15, 17, 18, 24]
    assert errors[10].endswith("Not read for it: lines 14, 20, 21")      # never read with what v was before
    assert errors[24].endswith("What stands below it in the file is not read")
    found = project.run("explain", "c6-03")
    assert "did you mean topic.c6-03?" in found.stderr


def run(source: str) -> tuple[list[object], Statements]:
    stated: list[object] = []

    class D:
        claim = stated.append

    statements = Statements(source.encode(), "sheet.py", {"D": D})
    statements.run()
    return stated, statements


def test_a_name_whose_declaration_failed_is_withdrawn() -> None:
    stated, statements = run("x = 1\nx = 1/0\nD.claim(x)\nx = 2\nD.claim(x)\n")
    assert stated == [2]
    assert [(r.line, r.rests) for r in statements.refused] == [(2, [3])]


    stated, statements = run("sum = 1/0\nD.claim(sum([1]))\nD.claim(max([1]))\n")
    assert (stated, [r.rests for r in statements.refused]) == ([1], [[2]])


def test_a_function_that_does_more_than_state_claims_ends_the_file() -> None:
    both = "def state(u):\n    {}D.claim(1/u)\nstate(0)\nD.claim('below')\n"
    for more in ("", "v = u\n    ", "'of u'\n    "):
        assert run(both.format(more))[0] == ["below"]
    outside = "given = []\ndef state(u):\n    given.append(1/u)\n    D.claim(given)\nstate(0)\nD.claim('below')\n"
    assert run(outside)[0] == []
    assert run(outside.replace("given.append(1/u)", "global given; given = 1/u"))[0] == []


def test_the_files_own_try_is_left_alone() -> None:
    stated, statements = run("try:\n    D.claim(1/0)\nexcept ZeroDivisionError:\n    D.claim('caught')\n")
    assert (stated, statements.refused) == (["caught"], [])


def test_what_may_have_changed_something_ends_the_file() -> None:
    for source in ("a = [1]\na[0] = 1/0\n", "import nowhere\n", "for k in (1, 0):\n    u = 1/k\n", "D.other(1/0)\n",
                   "raise SystemExit\n", "x = D.claim(1) or exit()\n"):
        stated, statements = run(source + "D.claim('below')\n")
        assert "below" not in stated, source
        assert [r.ends for r in statements.refused] == [True], source


def test_a_file_of_mistakes_ends() -> None:
    stated, statements = run("for k in range(10_000):\n    D.claim(1/0)\nD.claim('below')\n")
    assert (len(statements.refused), stated) == (MAX_REFUSED, [])
