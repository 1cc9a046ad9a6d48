"""``checker grade``: submissions in, points and feedback out.

    problem files --> key (a document of its own) --+
    submissions --(limited workers)--> documents ---+--> lines decided --> ends against the goal --> points, pages

What cannot be read as text (PDF, a photograph) waits for a person, with a typed transcription beside it
(``NAME.transcript.tex``) if somebody wrote one.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..grading.matching import ends_of_chain, linked, same_form, same_statement, sides
from ..grading.persons import PersonDecision, applied
from ..grading.problem import GradedProblem
from ..grading.results import Graded
from ..grading.score import Goal, Judged, Reason, Score, judge, score
from ..kernel.claim import Claim
from ..kernel.term import RELATIONS, App, Malformed, Term, app
from ..records import Decision, Document, Problem, Run, StatedClaim
from ..reporting.context import context_of
from ..reporting.feedback import told_plainly
from ..reporting.text import text
from ..running.config import Options
from ..running.headings import Asked, answered
from ..running.loader import Loaded, renamed
from ..running.run import Progress, run_documents
from ..running.session import Session
from .keys import Key, form_in, load_each_afresh, unfolded
from .submissions import TEXT, Submission

_RELATIONS = (*RELATIONS, "mat=")


#: Submissions that are read and decided together, and bytes of their files: then they are graded, and forgotten.
TOGETHER, TOGETHER_BYTES = 64, 4_000_000


def grade(problems: Sequence[GradedProblem], keys: Mapping[str, Key], submissions: Sequence[Submission],
          options: Options, decisions: Sequence[PersonDecision] = (), progress: Progress | None = None,
          apart: bool = False) -> Generator[Graded, None, None]:
    """The results of every submission for every problem, student by student; what a result needed is forgotten
    when it is there.  ``apart``: the problems are decided one after the other (for one student: of many,
    all is decided together)."""
    done = 0
    batches = list(_batches(submissions))
    with Session(options) as session, tempfile.TemporaryDirectory(prefix="checker-problems-") as folder:
        asked = Path(folder, "problems.json")
        Asked([(p.id, p.title, p.notation) for p in problems]).write(asked)
        for batch in batches:
            read = _read_all(problems, batch, options, asked)
            for some in [[p] for p in problems] if apart else [problems]:
                yield from _grade(some, keys, read, batch, session, decisions,
                                  progress if len(batches) == 1 else None)
            done += len(batch)
            if progress is not None and len(batches) > 1:
                progress(done, len(submissions), "submissions")
        for note in session.notes:
            print(f"checker: {note}", file=sys.stderr)


def _batches(submissions: Sequence[Submission]) -> Iterator[list[Submission]]:
    batch: list[Submission] = []
    size = 0
    for s in submissions:
        own = sum(_size(f) for f in s.files)
        if batch and (len(batch) == TOGETHER or size + own > TOGETHER_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(s)
        size += own
    if batch:
        yield batch


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


@dataclass(slots=True)
class _Read:
    """What a batch of submissions says: ``owned`` by submission and problem; what could not be loaded, and derivations
    that answer no problem, by submission."""

    owned: dict[tuple[int, str], list[Document]] = field(default_factory=dict)
    complaints: dict[int, list[Problem]] = field(default_factory=dict)
    strays: dict[int, list[Document]] = field(default_factory=dict)


def _grade(problems: Sequence[GradedProblem], keys: Mapping[str, Key], read: _Read, submissions: Sequence[Submission],
           session: Session, decisions: Sequence[PersonDecision], progress: Progress | None) -> Iterator[Graded]:
    """The results for these problems, submission by submission."""
    owned = [(p, d) for n in range(len(submissions)) for p in problems for d in read.owned.get((n, p.id), ())]
    documents = tuple(d for _, d in owned)
    run = run_documents(lambda _: Loaded(documents, ()), session.options, progress, bool(documents), session=session)
    settled = {d.id: d for d in run.documents}
    decided = {d.stated.id: d for d in run.decisions}
    ends = _ends(keys, [(p, settled[d.id]) for p, d in owned if d.id in settled], session)
    for n, s in enumerate(submissions):
        for p in problems:
            own = [settled[d.id] for d in read.owned.get((n, p.id), ()) if d.id in settled]
            lost = [] if own else [_stray(d, p) for d in read.strays.get(n, ())]
            found = _score(s, p, keys[p.id], own, decided, ends, decisions, read.complaints.get(n, ()), lost)
            yield Graded(s.student, p, found, _told(found), bool(s.transcripts))


def _read_all(problems: Sequence[GradedProblem], submissions: Sequence[Submission], options: Options, asked: Path
              ) -> _Read:
    """Every submission's documents, each read once, with the notation of the problem that it answers."""
    out = _Read()
    how = replace(options, notation=None, asked=asked, store=None)
    loaded = load_each_afresh([f for s in submissions if s.folder for f in s.files], replace(how, alone="folder"))
    loaded |= load_each_afresh([f for s in submissions if not s.folder for f in s.files], replace(how, alone="file"))
    named = [(p.id, p.title) for p in problems]
    for n, s in enumerate(submissions):
        for file in s.files:
            out.complaints.setdefault(n, []).extend(
                p for p in loaded[file].problems if p.code.startswith(("load", "unreadable")))
            for document in loaded[file].documents:
                k = answered(document.id, document.title, named)
                if k is None:
                    out.strays.setdefault(n, []).append(document)
                else:
                    own = out.owned.setdefault((n, problems[k].id), [])
                    # names of people and problems may hold what an id of a claim may not
                    own.append(renamed(document, f"s{n}.p{k}.{len(own)}"))
    return out


