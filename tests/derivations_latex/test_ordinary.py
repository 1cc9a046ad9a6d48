"""Ordinary lines: read with the meaning that a course gives them, or refused; true ones proved, false ones refuted."""

from __future__ import annotations

from pathlib import Path

import pytest

from .deciding import decide, read
from .ordinary import ROWS


@pytest.mark.parametrize("notation, prose, line, expected", ROWS, ids=[f"{p} {r}".strip() for _, p, r, _ in ROWS])
def test_ordinary_line(notation: str, prose: str, line: str, expected: str, tmp_path: Path) -> None:
    front = "---\nnotation: |\n" + "".join(f"  {n}\n" for n in notation.split("\n")) + "---\n" if notation else ""
    documents, problems = read(f"{front}# Problem\n{prose}\n\n$$\n{line}\n$$\n", tmp_path, "sheet.md")
    found = [v for d in documents for v in decide(d)]
    verdicts = {v.verdict for v in found}
    if expected in ("proved", "refuted"):
        assert not problems and expected in verdicts and verdicts <= {expected, "given", "proved"}, (problems, verdicts)
    else:
        assert "unread" in verdicts
        codes = {v.line.unread.code for v in found if v.line.unread is not None}
        assert expected in codes, codes
