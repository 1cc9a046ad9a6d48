"""Errors in what a person states: what, where, and what would help."""

from __future__ import annotations


class StatementError(Exception):
    """A statement that cannot be read.  ``code`` is a short stable name for tools."""

    def __init__(self, message: str, code: str = "statement") -> None:
        super().__init__(message)
        self.code = code


class ShapeMismatch(StatementError):
    """A sum or product of vectors and matrices whose sizes do not fit.  ``broadcast``: a vector added to a matrix, two
    vectors side by side; programs and careless writing have a meaning for these, and nobody has one for the others."""

    def __init__(self, message: str, broadcast: bool = False) -> None:
        super().__init__(message, "shape")
        self.broadcast = broadcast
