"""Plots: declarative requests in, figures out (matplotlib, an optional extra).

A document's ``plots`` are JSON objects; expressions are kernel terms as JSON, evaluated in floats
(``floats.py``).  Common fields: ``kind``; ``id`` (default: the kind), ``title``, ``caption``, ``alt``.

``orbit``   ``iteration``: an ``iterate`` term with a number of steps and a start of two components;
            ``level`` (optional): an expression in the two components; its level set through the start
            is drawn.
``curve``   ``variable``: a name; ``range``: [from, to]; ``curves``: list of ``{"label", "expression"}``
            and optionally ``"at"``: values of further names, ``"dashed": true``; ``log``: "", "x", "y" or
            "xy"; ``lines``: horizontal lines, list of ``{"label", "expression"}``; ``xlabel``,
            ``ylabel``; ``at``: values of further names for all curves; ``integer: true``: whole values of
            the variable only.

A request that cannot be drawn is a sentence in the report, never an error.  The files are
deterministic: no dates, fixed ids.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..kernel.claim import Definition, unfold
from ..kernel.term import Bind, Malformed, Num, Term, Var, from_json
from ..records import Document
from . import escape
from .floats import Budget, NoValue, TooMuch, orbit, value

SAMPLES = 400
_COLOURS = ("#1d4f91", "#a3262a", "#1a6b3c", "#8a5a00", "#5a3d8a", "#3b6b74")
_STYLE: Any = {
    "svg.hashsalt": "derivation-checker", "svg.fonttype": "path", "pdf.fonttype": 42, "font.size": 10.0,
    "font.family": "serif", "mathtext.fontset": "cm", "axes.spines.top": False, "axes.spines.right": False,
    "axes.edgecolor": "#5b6169", "axes.linewidth": 0.8, "xtick.color": "#3a3d42", "ytick.color": "#3a3d42",
    "figure.dpi": 100, "savefig.bbox": "standard", "lines.linewidth": 1.8, "legend.frameon": False,
}
_LINES = ("-", "--", "-.", ":")


@dataclass(frozen=True)
class Figure:
    """A drawn plot, or (``skipped``) the reason in words."""

    title: str = ""
    caption: str = ""
    alt: str = ""
    skipped: str = ""
    placed: bool = False
    file: str = ""          # PNG, beside report.md
    vector: str = ""        # PDF, for TeX
    vector_typst: str = ""  # SVG, for Typst
    data_uri: str = ""      # SVG, inside the HTML

    def as_placed(self) -> Figure:
        return replace(self, placed=True)


def draw_all(documents: Sequence[Document], out: Path) -> tuple[dict[tuple[str, str], Figure], list[Path]]:
    """All figures by (document, id), and the files written to ``out``."""
    figures: dict[tuple[str, str], Figure] = {}
    written: list[Path] = []
    for document in documents:
        table = {d.name: d for c in document.claims for d in c.claim.definitions}
        for request in document.plots:
            name = str(request.get("id") or request.get("kind"))
            figure, paths = _figure(document.id, name, request, table, out)
            figures[(document.id, name)] = figure
            written += paths
    return figures, written


def _figure(document: str, name: str, request: Mapping[str, Any], table: Mapping[str, Definition], out: Path
            ) -> tuple[Figure, list[Path]]:
    title, caption, alt = (escape.clean(str(request.get(k) or "")) for k in ("title", "caption", "alt"))
    words = Figure(title, caption, alt)
    try:
        import matplotlib
    except ImportError:
        return replace(words, skipped="The plots are left out: matplotlib is not installed."), []
    draw: Callable[..., str] | None = {"orbit": _orbit, "curve": _curve}.get(str(request.get("kind")))
    if draw is None:
        return replace(
            words, skipped=f"The plot {name} is left out: there is no kind {request.get('kind')}."
        ), []
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    with matplotlib.rc_context(_STYLE):
        canvas = Canvas(figsize=(5.6, 3.7), layout="constrained")
        FigureCanvasAgg(canvas)
        try:
            described = draw(canvas.add_subplot(), request, table)
        except (NoValue, Malformed, KeyError, TypeError, ValueError, IndexError) as error:
            return replace(words, skipped=f"The plot {name} is left out: {error}."), []
        stem = f"plot-{escape.slug(document)}-{escape.slug(name)}"
        paths = [out / f"{stem}.{suffix}" for suffix in ("png", "pdf", "svg")]
        canvas.savefig(paths[0], dpi=200, metadata={"Software": None})
        canvas.savefig(paths[1], metadata={"CreationDate": None, "Producer": None, "Creator": None})
        canvas.savefig(paths[2], metadata={"Date": None, "Creator": None})
    svg = base64.b64encode(paths[2].read_bytes()).decode()
    return replace(
        words,
        alt=words.alt or described,
        file=paths[0].name,
        vector=paths[1].name,
        vector_typst=paths[2].name,
        data_uri=f"data:image/svg+xml;base64,{svg}",
    ), paths


def _term(data: Any, table: Mapping[str, Definition]) -> Term:
    """A term of a request: a name alone is a variable."""
    if isinstance(data, str):
        try:
            return from_json(data)
        except Malformed:
            return Var(data)
    return unfold(from_json(data), table)


def _values(data: Any, table: Mapping[str, Definition]) -> dict[str, Any]:
    def one(x: Any) -> Any:
        if isinstance(x, list) and not (x and isinstance(x[0], str) and not _numeric(x[0])):
            return [one(y) for y in x]
        return value(_term(x, table), {})

    return {str(k): one(v) for k, v in data.items()} if isinstance(data, Mapping) else {}


def _numeric(text: str) -> bool:
    try:
        return isinstance(from_json(text), Num)
    except Malformed:
        return False


def _label(words: Any) -> str:
    """Plain words for matplotlib: a dollar sign would start its own mathematics."""
    return escape.clean(str(words or "")).replace("$", r"\$")


# ------------------------------------------------------------------------------------ orbit


def _orbit(axes: Any, request: Mapping[str, Any], table: Mapping[str, Definition]) -> str:
    iteration = from_json(request["iteration"])  # with the names that ``level`` speaks of
    if not isinstance(iteration, Bind):
        raise NoValue("there is no iteration")
    states = orbit(unfold(iteration, table), {})
    if any(len(s) != 2 for s in states):
        raise NoValue("an orbit is drawn in two dimensions")
    first, second = iteration.names
    xs, ys = [s[0] for s in states], [s[1] for s in states]
    reach = max(map(abs, (*xs, *ys))) * 1.4 or 1.0
    if "level" in request:
        _level_set(axes, _term(request["level"], table), first, second, states[0], reach)
    distinct: dict[tuple[float, float], list[int]] = {}
    for t, s in enumerate(states):
        distinct.setdefault((round(s[0], 9), round(s[1], 9)), []).append(t)
    for (x, y), (u, v) in zip(zip(xs, ys, strict=True), zip(xs[1:], ys[1:], strict=True), strict=False):
        axes.annotate("", (u, v), (x, y), arrowprops={
            "arrowstyle": "-|>", "color": _COLOURS[0], "shrinkA": 5, "shrinkB": 5, "lw": 1.1, "alpha": 0.85})
    axes.plot(xs, ys, "o", color=_COLOURS[0], markersize=6)
    for (x, y), times in distinct.items():
        size = math.hypot(x, y) or 1.0
        axes.annotate(
            "t = " + ", ".join(map(str, times)), (x, y), xytext=(20 * x / size, 14 * y / size),
            textcoords="offset points", ha="center", va="center", fontsize=9)
    axes.set_aspect("equal")
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-reach, reach)
    axes.set_xlabel(_label(request.get("xlabel") or first), style="italic")
    axes.set_ylabel(_label(request.get("ylabel") or second), style="italic", rotation=0)
    axes.axhline(0, color="#c9c6bd", lw=0.7, zorder=0)
    axes.axvline(0, color="#c9c6bd", lw=0.7, zorder=0)
    places = ", ".join(f"({x:g}, {y:g})" for x, y in distinct)
    back = " and comes back to its start" if len(distinct) < len(states) else ""
    return f"The orbit of ({xs[0]:g}, {ys[0]:g}) visits {places}{back}."


def _level_set(axes: Any, level: Term, first: str, second: str, start: Sequence[float], reach: float) -> None:
    count = 161
    grid = [-reach + 2 * reach * k / (count - 1) for k in range(count)]
    at_start = value(level, {first: start[0], second: start[1]})
    budget = Budget()
    heights = [[value(level, {first: x, second: y}, budget) for x in grid] for y in grid]
    axes.contour(grid, grid, heights, levels=[at_start], colors=["#8a8f97"], linewidths=1.2)


# ------------------------------------------------------------------------------------ curve


def _curve(axes: Any, request: Mapping[str, Any], table: Mapping[str, Definition]) -> str:
    variable = str(request["variable"])
    low, high = (value(_term(x, table), {}) for x in request["range"])
    log = str(request.get("log") or "")
    if not low < high or ("x" in log and low <= 0):
        raise NoValue("the range is empty")
    common = _values(request.get("at"), table)
    budget = Budget()
    xs = [_sample(low, high, k / (SAMPLES - 1), "x" in log) for k in range(SAMPLES)]
    if request.get("integer") is True:
        xs = sorted({float(round(x)) for x in xs})
    labels = []
    for k, curve in enumerate(request["curves"]):
        expression = _term(curve["expression"], table)
        point = {**common, **_values(curve.get("at"), table)}
        ys = [_height(expression, {**point, variable: x}, "y" in log, budget) for x in xs]
        if all(math.isnan(y) for y in ys):
            raise NoValue(f"the curve {curve.get('label') or k + 1} has no values")
        line = "--" if curve.get("dashed") is True else _LINES[k // len(_COLOURS) % len(_LINES)]
        axes.plot(xs, ys, line, color=_COLOURS[k % len(_COLOURS)], label=_label(curve.get("label")))
        labels.append(str(curve.get("label") or ""))
    for line in request.get("lines") or ():
        height = value(_term(line["expression"], table), common)
        axes.axhline(height, color="#8a8f97", lw=1.0, ls=(0, (4, 3)), label=_label(line.get("label")))
        labels.append(str(line.get("label") or ""))
    if "x" in log:
        axes.set_xscale("log")
    if "y" in log:
        axes.set_yscale("log")
    axes.set_xlim(low, high)
    axes.set_xlabel(_label(request.get("xlabel") or variable))
    axes.set_ylabel(_label(request.get("ylabel")))
    if any(labels):
        axes.legend()
    scale = " with logarithmic axes" if log else ""
    names = ", ".join(x for x in labels if x) or "A curve"
    return f"{names} against {variable} from {low:g} to {high:g}{scale}."


def _sample(low: float, high: float, share: float, log: bool) -> float:
    return low * (high / low) ** share if log else low + (high - low) * share


def _height(expression: Term, point: Mapping[str, Any], positive: bool, budget: Budget) -> float:
    """The value, or a gap in the curve."""
    try:
        y = value(expression, point, budget)
    except TooMuch:
        raise
    except NoValue as error:
        if "has no value" in str(error):
            raise
        return math.nan
    return y if math.isfinite(y) and (y > 0 or not positive) else math.nan
