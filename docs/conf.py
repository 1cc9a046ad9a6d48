"""How the documentation is built: ``make docs``.  Pages are Markdown; two of them are written from the program."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import click

from checker import cli
from checker.console import rule_pages

project = "derivation-checker"
author = "the derivation-checker authors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns: list[str] = []
myst_heading_anchors = 4
myst_enable_extensions = ["html_admonition"]
nitpicky = True
html_theme = "furo"
html_title = project
html_static_path: list[str] = []
html_copy_source = False
suppress_warnings = ["misc.highlighting_failure"]  # notation blocks have no lexer

HERE = Path(__file__).parent
REFERENCE = HERE / "reference"
_OUTWARDS = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)#]+\.md)\)")


def written() -> dict[str, str]:
    """The pages of the reference that repeat what the program says of itself: file name to text."""
    return {"rules.md": _rules(), "commands.md": _commands()}


def _rules() -> str:
    parts = [
        "# The rules of the kernel\n\n"
        "A proof is a tree of these rules. Each is drawn as premises over a conclusion, with what makes it fail and "
        "where it is from; the text is that of the code. `checker rules NAME` prints one. `G |- P` says: under the "
        "declarations and assumptions G, P holds.\n"]
    for page in rule_pages.pages():
        names = ", ".join(f"`{n}`" for n in page.names)
        parts.append(f"## {names}\n\nIn `checker/kernel/{page.module}.py`.\n\n```text\n{page.text}\n```\n")
    return "\n".join(parts)


def _commands() -> str:
    os.environ["COLUMNS"] = "100"
    parts = ["# Commands\n\nWhat `--help` prints.\n"]
    context = click.Context(cli.cli, info_name="checker", terminal_width=100)
    parts.append(f"## checker\n\n```text\n{cli.cli.get_help(context)}\n```\n")
    for name in cli.cli.list_commands(context):
        command = cli.cli.get_command(context, name)
        if command is not None:
            below = click.Context(command, info_name=f"checker {name}", terminal_width=100)
            parts.append(f"## checker {name}\n\n```text\n{command.get_help(below)}\n```\n")
    return "\n".join(parts)


def _write(app: Any) -> None:
    for name, text in written().items():
        page = REFERENCE / name
        if not page.is_file() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


def _outwards(app: Any, page: str, source: list[str]) -> None:
    """A link to a Markdown file of the repository that is no page: the file goes along."""
    folder = (HERE / page).parent

    def link(found: re.Match[str]) -> str:
        inside = (folder / found[2]).resolve().is_relative_to(HERE)
        return found[0] if inside else f"{{download}}`{found[1]} <{found[2]}>`"

    source[0] = _OUTWARDS.sub(link, source[0])


def setup(app: Any) -> None:
    app.connect("source-read", _outwards)
    app.connect("builder-inited", _write)
