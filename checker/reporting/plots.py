"""Plots: stub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..records import Document


@dataclass(frozen=True)
class Figure:
    title: str = ""
    caption: str = ""
    alt: str = ""
    skipped: str = ""
    placed: bool = False

    def as_placed(self) -> Figure:
        return replace(self, placed=True)


def draw_all(documents: Sequence[Document], out: Path) -> tuple[dict[tuple[str, str], Figure], list[Path]]:
    return {}, []
