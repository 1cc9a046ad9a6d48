"""From files to decisions: load, link, search, mint.

    files --(limited workers)--> documents --(lemmas first)--> certificates --(kernel process)--> decisions

A certificate comes from the store or from a search; either way its verdict is what the kernel process
says.  The order of the decisions is that of the documents, whatever finished first.
"""

from __future__ import annotations

import difflib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from ..lines import settle, waiting
from ..records import Decision, Document, Problem, Run, StatedClaim
from . import certificates
from .config import Options
from .kernel import Kernels
from .limits import Ended, Failed, Result
from .linking import Linked, link, needed
from .loader import Loaded, UsageError, find_files, load
from .selection import select
from .store import NOT_STORED, Store, verdict_key

#: ``FILE:LINE``, of a derivation in LaTeX.
_PLACE = re.compile(r"(.+):(\d+)")

#: Called with (claims decided, claims in all, id of the one just decided).
Progress: TypeAlias = Callable[[int, int, str], None]


def run(options: Options, progress: Progress | None = None) -> Run:
    """Decide every claim below ``options.paths`` that ``options.select`` lets through.

    Raises :class:`~.loader.UsageError`, :class:`~.selection.SelectionError`.
    """
    files = find_files(options.paths, options.notation is not None)
    return run_documents(lambda store: load(files, options, store), options, progress, bool(files))


def run_documents(load: Callable[[Store], Loaded], options: Options, progress: Progress | None = None,
                  any_files: bool = True) -> Run:
    """Decide every claim of the documents that ``load`` brings.  Raises as ``run``."""
    chosen = select(options.select)
    with closing(Store(options.store)) as store, Kernels(options.jobs, options.limits) as kernels:
        kernels.start(2 if any_files else 0)  # they import while this process reads
        loaded = load(store)
        linked = link(loaded.documents)
        names = [c.id for d in linked.documents for c in d.claims]
        problems = [*loaded.problems, *linked.problems]
        wanted = _named(options.ids, linked, problems) if options.ids else [n for n in names if chosen(n)]
        chosen_ids = frozenset(wanted)

        def later(decided: Mapping[str, Decision]) -> set[str]:
            """Readings of lines that come into question when those before them are not proved."""
            return {n for d in linked.documents for n in waiting(d, decided) if n in chosen_ids}

        fallback = {c.id for d in linked.documents for c in d.claims if c.fallback}
        decided = _Deciding(linked, options, store, problems, kernels).run(
            needed([n for n in wanted if n not in fallback], linked.lemmas), progress, later
        )
    documents = tuple(_shown(d, chosen_ids, decided, options.ids) for d in linked.documents)
    kept = {c.id: c for d in documents for c in d.claims}
    decisions = tuple(replace(decided[n], stated=kept[n]) for n in wanted if n in kept and n in decided)
    if options.certificates is not None:
        with_lemmas = [decided[n] for n in names if n in decided]
        # The claims of a file that fails are still there: their certificates are no left-overs.
        certificates.write(options.certificates, with_lemmas, everything=options.whole and not problems)
    return Run(documents, decisions, tuple(problems))


def _shown(document: Document, wanted: frozenset[str], decided: Mapping[str, Decision], ids: Sequence[str]
           ) -> Document:
    """The document with the claims that were asked for; its lines with the reading that holds."""
    if document.lines and not ids and document.claims and not any(c.id in wanted for c in document.claims):
        document = replace(document, lines=())
    found = settle(document, decided) if document.lines else document
    return replace(found, claims=tuple(c for c in found.claims if c.id in wanted))


def _named(ids: Sequence[str], linked: Linked, problems: Sequence[Problem]) -> list[str]:
    """The claims with these ids; a chain's id stands for its links.  Raises :class:`UsageError`."""
    claims = [c for d in linked.documents for c in d.claims]
    found: list[str] = []
    for name in ids:
        links = [c.id for c in claims if name in (c.id, c.parent)]
        if not links and (at := _PLACE.fullmatch(name)):
            lines = [x for d in linked.documents for x in d.lines if x.line == int(at[2])]
            if lines:
                found += dict.fromkeys(c for x in lines for need in x.needs for o in need for c in o.claims)
                continue
            there = sorted({x.line for d in linked.documents for x in d.lines})
            hint = f"; its lines: {', '.join(map(str, there[:40]))}" if there else ""
            raise UsageError(f"no formula begins on line {at[2]} of {at[1]}{hint}")
        if not links:
            known = dict.fromkeys(n for c in claims for n in (c.id, c.parent) if n)
            near = difflib.get_close_matches(name, known, 2, 0.7)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            errors = "".join(f"\n{p.file}:{p.line or ''}: {p.message}" for p in problems)
            raise UsageError(f"there is no claim {name}{hint}{errors}")
        found += links
    return found


