"""The example course: twelve homeworks graded by the one documented command, against the output that is checked in.

After a change that is meant to change it:  python -m tests.test_course
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COURSE = ROOT / "examples/course"


def graded(out: Path) -> dict[str, str]:
    """The files of a grading that are checked in."""
    done = subprocess.run(
        [sys.executable, "-m", "checker", "grade", "examples/course/problems.yaml", "examples/course/submissions",
         "--names", "--level", "line", "--timeout", "40", "--out", str(out)],
        cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return {name: (out / name).read_text(encoding="utf-8") for name in (
        "grades.csv", "class.md", "students/01-right.md", "students/02-sign.md", "students/08-hostile.md")}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return graded(tmp_path_factory.mktemp("grades"))


def test_as_checked_in(found: dict[str, str]) -> None:
    for name, text in found.items():
        assert text == (COURSE / "expected" / name).read_text(encoding="utf-8"), name


def test_right_work_has_full_points_and_nothing_unknown_costs_a_point(found: dict[str, str]) -> None:
    rows = {r["student"]: r for r in csv.DictReader(io.StringIO(found["grades.csv"]))}
    assert len(rows) == 12
    assert (rows["01-right"]["sigmoid"], rows["01-right"]["elbo"]) == ("4", "5")
    assert rows["08-hostile"]["needs a person"] == rows["09-unread"]["needs a person"] == "yes"
    assert float(rows["02-sign"]["sigmoid"]) < 4 and float(rows["04-direction"]["elbo"]) < 5


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, text in graded(Path(folder)).items():
            path = COURSE / "expected" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
