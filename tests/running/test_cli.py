"""The commands as people and programs meet them: exit codes, formats, what is printed."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from xml.etree import ElementTree

import pytest

from checker import cli

from .conftest import REPOSITORY, Project

KEYS = {
    "id", "file", "line", "statement", "given", "verdict", "expected", "as_expected", "conditions", "rule",
    "axioms", "using", "witness", "cause", "evidence", "next_steps", "certificate", "claim_hash", "seconds",
}


def test_json_keeps_the_contract(checked: Project) -> None:
    code, data = checked.check()
    assert code == 0
    assert data["schema"] == "checker/1"
    assert data["errors"] == []
    claims = {c["id"]: c for c in data["claims"]}
    assert list(claims) == [
        "good.square", "good.freshman", "good.cancel", "good.again", "good.chain.1", "good.chain.2",
    ]
    assert all(set(c) >= KEYS for c in claims.values())
    square, freshman = claims["good.square"], claims["good.freshman"]
    assert (square["verdict"], square["file"], square["line"]) == ("proved", "derivations/good.py", 6)
    assert (checked.root / square["certificate"]).is_file()
    assert len(square["claim_hash"]) == 64
    assert freshman["verdict"] == "refuted"
    assert freshman["as_expected"]
    assert freshman["witness"]["kind"] == "point"
    assert set(freshman["witness"]["point"]) == {"x", "y"}
    assert freshman["witness"]["left"] != freshman["witness"]["right"]
    assert claims["good.cancel"]["conditions"] == ["x != 0"]
    assert claims["good.again"]["using"] == ["good.square"]
    assert claims["good.chain.2"]["parent"] == "good.chain"


def test_same_claims_same_bytes(project: Project) -> None:
    def text(*arguments: str) -> str:
        _, data = project.check(*arguments)
        for claim in data["claims"]:
            claim.pop("seconds")
        return json.dumps(data)

    afresh, stored = text(), text()
    assert afresh == stored == text("--no-store", "--jobs", "1")


def test_exit_codes(project: Project) -> None:
    assert project.run("check").returncode == 0
    assert project.run("check", "-k", "nothing-of-this-name").returncode == 5
    assert project.run("check", "no-such-folder").returncode == 2
    assert "did you mean derivations/good.py?" in project.run("check", "derivations/god.py").stderr
    assert project.run("check", "--no-such-option").returncode == 2
    assert project.run("check", "--memory", "much").returncode == 2
    project.write("derivations/good.py", "from checker import Derivation\nDerivation('empty')\n")
    assert project.run("check").returncode == 5
    project.write("pyproject.toml", "[tool.checker]\ntimeuot = 3\n")
    done = project.run("check")
    assert done.returncode == 2
    assert "did you mean 'timeout'?" in done.stderr


def test_an_unexpected_verdict_is_1_and_says_where(project: Project) -> None:
    project.write("derivations/wrong.py", (
        "from sympy import symbols\nfrom checker import Derivation\nx = symbols('x', real=True)\n"
        "D = Derivation('wrong')\nD.claim('double', x + x, '=', x)\n"
    ))
    done = project.run("check")
    assert done.returncode == 1
    assert "derivations/wrong.py:5: wrong.double is refuted, expected proved" in done.stdout
    line = next(line for line in done.stdout.splitlines() if line.startswith("!!"))
    assert line.split()[:3] == ["!!", "refuted", "wrong.double"]
    assert line.endswith("(expected proved)")
    assert "5 | D.claim('double', x + x, '=', x)" in done.stdout
    assert "checker explain wrong.double" in done.stdout
    # a failing file counts more than a wrong verdict
    project.write("derivations/broken.py", "(\n")
    assert project.run("check").returncode == 2


def test_fail_on_undecided(project: Project) -> None:
    project.write("derivations/open.py", (
        "from sympy import symbols, zeta\nfrom checker import Derivation\nfrom sympy import sin, pi\n"
        "x = symbols('x', real=True)\nD = Derivation('open')\n"
        "D.claim('hard', sin(x)**2 * sin(x + 1)**2, '<', 1 + sin(x**3 + x + 1)**2 / 10**6, "
        "expected='undecided')\n"
    ))
    code, data = project.check("-k", "open.hard")
    claim, = data["claims"]
    if claim["verdict"] != "undecided":
        pytest.skip("the engines decide this now; state a harder claim here")
    assert code == 0
    assert claim["cause"]
    assert claim["next_steps"]
    assert project.run("check", "-k", "open.hard", "--fail-on", "undecided").returncode == 1


def test_internal_error_is_3(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("checker.running.run.run", broken)
    with pytest.raises(SystemExit) as stop:
        cli.main(["check"])
    assert stop.value.code == 3
    assert "a fault of ours" in capsys.readouterr().err


def test_selection(checked: Project) -> None:
    def ids(words: str) -> list[str]:
        return [c["id"] for c in checked.check("-k", words)[1]["claims"]]

    assert ids("chain") == ["good.chain.1", "good.chain.2"]
    assert ids("square or freshman") == ["good.square", "good.freshman"]
    assert ids("good and not (chain or square or cancel)") == ["good.freshman", "good.again"]
    assert checked.run("check", "-k", "and").returncode == 2


def test_a_lemma_is_decided_even_if_not_selected(checked: Project) -> None:
    _, data = checked.check("-k", "again", "--no-store")
    assert [(c["id"], c["verdict"]) for c in data["claims"]] == [("good.again", "proved")]


def test_plain_lines_where_there_is_no_terminal(checked: Project) -> None:
    done = checked.run("check")
    assert "\x1b" not in done.stdout + done.stderr
    line = next(line for line in done.stdout.splitlines() if "good.cancel" in line)
    assert line.startswith("ok  proved")
    assert "x/x = 1" in line
    assert "x ≠ 0" in line
    assert done.stdout.splitlines()[-2] == "6 claims: 5 proved, 1 refuted. All as expected."


def on_terminal(project: Project, width: int, **environment: str) -> str:
    """What ``checker check`` shows on a terminal."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    path = {"PYTHONPATH": str(REPOSITORY), "TERM": "xterm-256color", **environment}
    inherited = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR", "COLUMNS")}
    with subprocess.Popen(
        [sys.executable, "-m", "checker", "check"], cwd=project.root, stdout=child, stderr=child,
        env={**inherited, **path},
    ):
        os.close(child)
        shown = b""
        while piece := _read(parent):
            shown += piece
    os.close(parent)
    return shown.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other side has gone
        return b""


