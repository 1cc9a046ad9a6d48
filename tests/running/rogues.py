"""Tasks that misbehave, for the tests of the workers."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from typing import Any


def double(n: int) -> int:
    return 2 * n


def endless(_: int) -> None:
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            continue


def hungry(_: int) -> int:
    return len([bytearray(2**26) for _ in range(1000)])


def aborting(_: int) -> Any:
    """GMP aborts where Python raises."""
    from flint import fmpz

    return fmpz(3) ** (10**10)


def overflowing(_: int) -> Any:
    """... and divides by zero where a number is of absurd size."""
    from flint import fmpz

    return fmpz(3) ** (10**12)


def crashing(_: int) -> None:
    ctypes.string_at(0)


def killed(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def raising(_: int) -> None:
    raise ValueError("so it is")


def printing(n: int) -> int:
    print("noise")
    os.write(1, b"more noise")
    return n
