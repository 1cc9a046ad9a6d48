"""The four formats: how each escapes words and spells formulas, and the template that it fills.

``templates/report.<name>.j2`` holds every tag.  Whatever a template prints goes through the format's
``escape`` (Jinja's ``finalize``) unless it is :class:`~markupsafe.Markup`, which only the functions
here and the templates' own macros make.  So no text of a person's document is ever interpreted.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..resources import template_dir
from . import escape, latex, mathml, text, typst
from .blocks import Code, Grid, Inline, Math, Str
from .breaking import source_lines
from .layout import Layout, Lines, Row, width
from .sentences import INLINE_WIDTH
from .view import MARKS, VERDICTS, Report


@dataclass(frozen=True)
class Format:
    name: str
    escape: Callable[[str], str]
    inline: Callable[[Layout], str]
    display: Callable[[Layout], str]
    angled: bool = False  # templates of TeX and Typst write << >> and <% %>: braces are theirs


def _github(node: Layout) -> str:
    return f"$`{latex.spell(node, github=True)}`$"


def _github_display(node: Layout) -> str:
    """One relation per line, so that a change of one side is a change of one line."""
    pieces = [node] if isinstance(node, Lines) or not isinstance(node, Row) else source_lines(node)
    body = "\n".join(latex.spell(piece, github=True) for piece in pieces)
    return f"```math\n{body}\n```"


def _typst_math(node: Layout, block: bool) -> str:
    """An equation with its words, as PDF/UA wants them."""
    shown = f"$ {typst.spell(node)} $" if block else f"${typst.spell(node)}$"
    if not block and not typst.spell(node):
        return ""
    return f"#spoken({escape.typst_string(text.spell(node))}, {shown});"


def typst_text(words: str) -> str:
    """Words enter Typst as string literals only; ``#"..."`` prints a string."""
    shown = words.replace("\n", " ")
    return f"#{escape.typst_string(shown)};" if shown else ""


FORMATS: dict[str, Format] = {
    "html": Format("html", escape.html, mathml.element, lambda n: mathml.element(n, display=True)),
    "md": Format("md", escape.markdown, _github, _github_display),
    "tex": Format("tex", escape.tex, lambda n: f"${latex.spell(n)}$", lambda n: latex.spell(n), angled=True),
    "typ": Format(
        "typ", typst_text, lambda n: _typst_math(n, False), lambda n: _typst_math(n, True), angled=True
    ),
}


def render(
    name: str, report: Report, figures: Mapping[tuple[str, str], Any], notes: Sequence[str] = ()
) -> str:
    """The report in one format.  ``figures``: (document, plot) -> figure."""
    return fill(f"report.{name}.j2", name, {
        "report": report, "figures": figures, "notes": notes, "verdicts": VERDICTS, "marks": MARKS})


def fill(template: str, name: str, data: Mapping[str, Any]) -> str:
    """A template filled in one format."""
    style = (template_dir() / "report.css").read_text(encoding="utf-8") if name == "html" else ""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _environment(FORMATS[name]).get_template(template).render(
        style=Markup(style), style_hash=digest, **data)  # noqa: S704 - our own file
    return _tidy(page, name)


