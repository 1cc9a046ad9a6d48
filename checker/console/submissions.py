"""Where submissions lie: a file or a folder for each student, text apart from pictures.

Nothing of a submission is executed, and no symbolic link is followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..grading.results import Roster
from ..running.loader import UsageError

TEXT = (".tex", ".ltx", ".md", ".ipynb", ".zip")
#: Handed in, and read by people only.
IMAGES = (".pdf", ".png", ".jpg", ".jpeg", ".heic", ".tif", ".tiff", ".docx", ".doc", ".odt", ".rtf", ".pages", ".txt")


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's files.  ``images`` have no transcription; ``transcripts`` are among ``files``.
    ``folder``: they have a folder of their own, and may take in each other; a single file takes in none."""

    student: str
    files: tuple[Path, ...]
    images: tuple[Path, ...] = ()
    transcripts: frozenset[Path] = frozenset()
    folder: bool = False


def find_submissions(root: Path, roster: Roster, one_student: bool = False) -> list[Submission]:
    """A file or folder below ``root`` for each student; with ``one_student`` all of it is one submission.

    Raises :class:`UsageError`.
    """
    if not root.exists():
        raise UsageError(f"{root}: there are no submissions")
    if not root.is_dir():
        if not root.is_file():
            raise UsageError(f"{root} is neither a file nor a folder")
        groups = {root.stem: [root]}
    elif one_student:
        return [_submission(roster.pseudonym(root.resolve().name), _files(root), True)]    # of no file, too
    else:
        groups = {}
        for entry in sorted(root.iterdir()):
            if not entry.name.startswith(".") and not entry.is_symlink():
                name = entry.name if entry.is_dir() else entry.stem.removesuffix(".transcript")
                groups.setdefault(name, []).extend(_files(entry) if entry.is_dir() else _files(root, entry))
    students = roster.pseudonyms([name for name, files in groups.items() if files])
    return [_submission(students[name], files, (root / name).is_dir()) for name, files in groups.items() if files]


def _files(folder: Path, only: Path | None = None) -> list[Path]:
    """Files that are really below the folder, nothing hidden."""
    below = [only] if only is not None else sorted(folder.rglob("*"))
    return [p for p in below if p.is_file() and not p.is_symlink() and p.suffix.lower() in (*TEXT, *IMAGES)
            and not any(part.startswith(".") for part in p.relative_to(folder).parts)]


#: Of one student: as many files are read as a derivation may ever need; the others are for a person to look at.
MOST_FILES = 50


def _submission(student: str, files: Sequence[Path], folder: bool) -> Submission:
    text = [p for p in files if p.suffix.lower() in TEXT]
    transcripts = frozenset(p for p in text if p.stem.endswith(".transcript"))
    written = {p.stem.removesuffix(".transcript") for p in transcripts}
    images = tuple(p for p in files if p.suffix.lower() in IMAGES and p.stem not in written)
    looked_at = (*images, *text[MOST_FILES:])[:MOST_FILES]
    return Submission(student, tuple(text[:MOST_FILES]), looked_at, transcripts, folder)
