"""``checker replay``: certificates from anywhere, checked again by the kernel alone.

Nothing in a certificate file is believed, its name included.  Files are read, measured and replayed in
limited processes that never import SymPy; lemmas are found by the hash of their claim and replayed
first.  With ``against``, the claims are also compared with what the derivation files state today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..lines import settle
from ..records import Decision, Document, Problem, StatedClaim
from .config import Options
from .kernel import Kernels
from .limits import Ended, Failed, Result
from .linking import link
from .loader import UsageError, find_files, load
from .store import Store


@dataclass(frozen=True, slots=True)
class Replayed:
    """One certificate file: a verdict, or the rule that rejects it, where, and why."""

    file: Path
    id: str | None
    verdict: str | None = None  # None: rejected
    rule: str | None = None
    where: str | None = None
    message: str | None = None
    claim_hash: str | None = None
    stated: StatedClaim | None = None  # with ``against``: the claim it answers

    @property
    def good(self) -> bool:
        return self.verdict is not None


@dataclass(frozen=True, slots=True)
class Replay:
    results: tuple[Replayed, ...]
    missing: tuple[StatedClaim, ...] = ()  # stated, expected to be decided, without certificate
    problems: tuple[Problem, ...] = ()

    @property
    def good(self) -> bool:
        return not self.missing and all(
            r.good and (r.stated is None or r.verdict == r.stated.expected) for r in self.results
        )


def find_certificates(paths: Sequence[Path]) -> list[Path]:
    """Raises :class:`UsageError`."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(path.rglob("*.json"))))
        elif path.exists():
            found.setdefault(path)
        else:
            raise UsageError(f"{path}: there is no such file or folder (`checker check` writes certificates)")
    return list(found)


def replay(paths: Sequence[Path], against: Sequence[Path], options: Options) -> Replay:
    """Raises :class:`UsageError`."""
    files = find_certificates(paths)
    results = _replay_files(files, options)
    if not against:
        return Replay(tuple(results))
    # Loaded afresh: a remembered document is as untrusted as the certificates.
    loaded = load(find_files(against, options.notation is not None), options, Store(None))
    linked = link(loaded.documents)
    claims = {c.id: c for d in linked.documents for c in d.claims}
    compared = [_compare(r, claims) for r in results]
    certified = {r.id for r in compared if r.good}
    claims = {c.id: c for d in linked.documents for c in _settled(d, compared).claims}
    missing = tuple(c for c in claims.values() if c.id not in certified and c.expected != "undecided")
    return Replay(tuple(compared), missing, (*loaded.problems, *linked.problems))


def _settled(document: Document, compared: Sequence[Replayed]) -> Document:
    """Of lines in LaTeX the readings that are certified."""
    if not document.lines:
        return document
    claims = {c.id: c for c in document.claims}
    return settle(document, {
        r.id: Decision(claims[r.id], r.verdict) for r in compared if r.id in claims and r.verdict is not None})


def _compare(result: Replayed, claims: Mapping[str, StatedClaim]) -> Replayed:
    if not result.good:
        return result
    stated = claims.get(result.id or "")
    if stated is None:
        message = "no derivation states this claim"
        return replace(result, verdict=None, rule="against", where="id", message=message)
    if stated.claim.hash != result.claim_hash:
        return replace(
            result, verdict=None, rule="against", where="claim",
            message=f"it certifies another claim than {stated.file}:{stated.line} states under this id",
        )
    return replace(result, stated=stated)


def _replay_files(files: Sequence[Path], options: Options) -> list[Replayed]:
    with Kernels(options.jobs, options.limits, [f.parent for f in files]) as kernels:
        read = [kernels.submit({"read": {"path": str(f)}}) for f in files]
        heads = [_outcome(f, r.result()) for f, r in zip(files, read, strict=True)]
        by_hash: dict[str, Path] = {}
        needs: dict[Path, Sequence[str]] = {}
        for file, head in zip(files, heads, strict=True):
            if isinstance(head, dict):
                by_hash.setdefault(str(head["claim_hash"]), file)
                needs[file] = [str(h) for h in head["lemmas"]]
        results = {f: h for f, h in zip(files, heads, strict=True) if isinstance(h, Replayed)}
        waiting = {f: _lemma_files(f, needs, by_hash) for f in needs}
        while waiting:  # lemmas first: one that is rejected must not take others with it
            ready = [f for f, lemmas in waiting.items() if all(p in results for p in lemmas)]
            futures = {}
            for file in ready:
                lemmas = [{"path": str(p)} for p in waiting.pop(file) if results[p].good]
                futures[file] = kernels.submit({"source": {"path": str(file)}, "lemmas": lemmas})
            for file, future in futures.items():
                results[file] = _minted(file, future.result())
        return [results[f] for f in files]


def _minted(file: Path, result: Result) -> Replayed:
    got = _outcome(file, result)
    if isinstance(got, Replayed):
        return got
    return Replayed(file, got["id"], got["verdict"], got["rule"], claim_hash=got["claim_hash"])


def _lemma_files(file: Path, needs: Mapping[Path, Sequence[str]], by_hash: Mapping[str, Path]) -> list[Path]:
    """The files of all lemmas, earlier ones first.  A lemma without file is the kernel's to miss."""
    found: dict[Path, None] = {}
    stack = [(file, False)]
    entered: set[Path] = set()
    while stack:
        current, below_done = stack.pop()
        if below_done:
            if current != file:
                found.setdefault(current)
            continue
        if current in entered:
            continue
        entered.add(current)
        stack.append((current, True))
        stack += [(by_hash[h], False) for h in needs.get(current, ()) if h in by_hash]
    return list(found)


def _outcome(file: Path, result: Result) -> dict[str, Any] | Replayed:
    match result:
        case Ended({"rejected": {"rule": rule, "where": where, "message": message}}):
            return Replayed(file, _name(file), None, rule, where, message)
        case Ended(dict(value)):
            return value
        case Failed(cause, detail):
            return Replayed(file, _name(file), None, cause, "certificate", detail)
        case _:
            raise RuntimeError(f"an answer of no known shape for {file}")


def _name(file: Path) -> str:
    return file.name.removesuffix(".json")
