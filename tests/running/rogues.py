"""Tasks that misbehave, for the tests of the workers."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import socket
import subprocess
import termios
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
    return len([bytearray(2**30) for _ in range(1000)])     # at once: filling what is allowed takes its time


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


# --------------------------------------------------------------- code that should not be running


def _refusal(attempt: Any) -> str:
    """How an attempt ends: "refused", or what it got."""
    try:
        return f"got {attempt()!r}"[:100]
    except PermissionError:
        return "refused"


def attempts(folder: str) -> dict[str, str]:
    """What code in a worker can do to others; ``folder``: one that is not its own."""
    other = os.path.join(folder, "other.txt")

    def sysfork() -> int:
        if (child := os.fork()) == 0:
            os._exit(0)
        return child

    def lift() -> Any:
        return resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (64, 64))

    def call(name: str, *args: int) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        if getattr(libc, name)(*map(ctypes.c_long, args)) == -1:
            raise OSError(ctypes.get_errno(), name)

    return {name: _refusal(attempt) for name, attempt in {
        "socket": socket.socket,
        "local socket": lambda: socket.socket(socket.AF_UNIX),
        "socketpair": socket.socketpair,
        "fork": sysfork,
        "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "program": lambda: subprocess.run(["true"], check=False),
        "exec": lambda: os.execv("/bin/true", ["true"]),
        "read": lambda: open(other).read(),
        "list": lambda: os.listdir(folder),
        "passwords": lambda: open("/etc/passwd").read(),
        "environment of the parent": lambda: open(f"/proc/{os.getppid()}/environ").read(),
        "write": lambda: open(other, "a"),
        "make": lambda: open(other + ".new", "w"),
        "write home": lambda: open(os.path.expanduser("~/.checker-was-here"), "w"),
        "write with a descriptor": lambda: os.open(other, os.O_RDWR),
        "truncate": lambda: os.truncate(other, 0),
        "remove": lambda: os.remove(other),
        "rename": lambda: os.rename(other, other + "2"),
        "link": lambda: os.link(other, other + "2"),
        "symlink": lambda: os.symlink(other, other + "2"),
        "folder": lambda: os.mkdir(other + "2"),
        "mode": lambda: os.chmod(other, 0o777),
        "times": lambda: os.utime(other),
        "pipe with a name": lambda: os.mkfifo(other + "2"),
        "memory file": lambda: os.memfd_create("x"),
        "signal the parent": lambda: os.kill(os.getppid(), signal.SIGTERM),
        "signal all": lambda: os.kill(-1, signal.SIGTERM),
        "signal the group": lambda: os.kill(0, signal.SIGTERM),
        "limits of the parent": lift,
        "leave the group": os.setsid,
        "signal by a descriptor": lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid()),
        "which signal": lambda: fcntl.fcntl(0, fcntl.F_SETSIG, signal.SIGKILL),
        "lock": lambda: fcntl.lockf(0, fcntl.LOCK_SH),
        "lease": lambda: fcntl.fcntl(0, fcntl.F_SETLEASE, fcntl.F_RDLCK),
        "type into the terminal": lambda: fcntl.ioctl(0, termios.TIOCSTI, b"x"),
        "flags of a file": lambda: fcntl.ioctl(0, 0x40086602, bytes(8)),
        "shared memory": lambda: call("shmat", 0, 0, 0),
        "remove shared memory": lambda: call("shmctl", 0, 0, 0),
        "messages": lambda: call("msgctl", 0, 0, 0),
        "semaphores": lambda: call("semctl", 0, 0, 0),
    }.items()}


def stopping(_: int) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def talking(_: int) -> str:
    return "x" * 66_000_000


def flooding(_: int) -> None:
    """Around the protocol: endless bytes into every pipe it has."""
    for descriptor in range(3, 64):
        try:
            while True:
                os.write(descriptor, b"x" * 1_000_000)
        except OSError:
            continue


def lying(_: int) -> None:
    """An answer that is none, instead of the answer."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b'{"value": 1} and more\n')
        except OSError:
            continue
    time.sleep(60)


def closing(_: int) -> None:
    os.closerange(3, 64)
    while True:
        time.sleep(1)


def leaving(_: int) -> None:
    raise SystemExit(0)


def interrupting(_: int) -> None:
    raise KeyboardInterrupt


def exotic(_: int) -> None:
    class Odd(BaseException):
        pass

    raise Odd("\x1b[31mred")


def unhandled(_: int) -> Any:
    return object()


def unarmed(_: int) -> None:
    """Disarms the timer and lifts its own limit: the wider ones hold."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    while True:
        pass


def forking(_: int) -> None:
    """Where there is no box: a child that holds the pipe and runs on."""
    if os.fork() == 0:
        while True:
            time.sleep(0.1)
    os._exit(3)


def own_pid(_: int) -> int:
    return os.getpid()


def slow(n: int) -> int:
    time.sleep(0.01)
    return 2 * n
