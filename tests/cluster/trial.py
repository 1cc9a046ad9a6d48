"""Searches on a real Dask cluster on this machine: ``make test-dask`` (no part of the ordinary run, which has no Dask).

Whatever the cluster does, the verdicts are those of a run without it, or ``undecided``; never others.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300
SHEET = """---
notation: |
  x, y, z: real
---
# Sheet {k}
$$ x + {k} = {k} + x $$
$$ (x - {k})(x + {k}) = x^2 - {k}^2 $$
$$ (x + {k}y)^2 = x^2 + {k}^2y^2 $$
$$ (x + y)^2 + z^2 \\ge {k} x y - z $$
$$ x^2 + {k} \\ge {k} $$
"""


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(*args), cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)


def _command(*args: str) -> list[str]:
    return [sys.executable, "-m", "checker", "check", "sheets", "--no-store", "--output-format", "json", *args]


def verdicts(text: str) -> Any:
    data = json.loads(text)
    for claim in data["claims"]:
        del claim["seconds"]
    return data


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    (folder / "pyproject.toml").write_text("[tool.checker]\n")
    (folder / "sheets").mkdir()
    for k in range(2, 8):
        (folder / "sheets" / f"s{k}.md").write_text(SHEET.format(k=k))
    (folder / "local.json").write_text(run(folder).stdout)
    return folder


class Dask:
    """A scheduler and workers, as people start them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scheduler, said = self._start("scheduler", "--port", "0", "--no-dashboard", until=r"Scheduler at:\s+(tcp\S+)")
        self.address = said
        self.workers: list[subprocess.Popen[str]] = []

    def worker(self, preload: str = "") -> subprocess.Popen[str]:
        more = ["--preload", preload] if preload else []
        started, _ = self._start("worker", self.address, "--nworkers", "1", "--nthreads", "2", "--no-dashboard", *more,
                                 until=r"Registered to:\s+(tcp\S+)")
        self.workers.append(started)
        return started

    def _start(self, *args: str, until: str) -> tuple[subprocess.Popen[str], str]:
        env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{self.folder}"}
        process = subprocess.Popen([sys.executable, "-m", "dask", *args], cwd=self.folder, env=env, text=True,
                                   stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(until, line):
                return process, found[1]
        raise AssertionError(f"dask {args[0]} did not start")

    @property
    def option(self) -> str:
        return self.address.replace("tcp://", "dask://")

    def stop(self) -> None:
        for process in [*self.workers, self.scheduler]:
            kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """With all that it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def until_asked(workers: list[subprocess.Popen[str]]) -> None:
    """Until one of them has a process for what it is asked."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for worker in workers:
            found = subprocess.run(["pgrep", "-g", str(worker.pid), "-f", "checker.running.remote"],
                                   capture_output=True, check=False)
            if found.returncode == 0:
                return
        time.sleep(0.2)
    raise AssertionError("nobody was asked")


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    cluster = Dask(tmp_path)
    yield cluster
    cluster.stop()


def test_the_same_bytes(course: Path, dask: Dask) -> None:
    dask.worker()
    done = run(course, "--executor", dask.option)
    assert done.returncode == 1 and not done.stderr
    assert verdicts(done.stdout) == verdicts((course / "local.json").read_text())


@pytest.mark.parametrize("who", ["a worker", "the scheduler", "all workers"])
def test_who_is_killed_costs_time_only(who: str, course: Path, dask: Dask) -> None:
    workers = [dask.worker(), dask.worker()]
    running = subprocess.Popen(_command("--executor", dask.option, "--timeout", "5"), cwd=course, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until_asked(workers)
    for process in {"a worker": workers[:1], "the scheduler": [dask.scheduler], "all workers": workers}[who]:
        kill(process)
    out, err = running.communicate(timeout=PATIENCE)
    assert verdicts(out) == verdicts((course / "local.json").read_text()), err


LIES = {
    # what is said instead -> whether the claims are decided all the same
    "return '{\"value\": {\"certificate\": {\"rule\": \"ring\", \"schema\": 1}}}'": False,
    "return '{\"value\": {\"certificate\": null, \"cause\": \"search\"}}'": False,
    "return '{\"cause\": \"time\", \"detail\": \"no\"}'": False,
    "return '{\"value\": {\"verdict\": \"proved\"}}'": False,
    "return 'proved'": True,
    "return 7": True,
    "return '\"' + 'x' * 70_000_000": True,
    "raise ValueError('no')": True,
    "return Evil()": True,
    "raise Worse()": True,
}
#: Who unpickles what a liar sends runs this; the worker itself may.
CODE = "import sys\nif 'dask_bridge' in str(sys.orig_argv): open({mark!r}, 'w')"
LIAR = """
import os
from checker.running import remote

class Evil:
    def __reduce__(self):
        return exec, ({code!r},)

class Worse(Exception, Evil):
    __reduce__ = Evil.__reduce__

def ask(question, seconds, memory):
    {lie}

remote.ask, ask.__module__, ask.__qualname__ = ask, "checker.running.remote", "ask"
"""


@pytest.mark.parametrize("lie", LIES)
def test_a_worker_that_lies(lie: str, course: Path, dask: Dask, tmp_path: Path) -> None:
    mark = tmp_path / "code-was-run"
    (tmp_path / "liar.py").write_text(LIAR.format(lie=lie, code=CODE.format(mark=str(mark))))
    dask.worker("liar.py")
    done = run(course, "--executor", dask.option)
    told, known = verdicts(done.stdout), verdicts((course / "local.json").read_text())
    if LIES[lie]:
        assert told == known and "done" in done.stderr
    assert [c["id"] for c in told["claims"]] == [c["id"] for c in known["claims"]]
    for a, b in zip(told["claims"], known["claims"], strict=True):
        assert a["verdict"] in (b["verdict"], "undecided")
    assert not mark.exists(), "what a worker sent was run, and could write"


def test_no_scheduler_there(course: Path) -> None:
    done = run(course, "--executor", "dask://127.0.0.1:9")
    assert done.returncode == 2 and "there is no Dask scheduler at dask://127.0.0.1:9" in done.stderr


def test_ctrl_c_leaves_nobody_behind(course: Path, dask: Dask) -> None:
    dask.worker()
    running = subprocess.Popen(_command("--executor", dask.option), cwd=course, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, start_new_session=True)
    until_asked(dask.workers)
    os.kill(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode in (1, 130), err
    left = subprocess.run(["pgrep", "-f", f"dask_bridge {dask.address}"], capture_output=True, text=True, check=False)
    assert not left.stdout


def test_a_cluster_of_this_machine(course: Path) -> None:
    done = run(course, "--executor", "dask", "--jobs", "1")
    assert verdicts(done.stdout) == verdicts((course / "local.json").read_text()), done.stderr
