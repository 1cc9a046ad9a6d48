"""A page in a few lines of text, so that a test shows what was read as a person would note it down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checker.reading.documents import read_page
from checker.reading.documents.pages import Display, Inline, Page, Prose, Refused, Row


def outline(page: Page) -> list[str]:
    return list(_lines(page))


def read(folder: Path, name: str, text: str | bytes, **others: str) -> Page:
    """The page of a document that is written into a folder first, beside other files (``ch_one=...`` is ch/one.tex)."""
    for other, content in others.items():
        path = folder / (other.replace("_", "/") + (".tex" if "." not in other else ""))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    (folder / name).write_bytes(data)
    return read_page(folder / name)


def _lines(page: Page) -> Iterator[str]:
    for s in page.sections:
        yield f"# {s.id}" + (f": {s.title}" if s.title else "")
        for part in s.parts:
            if isinstance(part, Refused):
                yield f"{part.place.line}:{part.place.column} refused {part.code}"
                continue
            where = " ".join(x for x in (part.within, part.item) if x)
            prefix = f"[{where}] " if where else ""
            if isinstance(part, Prose):
                yield prefix + "".join(_piece(p) for p in part.pieces)
            elif isinstance(part, Display):
                yield f"{prefix}{part.environment}" + "".join(f" {k}={v}" for k, v in part.marks.items())
                for row in part.rows:
                    yield f"  {row.place.line}:{row.place.column} " + _row(row)


def _piece(piece: str | Inline | Refused) -> str:
    if isinstance(piece, str):
        return piece
    return f"<{piece.code}>" if isinstance(piece, Refused) else f"${shown(piece.tokens)}$"


def _row(row: Row | Refused) -> str:
    if isinstance(row, Refused):
        return f"refused {row.code}"
    return shown(row.tokens) + (f" ({row.tag})" if row.tag else "") + (f" #{row.label}" if row.label else "")


def shown(tokens: tuple) -> str:
    return " ".join(f'"{t.text}"' if t.kind == "text" else t.text for t in tokens)


def refusals(page: Page) -> set[str]:
    """The codes of all that was refused."""
    return {m.code for m in _refused(page)}


def messages(page: Page) -> list[str]:
    """What is said of each, and what would help."""
    return [f"{m.message}: {m.hint}" for m in _refused(page)]


def _refused(page: Page) -> Iterator[Refused]:
    for s in page.sections:
        for part in s.parts:
            members = (part.pieces if isinstance(part, Prose) else part.rows if isinstance(part, Display) else (part,))
            yield from (m for m in members if isinstance(m, Refused))
