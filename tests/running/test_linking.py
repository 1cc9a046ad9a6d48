"""Ids, lemmas, order, selection, settings: the parts of a run that need no process."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.kernel.claim import Claim
from checker.kernel.term import TRUE, app, num
from checker.records import Document, StatedClaim
from checker.running.config import ConfigError, parse_memory, parse_timeout, read_config
from checker.running.linking import link, needed, order
from checker.running.selection import SelectionError, select


def stated(name: str, *using: str, parent: str | None = None) -> StatedClaim:
    claim = Claim((), (), app("=", num(len(name)), num(len(name))))
    return StatedClaim(name, claim, "f.py", 1, parent=parent, using=using)


def document(name: str, *claims: StatedClaim) -> Document:
    return Document(name, name, "", "f.py", claims)


def test_a_lemma_is_found_by_short_id_full_id_and_chain() -> None:
    linked = link([
        document("a", stated("a.one"), stated("a.chain.1", parent="a.chain"),
                 stated("a.chain.2", parent="a.chain"), stated("a.two", "one", "chain")),
        document("b", stated("b.one", "a.one"), stated("b.two", "b.a.one")),
    ])
    assert linked.problems == ()
    assert linked.lemmas["a.two"] == ("a.one", "a.chain.1", "a.chain.2")
    assert linked.lemmas["b.one"] == linked.lemmas["b.two"] == ("a.one",)
    claims = {c.id: c.claim for d in linked.documents for c in d.claims}
    assert claims["b.one"].lemmas == (claims["a.one"].hash,)


def test_a_hash_covers_the_lemmas_of_lemmas() -> None:
    def top(bottom: StatedClaim) -> str:
        linked = link([document("d", bottom, stated("d.b", "a"), stated("d.c", "b"))])
        return linked.documents[0].claims[2].claim.hash

    changed = StatedClaim("d.a", Claim((), (), TRUE), "f.py", 1)
    assert top(stated("d.a")) != top(changed)


def test_cycles_are_errors_and_the_rest_stays() -> None:
    linked = link([document(
        "d", stated("d.a", "b"), stated("d.b", "c"), stated("d.c", "a"), stated("d.self", "self"),
        stated("d.above", "a"), stated("d.fine"),
    )])
    assert [p.code for p in linked.problems] == ["cycle", "cycle"]
    assert "d.a -> d.b -> d.c -> d.a" in linked.problems[0].message
    assert [c.id for c in linked.documents[0].claims] == ["d.above", "d.fine"]


def test_a_chain_and_a_claim_do_not_share_an_id() -> None:
    taken = link([document("d", stated("d.a.1", parent="d.a"), stated("d.a"))])
    assert [p.code for p in taken.problems] == ["duplicate-id"]
    taken = link([document("d", stated("d.a"), stated("d.a.1", parent="d.a"))])
    assert [p.code for p in taken.problems] == ["duplicate-id"]


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "a b", "é", "x" * 300])
def test_ids_that_cannot_name_a_file(name: str) -> None:
    assert [p.code for p in link([document("d", stated(name))]).problems] == ["bad-id"]


def test_order_and_need() -> None:
    lemmas = {"c": ("b",), "b": ("a",), "a": (), "d": ("gone",)}
    assert order(lemmas) == ["a", "b", "c", "d"]
    assert needed(["b"], lemmas) == {"a", "b"}
    deep = {str(n): (str(n + 1),) for n in range(5000)} | {"5000": ()}
    assert order(deep)[0] == "5000"


@pytest.mark.parametrize("words", ["and", "a or", "not", "(a", "a)", "a b", "()"])
def test_a_selection_that_cannot_be_read(words: str) -> None:
    with pytest.raises(SelectionError):
        select(words)


def test_settings(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.checker]\npaths = ["here"]\ntimeout = 2.5\nmemory = "1.5GiB"\njobs = 3\n'
        'fail-on = ["undecided"]\n'
    )
    options = read_config(tmp_path)
    assert options.paths == (tmp_path / "here",)
    assert (options.limits.seconds, options.limits.memory) == (2.5, 3 * 2**29)
    assert (options.jobs, options.fail_on) == (3, ("undecided",))


@pytest.mark.parametrize("line", [
    "timeout = 0", 'timeout = "soon"', 'memory = "2 bananas"', 'memory = "0"', "jobs = 0", "jobs = true",
    "paths = 7", 'fail-on = ["rain"]', "colour = 1", "= 1",
])
def test_settings_that_cannot_be_used(tmp_path: Path, line: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.checker]\n{line}\n")
    with pytest.raises(ConfigError, match=r"pyproject\.toml"):
        read_config(tmp_path)


def test_amounts() -> None:
    assert parse_memory("300MiB") == 300 * 2**20
    assert parse_timeout("0.5") == 0.5
