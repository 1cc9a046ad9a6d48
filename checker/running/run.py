"""From files to decisions: load, link, search, mint.

    files --(limited workers)--> documents --(lemmas first)--> certificates --(kernel process)--> decisions

A certificate comes from the store or from a search; either way its verdict is what the kernel process
says.  The order of the decisions is that of the documents, whatever finished first.
"""

from __future__ import annotations

import difflib
import re
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias

from ..lines import settle, waiting
from ..records import Decision, Document, Problem, Run, StatedClaim
from . import certificates
from .config import Options
from .limits import Ended, Failed, Result
from .linking import Linked, link, needed
from .loader import Loaded, UsageError, find_files, load, source_of
from .loading import relative
from .selection import select
from .session import Session
from .shards import split
from .store import NOT_STORED, Store, repair_key, verdict_key

#: ``FILE:LINE``, of a derivation in LaTeX.
_PLACE = re.compile(r"(.+):(\d+)")

#: Called with (claims decided, claims in all, id of the one just decided).
Progress: TypeAlias = Callable[[int, int, str], None]
#: Called with each decision when it is made, in the order in which they come.
Told: TypeAlias = Callable[[Decision], None]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C; ``run``: what was decided until then."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run


def run(options: Options, progress: Progress | None = None, told: Told | None = None) -> Run:
    """Decide every claim below ``options.paths`` that ``options.select`` lets through; ``told`` of each when it is.

    Raises :class:`~.loader.UsageError`, :class:`~.selection.SelectionError`, :class:`Interrupted`.
    """
    files = find_files(options.paths, options.notation is not None)
    own = None
    if options.shard is not None:
        files, mine = split(files, options.shard)
        own = frozenset(relative(str(f), str(options.root)) for f in mine)
    return run_documents(lambda store: load(files, options, store), options, progress, bool(files), told, own)


def run_documents(load: Callable[[Store], Loaded], options: Options, progress: Progress | None = None,
                  any_files: bool = True, told: Told | None = None, own: frozenset[str] | None = None,
                  session: Session | None = None) -> Run:
    """Decide every claim of the documents that ``load`` brings; with ``own``, of those from these files, and what they
    rest on.  ``session``: of several runs that share one.  Raises as ``run``."""
    chosen = select(options.select)
    with ExitStack() as stack:
        shared = session or stack.enter_context(Session(options))
        store = shared.store
        shared.kernels.start(2 if any_files else 0)  # they import while this process reads
        loaded = load(store)
        linked = link(loaded.documents)
        shown = [d for d in linked.documents if own is None or source_of(d.file, own) in own]
        names = [c.id for d in shown for c in d.claims]
        problems = [p for p in (*loaded.problems, *linked.problems) if own is None or source_of(p.file, own) in own]
        wanted = _named(options.ids, linked, problems) if options.ids else [n for n in names if chosen(n)]
        chosen_ids = frozenset(wanted)

        def later(decided: Mapping[str, Decision]) -> set[str]:
            """Readings of lines that come into question when those before them are not proved."""
            return {n for d in shown for n in waiting(d, decided) if n in chosen_ids}

        fallback = {c.id for d in linked.documents for c in d.claims if c.fallback}
        deciding = _Deciding(linked, options, shared, problems, told)
        decided = deciding.run(needed([n for n in wanted if n not in fallback], linked.lemmas), progress, later)
        notes = shared.notes
    documents = tuple(_shown(d, chosen_ids, decided, options.ids) for d in shown)
    problems += _not_judged(documents, decided, problems)
    kept = {c.id: c for d in documents for c in d.claims}
    decisions = tuple(replace(decided[n], stated=kept[n]) for n in wanted if n in kept and n in decided)
    if options.certificates is not None:
        # What an interruption left undecided takes no certificate of an earlier run away.
        with_lemmas = [decided[n] for n in names if n in decided and decided[n].cause != "interrupted"]
        # The claims of a file that fails are still there: their certificates are no left-overs.
        try:
            certificates.write(options.certificates, with_lemmas, everything=options.whole and not problems and
                               not deciding.interrupted)
        except OSError as error:                    # the verdicts are no worse for it
            problems.append(Problem(
                str(options.certificates), None, None, "certificates",
                f"the proofs cannot be written here ({error.strerror or error}): name another folder with "
                "--certificates"))
    found = Run(documents, decisions, tuple(problems), notes)
    if deciding.interrupted:
        raise Interrupted(found)
    return found


def shard_header(options: Options) -> dict[str, Any] | None:
    """What a part of a run says of itself; None for a whole one."""
    if options.shard is None:
        return None
    files = find_files(options.paths, options.notation is not None)
    return options.shard.header([relative(str(f), str(options.root)) for f in files])


