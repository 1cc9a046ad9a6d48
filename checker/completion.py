"""``checker completion SHELL``: the script that completes commands, options and claim ids on Tab.

The script is click's; ids are those that the last run saw, so nothing is loaded or decided while a person waits.
"""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, get_completion_class

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_CHECKER_COMPLETE"


def script(commands: click.Command, shell: str) -> str:
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}; there are {', '.join(SHELLS)}")
    complete = found(commands, {}, "checker", VARIABLE)
    return complete.source_template % complete.source_vars()


def claims_or_files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """For ``checker explain``: an id, or FILE:LINE of a derivation in LaTeX."""
    from .console.last_run import claim_ids
    from .running.config import read_config

    try:
        names = claim_ids(read_config())
    except Exception:           # a broken pyproject.toml is told by the command, not while a person types
        names = []
    found = [CompletionItem(name) for name in dict.fromkeys(names) if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


__all__ = ["SHELLS", "claims_or_files", "script"]
