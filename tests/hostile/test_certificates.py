"""Hostile certificates: ``checker replay`` rejects each by a rule, not by its limits, and the good ones beside it replay."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from checker.console import replay as console
from checker.running.config import read_config
from checker.running.limits import Limits
from checker.running.replay import Replayed, replay

from .certificates import BOMBS, GOOD, RULES, content
from .test_terminal import obeyed

SECONDS = 2.0


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Replayed]:
    """Two processes for all of them: one that died would be seen."""
    folder = tmp_path_factory.mktemp("certificates")
    for name, data in BOMBS.items():
        (folder / f"{name}.json").write_bytes(content(data))
    (folder / "good.json").write_text(json.dumps(GOOD))
    (folder / "zz-good.json").write_text(json.dumps(GOOD))
    options = replace(read_config(), limits=Limits(seconds=SECONDS, memory=2**30), jobs=1)
    found = replay((folder,), (), options)
    text = console.to_json(found)
    assert obeyed(text) == [] and len(text) < 500_000
    json.loads(text)
    return {r.file.stem: r for r in found.results}


def test_each_is_rejected_by_a_rule(replayed: dict[str, Replayed]) -> None:
    expected = {name: rule for rule, names in RULES.items() for name in names}
    assert expected.keys() == BOMBS.keys()
    wrong = [(name, rule, r.rule, (r.message or "")[:80]) for name, rule in expected.items()
             if (r := replayed[name]).good == bool(rule) or rule and r.rule != rule]
    assert not wrong
    assert all(r.message and len(r.message) < 400 for r in replayed.values() if not r.good)


def test_the_good_ones_beside_them_replay(replayed: dict[str, Replayed]) -> None:
    assert replayed["good"].good and replayed["zz-good"].good
    assert not {r.rule for r in replayed.values()} & {"time", "memory", "crash", "error"}


def test_what_is_no_file_is_rejected(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    (tmp_path / "loop.json").symlink_to("loop.json")
    (tmp_path / "folder.json").mkdir()
    options = replace(read_config(), limits=Limits(seconds=SECONDS), jobs=1)
    found = replay((tmp_path,), (), options).results
    assert {r.file.stem: (r.rule, r.verdict) for r in found} == dict.fromkeys(("pipe", "zero", "loop", "folder"), ("format", None))