def _shown(document: Document, wanted: frozenset[str], decided: Mapping[str, Decision], ids: Sequence[str]
           ) -> Document:
    """The document with the claims that were asked for; its lines with the reading that holds."""
    if document.lines and not ids and document.claims and not any(c.id in wanted for c in document.claims):
        document = replace(document, lines=())
    found = settle(document, decided) if document.lines else document
    return replace(found, claims=tuple(c for c in found.claims if c.id in wanted))


def _not_judged(documents: Sequence[Document], decided: Mapping[str, Decision], known: Sequence[Problem]
                ) -> list[Problem]:
    """Lines that rest on words which were not read, and that are not proved all the same: as unread as any other."""
    return [line.unread for d in documents for line in d.lines
            if line.unread is not None and line.unread not in known and line.unread.code != "follows-unread"
            and any(c in decided for need in line.needs for option in need for c in option.claims)]


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
                found += [x.never for x in lines if x.never]
                continue
            there = sorted({x.line for d in linked.documents for x in d.lines})
            hint = f"; its lines: {', '.join(map(str, there[:40]))}" if there else ""
            raise UsageError(f"no formula begins on line {at[2]} of {at[1]}{hint}")
        if not links:
            known = dict.fromkeys(n for c in claims for n in (c.id, c.parent) if n)
            near = _near(name, list(known))
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            errors = "".join(f"\n{p.file}:{p.line or ''}: {p.message}" for p in problems)
            raise UsageError(f"there is no claim {name}{hint}{errors}")
        found += links
    return found


def _near(name: str, known: Sequence[str]) -> list[str]:
    """The ids that may be meant: those that end so, without their document's name; else those written alike."""
    ends = [n for n in known if n.endswith(f".{name}")]
    short = {n.partition(".")[2]: n for n in reversed(known)}
    alike = difflib.get_close_matches(name, known, 2, 0.7) or [
        short[n] for n in difflib.get_close_matches(name, list(short), 2, 0.7)]
    return ends[:3] or alike


@dataclass(frozen=True, slots=True)
class _Step:
    """Something under way for a claim: a replay of a stored or a found certificate, or a search."""

    name: str
    kind: str  # stored | search | found | repair | repaired
    found: Mapping[str, Any] | None = None     # a certificate, or a repair


