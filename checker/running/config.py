"""Settings: what ``[tool.checker]`` in pyproject.toml says, then what the command line says.

    [tool.checker]
    paths = ["derivations"]            # where derivation files are
    timeout = 10                       # seconds for one claim
    memory = "2GiB"                    # for one claim, over what its worker needs to start
    jobs = 2                           # workers; default: one per core
    certificates = "build/certificates"
    store = ".checker"                 # verdicts of earlier runs; never believed, always replayed
    fail-on = ["undecided"]            # also exit 1 when a claim is undecided
    notation = "course.notation"       # what the names of documents in LaTeX stand for that declare none

FAILURE: :class:`ConfigError` names the file, the key and the remedy.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .limits import GIB, Limits

if TYPE_CHECKING:
    from .shards import Shard

_UNITS = {"": 1, "b": 1, "k": 10**3, "kb": 10**3, "kib": 2**10, "m": 2**20, "mb": 10**6, "mib": 2**20,
          "g": GIB, "gb": 10**9, "gib": GIB}
KEYS = ("paths", "timeout", "memory", "jobs", "certificates", "store", "fail-on", "notation")
FAIL_ON = ("undecided",)


class ConfigError(ValueError):
    """A setting that cannot be used; the message says which, where, and what would do."""


@dataclass(frozen=True, slots=True)
class Options:
    """Everything a run depends on besides the files themselves."""

    root: Path  # where pyproject.toml is: paths in reports are relative to it
    paths: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    certificates: Path | None = None  # None: write none
    store: Path | None = None  # None: remember nothing
    select: str = ""  # -k
    ids: tuple[str, ...] = ()  # only these claims (or chains)
    whole: bool = True  # the project's own paths, nothing left out: other certificates are left-overs
    fail_on: tuple[str, ...] = ()
    notation: Path | None = None  # of documents in LaTeX that declare nothing
    asked: Path | None = None  # problems with their notations, of a grading (headings.Asked)
    alone: str = ""  # documents in LaTeX take in files of their own "folder" only, or none ("file")
    shard: Shard | None = None  # this part of the files only
    executor: str | None = None  # searches on a cluster: its scheduler's address, or "local"; None: on this machine
    finish_by: float | None = None  # time.monotonic() when the run ends: what is not decided then stays undecided


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def parse_memory(text: str | int) -> int:
    """Bytes.

    >>> parse_memory("512MiB"), parse_memory("2GiB"), parse_memory(1000)
    (536870912, 2147483648, 1000)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", str(text))
    if found is None or found[2].lower() not in _UNITS:
        raise ConfigError(f"{text!r} is not an amount of memory; write it as 512MiB or 2GiB")
    size = int(float(found[1]) * _UNITS[found[2].lower()])
    if size <= 0:
        raise ConfigError(f"{text!r}: a worker needs some memory; the default is 2GiB")
    return size


def parse_timeout(value: float | int | str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        raise ConfigError(f"{value!r} is not a number of seconds") from None
    if not 0 < seconds < 1e6:
        raise ConfigError(f"{value!r}: the limit must be a positive number of seconds")
    return seconds


def find_root(start: Path) -> Path:
    """The nearest folder upwards with a pyproject.toml, else ``start``."""
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file():
            return folder
    return start


def read_config(start: Path | None = None) -> Options:
    """The options that ``[tool.checker]`` asks for.  Raises :class:`ConfigError`."""
    import tomllib  # 10 ms that --help need not pay

    root = find_root((start or Path.cwd()).resolve())
    file = root / "pyproject.toml"
    table: Mapping[str, Any] = {}
    if file.is_file():
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("checker", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{file}: {error}") from error
    for key in table:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(KEYS)}"
            raise ConfigError(f"{file}: [tool.checker] has no key {key!r}; {hint}")
    try:
        return Options(
            root=root,
            paths=tuple(root / p for p in _strings(table, "paths", ("derivations",))),
            limits=Limits(parse_timeout(table.get("timeout", 10)), parse_memory(table.get("memory", "2GiB"))),
            jobs=_jobs(table.get("jobs", cores())),
            certificates=root / str(table.get("certificates", "build/certificates")),
            store=root / str(table.get("store", ".checker")),
            fail_on=_fail_on(_strings(table, "fail-on", ())),
            notation=root / str(table["notation"]) if "notation" in table else None,
        )
    except ConfigError as error:
        raise ConfigError(f"{file}: [tool.checker]: {error}") from error


def _strings(table: Mapping[str, Any], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = table.get(key, default)
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
        raise ConfigError(f"{key} must be a list of strings, not {value!r}")
    return tuple(value)


def _jobs(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigError(f"jobs must be a positive whole number, not {value!r}")
    return value


def _fail_on(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if value not in FAIL_ON:
            raise ConfigError(f"fail-on knows {', '.join(FAIL_ON)}; not {value!r}")
    return values
