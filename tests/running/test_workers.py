"""A runaway costs its own task and nothing else."""

from __future__ import annotations

import pytest

from checker.running.limits import Ended, Failed, Limits
from checker.running.workers import Workers

LIMITS = Limits(seconds=2, memory=512 * 2**20)
MODULE = "tests.running.rogues"


@pytest.mark.parametrize("fresh", [False, True])
def test_every_kind_of_end(fresh: bool, capfd: pytest.CaptureFixture[str]) -> None:
    with Workers(2, LIMITS, fresh=fresh, module=MODULE) as workers:
        rogues = {
            name: workers.submit(name, 0)
            for name in ("endless", "hungry", "aborting", "overflowing", "crashing", "killed", "raising")
        }
        innocents = [workers.submit("double", n) for n in range(30)]
        noisy = workers.submit("printing", 7)
        assert [f.result(timeout=60) for f in innocents] == [Ended(2 * n) for n in range(30)]
        causes = {name: f.result(timeout=60) for name, f in rogues.items()}
        assert noisy.result(timeout=60) == Ended(7)
    assert all(isinstance(c, Failed) for c in causes.values())
    assert {name: c.cause for name, c in causes.items()} == {
        "endless": "time", "hungry": "memory", "aborting": "memory", "overflowing": "memory",
        "crashing": "crash", "killed": "crash", "raising": "error",
    }
    assert causes["raising"].detail == "ValueError: so it is"
    assert capfd.readouterr().out == ""


def test_many_deaths_lose_only_themselves() -> None:
    with Workers(2, LIMITS, module=MODULE) as workers:
        futures = [workers.submit("killed" if n % 5 == 0 else "double", n) for n in range(40)]
        results = [f.result(timeout=60) for f in futures]
    for n, result in enumerate(results):
        if n % 5 == 0:
            assert isinstance(result, Failed)
            assert result.cause == "crash"
        else:
            assert result == Ended(2 * n)