@functools.cache
def _environment(format_: Format) -> Environment:
    brackets: dict[str, Any] = {
        "block_start_string": "<%", "block_end_string": "%>", "variable_start_string": "<<",
        "variable_end_string": ">>", "comment_start_string": "<#", "comment_end_string": "#>",
    } if format_.angled else {}

    def safe(x: Any) -> Markup:
        return x if isinstance(x, Markup) else Markup(format_.escape("" if x is None else str(x)))  # noqa: S704

    environment = Environment(
        loader=FileSystemLoader(template_dir()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
        finalize=safe,
        **brackets,
    )
    environment.filters.update(
        math=lambda n: Markup(format_.inline(n)),  # noqa: S704
        display=lambda n: Markup(format_.display(n)),  # noqa: S704
        spaced=spaced,
        words=lambda n: text.spell(n),
        wide=lambda n: width(n) > INLINE_WIDTH,
        slug=escape.slug,
        sentence=_sentence,
        capital=lambda words: words[:1].upper() + words[1:],
        string=lambda s: Markup(escape.typst_string(str(s))),  # noqa: S704
        tidied=lambda s: Markup(" ".join(str(s).split())),  # noqa: S704
        href=lambda s: Markup(str(s).replace("(", "%28").replace(")", "%29").replace("$", "%24")),  # noqa: S704
        tag=lambda s: Markup(str(s)),  # noqa: S704 - for the templates' own strings only
        quoted=lambda s: Markup("\n".join(f"> {line}".rstrip() for line in str(s).splitlines())),  # noqa: S704
        bare=lambda s: Markup(str(s).strip('"')),  # noqa: S704 - numbers only
        breakable=_breakable,
        verbatim=_verbatim,
        fence=_fence,
        cell=_cell,
        columns=table_columns,
    )
    return environment


def spaced(items: Sequence[Inline]) -> list[Inline]:
    """On GitHub a formula that touches a letter, a digit or a hyphen is no formula."""
    out: list[Inline] = []
    for item in items:
        last = out[-1] if out else None
        if isinstance(item, Math) and isinstance(last, Str) and _touches(last.text[-1:]):
            out.append(Str(" "))
        if isinstance(item, Str) and isinstance(last, Math) and _touches(item.text[:1]):
            out.append(Str(" "))
        if isinstance(item, Math) and isinstance(last, Math):
            out.append(Str(" "))
        out.append(item)
    return out


def _touches(c: str) -> bool:
    return c.isalnum() or c in "-_\\" and bool(c)


def _sentence(words: str) -> str:
    """With a full stop at its end."""
    shown = words.strip()
    return shown if not shown or shown[-1] in ".!?:" else shown + "."


def _breakable(words: str) -> Markup:
    """An identifier in LaTeX that may be broken after its dots and hyphens."""
    out = escape.tex(str(words))
    return Markup(out.replace(".", r".\allowbreak{}").replace("/", r"/\allowbreak{}"))  # noqa: S704


def _verbatim(words: str) -> Markup:
    """A code block of Markdown: a fence longer than any inside."""
    shown = escape.clean(words).replace("$", "\uff04")
    return Markup(f"{_fence(shown)}\n{shown}\n{_fence(shown)}")  # noqa: S704


def _fence(words: str) -> str:
    longest = max((len(run) for run in "".join(c if c == "`" else " " for c in words).split()), default=0)
    return "`" * max(3, longest + 1)


def _cell(words: str) -> Markup:
    """Code in a line of Markdown, also inside a table."""
    shown = (
        escape.clean(words)
        .replace("`", "\u02cb")
        .replace("|", "\u01c0")
        .replace("$", "\uff04")
        .replace("\n", " ")
    )
    return Markup(f"`{shown}`")  # noqa: S704


_ROW = 90  # characters of small type in one line of the page


def table_columns(grid: Grid) -> Markup:
    """The columns of a table in LaTeX; where it is too wide for the page they break, and the wide ones get most."""
    widths = [max(sum(map(_length, row[k])) for row in grid.rows) for k in range(len(grid.rows[0]))]
    if sum(widths) <= _ROW:
        return Markup("l" * len(widths))  # noqa: S704 - letters only
    bounded = [min(max(w, 6), _ROW // 2) for w in widths]
    spec = (rf">{{\raggedright\arraybackslash}}p{{{0.94 * w / sum(bounded) - 0.02:.2f}\linewidth}}" for w in bounded)
    return Markup("".join(spec))  # noqa: S704 - numbers only


def _length(item: Inline) -> int:
    if isinstance(item, Math):
        return int(width(item.layout))
    if isinstance(item, (Str, Code)):
        return len(item.text)
    return sum(map(_length, getattr(item, "items", ())))


def _tidy(page: str, name: str) -> str:
    """No trailing spaces, at most one empty line (Markdown's and TeX's paragraphs need no more)."""
    lines = [line.rstrip() for line in page.splitlines()]
    out: list[str] = []
    for line in lines:
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip("\n") + "\n"
