r"""A second reader of LaTeX, to disagree with ours: latex2sympy2, on single sides of plain algebra.

    opinions([(source, read_as), ...]) -> notes        for as many lines as could be read, from the first

It reads the source and what we printed as our reading.  Where the two have different values at a rational point, the
line gets a note with both readings: brackets would settle it.  That they agree proves nothing, and no verdict hears
of either.  It knows no relations, sums, indices, densities or matrices (and misreads many of them), so whatever is
more than plain algebra is left out; ``\log`` is its logarithm to the base 10, so ``\ln`` is what it is shown.

After a line that it cannot read its later answers are not to be trusted: ``opinions`` ends there, and
``running/second_opinions.py`` asks a fresh process about the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .meanings.names import kernel_name

LONGEST, DEEPEST = 300, 12
#: What may stand in a side: letters, numbers, plain operators, and these commands.
COMMANDS = frozenset(r"""
    frac dfrac tfrac sqrt cdot times sin cos tan sinh cosh tanh arcsin arccos arctan ln log exp left right pi
    alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi varphi chi psi
    omega binom lvert rvert vert""".split())
_SPACES = re.compile(
    r"\\(?:[,;:! ]|quad|qquad|nonumber|notag|(?:label|tag)\{[^{}]*\}|(?:big|Big|bigg|Bigg)[lrm]?(?![A-Za-z]))|&|~")
_RELATION = re.compile(
    r"\\(?:leq?|geq?|neq?|lt|gt|le|ge|ne|approx|equiv|sim|implies|iff|to|in|propto)(?![A-Za-z])|[=<>]")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_ALLOWED = re.compile(r"[A-Za-z0-9\s+\-*/^(){}|!._\\]*")
#: Values for the names, in order: small, apart from each other, inside most domains.
POINTS = (("3/7", "5/3", "11/4", "7/9", "13/6", "2/5"), ("9/4", "4/7", "6/5", "12/11", "5/8", "8/3"),
          ("1/3", "10/3", "3/2", "14/5", "4/9", "15/7"))


def opinions(rows: Sequence[tuple[str, str]]) -> list[str | None]:
    """A note, or None, for each line; the list ends with the first line that could not be read."""
    try:
        from latex2sympy2 import latex2sympy
    except ImportError:                     # it is not there, or does not run with this Python
        return [None]*len(rows)
    found: list[str | None] = []
    for source, read_as in rows:
        try:
            found.append(_opinion(source, read_as, latex2sympy))
        except Exception:                   # whatever it raises: it has no opinion, and its state is lost
            return [*found, None]
    return found


def sides(row: str) -> list[str]:
    """The sides of a row: between relations, without alignment marks, spacing and the last full stop."""
    plain = _SPACES.sub(" ", row).replace("\\\\", " ").strip().rstrip(".,; ")
    return [s.strip() for s in _RELATION.split(plain) if s.strip()]


def fits(side: str) -> bool:
    """Plain algebra of numbers: all that the second reader may be asked about."""
    depth = deepest = 0
    for ch in side:
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(ch, 0)
        deepest = max(deepest, depth)
    return (0 < len(side) <= LONGEST and depth == 0 and deepest <= DEEPEST and _ALLOWED.fullmatch(side) is not None
            and side.count("|") % 2 == 0 and all(c in COMMANDS for c in _COMMAND.findall(side))
            and not re.search(r"_\{?[A-Za-z\\]|\\log_|\d{7}|\^\{?\d{3}|\.\.", side))


def _opinion(source: str, read_as: str, read: Any) -> str | None:
    written, ours = sides(source), sides(read_as)
    if len(written) != len(ours):
        return None
    for one, other in zip(written, ours, strict=True):
        if not (fits(one) and fits(other)):
            continue
        theirs, printed = read(_shown(one)), read(_shown(other))
        if differ(theirs, printed):
            import sympy

            shown = theirs.func(*theirs.args) if theirs.args else theirs     # without factors 1
            return f"two readings: {other} and {sympy.latex(shown)}; write brackets"
    return None


def _shown(side: str) -> str:
    return side.replace(r"\log", r"\ln").replace(r"\lvert", "|").replace(r"\rvert", "|").replace(r"\vert", "|")


def differ(a: Any, b: Any) -> bool:
    """Whether two expressions in the same names have different values at one of the points."""
    names = [sorted(e.free_symbols, key=str) for e in (a, b)]
    keys = [[kernel_name(str(s)) for s in ns] for ns in names]
    if keys[0] != keys[1] or len(keys[0]) > len(POINTS[0]):
        return False
    return any(_apart(_value(a, names[0], p), _value(b, names[1], p)) for p in POINTS)


def _value(e: Any, names: Sequence[Any], point: Sequence[str]) -> Any:
    import sympy

    value = e.subs({s: sympy.Rational(v) for s, v in zip(names, point, strict=False)}, simultaneous=True).evalf(40)
    return value if value.is_number and value.is_finite else None


def _apart(u: Any, v: Any) -> bool:
    return u is not None and v is not None and bool(abs(u - v) > 10**-20*(1 + abs(u)))


__all__ = ["differ", "fits", "opinions", "sides"]
