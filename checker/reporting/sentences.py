"""Sentences with formulas in them, from the frames in ``templates/sentences.j2``.

A frame is a Jinja macro; ``{{ x | m }}`` in it is the place of a formula.  The macro is rendered
once, with a private mark for each formula, and the result is cut at the marks: so one frame serves
every format, and a printer escapes its words and spells its formulas.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from markupsafe import Markup

from ..resources import template_dir
from . import escape
from .blocks import Inline, Math, Str
from .context import EMPTY, Context
from .compose import layout as layout_of
from .breaking import broken, punctuated
from .layout import Layout, Number, width
from .mathread import read_tex

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
#: A formula wider than this gets a line of its own.
INLINE_WIDTH = 46.0
_LAYOUTS = Layout.__args__


@dataclass
class _Page:
    """Where the formulas of the sentence being rendered are collected."""

    formulas: list[Layout]
    context: Context


_page: ContextVar[_Page] = ContextVar("page")


@pass_context  # so that Jinja does not call it once, at compile time, for a constant
def m(_: Any, x: Any) -> Markup:
    """The filter ``m``: the place of a formula (a term or a layout)."""
    page = _page.get()
    page.formulas.append(x if isinstance(x, _LAYOUTS) else layout_of(x, page.context))
    return Markup(f"{_OPEN}{len(page.formulas) - 1}{_CLOSE}")  # noqa: S704


def has_frame(name: str) -> bool:
    return hasattr(_frames(), name)


def say(frame: str, context: Context = EMPTY, **data: Any) -> tuple[Inline, ...]:
    """The frame's sentence.  ``data``: terms, layouts, words, and lists of them."""
    page = _Page([], context)
    token = _page.set(page)
    try:
        text = str(getattr(_frames(), frame)(**data))
    finally:
        _page.reset(token)
    return cut(text, page.formulas)


def cut(text: str, formulas: list[Layout]) -> tuple[Inline, ...]:
    """Rendered text, cut at its marks."""
    out: list[Inline] = []
    words = " ".join(text.split())
    for k, part in enumerate(_MARK.split(words)):
        if k % 2:
            formula = formulas[int(part)]
            wide = width(formula) > INLINE_WIDTH
            out.append(Math(broken(formula) if wide else formula, display=wide))
        elif part:
            last = out[-1] if out else None
            if isinstance(last, Math) and last.display and part[0] in ".,:;":
                out[-1] = Math(punctuated(last.layout, part[0]), True)
                part = part[1:]
            if part.strip():
                out.append(Str(part))
    return tuple(out)


@lru_cache(maxsize=1)
def _frames() -> Any:
    # Markup here only means "has been cleaned": words are escaped later, for each format
    environment = Environment(
        loader=FileSystemLoader(template_dir()), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, autoescape=True, finalize=_finalize,
    )
    environment.filters.update(m=m, num=lambda value: Number(str(value)), tex=read_tex)
    return environment.get_template("sentences.j2").module


def _finalize(x: Any) -> Markup:
    """Anybody's text loses its private characters, so only ``m`` makes marks."""
    return x if isinstance(x, Markup) else Markup(escape.clean(str(x)))  # noqa: S704
