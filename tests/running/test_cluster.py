"""What comes from a cluster is heard, bounded and not believed; a process that plays the cluster says what it likes."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from checker.running import cluster as clusters
from checker.running.cluster import Cluster, parse_executor
from checker.running.limits import Ended, Failed, Limits, Result
from checker.running.loader import UsageError
from checker.running.remote import from_text, to_text


@pytest.mark.parametrize("text", ["dask://", "dask://host", "dask://host:0", "dask://host:99999", "tcp://a:1", "Dask",
                                  "dask://a b:1", "dask://host:8786/x", "", "dask://-x:1\n"])
def test_what_is_no_executor(text: str) -> None:
    with pytest.raises(UsageError, match="dask://HOST:PORT"):
        parse_executor(text)


def test_executors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'derivation-checker\[dask\]'"):
        parse_executor("dask://scheduler.example:8786")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    assert parse_executor("dask://scheduler.example:8786") == "tcp://scheduler.example:8786"
    assert parse_executor("dask://[::1]:1") == "tcp://[::1]:1" and parse_executor("dask") == "local"


@pytest.mark.parametrize("result", [Ended({"a": [1]}, 0.5), Ended(None), Failed("time", "not done", 3.0)])
def test_results_travel_as_text(result: Result) -> None:
    assert from_text(to_text(result)) == result


@pytest.mark.parametrize("text", [
    None, 7, b"{}", "", "proved", "[]", "7", "null", "{}", '{"cause": "proved", "detail": ""}', '{"value": 1, "seconds": "x"}',
    '{"cause": "time"}', '{"cause": "time", "detail": 7}', '{"value": 1, "seconds": []}', "[" * 100_000, '"' + "x" * 64_000_001])
def test_what_is_no_result(text: Any) -> None:
    assert from_text(text) is None


#: Plays the process that speaks with the cluster.
PLAY = """
import json, sys, time
def say(**data): print(json.dumps(data), flush=True)
{first}
for line in sys.stdin:
    id = json.loads(line)["id"]
    {then}
"""
GOOD = "say(id=id, answer=json.dumps({'value': 'there', 'seconds': 1}))"


@pytest.mark.parametrize(("first", "then", "found", "trouble"), [
    ("say(ready=3)", GOOD, "there", None),
    ("say(ready=3)", "say(id=id, lost='its worker died')", "here", "its worker died"),
    ("say(ready=3)", "say(id=id, answer='nonsense')", "here", "no answer to some"),
    ("say(ready=3)", "say(end='gone')", "here", "was left (gone)"),
    ("say(ready=3)", "sys.exit()", "here", "was left"),
    ("say(ready=3)", "print('no JSON', flush=True)", "here", "was left"),
    ("say(ready=3)", "print('7', flush=True)", "here", "no known shape"),
    ("say(ready=3)", "say(id='x', answer='1'); say(id=[], lost=1); say(); " + GOOD, "there", None),
    ("say(ready=3)", f"{GOOD}; {GOOD}; say(id=id + 100, answer='7'); {GOOD}", "there", None),
    ("say(ready=3)", "pass", "here", "no answer in time"),
    ("say(ready=3); sys.exit()", "pass", "here", "was left"),
])
def test_what_a_cluster_may_do(first: str, then: str, found: str, trouble: str | None, tmp_path: Path,
                               monkeypatch: pytest.MonkeyPatch) -> None:
    with _played(first, then, tmp_path, monkeypatch) as cluster:
        assert cluster.ahead == clusters.EACH * 3
        results = [cluster.submit("search", k).result(20) for k in range(3)]
        assert [r.value for r in results if isinstance(r, Ended)] == [found] * 3
        assert (trouble or "") in (cluster.trouble or "") and bool(cluster.trouble) == bool(trouble)


def test_a_cluster_that_answers_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _played("say(ready=1)", "say(id=id, lost='no')", tmp_path, monkeypatch) as cluster:
        for k in range(clusters.MOST_LOST + 1):
            cluster.submit("search", k).result(20)
        assert "answers nothing" in (cluster.trouble or "") and not cluster._open


@pytest.mark.parametrize("first", ["say(end='nobody there')", "sys.exit()", "say(ready='many')", "print('x')", "say()"])
def test_no_cluster_there(first: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="there is no Dask scheduler at dask://h:1"):
        _played(first, "pass", tmp_path, monkeypatch)


def _played(first: str, then: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    (tmp_path / "play.py").write_text(PLAY.format(first=first, then=then))
    start = subprocess.Popen
    monkeypatch.setattr(clusters.subprocess, "Popen", lambda command, **how: start(
        [sys.executable, str(tmp_path / "play.py")], **how))
    here: Any = SimpleNamespace(submit=lambda *_: _done(Ended("here")), __exit__=lambda *_: None)
    monkeypatch.setattr(clusters, "Workers", lambda *_: here)
    return Cluster("tcp://h:1", 1, Limits(0.05))


def _done(result: Result) -> Future[Result]:
    future: Future[Result] = Future()
    future.set_result(result)
    return future


def test_the_box_of_who_speaks_with_a_cluster() -> None:
    code = """
import json, os, socket, subprocess, sys
from pathlib import Path
from checker.running import sandbox
there = sandbox.enter([Path("/etc/hosts")], network=True)
def works(action):
    try:
        action()
        return True
    except OSError:
        return False
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
c = socket.create_connection(s.getsockname()); c.send(b"x")
print(json.dumps([there, works(lambda: open(sys.argv[1] + "/w", "w")), works(lambda: subprocess.run(["true"])),
                  works(lambda: os.kill(os.getppid(), 0)), works(lambda: open(sys.argv[1] + "/secret"))]))
"""
    folder = Path(__file__).parents[2] / "docs"
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, timeout=60, check=False)
    there, *worked = json.loads(done.stdout)
    assert "seccomp" not in there or worked[:3] == [False, False, False], done.stderr


def test_a_late_answer_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    with _played("say(ready=1)", "time.sleep(3600)", tmp_path, monkeypatch) as cluster:
        assert cluster.submit("search", 1).result(20) == Ended("here")
    assert time.monotonic() - began < 20
