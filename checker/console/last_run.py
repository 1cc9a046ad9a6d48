"""What the last runs said of each file, beside the verdict store: for ``--lf`` and for the completion of claim ids.

    .checker/last.json      {"derivations/game.py": {"odd": true, "claims": ["game.period-six", ...]}, ...}

Nothing depends on it but which files are looked at and which names are offered; a file that cannot be read is none.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ..records import Run
from ..running.config import Options

_NAME = "last.json"


def remember(run: Run, options: Options) -> None:
    """Of every file that was looked at as a whole."""
    if options.store is None or options.select or options.ids:
        return
    found = _read(options.store)
    now: dict[str, dict[str, Any]] = {d.file: {"odd": False, "claims": []} for d in run.documents}
    for document in run.documents:
        names = dict.fromkeys(n for c in document.claims for n in (c.parent, c.id) if n)
        now[document.file]["claims"] += names
    # a line of a chapter that is \input belongs to the document that takes it in
    stated_in = {c.id: d.file for d in run.documents for c in d.claims}
    unread_in = {line.unread: d.file for d in run.documents for line in d.lines if line.unread is not None}
    odd = {stated_in.get(d.stated.id, d.stated.file) for d in run.decisions if not d.as_expected}
    for file in odd | {unread_in.get(p, p.file) for p in run.problems}:
        now.setdefault(file, {"claims": found.get(file, {}).get("claims", [])})["odd"] = True
    path = options.store / _NAME
    draft = path.with_name(f"{_NAME}.{os.getpid()}")
    try:
        draft.write_text(json.dumps({**found, **now}, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(path)
    except (OSError, UnicodeError):
        return      # the store is done without, too


def odd_files(options: Options) -> tuple[Path, ...]:
    """The files that were not as expected when they were last looked at, and that are still there."""
    found = _read(options.store)
    files = (options.root / name for name, entry in found.items() if entry.get("odd"))
    return tuple(file for file in files if file.is_file())


def claim_ids(options: Options) -> list[str]:
    """The ids (of claims, chains) that were last seen."""
    return [name for entry in _read(options.store).values() for name in entry["claims"]]


def _read(store: Path | None) -> dict[str, dict[str, Any]]:
    try:
        data = json.loads((store / _NAME).read_text(encoding="utf-8")) if store is not None else {}
    except (OSError, ValueError, RecursionError):
        return {}
    items = data.items() if isinstance(data, dict) else ()
    return {str(k): v for k, v in items if isinstance(v, dict) and isinstance(v.get("claims"), list)}


__all__ = ["claim_ids", "odd_files", "remember"]
