"""``pytest derivations/``: every claim is a test item with its id, so ``-k``, xdist and JUnit come free.

Only files below the folders named in the ini setting ``checker_paths`` are collected:

    [tool.pytest.ini_options]
    checker_paths = ["derivations"]

Collecting loads each file in a limited worker; running an item decides its claim (and its lemmas) the
same way ``checker check`` does, with the settings of ``[tool.checker]``.  A claim passes when its verdict
is as expected; an undecided claim that should have been decided is a failure here, for a test has no
fourth outcome, and its report says what was tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .records import Decision, StatedClaim
    from .running.config import Options


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "checker_paths", type="paths", default=[],
        help="folders whose Python files are derivations: each of their claims becomes a test",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    folders = parent.config.getini("checker_paths")
    ours = any(file_path.is_relative_to(folder) for folder in folders)
    if not ours or file_path.suffix != ".py" or file_path.name.startswith("_"):
        return None
    return DerivationFile.from_parent(parent, path=file_path)


class UnreadableDerivation(Exception):
    """A derivation file with errors; the text is for people."""


class DerivationFile(pytest.File):
    """A derivation: its items are its claims."""

    def collect(self) -> Iterator[pytest.Item]:
        from .running.loader import find_files, load
        from .running.store import Store

        options = _options(self.config)
        store = Store(options.store)
        try:
            loaded = load(find_files([self.path]), options, store)
        finally:
            store.close()
        if loaded.problems:
            from .console.printed import terminal
            from .console.screen import problem_lines

            lines = [line for p in loaded.problems for line in problem_lines(p, options.root)]
            raise UnreadableDerivation(terminal("\n".join(lines)))
        claims = [c for d in loaded.documents for c in d.claims]
        here = {name for c in claims for name in (c.id, c.parent)}
        for stated in claims:
            alone = here.issuperset(stated.using)
            yield ClaimItem.from_parent(self, name=stated.id, stated=stated, alone=alone)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, UnreadableDerivation):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class UnexpectedVerdict(Exception):
    def __init__(self, decision: Decision) -> None:
        super().__init__(f"{decision.stated.id} is {decision.verdict}")
        self.decision = decision


class ClaimItem(pytest.Item):
    """One claim (one link of a chain).  ``alone``: its lemmas are in the same file, so that a fault in
    another file cannot touch it."""

    def __init__(self, *, stated: StatedClaim, alone: bool, **rest: Any) -> None:
        super().__init__(**rest)
        self.stated, self.alone = stated, alone

    def runtest(self) -> None:
        from .running.run import run

        folders = tuple(Path(p) for p in self.config.getini("checker_paths"))
        options = replace(
            _options(self.config), paths=(self.path,) if self.alone else folders, ids=(self.stated.id,),
            certificates=None, whole=False,
        )
        for decision in run(options).decisions:
            if not decision.as_expected:
                raise UnexpectedVerdict(decision)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, UnexpectedVerdict):
            from .console.printed import terminal
            from .console.rows import statement
            from .console.screen import surprise_lines

            decision = excinfo.value.decision
            lines = surprise_lines(decision, _options(self.config).root)
            return terminal("\n".join([statement(decision.stated.claim), "", *lines]))
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.stated.line - 1, f"claim {self.stated.id}"


def _options(config: pytest.Config) -> Options:
    from .running.config import read_config

    return read_config(config.rootpath)