@dataclass(frozen=True, slots=True)
class _Step:
    """Something under way for a claim: a replay of a stored or a found certificate, or a search."""

    name: str
    kind: str  # stored | search | found | repair
    certificate: Mapping[str, Any] | None = None


class _Deciding:
    """The state of one run: what is decided, what is under way."""

    def __init__(
        self, linked: Linked, options: Options, store: Store, problems: list[Problem], kernels: Kernels
    ) -> None:
        self.options, self.store, self.problems = options, store, problems
        self.lemmas = linked.lemmas
        self.claims = {c.id: c for d in linked.documents for c in d.claims}
        self.json = {name: c.claim.to_json() for name, c in self.claims.items()}
        self.decided: dict[str, Decision] = {}
        self.refuted: dict[str, Decision] = {}    # those whose slip is being looked for
        self.spent: dict[str, float] = {}     # seconds: searches and replays, not the time in a queue
        self.under_way: dict[Future[Result], _Step] = {}
        self._exit = ExitStack()
        self._kernels = kernels
        self._workers: Any = None

    def run(self, names: set[str], progress: Progress | None,
            later: Callable[[Mapping[str, Decision]], set[str]]) -> dict[str, Decision]:
        """Decide ``names``, then what ``later`` still asks for."""
        with self._exit:
            while names:
                self._run(names, progress)
                names = needed(sorted(later(self.decided)), self.lemmas) - set(self.decided)
            return self.decided

    def _run(self, names: set[str], progress: Progress | None) -> dict[str, Decision]:
        open_ = [n for n in self.claims if n in names]
        total = len(self.decided) + len(open_)
        while open_ or self.under_way:
            if self._time_left() == 0:
                self._stop(open_)
                break
            for name in [n for n in open_ if self._lemmas_known(n)]:
                open_.remove(name)
                self._begin(self.claims[name])
                if progress is not None and name in self.decided:
                    progress(len(self.decided), total, name)
            if not self.under_way:
                continue
            done, _ = wait(self.under_way, timeout=self._time_left(), return_when=FIRST_COMPLETED)
            for future in done:
                step, result = self.under_way.pop(future), future.result()
                self.spent[step.name] = self.spent.get(step.name, 0.0) + result.seconds
                self._continue(step, result)
                if progress is not None and step.name in self.decided:
                    progress(len(self.decided), total, step.name)
        return self.decided

    def _time_left(self) -> float | None:
        """Seconds until the whole run has to end; None: it need not."""
        by = self.options.finish_by
        return None if by is None else max(0.0, by - time.monotonic())

    def _stop(self, open_: list[str]) -> None:
        """The run's time is over: what is known is kept, what is not decided stays undecided."""
        for name in [*open_, *(s.name for s in self.under_way.values())]:
            known = self.refuted.pop(name, None)     # refuted, and only its slip was still looked for
            self._decide(known or Decision(
                self.claims[name], "undecided", cause="time",
                evidence="the time for the whole run was over before it was decided",
                next_steps=("allow the run more time: a larger --finish-within",)))
        self.under_way.clear()

    def _lemmas_known(self, name: str) -> bool:
        return all(n in self.decided or n not in self.claims for n in self.lemmas[name])

    # ------------------------------------------------------------------ one claim, step by step

    def _begin(self, stated: StatedClaim) -> None:
        for lemma in self.lemmas[stated.id]:
            held = self.decided.get(lemma)
            if held is None or held.verdict != "proved":
                how = "could not be read" if held is None else f"is {held.verdict}"
                self._decide(Decision(
                    stated, "undecided", cause="lemma", evidence=f"rests on {lemma}, which {how}",
                    next_steps=(f"checker explain {lemma}",),
                ))
                return
        stored = self.store.verdict(self._key(stated))
        match stored:
            case {"certificate": dict(certificate)}:
                self._mint(stated, certificate, "stored")
            case {"certificate": None, "cause": str(cause)} if cause not in NOT_STORED:
                self._decide(_undecided(stated, stored or {}))
            case _:
                self._search(stated)

    def _search(self, stated: StatedClaim) -> None:
        future = self._pool().submit(
            "search", self.json[stated.id], self._packed_lemmas(stated), list(stated.by)
        )
        self.under_way[future] = _Step(stated.id, "search")

    def _repair(self, decision: Decision) -> None:
        """Ask what slip a refutation nobody expected looks like; its decision waits for the answer."""
        self.refuted[decision.stated.id] = decision
        future = self._pool().submit(
            "repair", self.json[decision.stated.id], (decision.certificate or {}).get("witness"))
        self.under_way[future] = _Step(decision.stated.id, "repair")

    def _pool(self) -> Any:
        if self._workers is None:
            from .workers import Workers  # 90 ms that a run from the store need not pay

            self._workers = self._exit.enter_context(Workers(self.options.jobs, self.options.limits))
        return self._workers

    def _mint(self, stated: StatedClaim, certificate: Mapping[str, Any], kind: str) -> None:
        lemmas = [{"claim": c, "certificate": k} for c, k in self._packed_lemmas(stated)]
        source = {"claim": self.json[stated.id], "certificate": certificate}
        future = self._kernels.submit({"source": source, "lemmas": lemmas})
        self.under_way[future] = _Step(stated.id, kind, certificate)

    def _continue(self, step: _Step, result: Result) -> None:
        stated = self.claims[step.name]
        match step.kind, result:
            case "search", Failed(cause, detail):
                self._decide(_stopped(stated, cause, detail))
            case "search", Ended({"problem": str(problem)}):
                if not stated.fallback:
                    self.problems.append(Problem(stated.file, stated.line, None, "contradiction", problem))
                self._decide(Decision(stated, "undecided", cause="contradiction", evidence=problem))
            case "search", Ended({"certificate": dict(certificate)}):
                self._mint(stated, certificate, "found")
            case "search", Ended(dict(outcome)):
                decision = _undecided(stated, outcome)
                if decision.cause not in NOT_STORED:
                    self.store.remember_verdict(self._key(stated), outcome)
                self._decide(decision)
            case "found" | "stored", Ended({"verdict": str()} as minted):
                if step.kind == "found":
                    self.store.remember_verdict(self._key(stated), {"certificate": step.certificate})
                decision = _minted(stated, minted, step)
                if decision.verdict == "refuted" and not decision.as_expected:
                    self._repair(decision)
                else:
                    self._decide(decision)
            case "repair", _:
                found = result.value.get("repair") if isinstance(result, Ended) else None
                self._decide(replace(self.refuted.pop(step.name), repair=found))
            case "stored", _:  # not believed, so nothing is lost: search anew
                self._search(stated)
            case _, Ended({"rejected": dict(why)}):
                self._decide(_rejected(stated, why))
            case _, Failed(cause, detail):
                self._decide(_stopped(stated, cause, f"the replay of its proof: {detail}"))
            case _:
                raise RuntimeError(f"an answer of no known shape for {stated.id}")

    def _decide(self, decision: Decision) -> None:
        name = decision.stated.id
        self.decided[name] = replace(decision, seconds=round(self.spent.get(name, 0.0), 3))

    def _key(self, stated: StatedClaim) -> str:
        limits = self.options.limits
        return verdict_key(stated.claim.hash, stated.by, limits.seconds, limits.memory)

    def _packed_lemmas(self, stated: StatedClaim) -> list[tuple[dict[str, Any], Mapping[str, Any]]]:
        """Claims and certificates of all it rests on, earlier ones first."""
        packed: dict[str, tuple[dict[str, Any], Mapping[str, Any]]] = {}

        def collect(name: str) -> None:
            for lemma in self.lemmas[name]:
                if lemma not in packed:
                    collect(lemma)
                    packed[lemma] = self.json[lemma], self.decided[lemma].certificate or {}

        collect(stated.id)
        return list(packed.values())


