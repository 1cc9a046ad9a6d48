"""What LaTeX and Markdown have in common: notation blocks that define macros, and the file that a course shares."""

from __future__ import annotations

from ..latex.source import Place, Unread
from ..latex.tokens import Source
from .builder import Builder
from .files import Files, inside
from .gate import text_of
from .macros import Macros, defines, definitions


def take_macros(text: str, at: Place, macros: Macros, file: str = "") -> str:
    r"""A notation block without its ``\newcommand`` lines, which are taken up; the lines keep their numbers."""
    kept = []
    for k, line in enumerate(text.split("\n")):
        if defines(line.lstrip(), 0):
            source = Source.of(line.strip(), Place(at.line + k, at.column), file)
            behind = 0
            for m in definitions(source.text):
                if m.start() >= behind:
                    try:
                        behind = macros.define(source, m.start())
                    except Unread:
                        behind = m.end()
            line = ""
        kept.append(line)
    return "\n".join(kept)


def read_course(builder: Builder, files: Files, name: str, folder: str, at: Place) -> None:
    """The notation file that a course shares, named in a document."""
    try:
        path = inside(name, folder)
        if not files.has(path):
            path = inside(name)
        text = text_of(files.read(path))
    except Unread as refusal:
        missing = refusal.message.startswith("there is no file")
        hint = "write its path from the folder of this document, as in ../course.notation" if missing else refusal.hint
        why = Unread("notation", f"the notation file cannot be read: {refusal.message}", at, hint)
        builder.refuse_part(why, Source.of(name, at, builder.now))
        builder.course_lost = builder.course_lost or why
        return
    builder.course = take_macros(text, Place(1, 1), builder.macros, path)
    builder.course_file = path
    builder.inputs.append(path)
