"""What a verdict may depend on: the program, the kernel's rules, and the libraries below them."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version


def program() -> str:
    return _version("derivation-checker")


def versions() -> str:
    """One line, as ``checker --version`` prints it."""
    import flint

    from .kernel.verdict import RULE_SET  # the kernel, which a run that prints a table need not load

    return (f"checker {program()} (kernel rule set {RULE_SET}; SymPy {_version('sympy')}, "
            f"python-flint {_version('python-flint')} with FLINT {flint.__FLINT_VERSION__}; "
            f"Python {platform.python_version()})")


def _version(package: str) -> str:
    """Without importing it: SymPy takes a second."""
    try:
        return version(package)
    except PackageNotFoundError:  # run from a folder that was never installed
        return "not installed"


__all__ = ["program", "versions"]
