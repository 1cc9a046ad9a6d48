"""A class in which some hand in what they should not: everybody else is graded, and nothing escapes.

One run of ``checker grade`` over all of them.  What could not be read waits for a person and never costs a point.
"""

from __future__ import annotations

import csv
import html.parser
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checker.console.submissions import MOST_FILES, find_submissions
from checker.grading.results import Roster

from .archives import ARCHIVES, made
from .test_terminal import obeyed

REPOSITORY = Path(__file__).resolve().parents[2]
PROBLEM = """
id: square
title: A square
points: 2
notation: |
  x: real
start: (x + 1)^2
goal: x^2 + 2x + 1
"""
RIGHT = "\\section{Square}\n\\[ (x + 1)^2 = x^2 + 2x + 1 \\]\n"
SECRET = "top-secret-5309"
PAYLOAD = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![i](http://e.x/i.png) =cmd|calc "
    "::error::x ##[error]y %0A::set-output {{ 7*7 }} {% raw %} << 7*7 >> <% 7 %> ]]> \"quoted\" 'quoted' "
    "#read(\"/etc/passwd\") `x` @everyone | a | ``` </code></pre> <!-- --> &lt; https://example.org ")
WORDS = PAYLOAD.replace("%", "").replace("{", "").replace("}", "").replace("#", "").replace("\\", "")


def wrong(words: str) -> str:
    return f"\\section{{Square {words}}}\n\\[ (x + 1)^2 = x^2 + 1 \\text{{ ({words})}} \\]\n"


#: submissions that are read: name -> (suffix, text, points: full, none, or None where it is a person's)
TEXTS: dict[str, tuple[str, str | bytes, int | None]] = {
    "right": ("tex", RIGHT, 2), "wrong": ("tex", RIGHT.replace("2x", "3x"), 0), "payload": ("tex", wrong(WORDS), 0),
    "payload-md": ("md", f"# Square\n\n{PAYLOAD}\n\n$$ (x + 1)^2 = x^2 + 1 $$\n\n$$ <script>alert(1)</script> = 1 $$\n", None),
    "payload-note": ("md", f"# Square\n\n$$ (x + 1)^2 = \\text{{{WORDS}}} $$\n", None), "pdf": ("tex", b"%PDF-1.7", None),
    "utf16": ("tex", RIGHT.encode("utf-16"), None), "zeros": ("md", b"\0" * 5_000, None), "bomb": ("ipynb", "[" * 100_000, None),
    "recursion": ("tex", RIGHT + "\\def\\x{\\x}\n\\[ \\x = 1 \\]\n", None), "control": ("tex", RIGHT + "\\[ \x1b[2J = 1 \\]\n", None),
    "assumes": ("tex", "\\section{Square}\n" + "".join(f"Let $x > {k}$. " for k in range(150)) + RIGHT.split("\n")[1], None),
    "reads": ("tex", "\\input{../secret}\\input{/etc/passwd}\\input{sub/link}\n" + RIGHT, None),
    "key": ("tex", "% checker: expected=refuted\n" + wrong("x").replace(" \\text{ (x)}", ""), 0),
    "a\x1b[31mred": ("tex", RIGHT, 2), "::error::": ("tex", RIGHT, 2), "=1+1": ("tex", RIGHT, 2), "-rf": ("tex", RIGHT, 2),
    "a\nb": ("tex", RIGHT, 2), "\u202egnp": ("tex", RIGHT, 2), "<b>": ("tex", RIGHT, 2), "x" * 200: ("tex", RIGHT, 2), "{{7}}": ("tex", RIGHT, 2),
    os.fsdecode(b"\xff\xfe"): ("tex", RIGHT, 2),
}
ZIPS = {"good": 2, "up": None, "link": None, "ratio": None, "overlapping": None, "checksum": None, "no-bytes": None, "within": None, "twice": None}