class _Deciding:
    """The state of one run: what is decided, what is under way."""

    def __init__(
        self, linked: Linked, options: Options, session: Session, problems: list[Problem], told: Told | None = None,
    ) -> None:
        self._told = told
        self.options, self.problems = options, problems
        self._session, self.store, self._kernels = session, session.store, session.kernels
        self.lemmas = linked.lemmas
        self.claims = {c.id: c for d in linked.documents for c in d.claims}
        self.decided: dict[str, Decision] = {}
        self.refuted: dict[str, Decision] = {}    # those whose slip is being looked for
        self.spent: dict[str, float] = {}     # seconds: searches and replays, not the time in a queue
        self.under_way: dict[Future[Result], _Step] = {}
        self._done: SimpleQueue[Future[Result]] = SimpleQueue()
        self._missing: dict[str, int] = {}        # of claims that wait: how many lemmas they wait for
        self._resting: dict[str, list[str]] = {}  # those that wait for it, by lemma
        self._ready: deque[str] = deque()
        self.interrupted = False
        self._news: list[str] = []
        # Equal claims are decided once: by key the first of them, by its id those that wait for it.
        self._first: dict[str, str] = {}
        self._equal: dict[str, list[str]] = {}
        self._keys: dict[str, str] = {}

    def run(self, names: set[str], progress: Progress | None,
            later: Callable[[Mapping[str, Decision]], set[str]]) -> dict[str, Decision]:
        """Decide ``names``, then what ``later`` still asks for."""
        while names and not self.interrupted:
            asked = [n for n in self.claims if n in names]
            try:
                self._run(asked, progress)
            except KeyboardInterrupt:
                self.interrupted = True
                self._stop(asked, "interrupted", "the run was interrupted before it was decided", ())
            names = needed(sorted(later(self.decided)), self.lemmas) - set(self.decided)
        return self.decided

    def _run(self, asked: Sequence[str], progress: Progress | None) -> None:
        total = len(self.decided) + len(asked)
        for name in asked:
            lemmas = {n for n in self.lemmas[name] if n in self.claims and n not in self.decided}
            self._missing[name] = len(lemmas)
            for lemma in lemmas:
                self._resting.setdefault(lemma, []).append(name)
        self._ready.extend(n for n in asked if not self._missing[n])
        most = self._session.ahead
        while self._ready or self.under_way:
            if self._time_left() == 0:
                self._stop(asked, "time", "the time for the whole run was over before it was decided",
                           ("allow the run more time: a larger --finish-within",))
                break
            while self._ready and len(self.under_way) < most:
                self._begin(self.claims[self._ready.popleft()])
            self._tell(progress, total)
            if not self.under_way:
                continue
            try:
                future = self._done.get(timeout=self._time_left())
            except Empty:
                continue
            step = self.under_way.pop(future, None)
            if step is not None:                  # else: of a round that was stopped
                result = future.result()
                self.spent[step.name] = self.spent.get(step.name, 0.0) + result.seconds
                self._continue(step, result)
                self._tell(progress, total)

    def _wait_for(self, future: Future[Result], step: _Step) -> None:
        self.under_way[future] = step
        future.add_done_callback(self._done.put)

    def _tell(self, progress: Progress | None, total: int) -> None:
        news, self._news = self._news, []
        if progress is not None:
            for k, name in enumerate(news, len(self.decided) - len(news) + 1):
                progress(k, total, name)

    def _time_left(self) -> float | None:
        """Seconds until the whole run has to end; None: it need not."""
        by = self.options.finish_by
        return None if by is None else max(0.0, by - time.monotonic())

    def _stop(self, asked: Sequence[str], cause: str, evidence: str, next_steps: tuple[str, ...]) -> None:
        """What is known is kept, what is not decided stays undecided."""
        self.under_way.clear()
        for name in asked:
            if name not in self.decided:
                known = self.refuted.get(name)     # refuted, and only its slip was still looked for
                self._keep(name, known or Decision(
                    self.claims[name], "undecided", cause=cause, evidence=evidence, next_steps=next_steps))
        self._ready.clear()

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
        first = self._first.setdefault(self._key(stated), stated.id)
        if first == stated.id:
            self._decide_first(stated)
        elif first in self.decided:
            self._adopt(stated, self.decided[first], self.decided[first].as_expected)
        else:
            self._equal.setdefault(first, []).append(stated.id)

    def _adopt(self, stated: StatedClaim, known: Decision, as_expected: bool) -> None:
        """The verdict on an equal claim: the same statement under the same assumptions, by the same lemmas.
        ``as_expected``: there, so that nobody has looked what slip it is."""
        decision = replace(known, stated=stated)
        if known.cause == "contradiction":
            self._contradiction(stated, known.evidence or "")
        elif known.cause in ("time", "memory", "crash", "error"):
            self._decide(_stopped(stated, known.cause, known.evidence or ""))
        elif known.verdict == "refuted" and as_expected and not decision.as_expected:
            self._repair(replace(decision, repair=None))
        else:
            self._decide(decision)

    def _decide_first(self, stated: StatedClaim) -> None:
        if (known := self._session.known.decision(self._key(stated), stated)) is not None:
            self._adopt(stated, *known)
            return
        stored = self.store.verdict(self._key(stated), self.options.limits)
        match stored:
            case {"certificate": dict(certificate)}:
                self._mint(stated, certificate, "stored")
            case {"certificate": None, "cause": str(cause)} if cause not in NOT_STORED:
                self._decide(_undecided(stated, stored or {}))
            case _:
                self._search(stated)

    def _search(self, stated: StatedClaim) -> None:
        future = self._session.searchers().submit(
            "search", stated.claim.to_json(), self._packed_lemmas(stated), list(stated.by)
        )
        self._wait_for(future, _Step(stated.id, "search"))

    def _repair(self, decision: Decision) -> None:
        """Ask what slip a refutation nobody expected looks like; its decision waits for the answer."""
        name = decision.stated.id
        self.refuted[name] = decision
        if (stored := self.store.repair(repair_key(decision.stated.claim.hash))) is not None:
            self._mint_repair(name, stored)
            return
        future = self._session.searchers().submit(
            "repair", decision.stated.claim.to_json(), (decision.certificate or {}).get("witness"))
        self._wait_for(future, _Step(name, "repair"))

    def _mint_repair(self, name: str, answer: Mapping[str, Any]) -> None:
        """A slip is shown only if the kernel proves the statement without it."""
        match answer:
            case {"repair": {"kind": str(kind), "new": new, "statement": statement} as found,
                  "certificate": dict(certificate)}:
                claim = self.claims[name].claim.to_json()
                assumed = [*claim["assumptions"], new] if kind == "condition" else claim["assumptions"]
                repaired = {**claim, "assumptions": assumed, "statement": statement}
                future = self._kernels.submit(
                    {"source": {"claim": repaired, "certificate": certificate}, "lemmas": []})
                self._wait_for(future, _Step(name, "repaired", found))
            case _:
                self._decide(self.refuted[name])

    def _mint(self, stated: StatedClaim, certificate: Mapping[str, Any], kind: str) -> None:
        lemmas = [{"claim": c, "certificate": k} for c, k in self._packed_lemmas(stated)]
        source = {"claim": stated.claim.to_json(), "certificate": certificate}
        future = self._kernels.submit({"source": source, "lemmas": lemmas})
        self._wait_for(future, _Step(stated.id, kind, certificate))

    def _continue(self, step: _Step, result: Result) -> None:
        stated = self.claims[step.name]
        match step.kind, result:
            case "search", Failed(cause, detail):
                self._decide(_stopped(stated, cause, detail))
            case "search", Ended({"problem": str(problem)}):
                self._contradiction(stated, problem)
            case "search", Ended({"certificate": dict(certificate)}):
                self._mint(stated, certificate, "found")
            case "search", Ended(dict(outcome)):
                decision = _undecided(stated, outcome)
                if decision.cause not in NOT_STORED:
                    self.store.remember_verdict(self._key(stated), _outcome(decision), self.options.limits)
                self._decide(decision)
            case "search", _:
                self._decide(_stopped(stated, "crash", "its answer has no known shape"))
            case "found" | "stored", Ended({"verdict": str(), "claim_hash": stated.claim.hash} as minted):
                if step.kind == "found":
                    self.store.remember_verdict(
                        self._key(stated), {"certificate": step.found}, self.options.limits)
                decision = _minted(stated, minted, step)
                if decision.verdict == "refuted" and not decision.as_expected:
                    self._repair(decision)
                else:
                    self._decide(decision)
            case "repair", Ended(dict(answer)):
                self.store.remember_repair(repair_key(stated.claim.hash), answer)
                self._mint_repair(step.name, answer)
            case "repair", _:
                self._decide(self.refuted[step.name])
            case "repaired", Ended({"verdict": "proved", "vacuous": False}):
                self._decide(replace(self.refuted[step.name], repair=step.found))
            case "repaired", _:
                self._decide(self.refuted[step.name])
            case "stored", _:  # not believed, so nothing is lost: search anew
                self.store.forget(self._key(stated))
                self._search(stated)
            case _, Ended({"rejected": dict(why)}):
                self._decide(_rejected(stated, why))
            case _, Failed(cause, detail):
                self._decide(_stopped(stated, cause, f"the replay of its proof: {detail}"))
            case _:
                raise RuntimeError(f"an answer of no known shape for {stated.id}")

    def _contradiction(self, stated: StatedClaim, problem: str) -> None:
        if not stated.fallback:
            self.problems.append(Problem(stated.file, stated.line, None, "contradiction", problem))
        self._decide(Decision(stated, "undecided", cause="contradiction", evidence=problem))

    def _decide(self, decision: Decision) -> None:
        name = decision.stated.id
        self.refuted.pop(name, None)
        self._keep(name, decision)
        if self._first.get(self._keys.get(name, "")) == name:
            self._session.known.keep(self._keys[name], decision)
        for equal in self._equal.pop(name, ()):
            self._adopt(self.claims[equal], decision, decision.as_expected)

    def _keep(self, name: str, decision: Decision) -> None:
        self.decided[name] = made = replace(decision, seconds=round(self.spent.get(name, 0.0), 3))
        if self._told is not None:
            self._told(made)
        self._news.append(name)
        for resting in self._resting.pop(name, ()):
            self._missing[resting] -= 1
            if not self._missing[resting]:
                self._ready.append(resting)

    def _key(self, stated: StatedClaim) -> str:
        if stated.id not in self._keys:
            self._keys[stated.id] = verdict_key(stated.claim.hash, stated.by)
        return self._keys[stated.id]

    def _packed_lemmas(self, stated: StatedClaim) -> list[tuple[dict[str, Any], Mapping[str, Any]]]:
        """Claims and certificates of all it rests on, earlier ones first."""
        packed: dict[str, tuple[dict[str, Any], Mapping[str, Any]]] = {}

        def collect(name: str) -> None:
            for lemma in self.lemmas[name]:
                if lemma not in packed:
                    collect(lemma)
                    packed[lemma] = self.claims[lemma].claim.to_json(), self.decided[lemma].certificate or {}

        collect(stated.id)
        return list(packed.values())


# --------------------------------------------------------------------------- decisions


def _minted(stated: StatedClaim, minted: Mapping[str, Any], step: _Step) -> Decision:
    return Decision(
        stated, minted["verdict"], rule=minted["rule"], conditions=tuple(minted["conditions"]),
        axioms=tuple(minted["axioms"]), witness=minted["witness"], certificate=step.found,
        vacuous=minted["vacuous"],
    )


def _outcome(decision: Decision) -> dict[str, Any]:
    """For the store: what :func:`_undecided` reads."""
    return {"certificate": None, "cause": decision.cause, "evidence": decision.evidence, "tried": decision.tried,
            "next_steps": decision.next_steps}


def _undecided(stated: StatedClaim, outcome: Mapping[str, Any]) -> Decision:
    evidence = outcome.get("evidence")
    return Decision(
        stated, "undecided", cause=str(outcome.get("cause") or "search"),
        evidence=evidence if isinstance(evidence, str) else None,
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