def _stray(document: Document, problem: GradedProblem) -> Reason:
    unread = [line.unread for line in document.lines if line.unread is not None]
    if unread and len(unread) == len(document.lines):
        return Reason("form", unread[0].message, unread[0].line)
    return Reason("heading", f"the derivation under {document.title!r} belongs to no problem by its heading or label; "
                  f"that of this problem is {problem.id!r}", document.lines[0].line if document.lines else None)


# --------------------------------------------------------------------------- start and goal


def _ends(keys: Mapping[str, Key], owned: Sequence[tuple[GradedProblem, Document]], session: Session
          ) -> dict[str, Decision]:
    """Whether each derivation's first side is the start and its last the goal, where the form does not say."""
    asked: list[StatedClaim] = []
    for p, document in owned:
        for name, claim in _end_claims(document, keys[p.id]).items():
            asked.append(StatedClaim(f"{document.id}.{name}", claim, document.file, 1))
    if not asked:
        return {}
    document = Document("ends", "", "", "", tuple(asked))
    run: Run = run_documents(lambda _: Loaded((document,), ()), session.options, None, session=session)
    return {d.stated.id: d for d in run.decisions}


def _end_claims(document: Document, key: Key) -> dict[str, Claim]:
    """Claims that say: the first side is the start, the last side is the goal."""
    stated = {c.id: c.claim for c in document.claims}
    claims = [stated[c] for line in document.lines for c in line.claims if c in stated]
    out = {}
    said = [unfolded(c, c.statement) for c in claims]
    for name, wanted, claim, which in (("start", key.start, claims[0] if claims else None, 0),
                                       ("goal", key.goal, claims[-1] if claims else None, -1)):
        if wanted is None or claim is None:
            continue
        own, theirs = unfolded(claim, claim.statement), unfolded(wanted, wanted.statement)
        if not _is_statement(theirs):
            ends = own.args if isinstance(own, App) and own.head in _RELATIONS else ()
            if not ends or same_form(ends[which], theirs):
                continue
            if not which and any(linked(said, (theirs,), end) for end in [*sides(said[-1])][-1:]):
                continue                             # the chain to the end starts there, below lines of its own
            statement: Term = app("=", ends[which], theirs)
        else:
            last = own.args[which] if isinstance(own, App) and own.head in ("iff", "implies") else own
            last_ones = [last, *ends_of_chain(said), *_equivalent_start(said)] if which else [last]
            if any(same_statement(end, theirs) for end in last_ones):
                continue
            statement = app("iff", last, theirs)
        merged = dict(claim.declarations)
        if any(merged.setdefault(n, sort) != sort for n, sort in wanted.declarations):
            continue
        assumptions = tuple(dict.fromkeys((*claim.assumptions, *wanted.assumptions)))
        try:
            made = Claim(tuple(merged.items()), assumptions, statement)
            made.check_scope()
            _ = made.sequent
        except Malformed:
            continue
        out[name] = made
        if name == "goal" and isinstance(statement, App) and statement.head == "iff":
            out["itself"] = replace(made, statement=theirs)
    return out


def _equivalent_start(said: Sequence[Term]) -> list[Term]:
    """What a proof by equivalences starts from; all of it holds if its end does."""
    steps = [t for t in said if isinstance(t, App) and t.head == "iff"]
    return [steps[0].args[0]] if steps and said[-len(steps):] == steps else []


def _is_statement(t: Term) -> bool:
    return isinstance(t, App) and t.head in (*_RELATIONS, "and", "or", "not", "implies", "iff", "in")