@pytest.mark.parametrize("width", [100, 140])
def test_a_table_on_a_terminal(checked: Project, width: int) -> None:
    shown = on_terminal(checked, width)
    assert "\x1b[32m" in shown
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert "rests on, or the witness" in plain
    assert "Things that are so   Sheet 1" in plain
    rows = [line for line in plain.splitlines() if "✓" in line]
    assert len(rows) == 6
    assert all(len(line.rpartition("\r")[2]) <= width for line in plain.split("\r\n"))
    assert "x = 1, y = 1: left 4, right 2" in plain


def test_no_color_is_respected(checked: Project) -> None:
    shown = on_terminal(checked, 120, NO_COLOR="1")
    assert "rests on, or the witness" in shown
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", shown)


def test_an_encoding_without_signs_is_no_crash(checked: Project) -> None:
    done = checked.run("check", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "good.cancel" in done.stdout


def test_concise(checked: Project) -> None:
    done = checked.run("check", "--output-format", "concise")
    assert done.stdout.splitlines()[1].startswith(
        "derivations/good.py:7: refuted good.freshman: x = 1, y = 1: left 4, right 2"
    )


def test_junit_and_github(project: Project) -> None:
    project.write("derivations/wrong.py", (
        "from sympy import symbols\nfrom checker import Derivation\nx = symbols('x', real=True)\n"
        "D = Derivation('wrong')\nD.claim('less', x, '<', x)\n"
    ))
    project.write("derivations/broken.py", "1 +\n")
    suite = ElementTree.fromstring(project.run("check", "--output-format", "junit").stdout)[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("8", "1", "1")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["wrong.less"]
    lines = project.run("check", "--output-format", "github").stdout.splitlines()
    assert lines[0].startswith("::error file=derivations/wrong.py,line=5,title=wrong.less%3A refuted%2C")
    assert lines[1].startswith("::error file=derivations/broken.py,line=1,")


def test_explain(checked: Project) -> None:
    done = checked.run("explain", "good.freshman")
    assert done.returncode == 0
    for part in ("x: real", "witness:\n  x = 1\n  y = 1\n  left side: 4\n  right side: 2", "2xy is missing"):
        assert part in done.stdout
    assert checked.run("explain", "good.chain").stdout.count("verdict:") == 2
    missing = checked.run("explain", "good.sqare")
    assert missing.returncode == 2
    assert "did you mean good.square" in missing.stderr


def test_help_teaches(checked: Project) -> None:
    top = checked.run("--help").stdout
    assert "checker explain ID" in top
    assert all(c.isprintable() or c == "\n" for c in top)
    for command in ("check", "replay", "report", "explain"):
        assert "Exit code" in checked.run(command, "--help").stdout or command == "explain"


def test_certificates_follow_the_claims(project: Project) -> None:
    project.run("check")
    folder = project.root / "build/certificates"
    assert {f.name for f in folder.iterdir()} == {
        f"good.{n}.json" for n in ("square", "freshman", "cancel", "again", "chain.1", "chain.2")
    }
    (folder / "notes.json").write_text("{}")
    project.write("derivations/good.py", (project.root / "derivations/good.py").read_text().replace(
        'good.claim("cancel", x/x, "=", 1)\n', ""))
    project.run("check", "-k", "square")
    assert (folder / "good.cancel.json").exists()  # part of the claims only: nothing is tidied
    project.run("check")
    assert not (folder / "good.cancel.json").exists()
    assert (folder / "notes.json").exists()


def test_proofs_that_cannot_be_written_are_an_error_and_cost_no_verdict(project: Project) -> None:
    project.write("build/certificates", "a file where the folder should be")
    code, data = project.check()
    assert code == 2 and data["claims"] and all(c["as_expected"] for c in data["claims"])
    assert [e["code"] for e in data["errors"]] == ["certificates"] and "--certificates" in data["errors"][0]["message"]
