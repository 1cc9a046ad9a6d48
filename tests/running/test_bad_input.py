"""Files that cannot be used: each a clear message with file and line, the others decided all the same."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import GOOD, Project

HEAD = "from sympy import symbols\nfrom checker import Derivation\nx = symbols('x', real=True)\n"

#: file -> (source, code, line, part of the message)
BAD: dict[str, tuple[str, str, int | None, str]] = {
    "syntax": ("D = (1,\n", "syntax", 1, "was never closed"),
    "unknown_symbol": (
        HEAD + "D = Derivation('u')\nD.claim('a', x, '=', xx + 1)\n", "unknown-name", 5, "`xx`",
    ),
    "not_imported": ("D = Derivation('n')\n", "unknown-name", 1, "from checker import Derivation"),
    "contradiction": (
        HEAD + "D = Derivation('c')\nD.claim('a', x, '=', x, given=[x > 1, x < 0])\n", "contradiction", 5,
        "contradict",
    ),
    "duplicate": (
        HEAD + "D = Derivation('d')\nD.claim('a', x, '=', x)\nD.claim('a', x, '<=', x)\n", "duplicate-id", 6,
        "is taken",
    ),
    "link_id_taken": (
        HEAD + "D = Derivation('l')\nD.claim('a', x, '=', x, '=', x)\nD.claim('a.1', x, '=', x)\n",
        "duplicate-id", 6, "is taken",
    ),
    "endless": ("n = 0\nwhile True:\n    n += 1\n", "load-timeout", None, "still loading"),
    "exits": ("import os\nos._exit(0)\n", "exit", 2, "ends the process"),
    "leaves": ("import sys\nsys.exit()\n", "exit", 2, "ends the program"),
    "prints": (HEAD + "print('hello', x)\n", "output", 4, "'hello x'"),
    "writes": ("import os\nos.write(2, b'psst')\n", "output", None, "'psst'"),
    "crashes": ("import ctypes\nctypes.string_at(0)\n", "load-crash", 2, "signal 11"),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "load-crash", None, "signal 9"),
    "hungry": ("x = bytearray(3 * 2**30)\n", "load-memory", 1, "memory"),
    "raises": ("def f():\n    return 1 / 0\nf()\n", "load-error", 2, "division"),
    "endless_recursion": ("def f():\n    f()\nf()\n", "load-error", 2, "recurses"),
    "no_module": ("import nothing_like_this\n", "import", 1, "nothing_like_this"),
    "binary": ("x = 'a\\0b'\n".replace("\\0", "\0"), "syntax", None, "null byte"),
    "cycle": (
        HEAD + "D = Derivation('y')\nD.claim('a', x, '=', x, using=['b'])\n"
        "D.claim('b', x, '=', x, using=['a'])\n",
        "cycle", 5, "y.a -> y.b",
    ),
    "no_lemma": (
        HEAD + "D = Derivation('z')\nD.claim('a', x, '=', x, using=['bb'])\n", "unknown-lemma", 5, "'bb'",
    ),
    "method": (HEAD + "D = Derivation('m')\nD.calim('a', x, '=', x)\n", "load-error", 5,
               "a Derivation has no `calim` (did you mean `claim`?)"),
    "keyword": (HEAD + "D = Derivation('k')\nD.claim('a', x, '=', x, expect='refuted')\n", "load-error", 5,
                "claim(...) takes no `expect=` (did you mean `expected`?)"),
    "import_name": ("from sympy import symbls\n", "import", 1,
                    "cannot import name `symbls` from `sympy` (did you mean `symbols`?)"),
    "half": (HEAD + "D = Derivation('h')\nD.claim('a', 1/2*x, '=', x/2)\n", "float", 5, "write Rational(1, 2)"),
    "third": (HEAD + "D = Derivation('t')\nD.claim('a', 0.3333333*x, '=', x/3)\n", "float", 5, "write an exact number"),
    "head": ("from sympy import symbols, zeta\nfrom checker import Derivation\nD = Derivation('e')\n"
             "D.claim('a', zeta(symbols('x')), '=', 1)\n", "unknown-head", 4, "docs/language.md"),
    "bad_id": (HEAD + "D = Derivation('b')\nD.claim('../a', x, '=', x)\n", "bad-id", 5, "letters"),
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any], Project]:
    """One run over all of them and a good file."""
    project = Project(tmp_path_factory.mktemp("bad"))
    project.write("pyproject.toml", "[tool.checker]\ntimeout = 4\n")
    project.write("derivations/good.py", GOOD)
    for name, (source, *_) in BAD.items():
        project.write(f"derivations/{name}.py", source)
    code, data = project.check()
    return code, data, project


@pytest.mark.parametrize("name", BAD)
def test_each_has_its_message(name: str, outcome: tuple[int, dict[str, Any], Project]) -> None:
    _, code, line, part = BAD[name]
    found = [e for e in outcome[1]["errors"] if e["file"] == f"derivations/{name}.py"]
    assert [e["code"] for e in found] == [code]
    assert part in found[0]["message"]
    if line is not None:
        assert found[0]["line"] == line


def test_the_rest_is_decided(outcome: tuple[int, dict[str, Any], Project]) -> None:
    code, data, _ = outcome
    assert code == 2
    good = [c for c in data["claims"] if c["file"] == "derivations/good.py"]
    assert len(good) == 6
    assert all(c["as_expected"] for c in good)
    assert {e["file"] for e in data["errors"]} == {f"derivations/{name}.py" for name in BAD}


def test_an_endless_file_says_where_it_was(outcome: tuple[int, dict[str, Any], Project]) -> None:
    found, = (e for e in outcome[1]["errors"] if e["file"] == "derivations/endless.py")
    assert found["line"] in (2, 3)
    assert "it was at this line" in found["message"]


def test_messages_show_the_source(project: Project) -> None:
    project.write("derivations/bad.py", "from sympy import symbols\ntau = symbols('tau')\nprint = tua\n")
    text = project.run("check").stdout
    assert "derivations/bad.py:3:9: error: unknown name `tua`; did you mean `tau`? [unknown-name]" in text
    assert "  3 | print = tua\n    |         ^" in text


def test_ids_are_unique_across_files(project: Project) -> None:
    project.write("derivations/other.py", HEAD + "D = Derivation('good')\nD.claim('square', x, '=', x)\n")
    code, data = project.check()
    assert code == 2
    error, = data["errors"]
    assert (error["code"], error["file"], error["line"]) == ("duplicate-id", "derivations/other.py", 5)
    assert "derivations/good.py:6" in error["message"]
    assert sum(c["id"] == "good.square" for c in data["claims"]) == 1


def test_a_claim_resting_on_what_is_not_proved_is_undecided(project: Project) -> None:
    project.write("derivations/rests.py", HEAD + (
        "D = Derivation('rests')\nD.claim('false', x + 1, '=', x, expected='refuted')\n"
        "D.claim('true', x, '=', x, using=['false'], expected='undecided')\n"
        "D.claim('above', x, '=', x, using=['true'], expected='undecided')\n"
    ))
    code, data = project.check("-k", "rests")
    claims = {c["id"]: c for c in data["claims"]}
    assert code == 0
    assert claims["rests.true"]["cause"] == "lemma"
    assert claims["rests.true"]["evidence"] == "rests on rests.false, which is refuted"
    assert claims["rests.above"]["evidence"] == "rests on rests.true, which is undecided"


def test_helpers_beside_a_file_can_be_imported(project: Project) -> None:
    project.write("derivations/_shared.py", "from sympy import symbols\nx = symbols('x', real=True)\n")
    project.write("derivations/uses.py", (
        "from checker import Derivation\nfrom _shared import x\nD = Derivation('uses')\n"
        "D.claim('a', 2*x, '=', x + x)\n"
    ))
    assert project.check("-k", "uses")[1]["claims"][0]["verdict"] == "proved"
    # a remembered document is stale when a helper changes
    project.write("derivations/_shared.py", "from sympy import symbols\nx = symbols('y', real=True)\n")
    assert "y" in project.check("-k", "uses")[1]["claims"][0]["statement"]
