"""``make check-html``: the pages that people see, in a real browser.

Makes a report and the pages of the example course, and hands them to ``check.mjs``, which drives Debian's Chromium: no
rule of axe is broken, nothing is requested, no script runs, nothing is wider than the window; on a desktop and a phone,
light and dark.  Not a part of ``make test``: it needs a browser.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
REPORTED = ("derivations/attention.py", "derivations/game.py", "derivations/logistic.md")


def missing() -> str:
    """What has to be installed first, "" if nothing."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "Node.js and npm (apt-get install nodejs npm)"
    if shutil.which("chromium") is None:
        return "Chromium (apt-get install chromium)"
    if not (HERE / "node_modules" / "axe-core").is_dir():
        return "axe and playwright (npm install --no-package-lock --prefix tests/browser)"
    return ""


def main() -> int:
    if what := missing():
        print(f"check-html needs {what}", file=sys.stderr)
        return 2
    checker = [sys.executable, "-m", "checker"]
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        out = Path(folder)
        subprocess.run([*checker, "report", *REPORTED, "--out", str(out / "report"), "--pdf-engine", "none"], cwd=ROOT, check=True)
        subprocess.run([*checker, "grade", "examples/course/problems.yaml", "examples/course/submissions", "--level", "repair",
                        "--out", str(out / "course")], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        students = sorted((out / "course" / "students").glob("*.html"), key=lambda p: p.stat().st_size)
        pages = [out / "report" / "report.html", out / "course" / "class.html", students[0], *students[-3:]]
        return subprocess.run(["node", str(HERE / "check.mjs"), *sys.argv[1:], *map(str, pages)], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
