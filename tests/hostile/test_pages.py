"""The pages themselves: a policy that lets nothing run and nothing in, and nothing that it would have to let in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker.resources import template_dir

PAGES = sorted(p for p in template_dir().glob("*.html.j2") if "<!doctype" in p.read_text(encoding="utf-8"))


def test_there_are_pages() -> None:
    assert {p.name for p in PAGES} >= {"report.html.j2", "feedback.html.j2", "class.html.j2"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_no_page_lets_anything_run_or_in(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    assert policy is not None
    assert text.index("<meta charset") < policy.start() < text.index("<style")
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy[1].split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["style-src"].startswith("'sha256-") and rules.get("img-src", "data:") == "data:"
    assert not set(rules) & {"script-src", "connect-src", "frame-src", "object-src", "font-src"}
    for tag in re.findall(r"<[a-z][^>]*>", text):
        assert not re.match(r"<(script|iframe|object|embed|link|base|form|svg|video|audio)\b", tag), tag
        assert not re.search(r"\s(on\w+|style|srcset|action)=", tag), tag
        assert not re.search(r'\s(src|href)="(?!#|\{\{)', tag), tag
    assert "| safe" not in text and "autoescape" not in text
    assert '<html lang="en">' in text and "<main" in text and text.count("<h1>") == 1


def test_styles_bring_nothing_in() -> None:
    style = (template_dir() / "report.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|expression\(|(?<!scroll-)behavior", style)