def hand_in(root: Path) -> None:
    for name, (suffix, text, _) in TEXTS.items():
        (root / name).mkdir()
        (root / name / f"hw.{suffix}").write_bytes(text if isinstance(text, bytes) else text.encode())
    for name in ZIPS:
        (root / f"zip-{name}").mkdir()
        data = made(("hw.tex", RIGHT)) if name == "good" else ARCHIVES[name][0]()
        (root / f"zip-{name}" / "hw.zip").write_bytes(data)
    (root.parent / "secret.tex").write_text(f"\\section{{Square}}\n{SECRET}\n\\[ {SECRET} = 1 \\]\n")
    (root / "reads" / "sub").mkdir()
    (root / "reads" / "sub" / "link.tex").symlink_to(root.parent / "secret.tex")
    (root / "is-a-link").symlink_to(root.parent)                            # a folder, and a file, of somebody else
    (root / "is-a-link.tex").symlink_to(root.parent / "secret.tex")
    (root / "has-a-link").mkdir()
    (root / "has-a-link" / "hw.tex").symlink_to(root.parent / "secret.tex")
    (root / "has-a-link" / "all").symlink_to(root)
    os.mkfifo(root / "pipe.tex")
    (root / "pipes").mkdir()
    for suffix in ("tex", "md", "ipynb", "zip", "pdf"):
        os.mkfifo(root / "pipes" / f"hw.{suffix}")
    with socket.socket(socket.AF_UNIX) as s:
        os.chdir(root)
        s.bind("socket.tex")
    (root / "program").mkdir()
    (root / "program" / "hw.py").write_text("open('ran', 'w')")
    (root / "program" / "hw.tex").write_text(RIGHT)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = tmp_path_factory.mktemp("class")
    before = os.getcwd()
    (root / "submissions").mkdir()
    try:
        hand_in(root / "submissions")
    finally:
        os.chdir(before)
    (root / "problem.yaml").write_text(PROBLEM)
    done = subprocess.run(
        [sys.executable, "-m", "checker", "grade", "problem.yaml", "submissions", "--out", "out", "--level", "repair"],
        cwd=root, capture_output=True, timeout=240, env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
    text = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, text
    return root, text


def results(graded: tuple[Path, str]) -> dict[str, Any]:
    root, _ = graded
    with (root / "out" / "roster.csv").open(newline="") as f:
        names = {row[0]: row[1] for row in csv.reader(f)}
    data = json.loads((root / "out" / "grades.json").read_text())
    return {names[r["student"]].removeprefix("'"): r for r in data["results"]}


def test_everybody_gets_what_is_theirs(graded: tuple[Path, str]) -> None:
    found = results(graded)
    wanted = {**{n: p for n, (_, _, p) in TEXTS.items()}, **{f"zip-{n}": p for n, p in ZIPS.items()}, "program": 2}
    wrong = []
    for name, points in wanted.items():
        r = found[name.encode("utf-8", "backslashreplace").decode()]
        if points is None and not r["provisional"] or points is not None and (r["points"], r["provisional"]) != (str(points), False):
            wrong.append((name, r["points"], r["provisional"], r["reasons"][:2]))
    assert not wrong
    assert not {"is-a-link", "pipe", "pipes", "has-a-link", "socket"} & found.keys()


def test_nothing_escapes(graded: tuple[Path, str]) -> None:
    root, text = graded
    assert obeyed(text) == [] and "Traceback" not in text
    written = sorted(p for p in (root / "out").rglob("*") if p.is_file())
    assert len(written) > 60
    for page in written:
        words = page.read_text(encoding="utf-8")
        assert SECRET not in words and "root:x:" not in words, page
        if page.name != "roster.csv":
            assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", words), page
    assert sorted(p.name for p in root.iterdir() if p.name != ".checker") == ["out", "problem.yaml", "secret.tex", "submissions"]
    assert not (root / "submissions" / "program" / "ran").exists()


class Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


def test_pages_hold_text_only(graded: tuple[Path, str]) -> None:
    root, _ = graded
    pages = [root / "out" / "class.html", *sorted((root / "out" / "students").glob("*.html"))]
    assert any("alert(1)" in p.read_text() for p in pages)         # the payload is there, as text
    for page in pages:
        tags = Tags()
        tags.feed(page.read_text())
        names = {t for t, _ in tags.found}
        assert not names & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "svg", "video", "b"}, page
        for tag, attributes in tags.found:
            assert not any(a.startswith("on") or a in ("style", "src", "srcset", "action") for a in attributes), (tag, page)
            assert str(attributes.get("href", "#")).startswith("#")
        policy = next(a["content"] for t, a in tags.found if t == "meta" and a.get("http-equiv") == "Content-Security-Policy")
        assert policy is not None and "default-src 'none'" in policy and "script-src" not in policy
    for page in [root / "out" / "class.md", *sorted((root / "out" / "students").glob("*.md"))]:
        from markdown_it import MarkdownIt

        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(page.read_text())
        inline = [c for t in tokens for c in (t, *(t.children or []))]
        assert not {"html_inline", "html_block", "link_open", "image"} & {t.type for t in inline}, page


def test_one_student_cannot_keep_all_workers_busy(tmp_path: Path) -> None:
    (tmp_path / "in" / "many").mkdir(parents=True)
    for k in range(300):
        (tmp_path / "in" / "many" / f"{k}.tex").write_text("")
    one, = find_submissions(tmp_path / "in", Roster(tmp_path / "roster.csv"))
    assert len(one.files) == len(one.images) == MOST_FILES
