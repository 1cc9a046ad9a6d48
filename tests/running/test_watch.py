"""``checker watch``, ``--lf`` and the completion of claim ids: what the last run leaves for the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checker.cli import cli
from checker.completion import script
from checker.console.last_run import claim_ids, odd_files
from checker.console.watch import stamp, watch
from checker.records import Run
from checker.running.config import Options
from checker.running.run import run

from .conftest import REPOSITORY, Project

SLIP = "% notation:\n%   x, y: real\n$$ (x+y)^2 = x^2 + y^2 $$\n$$ x + x = 2x $$\n"


@pytest.fixture
def written(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("pyproject.toml", "")
    made.write("hw.tex", SLIP)
    return made


def test_a_round_tells_what_changed(written: Project) -> None:
    file = written.root / "hw.tex"
    options = Options(written.root, paths=(file,), store=written.root / ".checker")
    edits = iter(["\n" + SLIP, SLIP.replace("y^2 $$", "y^2 + 2xy $$"), SLIP.replace("x + x", "x +")])
    told: list[str] = []
    slept: list[float] = []

    def decide(options: Options) -> Run:
        told.append("--")
        return run(options)

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) % 2:                       # first the wait for a change, then the debounce
            file.unlink()                        # as editors do
            file.write_text(next(edits))

    watch(options, decide, told.append, lambda: None, rounds=4, sleep=sleep)
    first, moved, mended, broken = "\n".join(told).split("--\n")[1:]
    assert "✗ hw.tex:3: refuted" in first and "2x" not in first.split("\n\n")[0]
    assert moved.startswith("no verdict changed") and "as before:\n✗ hw.tex:4: refuted" in moved
    assert "✓ hw.tex:3: proved" in mended and "as before" not in mended and "gone: (x + y)² = x² + y² (refuted)" in mended
    assert "error" in broken and "watching 1 files" in broken
    assert len(stamp(options)) == 1


def test_ctrl_c_ends_it(written: Project) -> None:
    process = subprocess.Popen([sys.executable, "-m", "checker", "watch", "hw.tex"], cwd=written.root, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               # a shell that starts the tests in the background has Ctrl-C ignored below it
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
                               env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C ends" in line:
            break
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and "Traceback" not in out + err


def test_only_what_was_not_as_expected(written: Project) -> None:
    written.write("derivations/good.tex", SLIP.replace("y^2 $$", "y^2 + 2xy $$"))
    head, _, slip = SLIP.partition("$$")
    written.write("derivations/bad.tex", head + "\\input{chapters/one}\n")
    written.write("derivations/chapters/one.tex", "$$" + slip)
    assert written.run("check").returncode == 1
    done = written.run("check", "--lf")
    assert done.returncode == 1 and "bad.tex" in done.stdout and "good.tex" not in done.stdout
    options = Options(written.root, store=written.root / ".checker")
    assert odd_files(options) == (written.root / "derivations/bad.tex",)
    (written.root / ".checker/last.json").write_text("[")
    assert odd_files(options) == () and claim_ids(options) == []
    assert written.run("check", "--lf", "hw.tex").returncode == 2


def test_ids_complete(checked: Project) -> None:
    def complete(*words: str) -> list[str]:
        done = checked.run(_CHECKER_COMPLETE="bash_complete", COMP_WORDS=" ".join(("checker", *words)), COMP_CWORD=str(len(words)))
        return [line.partition(",")[2] for line in done.stdout.split()]

    assert complete("explain", "good.c") == ["good.cancel", "good.chain", "good.chain.1", "good.chain.2"]
    assert "explain" in complete("ex") and complete("check", "--out") == ["--output-format"]


@pytest.mark.parametrize(("shell", "word"), [("bash", "complete -o nosort"), ("zsh", "#compdef checker"), ("fish", "complete --no-files")])
def test_scripts(shell: str, word: str) -> None:
    assert word in script(cli, shell)
