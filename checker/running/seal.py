"""Seals on what the store says and nobody can check again: written here, by this person, on this machine.

A stored certificate needs none: the kernel replays it.  What a file stated, and that a search found nothing, cannot
be replayed; a row of that kind counts only under a seal (HMAC-SHA256) made with a key that lies outside the store, in
the person's own folder (``$XDG_STATE_HOME`` or ``~/.local/state``, ``derivation-checker/seal.key``, readable by its
owner alone).  A store that somebody else sends, a build system's cache or a pull request brings has no such rows.

FAILURE: without a key (no home, a key that others may read) nothing is sealed, and such rows are not used.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

_LENGTH = 32


def seal(*parts: str) -> str | None:
    """The seal on these texts in this order, or None where there is no key."""
    key = _key(_folder())
    return None if key is None else hmac.new(key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def sealed(given: str, *parts: str) -> bool:
    made = seal(*parts)
    return made is not None and hmac.compare_digest(made.encode(), given.encode(errors="replace"))


def _folder() -> Path | None:
    state = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = Path(state) if state else Path.home() / ".local" / "state"
    except RuntimeError:
        return None
    # A relative one would be in the folder that is checked: somebody else's key.
    return folder / "derivation-checker" if folder.is_absolute() else None


@functools.cache
def _key(folder: Path | None) -> bytes | None:
    if folder is None:
        return None
    file = folder / "seal.key"
    with suppress(OSError):
        if not file.exists():
            _make(file)
        return _read(file)
    return None


def _make(file: Path) -> None:
    """Whole at every moment, and one key where two runs make it at once: the first link stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(_LENGTH))
        os.fsync(handle)
        os.close(handle)
        with suppress(FileExistsError):
            os.link(part, file)
    finally:
        part.unlink(missing_ok=True)


def _read(file: Path) -> bytes | None:
    with file.open("rb") as f:
        status = os.fstat(f.fileno())
        if os.name == "posix" and (status.st_mode & 0o077 or status.st_uid != os.geteuid()):
            return None
        key = f.read(_LENGTH + 1)
    return key if len(key) == _LENGTH else None


__all__ = ["seal", "sealed"]
