"""What several runs of one command share: the store, the processes, and what is known of equal claims.

A class is graded in batches: what one batch needed is forgotten before the next one is read, but for this.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import ExitStack, closing
from types import TracebackType
from typing import Any

from ..records import Decision, StatedClaim
from .config import Options
from .kernel import Kernels
from .store import Store

#: Claims under way at once, for each worker.
AHEAD = 16
#: Characters of decisions that are kept.
MOST_KEPT = 32_000_000
#: Causes that say nothing about an equal claim: another one may have its lemmas, or more time.
_OF_ONE = frozenset({"lemma", "interrupted"})


class Known:
    """Decisions of this command by the key of their claim, the last used ones; as text, which has a size."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most, self._size = most, 0
        self._texts: OrderedDict[str, str] = OrderedDict()

    def keep(self, key: str, decision: Decision) -> None:
        if decision.cause in _OF_ONE or key in self._texts:
            return
        text = json.dumps([_plain(decision), decision.as_expected], separators=(",", ":"))
        if len(text) <= self._most // 8:
            self._texts[key] = text
            self._size += len(text)
        while self._size > self._most:
            self._size -= len(self._texts.popitem(last=False)[1])

    def decision(self, key: str, stated: StatedClaim) -> tuple[Decision, bool] | None:
        """The verdict on an equal claim, as one on this claim; and whether it was as expected there."""
        text = self._texts.get(key)
        if text is None:
            return None
        self._texts.move_to_end(key)
        data, as_expected = json.loads(text)
        for name in ("conditions", "axioms", "tried", "next_steps"):
            data[name] = tuple(data[name])
        return Decision(stated, **data), as_expected


def _plain(d: Decision) -> Mapping[str, Any]:
    return {"verdict": d.verdict, "rule": d.rule, "conditions": d.conditions, "axioms": d.axioms,
            "witness": d.witness, "cause": d.cause, "evidence": d.evidence, "tried": d.tried,
            "next_steps": d.next_steps, "certificate": d.certificate, "vacuous": d.vacuous, "repair": d.repair}


class Session:
    """To be entered; processes are started when they are first needed.  Raises :class:`~.loader.UsageError` on entry
    where a cluster is asked for and there is none."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.known = Known()
        self._exit = ExitStack()
        self._searchers: Any = None
        #: Claims to have under way at once: nobody waits for work, and what they need is not all made at once.
        self.ahead = AHEAD * options.jobs

    def __enter__(self) -> Session:
        self.store = self._exit.enter_context(closing(Store(self.options.store)))
        self.kernels = self._exit.enter_context(Kernels(self.options.jobs, self.options.limits))
        if self.options.executor is not None:
            from .cluster import Cluster

            try:
                cluster = Cluster(self.options.executor, self.options.jobs, self.options.limits)
            except BaseException:
                self._exit.close()
                raise
            self._searchers = self._exit.enter_context(cluster)
            self.ahead = max(self.ahead, cluster.ahead)
        return self

    @property
    def notes(self) -> tuple[str, ...]:
        """What went wrong without harm to a verdict, for people."""
        return tuple(filter(None, (self.store.trouble, getattr(self._searchers, "trouble", None))))

    def searchers(self) -> Any:
        """What searches: ``submit(task, *args)`` gives a future :data:`~.limits.Result`."""
        if self._searchers is None:
            from .workers import Workers  # 90 ms that a run from the store need not pay

            self._searchers = self._exit.enter_context(Workers(self.options.jobs, self.options.limits))
        return self._searchers

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exit.__exit__(kind, error, trace)


__all__ = ["Known", "Session"]