# --------------------------------------------------------------------------- decisions


def _minted(stated: StatedClaim, minted: Mapping[str, Any], step: _Step) -> Decision:
    return Decision(
        stated, minted["verdict"], rule=minted["rule"], conditions=tuple(minted["conditions"]),
        axioms=tuple(minted["axioms"]), witness=minted["witness"], certificate=step.certificate,
        vacuous=minted["vacuous"],
    )


def _undecided(stated: StatedClaim, outcome: Mapping[str, Any]) -> Decision:
    return Decision(
        stated, "undecided", cause=str(outcome.get("cause") or "search"), evidence=outcome.get("evidence"),
        tried=_texts(outcome.get("tried")), next_steps=_texts(outcome.get("next_steps")),
    )


def _rejected(stated: StatedClaim, why: Mapping[str, Any]) -> Decision:
    return Decision(
        stated, "undecided", cause="rejected",
        evidence=f"a proof was found and the kernel rejects it: rule {why['rule']}, {why['where']}: "
        f"{why['message']}",
        next_steps=("this is a fault of the engine that proposed it; please report the claim",),
    )


def _stopped(stated: StatedClaim, cause: str, detail: str) -> Decision:
    steps = {
        "time": (f"allow more time: checker check -k {stated.id} --timeout 60",
                 "state an intermediate step as a claim of its own and pass it with using=[...]"),
        "memory": (f"allow more memory: checker check -k {stated.id} --memory 8GiB",),
    }
    return Decision(stated, "undecided", cause=cause, evidence=detail, next_steps=steps.get(cause, ()))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, Sequence) and not isinstance(value, str) else ()
