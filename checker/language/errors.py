"""Errors in what a person states: what, where, and what would help."""

from __future__ import annotations


class StatementError(Exception):
    """A statement that cannot be read.  ``code`` is a short stable name for tools."""

    def __init__(self, message: str, code: str = "statement") -> None:
        super().__init__(message)
        self.code = code
