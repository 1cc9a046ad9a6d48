"""The whole way of a lecturer, here: ``make test-graders``.

Builds the wheel, writes the folders of ``checker grade --init`` for ``examples/course``, runs ``setup.sh`` (and the
Dockerfile's installation) in a machine as the systems make it, then grades every example submission through
``run_autograder`` and through the entrypoint of ``info.json``, and validates what is left.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import jsonschema

from .machine import run_inside, why_not
from .test_contracts import HERE, METADATA, REPOSITORY

COURSE = REPOSITORY / "examples/course"
POINTS = 12
GRADESCOPE = """
mkdir -p /autograder/source /autograder/results
cp -r /exchange/source/. /autograder/source
chmod +x /autograder/source/setup.sh && cd / && /autograder/source/setup.sh > /exchange/setup.log 2>&1
cp /autograder/source/run_autograder /autograder/ && chmod +x /autograder/run_autograder
cp /exchange/metadata.json /autograder/submission_metadata.json
for file in /exchange/submissions/*; do
  rm -rf /autograder/submission /autograder/results; mkdir -p /autograder/submission /autograder/results
  cp "$file" /autograder/submission/
  cd /autograder && ./run_autograder > /autograder/results/stdout 2>&1 || true
  cp /autograder/results/results.json "/exchange/results/$(basename "$file").json"
done
"""
PRAIRIELEARN_IMAGE = "cp /exchange/question/*.whl /tmp/ && {install} > /exchange/setup.log 2>&1\n"
PRAIRIELEARN = """
cp -a /exchange/opt /opt/checker
for file in /exchange/submissions/*; do
  rm -rf /grade; mkdir -p /grade/data /grade/student
  cp -r /exchange/question/tests /grade/tests && chmod +x ENTRYPOINT
  cp "$file" /grade/student/; echo '{"params": {}}' > /grade/data/data.json
  cd / && env -i PATH=/usr/bin:/bin HOME=/root ENTRYPOINT > /dev/null 2>&1 || true
  cp /grade/results/results.json "/exchange/results/$(basename "$file").json"
done
"""


def main() -> None:
    if why := why_not():
        sys.exit(f"cannot be tried here: {why}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (wheel,) = _wheel(folder)
        for kind, try_it in (("gradescope", _gradescope), ("prairielearn", _prairielearn)):
            exchange = folder / kind
            shutil.copytree(COURSE / "submissions", exchange / "submissions")
            (exchange / "results").mkdir()
            start = time.monotonic()
            try_it(exchange, wheel)
            _report(kind, exchange, time.monotonic() - start)


def _wheel(folder: Path) -> list[Path]:
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(REPOSITORY)],
                   check=True)
    return list(folder.glob("*.whl"))


def _checker(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "checker", "grade", str(COURSE / "problems.yaml"), *arguments], check=True,
                   cwd=REPOSITORY, stdout=subprocess.DEVNULL)


def _run(exchange: Path, script: str, network: bool) -> None:
    done = run_inside(exchange, script, network=network, timeout=1200)
    if done.returncode:
        log = exchange / "setup.log"
        sys.exit(done.stderr[-2000:] + (log.read_text()[-2000:] if log.exists() else ""))


def _gradescope(exchange: Path, wheel: Path) -> None:
    (exchange / "metadata.json").write_text(json.dumps(METADATA))
    archive = exchange / "autograder.zip"
    _checker("--init", "gradescope", "--out", str(exchange / "folder"), "--install", str(wheel), "--zip", str(archive))
    shutil.unpack_archive(archive, exchange / "source")
    _run(exchange, GRADESCOPE, network=True)


def _prairielearn(exchange: Path, wheel: Path) -> None:
    """The image is built with a network; what grades has none."""
    question = exchange / "question"
    _checker("--init", "prairielearn", "--out", str(question), "--install", str(wheel))
    (install,) = re.findall(r"^RUN (.*)$", (question / "Dockerfile").read_text(), re.MULTILINE)
    _run(exchange, PRAIRIELEARN_IMAGE.format(install=install) + "cp -a /opt/checker /exchange/opt", network=True)
    entrypoint = json.loads((question / "info.json").read_text())["externalGradingOptions"]["entrypoint"]
    _run(exchange, PRAIRIELEARN.replace("ENTRYPOINT", entrypoint), network=False)


def _report(kind: str, exchange: Path, seconds: float) -> None:
    schema = json.loads((HERE / "schemas" / f"{kind}-results.json").read_text())
    print(f"{kind}: {seconds:.0f} s with the installation; {(exchange / 'setup.log').read_text().strip()[-200:]}")
    for path in sorted((exchange / "results").iterdir()):
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.validate(data, schema)
        if kind == "gradescope" and sum(t["max_score"] for t in data["tests"]) != POINTS:
            sys.exit(f"{path.name}: the sum of max_score is not {POINTS}")
        told = data.get("output") or data.get("message") or "; ".join(data.get("format_errors", ()))
        print(f"  {path.stem:28} {data.get('score', 'not gradable')!s:>12}  {told.strip()[:90]}")
    if len(list((exchange / "results").iterdir())) != len(list((exchange / "submissions").iterdir())):
        sys.exit("a submission has no results")


if __name__ == "__main__":
    main()