def _reached(document: Document, key: Key, ends: Mapping[str, Decision]) -> Goal:
    if key.goal is None:
        told = document.goal
        match None if told is None else str(told["status"]):
            case "reached":
                return "reached"
            case "missed" | "empty" | "circular":
                return "missed"
            case "unknown":
                return "unknown"
        return "none"
    if not any(line.claims for line in document.lines):
        return "missed"
    decision = ends.get(f"{document.id}.goal")
    if decision is None:        # of one form
        return "reached"
    if decision.verdict == "proved" and _is_statement(key.goal.statement):
        # what is true whatever the values is equivalent to any other such statement: that reaches nothing
        itself = ends.get(f"{document.id}.itself")
        return "reached" if itself is not None and itself.verdict == "refuted" else "unknown"
    return "missed" if decision.verdict == "refuted" else "unknown"


# --------------------------------------------------------------------------- one score


def _score(submission: Submission, problem: GradedProblem, key: Key, documents: Sequence[Document],
           decided: Mapping[str, Decision], ends: Mapping[str, Decision], persons: Sequence[PersonDecision],
           complaints: Sequence[Problem], strays: Sequence[Reason]) -> Score:
    again: list[Reason] = [Reason("form", f"{p.name}: " + (
        "one file of more than are read; a person looks at it" if p.suffix.lower() in TEXT else
        f"not LaTeX, Markdown or a notebook; a person reads it, or types it as {p.stem}.transcript.tex"))
        for p in submission.images]
    again += [*(Reason("unread", p.message, p.line) for p in complaints), *strays]
    lines: list[Judged] = []
    goals: list[Goal] = []
    for document in documents:
        judged, looked = applied(problem, judge(document, decided), persons)
        lines += judged
        again += looked
        goals.append(_reached(document, key, ends))
        end = ends.get(f"{document.id}.goal")
        if goals[-1] == "unknown":
            same = end is not None and end.verdict == "proved"
            again.append(Reason("goal", "the last line equals what was asked and is not of its form" if same else
                                "whether the last line is what was asked is not known"))
        start = ends.get(f"{document.id}.start")
        if start is not None and start.verdict != "proved":
            again.append(Reason("goal", "the derivation does not start at what is given"))
    if not _connected(lines, key):
        again.append(Reason("goal", "no chain of lines leads from what is given to what was asked"))
    again += _assumptions(lines, key)
    goal: Goal = goals[-1] if goals else "none"
    circular = any(d.goal is not None and d.goal["status"] == "circular" for d in documents)
    return score(problem, key.milestones, tuple(lines), goal, circular, tuple(dict.fromkeys(again)))


def _connected(lines: Sequence[Judged], key: Key) -> bool:
    """Do the lines lead from the start to the goal, where both are expressions?  Copies that stand apart do not."""
    if key.start is None or key.goal is None or any(x.status in ("unread", "wrong") for x in lines):
        return True
    start, goal = (unfolded(c, c.statement) for c in (key.start, key.goal))
    if _is_statement(start) or _is_statement(goal):
        return True
    said = [unfolded(d.stated.claim, d.stated.claim.statement) for x in lines for d in x.decisions]
    own = [next(iter(sides(s)), start) for s in said[:1]]             # what the ends are worth is asked elsewhere
    last = [*sides(said[-1])][-1:] if said else []
    return not said or any(linked(said, (start, *own), end) for end in (goal, *last))


def _assumptions(lines: Sequence[Judged], key: Key) -> list[Reason]:
    """Lines that rest on more than the problem grants: a student's own `let x > 0` may be a case, or a slip."""
    if not key.assumed and key.goal is None and not key.milestones:
        return []
    out = []
    earlier = {form_in(d.stated.claim, part) for x in lines for d in x.decisions
               for part in _parts(d.stated.claim.statement)}
    for x in lines:
        for d in x.decisions:
            claim = d.stated.claim
            more = [a for a in claim.assumptions if form_in(claim, a) not in key.assumed | earlier]
            if more and d.verdict == "proved":
                told = ", ".join(text(a, context_of(claim)) for a in more)
                out.append(Reason("assumption", f"rests on {told}, which the problem does not grant", x.line.line))
                break
    return out


def _parts(t: Term) -> list[Term]:
    """A statement, and those that a step leads from and to: as assumptions they are the student's earlier lines."""
    if isinstance(t, App) and t.head in ("and", "implies", "iff"):
        return [t, *(p for u in t.args for p in _parts(u))]
    return [t]


def _told(found: Score) -> dict[int, tuple[str, str]]:
    return {x.line.line: told_plainly(x.telling) for x in found.lines if x.status == "wrong" and x.telling is not None}


__all__ = ["grade"]
