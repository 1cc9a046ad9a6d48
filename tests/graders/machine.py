"""A machine as a grading system makes one: this system's files below, what is written kept apart, exact absolute paths.

A mount namespace with an overlay over ``/`` and a chroot into it, so that ``/autograder`` or ``/grade`` are where the
system puts them, and nothing of it stays.  Needs root (or user namespaces) on Linux.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

#: $1: a folder that inside is /exchange; $2: the script that runs inside.
_ENTER = """
set -e
top=$(mktemp -d)
mount -t tmpfs tmpfs "$top"
mkdir "$top/upper" "$top/work" "$top/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" "$top/root"
mount --rbind /dev "$top/root/dev"
mount -t proc proc "$top/root/proc" || mount --rbind /proc "$top/root/proc"
mkdir "$top/root/exchange"
mount --bind "$1" "$top/root/exchange"
exec chroot "$top/root" /bin/bash -euc "$2"
"""


def _command(network: bool) -> list[str]:
    own = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", "--mount", *own, *([] if network else ["--net"])]


def run_inside(exchange: Path, script: str, *, network: bool = False, timeout: float = 120
               ) -> subprocess.CompletedProcess[str]:
    """Run a script inside such a machine; it finds ``exchange`` at ``/exchange`` and leaves there what is to stay."""
    return subprocess.run([*_command(network), "/bin/bash", "-c", _ENTER, "enter", str(exchange), script],
                          capture_output=True, text=True, timeout=timeout, check=False)


@cache
def why_not() -> str:
    """Why no such machine can be made here; "" if it can."""
    if shutil.which("unshare") is None:
        return "no unshare: mount namespaces are Linux's"
    try:
        done = run_inside(Path("/tmp"), "mkdir /autograder && test -d /exchange")
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if done.returncode == 0 else f"no overlay in a mount namespace here: {done.stderr.strip()[-200:]}"
