"""Arguments of complex numbers: a linear form in real names plus an interval, in units of pi.

``Angle(form, low, high, ...)`` says: the number is r exp(i (form + t pi)), r > 0, t in the interval.  It is *a*
determination of the argument; the principal one lies in (-pi, pi], and which multiple of 2 pi lies between is
decided by the range of the whole (:meth:`Angle.turns`).  Ends are open or closed: at the cut that matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor, inf
from typing import TypeAlias

End: TypeAlias = Fraction | float       # a float only for +-infinity


@dataclass(frozen=True, slots=True)
class Interval:
    low: End
    high: End
    low_open: bool = False
    high_open: bool = False

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high,
                        self.low_open or other.low_open, self.high_open or other.high_open)

    def times(self, c: Fraction) -> Interval:
        if c == 0:
            return Interval(Fraction(0), Fraction(0))
        low, high = self.low * c if abs(self.low) != inf else self.low * (1 if c > 0 else -1), (
            self.high * c if abs(self.high) != inf else self.high * (1 if c > 0 else -1))
        return Interval(low, high, self.low_open, self.high_open) if c > 0 else Interval(
            high, low, self.high_open, self.low_open)

    def meet(self, other: Interval) -> Interval:
        """The intersection (perhaps empty: then everything may be said of it)."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low, high, low_open, not high_closed)

    def within(self, low: End, high: End, low_open: bool, high_open: bool) -> bool:
        return (self.low > low or self.low == low and (self.low_open or not low_open)) and (
            self.high < high or self.high == high and (self.high_open or not high_open))

    def turns(self) -> int | None:
        """m with the interval inside (2m - 1, 2m + 1]: subtract 2 pi m to get the principal argument."""
        if abs(self.low) == inf or abs(self.high) == inf:
            return None
        for m in {floor((Fraction(self.low) + 1) / 2), floor((Fraction(self.high) + 1) / 2),
                  floor((Fraction(self.high) + 1) / 2) - 1}:
            if self.within(Fraction(2 * m - 1), Fraction(2 * m + 1), True, False):
                return m
        return None


ALL = Interval(-inf, inf, True, True)
PRINCIPAL = Interval(Fraction(-1), Fraction(1), True, False)
RIGHT = Interval(Fraction(-1, 2), Fraction(1, 2), True, True)
UPPER = Interval(Fraction(0), Fraction(1), True, True)
LOWER = Interval(Fraction(-1), Fraction(0), True, True)
REAL = Interval(Fraction(0), Fraction(1))


def exactly(q: Fraction | int) -> Interval:
    return Interval(Fraction(q), Fraction(q))


__all__ = ["ALL", "LOWER", "PRINCIPAL", "REAL", "RIGHT", "UPPER", "Interval", "exactly"]
