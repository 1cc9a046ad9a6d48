"""A runaway costs its own task and nothing else."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from checker.running import limits, sandbox, workers as pool
from checker.running.limits import Ended, Failed, Limits
from checker.running.workers import Workers

LIMITS = Limits(seconds=1, memory=512 * 2**20)
MODULE = "tests.running.rogues"
ROGUES = {
    "endless": ("time", "not done after 3 s on the clock (1 s of computing allowed)"),
    "hungry": ("memory", "needs more than 512 MiB of memory"),
    "aborting": ("memory", "needs more than 512 MiB of memory"),
    "overflowing": ("memory", "needs more than 512 MiB of memory"),
    "crashing": ("crash", "its process crashed (signal 11)"),
    "killed": ("crash", "processes for it were killed (signal 9; is the machine out of memory?)"),
    "raising": ("error", "ValueError: so it is"),
    "stopping": ("time", "not done after 3 s on the clock (1 s of computing allowed)"),
    "talking": ("crash", "its answer is longer than 64000000 bytes"),
    "flooding": ("crash", "its answer is longer than 64000000 bytes"),
    "lying": ("crash", "its answer is not JSON"),
    "closing": ("crash", "its process stopped listening"),
    "leaving": ("error", "SystemExit: 0"),
    "interrupting": ("error", "KeyboardInterrupt"),
    "exotic": ("error", "Odd: \x1b[31mred"),
    "unhandled": ("error", "TypeError: Object of type object is not JSON serializable"),
    "unarmed": ("time", "not done after 3 s on the clock (1 s of computing allowed)"),
}


@pytest.mark.parametrize("fresh", [False, True])
def test_every_kind_of_end(fresh: bool, capfd: pytest.CaptureFixture[str]) -> None:
    with Workers(3, LIMITS, fresh=fresh, module=MODULE) as workers:
        rogues = {name: workers.submit(name, 0) for name in ROGUES}
        innocents = [workers.submit("double", n) for n in range(30)]
        noisy = workers.submit("printing", 7)
        assert [f.result(timeout=120) for f in innocents] == [Ended(2 * n) for n in range(30)]
        ends = {name: f.result(timeout=120) for name, f in rogues.items()}
        assert noisy.result(timeout=60) == Ended(7)
    told = {name: (e.cause, e.detail) if isinstance(e, Failed) else e for name, e in ends.items()}
    told["killed"] = (told["killed"][0], told["killed"][1].split(" ", 1)[1])  # how often is the machine's affair
    for name in ("unarmed", "flooding", "talking"):  # which of two limits comes first is the machine's affair
        assert told.pop(name) in (ROGUES[name], ROGUES["endless"], ("time", "not done after 1 s"))
    assert told == {name: end for name, end in ROGUES.items() if name in told}
    assert len(told) == len(ROGUES) - 3
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")


@pytest.mark.skipif(not sandbox.landlock_version(), reason="the whole box needs Linux 5.13")
def test_code_in_a_box_can_do_nothing_to_others(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("somebody else's")
    with Workers(1, LIMITS, module=MODULE) as workers:
        ended = workers.submit("attempts", str(tmp_path)).result(timeout=60)
        assert workers.submit("double", 4).result(timeout=60) == Ended(8)
    assert isinstance(ended, Ended)
    assert {name: got for name, got in ended.value.items() if got != "refused"} == {}
    assert len(ended.value) == 40
    assert [p.name for p in tmp_path.iterdir()] == ["other.txt"]


def test_children_of_a_program_end_with_it() -> None:
    with Workers(1, LIMITS, module=MODULE, boxed=False) as workers:
        start = time.monotonic()
        assert workers.submit("forking", 0).result(timeout=60) == Failed(
            "crash", "its process ended by itself (exit status 3)")
        assert workers.submit("double", 4).result(timeout=60) == Ended(8)
        assert time.monotonic() - start < LIMITS.wall + 20


def test_workers_killed_at_random_lose_nothing() -> None:
    """The small sister of benchmarks/isolation.py."""
    with Workers(2, Limits(seconds=10), module=MODULE) as workers:
        done = threading.Event()

        def kill() -> None:
            while not done.wait(0.06):
                for pid in workers.pids()[:1]:
                    os.kill(pid, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            futures = [workers.submit("slow", n) for n in range(40)]
            results = [f.result(timeout=120) for f in futures]
        finally:
            done.set()
            killer.join()
    assert results == [Ended(2 * n) for n in range(40)]


def test_memory_is_measured_where_the_system_does_not_bound_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS: no address-space limit, so the watch has to see it."""
    pytest.importorskip("psutil")
    monkeypatch.setattr(pool, "memory_is_limited", lambda: False)
    seen: list[int] = []

    class Watched(pool._Measure):
        def __call__(self) -> None:
            seen.append(1)
            if len(seen) > 3:
                self._limits = Limits(memory=-2**40)
            super().__call__()

    monkeypatch.setattr(pool, "_Measure", Watched)
    with Workers(1, LIMITS, module=MODULE) as workers:
        assert workers.submit("endless", 0).result(timeout=60) == Failed("memory", "needs more than 512 MiB of memory")


def test_without_the_systems_limits_the_clock_remains(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows: no module ``resource``."""
    monkeypatch.setattr(limits, "resource", None)
    limits.limit_process(1)
    limits.limit_computing(1, 1)
    with limits.computing(1e-9):
        pass
    assert not limits.memory_is_limited()


@pytest.mark.parametrize(("machine", "platform"), [("x86_64", "darwin"), ("riscv64", "linux")])
def test_where_there_is_no_box_it_is_said(machine: str, platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.sys, "platform", platform)
    monkeypatch.setattr(sandbox.platform, "machine", lambda: machine)
    assert sandbox.enter() == ()
    assert "limits on time and memory only" in sandbox.protections()


@pytest.mark.skipif(not sandbox.landlock_version(), reason="the whole box needs Linux 5.13")
def test_what_is_in_force_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may have the calls, and refuse them."""
    assert "writing (seccomp)" in sandbox.protections()
    known = sandbox._call
    monkeypatch.setattr(sandbox, "_call", lambda number, *args: known(number, *args) if number == 444 else -1)
    assert sandbox.protections() == "no seccomp here; reading not confined: no Landlock here"
