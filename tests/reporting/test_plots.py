"""Plots: requests in, figures or sentences out."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from checker.kernel.term import INTEGER, TRUE, Bind, Var, add, app, mul, num, to_json
from checker.reporting.floats import NoValue, orbit, value
from checker.reporting.plots import draw_all

from .samples import WEIGHT, full_run, game, run_of


def figure(tmp_path: Path, **request: Any) -> Any:
    run = run_of(plots=(request,))
    figures, _ = draw_all(run.documents, tmp_path)
    return next(iter(figures.values()))


def test_values() -> None:
    assert value(WEIGHT, {"c": 0.0, "m": 2}) == pytest.approx(0.5)
    total = Bind("sum", ("j",), (INTEGER,), (num(1), Var("n")), (TRUE, Var("j")))
    assert value(total, {"n": 10}) == 55
    assert value(app("at", Var("k"), num(2)), {"k": [1.0, 4.0]}) == 4
    assert (
        orbit(game(num(6), num(1), num(1)), {})[0] == orbit(game(num(6), num(1), num(1)), {})[6] == [1.0, 1.0]
    )
    for t in (
        app("log", num(-1)),
        app("div", num(1), num(0)),
        Var("x"),
        app("E"),
        app("pow", num(-1), num("1/2")),
    ):
        with pytest.raises(NoValue):
            value(t, {})


def test_a_bomb_is_refused() -> None:
    def total(high: int) -> Bind:
        body = app("exp", app("neg", Var("j")))
        return Bind("sum", ("j",), (INTEGER,), (num(1), num(high)), (TRUE, body))

    with pytest.raises(NoValue):
        value(mul(*[add(*[total(90_000)] * 4)] * 40), {})
    with pytest.raises(NoValue):
        value(total(10**9), {})
    with pytest.raises(NoValue):
        value(app("pow", num(10), app("pow", num(10), num(10))), {})


def test_long_sums_of_polynomials_are_quick() -> None:
    body = add(app("pow", Var("j"), num(3)), mul(num(2), Var("j")), num(1))
    total = Bind("sum", ("j",), (INTEGER,), (num(1), Var("n")), (TRUE, body))
    for n in (39, 40, 1000):
        assert value(total, {"n": n}) == sum(j**3 + 2 * j + 1 for j in range(1, n + 1))
    assert value(total, {"n": 10**6}) == pytest.approx(2.5e23, rel=1e-4)


def test_orbit_and_curves(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    figures, written = draw_all(full_run().documents, tmp_path)
    assert {k[1] for k in figures} == {"orbit", "weight"}
    assert all(p.is_file() for p in written)
    assert len(written) == 6
    first = figures[("q", "orbit")]
    assert "comes back to its start" in first.alt
    assert first.data_uri.startswith("data:image/svg+xml;base64,")
    svg = (tmp_path / "plot-q-weight.svg").read_text(encoding="utf-8")
    assert "<dc:date>" not in svg
    assert "<script" not in svg


@pytest.mark.parametrize(
    "request_",
    [
        {"kind": "pie"},
        {"kind": "orbit", "iteration": to_json(num(1))},
        {"kind": "orbit"},
        {"kind": "curve", "variable": "c", "range": ["1", "0"], "curves": []},
        {
            "kind": "curve",
            "variable": "c",
            "range": ["0", "1"],
            "curves": [{"label": "x", "expression": {"v": "other"}}],
        },
        {"kind": "curve", "variable": "c", "range": ["0", "1"], "log": "x", "curves": []},
        {
            "kind": "curve",
            "variable": "c",
            "range": ["0", "1"],
            "curves": [{"label": "x", "expression": ["no-head"]}],
        },
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(tmp_path: Path, request_: dict[str, Any]) -> None:
    pytest.importorskip("matplotlib")
    found = figure(tmp_path, **request_)
    assert "is left out" in found.skipped
    assert not list(tmp_path.iterdir())


def test_without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert "matplotlib is not installed" in figure(tmp_path, kind="orbit").skipped


def test_gaps_are_gaps(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found = figure(tmp_path, kind="curve", variable="c", range=["-1", "1"],
                   curves=[{"label": "$x$ <log>", "expression": to_json(app("log", Var("c")))}])
    assert not found.skipped
    assert math.isfinite(1.0)
