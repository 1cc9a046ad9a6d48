"""Which rows of the large tables run: ``--rows quick`` every fifth, ``--rows rest`` the others, or all.

A table of hundreds of claims costs minutes; ``make test`` takes a share of each, ``make test-rest`` what it leaves, and
continuous integration both.  Which row goes where depends only on its place in its table.
"""

from __future__ import annotations

from collections import Counter

import pytest

LARGE, SHARE = 10, 5
#: Files and tests that are long as a whole.
REST = ("test_gallery.py", "test_course.py", "test_submissions.py", "test_contracts.py", "test_sessions.py", "test_fuzz.py",
        "test_totals_into_an_exported_gradebook", "test_a_class_in_parts")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rows", choices=("all", "quick", "rest"), default="all",
                     help=f"of tables with more than {LARGE} rows: every row (default), every {SHARE}th, or the others")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    rows = config.getoption("--rows")
    if rows == "all":
        return
    table = [item.nodeid.partition("[")[0] for item in items]
    sizes, seen = Counter(table), Counter[str]()
    kept, left = [], []
    for item, name in zip(items, table, strict=True):
        quick = (sizes[name] <= LARGE or seen[name] % SHARE == 0) and not {item.path.name, name.rpartition("::")[2]} & {*REST}
        seen[name] += 1
        (kept if quick == (rows == "quick") else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept
