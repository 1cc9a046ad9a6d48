"""Results on their way to the files of a grading: one at a time, so that a class of any size needs no more memory.

    Graded --> Spool (a line of JSON each, in a file without a name) --> grades.json, grades.csv, the class page
           --> Pages (a folder beside the old ones) --> students/, once everything is there

Until ``Pages.publish`` nothing that an earlier run wrote is touched.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..grading.results import Graded
from ..reporting.feedback import feedback_of, render_feedback
from ..running.loader import UsageError

#: Where pages wait until all are there; of a run that was killed, the next one deletes it.
_UNFINISHED = ".unfinished"


@contextmanager
def writing(to: Path | str) -> Iterator[None]:
    """A full disk, or a folder that is somebody else's, is said with what to do.  Raises :class:`UsageError`."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"{to} cannot be written ({error.strerror or error}): make room, or name another place. What "
                         "was decided is kept, and the files of an earlier grading are whole") from error


class Spool:
    """Results as JSON, to be gone through as often as needed."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="checker-grades-")
        self._count = 0

    def add(self, graded: Graded) -> None:
        with writing(f"{tempfile.gettempdir()} (TMPDIR)"):
            self._file.seek(0, os.SEEK_END)
            self._file.write(json.dumps(graded.to_json(), separators=(",", ":")).encode() + b"\n")
            self._file.flush()
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[dict[str, Any]]:
        at = 0
        for _ in range(self._count):
            self._file.seek(at)
            line = self._file.readline()
            at += len(line)
            yield json.loads(line)

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()


class Pages:
    """The pages of single students."""

    def __init__(self, out: Path, level: Mapping[str, str]) -> None:
        self._out, self._level = out, level
        self._made = out / _UNFINISHED
        shutil.rmtree(self._made, ignore_errors=True)
        with writing(out):
            self._made.mkdir(parents=True)

    def add(self, own: Sequence[Graded]) -> None:
        """All results of one student."""
        student = own[0].student
        views = [feedback_of(g.problem, g.score, self._level[g.problem.id]) for g in own]
        page = "\n".join(render_feedback("md", v) for v in views)
        with writing(self._out):
            (self._made / f"{student}.md").write_text(page, encoding="utf-8")
            for g, v in zip(own, views, strict=True):
                html = render_feedback("html", v)
                (self._made / f"{student}.{g.problem.id}.html").write_text(html, encoding="utf-8")

    def publish(self) -> None:
        pages = self._out / "students"
        pages.mkdir(parents=True, exist_ok=True)
        for page in self._made.iterdir():
            page.replace(pages / page.name)
        self.drop()

    def drop(self) -> None:
        shutil.rmtree(self._made, ignore_errors=True)
        with suppress(OSError):
            self._out.rmdir()                  # if nothing came to stand there


__all__ = ["Pages", "Spool", "writing"]
