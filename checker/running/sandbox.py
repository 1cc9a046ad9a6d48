"""A box for processes that handle other people's text: what is left to code that should not be running.

Nothing of a document is executed, so nothing in a worker needs the network, another program, another process or
a file to write.  The box takes these away for good, from the process itself, before it sees a byte of the document: a
fault in a library that let a document run code would then run it where it can do nothing but give a wrong
answer, and the kernel believes no answers.

==============  ============================================  =======================================================
Linux has       what it takes away                            how
==============  ============================================  =======================================================
capabilities    the rights of root, but to read               capset
seccomp         network; programs; processes; signals to      a filter on system calls by number, for every thread and
                others; writing, changing, removing files;    child (``man 2 seccomp``); what is refused raises
                looking into other processes; mounts, keys,   PermissionError
                io_uring, memory outside the limit, locks,
                commands to devices and terminals
Landlock        reading files outside Python, its packages    rules on folders (``man 7 landlock``, from kernel 5.13)
                and the folders that are named
==============  ============================================  =======================================================

No privilege is needed, root may be boxed too, and nothing has to be installed.  Where the system has a part of it
only, that part is used, and :func:`protections` says so (``checker --version`` prints it).  Why not namespaces or a
library: docs/decisions/0008.

What it cannot do: hide what the process already has in memory (its environment), or stop it from using up its limits.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

# ----------------------------------------------------------------------------------- system calls

#: Not refused to the one process that speaks with a cluster.
_NETWORK = frozenset("socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg".split())
#: Refused with EPERM: (x86-64, AArch64) numbers; None: there is no such call.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # network, sockets of this machine
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    # programs and processes (threads are allowed, see _filter)
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "kcmp": (312, 272),
    "process_mrelease": (448, 448), "setpriority": (141, 140), "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119), "sched_setattr": (314, 274), "sched_setparam": (142, 118),
    "ioprio_set": (251, 30), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "setsid": (112, 157), "setpgid": (109, 154),
    # files: make, change, remove (opening for writing: see _filter)
    "creat": (85, None), "truncate": (76, 45), "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None),
    "renameat": (264, 38), "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None),
    "link": (86, None), "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36), "mknod": (133, None),
    "mknodat": (259, 33), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None),
    "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5),
    "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "removexattrat": (466, 466), "flock": (73, 32),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "file_setattr": (469, 469),
    # memory that the limit does not count, messages that outlive the process
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "mq_open": (240, 180), "mq_unlink": (241, 181),
    # ... and those of other processes: their numbers are small and can be guessed
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190), "semop": (65, 193),
    "semtimedop": (220, 192), "semctl": (66, 191), "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188),
    "msgctl": (71, 187),
    # the system
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "bpf": (321, 280), "perf_event_open": (298, 241), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "userfaultfd": (323, 282), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "clock_adjtime": (305, 266), "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "syslog": (103, 116), "vhangup": (153, 58),
    "fanotify_init": (300, 262), "lookup_dcookie": (212, 18), "personality": (135, 92),
}
#: Answered as by an older system: the C library then does it the old way, which the filter can look into.
_UNKNOWN = {"clone3": (435, 435), "openat2": (437, 437)}
#: (number, number, which argument): what is looked at.
_OPEN, _OPENAT, _CLONE = (2, None), (257, 56), (56, 220)
_KILL, _TGKILL, _PRLIMIT = (62, 129), (234, 131), (302, 261)
_FCNTL, _IOCTL = (72, 25), (16, 29)
#: fcntl: duplicates and flags of a descriptor (0 to 4).  Not its owner, for a descriptor signals its owner, which may
#: be any process, with any signal; no locks, which others wait for.
_DUPLICATE_CLOEXEC, _FIRST_NOT_OF_FLAGS = 1030, 5
#: ioctl: what Python asks of what it opens.  Not TIOCSTI, which types into the terminal, nor the attributes of
#: files, which need no descriptor for writing.
_HARMLESS = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS(2) ... FIOCLEX

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH_*
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CLONE_THREAD = 0x10000

# classic BPF: code, jump if true, jump if false, constant
_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _DENY, _KILL_PROCESS, _NO_SUCH_CALL = 0x7FFF0000, 0x00050000, 0x80000000, 0x00050000 | errno.ENOSYS
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_Instruction = tuple[int, int, int, int]


def _filter(column: int, architecture: int, pid: int, network: bool = False) -> list[_Instruction]:
    """The program: each block tests the number, and falls through to the next where it is another."""
    eperm = _DENY | errno.EPERM
    out: list[_Instruction] = [
        (_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL_PROCESS), (_LOAD, 0, 0, _NUMBER)]
    if column == 0:  # the numbers of the x32 interface name the same calls
        out += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL_PROCESS)]

    def low(argument: int) -> _Instruction:
        return _LOAD, 0, 0, _ARGUMENTS + 8 * argument

    def high(argument: int) -> _Instruction:
        return _LOAD, 0, 0, _ARGUMENTS + 8 * argument + 4

    allow, deny = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, eperm)

    def block(numbers: tuple[int | None, int | None], *body: _Instruction) -> None:
        if (number := numbers[column]) is not None:
            out.extend([(_EQUAL, 0, len(body), number), *body])

    for name, numbers in _REFUSED.items():
        if not network or name not in _NETWORK:
            block(numbers, deny)
    for numbers in _UNKNOWN.values():
        block(numbers, (_RETURN, 0, 0, _NO_SUCH_CALL))
    block(_OPEN, low(1), (_ANY_BIT, 0, 1, _WRITES), deny, allow)
    block(_OPENAT, low(2), (_ANY_BIT, 0, 1, _WRITES), deny, allow)
    block(_CLONE, low(0), (_ANY_BIT, 1, 0, _CLONE_THREAD), deny, allow)
    for numbers in (_KILL, _TGKILL):  # abort() and faulthandler signal the process itself
        block(numbers, low(0), (_EQUAL, 1, 0, pid), deny, allow)
    block(_FCNTL, low(1), (_EQUAL, 2, 0, _DUPLICATE_CLOEXEC), (_AT_LEAST, 0, 1, _FIRST_NOT_OF_FLAGS), deny, allow)
    block(_IOCTL, low(1), *((_EQUAL, len(_HARMLESS) - k, 0, n) for k, n in enumerate(_HARMLESS)), deny, allow)
    # limits of this process only: for others it would be the way to lift theirs
    block(_PRLIMIT, low(0), (_EQUAL, 2, 0, 0), (_EQUAL, 1, 0, pid), deny, high(0), (_EQUAL, 1, 0, 0), deny, allow)
    return [*out, allow]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def _system() -> tuple[int, int] | None:
    return _ARCHITECTURES.get(platform.machine()) if sys.platform == "linux" and sys.maxsize > 2**32 else None


_NO_NEW_PRIVS, _CAP_DAC_READ_SEARCH = 38, 2
_SECCOMP = (317, 277)
_SET_MODE_FILTER, _TSYNC = 1, 1
_CAPSET = (126, 91)
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446


def _call(number: int, *args: int | object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    given = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    result: int = libc.syscall(ctypes.c_long(number), *given)
    return result if result >= 0 else -ctypes.get_errno()


def _enter_filter(column: int, architecture: int, network: bool) -> bool:
    instructions = _filter(column, architecture, os.getpid(), network)
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *i) for i in instructions))
    program = _Program(len(instructions), ctypes.addressof(code))
    return _call(_SECCOMP[column], _SET_MODE_FILTER, _TSYNC, ctypes.byref(program)) == 0


def _drop_rights(column: int) -> bool:
    """All capabilities but the one to read what others own: in a container, submissions belong to somebody else."""
    kept = 1 << _CAP_DAC_READ_SEARCH if os.geteuid() == 0 else 0
    header = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0))
    rights = ctypes.create_string_buffer(struct.pack("6I", kept, kept, 0, 0, 0, 0))
    return _call(_CAPSET[column], header, rights) == 0


# --------------------------------------------------------------------------------------- Landlock

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
#: All rights on files, by version of the interface: 13 at first, then refer, truncate, ioctl on devices.
_RIGHTS = {1: 2**13 - 1, 2: 2**14 - 1, 3: 2**15 - 1, 4: 2**15 - 1, 5: 2**16 - 1}


def landlock_version() -> int:
    """0: the system has none."""
    return max(0, _call(_LANDLOCK_CREATE, 0, 0, 1)) if _system() is not None else 0


def _confine_reading(folders: Iterable[Path], network_too: bool) -> bool:
    version = min(landlock_version(), 6)
    if version == 0:
        return False
    network = 3 if version >= 4 and not network_too else 0   # bind, connect
    scoped = 3 if version >= 6 else 0    # abstract sockets, signals to processes outside
    attributes = struct.pack("QQQ", _RIGHTS[min(version, 5)], network, scoped)[:24 if version >= 6 else
                                                                               16 if version >= 4 else 8]
    rules = _call(_LANDLOCK_CREATE, ctypes.create_string_buffer(attributes), len(attributes), 0)
    if rules < 0:
        return False
    try:
        for folder in folders:
            _allow_reading(rules, folder)
        return _call(_LANDLOCK_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allow_reading(rules: int, path: Path) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there cannot be read
    try:
        rights = _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, place))
        _call(_LANDLOCK_ADD, rules, 1, rule, 0)
    finally:
        os.close(place)


def _python() -> Iterator[Path]:
    """Where Python, its packages and the libraries below them are: modules may be imported late."""
    here = os.path.realpath(os.getcwd())
    yield from (Path(sysconfig.get_path(k)) for k in ("stdlib", "platstdlib", "purelib", "platlib"))
    yield from (Path(p) for p in sys.path if p and os.path.realpath(p) != here)
    yield Path(__file__).resolve().parents[1]
    yield from (Path(p) for p in (
        "/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/nix/store",
        "/usr/share/zoneinfo", "/dev/null", "/dev/urandom", "/sys/devices/system/cpu", "/proc/cpuinfo",
        "/proc/meminfo"))


# ------------------------------------------------------------------------------------------ doors


def enter(readable: Iterable[Path] = (), network: bool = False) -> tuple[str, ...]:
    """Box this process, for good; ``readable``: files and folders it may read besides Python itself.
    ``network``: it keeps the network (for the one process that speaks with a cluster).

    Returns what is in force.  FAILURE: none; what a system does not have is missing from the answer."""
    system = _system()
    if system is None:
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return ()
    done = [("landlock", _confine_reading([*_python(), *readable], network)), ("capabilities", _drop_rights(system[0])),
            ("seccomp", _enter_filter(*system, network))]  # in this order: the filter refuses what the others need
    return tuple(name for name, worked in done if worked)


def die_with_parent() -> None:
    """When the process that this one was forked from ends, so does this one (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)  # PR_SET_PDEATHSIG, SIGKILL


def protections() -> str:
    """One line: what this system offers to processes that handle other people's text."""
    if _system() is None:
        return "limits on time and memory only (the sandbox needs Linux on x86-64 or AArch64)"
    works = _tried()
    return "; ".join((
        "no network, programs, processes or writing (seccomp)" if "seccomp" in works else "no seccomp here",
        f"reading confined (Landlock {landlock_version()})" if "landlock" in works else
        "reading not confined: no Landlock here"))


def _tried() -> list[str]:
    """What is in force in a process that boxed itself: a container may know the calls, and refuse them."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(write, " ".join(enter()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        works = answer.read().split()
    os.waitpid(child, 0)
    return works


__all__ = ["die_with_parent", "enter", "landlock_version", "protections"]
