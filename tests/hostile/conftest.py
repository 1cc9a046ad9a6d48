"""What the tests on hostile files share."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def deep() -> Iterator[None]:
    """As deep as a worker may go (running/workers.py)."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(5_000)
    yield
    sys.setrecursionlimit(before)
