"""``--output-format json-lines``: every verdict when it is made, one JSON object a line.

    {"kind": "run", "schema": "checker/1", ...}       first; with "shard" if this is a part of a run
    {"kind": "claim", ...}                            as in JSON, in the order in which they are decided
    {"kind": "error", ...}, {"kind": "derivation", ...}
    {"kind": "end", "claims": ["a.b", ...], "exit": 0}   last, with the ids in the order of JSON: without it the run
                                                      did not come to its end

What stands there when a run dies is valid, line by line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TextIO

from ..records import Decision, Run
from ..reporting.escape import json_text
from ..running.config import Options
from . import derivations, machine


class JsonLines:
    """Writes the lines of one run."""

    def __init__(self, options: Options, out: TextIO) -> None:
        from ..running.run import shard_header

        self._options, self._out = options, out
        self._written: set[str] = set()
        shard = shard_header(options)
        self._line("run", {"schema": machine.SCHEMA, **({"shard": shard} if shard is not None else {})})

    def __call__(self, decision: Decision) -> None:
        """A claim is decided.  Readings of a line that may not be the one that holds wait for the end."""
        if not decision.stated.fallback and decision.cause != "interrupted":
            self._claim(decision)

    def end(self, run: Run, code: int) -> None:
        """What is known at the end only."""
        for decision in run.decisions:
            if decision.stated.id not in self._written:
                self._claim(decision)
        for problem in run.problems:
            self._line("error", problem.to_json())
        for derivation in derivations.to_json(run):
            self._line("derivation", derivation)
        self._line("end", {"claims": [d.stated.id for d in run.decisions], "exit": code})

    def _claim(self, decision: Decision) -> None:
        self._written.add(decision.stated.id)
        self._line("claim", machine.claim_json(decision, self._options.certificates, self._options.root))

    def _line(self, kind: str, data: Mapping[str, Any]) -> None:
        text = json.dumps({"kind": kind, **data}, ensure_ascii=False, separators=(",", ":"))
        self._out.write(json_text(text).rstrip("\n") + "\n")
        self._out.flush()
