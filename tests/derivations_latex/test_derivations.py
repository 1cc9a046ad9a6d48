"""Whole derivations: right ones raise no alarm, of wrong ones the first wrong row is named exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import undeclared
from .deciding import LEARNING as ML
from .deciding import NOTATION, align, decide, read, rows_of, wrong_row
from .table import LEARNING, RIGHT, UNDECLARED, WRONG


@pytest.mark.parametrize(("name", "text", "wrong"), [*RIGHT, *WRONG, *LEARNING, *UNDECLARED], ids=lambda x: x if isinstance(x, str)
                         and len(x) < 20 else "")
def test_the_first_wrong_row(name: str, text: str, wrong: int | None, tmp_path: Path) -> None:
    notation = ML if any(name == row[0] for row in LEARNING) else NOTATION
    notation = "" if any(name == row[0] for row in UNDECLARED) else notation
    found, problems = rows_of(notation + "\\section{" + name + "}\n" + text, tmp_path)
    assert not problems
    assert wrong_row(found) == wrong
    assert all(v.verdict in ("proved", "given", "refuted") for v in found)


#: Of documents that declare nothing: rows that must not be called wrong, although nothing decides or reads them.
OPEN = {"gibbs", "below-one", "below-one-w", "hat", "contradiction", "unread-link", "unread-link-w", "lagrange",
        "lagrange-w"}


@pytest.mark.parametrize(("name", "text", "wrong"), [*undeclared.RIGHT, *undeclared.WRONG],
                         ids=lambda x: x if isinstance(x, str) and len(x) < 20 else "")
def test_documents_that_declare_nothing(name: str, text: str, wrong: int | None, tmp_path: Path) -> None:
    found, _ = rows_of("\\section{" + name + "}\n" + text, tmp_path)
    assert wrong_row(found) == wrong
    assert name in OPEN or all(v.verdict in ("proved", "given", "refuted") for v in found)


HOMEWORK = (Path(__file__).parent / "homework.txt").read_text(encoding="utf-8").split("==== ")[1:]


@pytest.mark.parametrize("text", HOMEWORK, ids=lambda text: text.split(":")[0])
def test_homework_that_declares_nothing(text: str, tmp_path: Path) -> None:
    head, _, body = text.partition("\n")
    wrong = head.split(": ")[1]
    found, _ = rows_of(body, tmp_path)
    assert wrong_row(found) == (int(wrong) if wrong.isdigit() else None)
    assert wrong == "right?" or wrong.isdigit() or all(v.verdict in ("proved", "given") for v in found)


def verdicts_of(text: str, folder: Path, notation: str = NOTATION) -> list[str]:
    return [v.verdict for v in rows_of(notation + text, folder)[0]]


# ------------------------------------------------------------------------------ one slip, once


def test_a_slip_is_not_punished_twice(tmp_path: Path) -> None:
    text = align(r"(x+1)^2 - 1 &= x^2 + x + 1 - 1", r"&= x^2 + x", r"&= x(x + 1)")
    assert verdicts_of(text, tmp_path) == ["refuted", "proved", "proved"]


def test_a_row_that_was_not_read_stops_the_row_after_it_only(tmp_path: Path) -> None:
    text = align(r"2x + 2 &= 2(x + 1)", r"&= \mystery{x}", r"&= 3x + 2", r"&= 2x + 3")
    found, problems = rows_of(NOTATION + text, tmp_path)
    assert [v.verdict for v in found] == ["proved", "unread", "unread", "refuted"]
    assert found[2].line.unread is not None and found[2].line.unread.code == "follows-unread"
    assert len(problems) == 1


def test_what_holds_over_a_row_that_was_not_read_is_right(tmp_path: Path) -> None:
    text = align(r"2x + 2 &= 2(x + 1)", r"&= \mystery{x}", r"&= 2x + 2", r"&= 2x + 3")
    found, _ = rows_of(NOTATION + text, tmp_path)
    assert [v.verdict for v in found] == ["proved", "unread", "proved", "refuted"]
    assert any("from line" in note for note in found[2].line.notes)


def test_an_equation_above_an_unread_row_is_no_false_statement(tmp_path: Path) -> None:
    assert verdicts_of(align("x^2 &= 4", r"x &= \mystery{2}"), tmp_path) == ["given", "unread"]
    assert verdicts_of(align("2 + 2 &= 5", r"x &= \mystery{2}"), tmp_path)[0] == "refuted"


# --------------------------------------------------------------------- what a row is taken to say


@pytest.mark.parametrize(("text", "relations"), [
    (align("x^2 - 4 &= 0", "x^2 &= 4", "x &= 2 \\text{ or } x = -2"), ["given", "iff", "iff"]),
    (align("x &> 1", r"\implies x^2 &> 1"), [">", "implies"]),
    (align(r"S &= \sum_{k=1}^n k", r"&= \frac{n(n+1)}{2}"), ["define", "="]),
    (align("y &= 2x", "y^2 &= 4x^2"), ["given", "="]),
    ("Let $f(x) = x^2$.\n" + align("f(2) &= 4"), ["="]),
])
def test_relations(text: str, relations: list[str], tmp_path: Path) -> None:
    documents, _ = read(NOTATION + text, tmp_path)
    assert [line.relation for d in documents for line in d.lines] == relations


def test_solutions_gained_by_squaring_have_to_go(tmp_path: Path) -> None:
    begin = "Solve $\\sqrt{x} = x - 2$ for $x$.\n"
    rows = ["x &= (x-2)^2", "x^2 - 5x + 4 &= 0"]
    assert verdicts_of(begin + align(*rows, "x &= 4"), tmp_path) == ["proved", "proved", "proved"]
    wrong = begin + align(*rows, r"x &= 1 \text{ or } x = 4")
    found, _ = rows_of(NOTATION + wrong, tmp_path)
    assert wrong_row(found) == 3


def test_a_system_has_two_given_rows(tmp_path: Path) -> None:
    rows = ("x + y &= 3", "x - y &= 1", "2x &= 4", "x &= 2", "y &= 1")
    assert verdicts_of(align(*rows), tmp_path) == ["given", "given", "proved", "proved", "proved"]
    assert verdicts_of(align(*rows[:4], "y &= 2"), tmp_path)[-1] == "refuted"


def test_conditions_hold_in_their_scope(tmp_path: Path) -> None:
    case = "If $x \\ge 0$, then\n" + align("|x| &= x") + "If $x < 0$, then\n" + align("|x| &= -x")
    assert verdicts_of(case + "In any case,\n" + align("|x| &= x"), tmp_path) == ["proved", "proved", "refuted"]


def test_a_condition_at_the_end_of_a_chain_is_meant_for_the_chain(tmp_path: Path) -> None:
    assert verdicts_of(align(r"\sqrt{x^2} &= x", r"&= |x|, \qquad x \ge 0"), tmp_path) == ["proved", "proved"]


def test_a_reason_has_to_be_true(tmp_path: Path) -> None:
    assert verdicts_of(align(r"x^2 + 1 &> 0 \quad \text{since } x^2 \ge 0"), tmp_path) == ["proved"]
    assert verdicts_of(align(r"x^2 + 1 &> 0 \quad \text{since } x^2 = 1"), tmp_path) == ["refuted"]


@pytest.mark.parametrize(("row", "code"), [
    (r"a &= b \text{ in distribution}", "words"),
    (r"a &= b \pmod 7", "congruence"),
    (r"a &\approx 3", "approximately"),
    (r"a &\overset{?}{=} b", "marked-relation"),
    (r"a &\ll b", "relation"),
    (r"a = b \text{ and } b = c \text{ or } a = c", "and-or"),
    (r"&= b", "begins-with-relation"),
    (r"a &= ", "no-side"),
])
def test_rows_that_are_refused(row: str, code: str, tmp_path: Path) -> None:
    _, problems = rows_of(NOTATION + align(row), tmp_path)
    assert [p.code for p in problems] == [code]
    assert problems[0].line is not None and problems[0].message


# ----------------------------------------------------------------------------------------- goals


@pytest.mark.parametrize(("rows", "status"), [
    ([r"a^2 + b^2 - 2ab &= (a-b)^2", r"&\ge 0"], "reached"),
    ([r"(a-b)^2 &\ge 0", r"\implies a^2 + b^2 &\ge 2ab"], "reached"),
    ([r"a^2 + b^2 &\ge 2ab", r"\iff (a-b)^2 &\ge 0"], "reached"),
    ([r"a^2 + b^2 &\ge 2ab", r"\implies (a-b)^2 &\ge 0"], "circular"),
    ([r"(a-b)^2 &= a^2 - 2ab + b^2"], "missed"),
    ([], "empty"),
])
def test_goals(rows: list[str], status: str, tmp_path: Path) -> None:
    text = "Show that $a^2 + b^2 \\ge 2ab$.\n" + (align(*rows) if rows else "")
    documents, _ = read(NOTATION + text, tmp_path)
    assert documents[0].goal is not None and documents[0].goal["status"] == status


def test_left_hand_side_is_that_of_the_goal(tmp_path: Path) -> None:
    text = "Prove that $(a+b)^2 - (a-b)^2 = 4ab$.\n" + align(
        r"\text{LHS} &= a^2 + 2ab + b^2 - (a^2 - 2ab + b^2)", r"&= 4ab = \text{RHS}")
    documents, problems = read(NOTATION + text, tmp_path)
    assert [v.verdict for v in decide(documents[0])] == ["proved", "proved"] and not problems


# ------------------------------------------------------------------------------------- expected


def test_expected_marks_and_ids(tmp_path: Path) -> None:
    text = NOTATION + "% checker: expected=refuted, id=freshman\n" + align("(x + y)^2 &= x^2 + y^2")
    documents, _ = read(text, tmp_path)
    claim = documents[0].claims[0]
    assert claim.expected == "refuted" and claim.id == "solution.freshman"


def test_hostile_rows_cost_only_themselves(tmp_path: Path) -> None:
    text = NOTATION + align("{" * 200 + "x" + "}" * 200 + " &= x", "x + " * 2000 + "x &= 0", "x + x &= 2x")
    found, _ = rows_of(text, tmp_path)
    assert [v.verdict for v in found] == ["unread", "unread", "proved"]


def test_rows_of_other_kinds_above_do_not_spoil_a_row(tmp_path: Path) -> None:
    """That a row may follow from those above is one reading of it; where it cannot, the row stands by itself."""
    text = ("% notation:\n%   n: integer >= 1\n%   x, y: real\n%   p: density\n"
            + align("n^2 + 3n &= O(n^2)", r"p(x, y) &= p(x|y)\, p(y)", r"2^{n+1} - 2^n &= 2^n", r"|x + y| &\le |x| + |y|"))
    found, problems = rows_of(text, tmp_path)
    assert not problems
    assert [v.verdict for v in found] == ["proved"]*4


# ---------------------------------------------------------------------------------- sentences


@pytest.mark.parametrize(("text", "verdicts"), [
    ("Let $x$ be a real number with $x > 1$. Then $x^2 > x$, and hence $x^2 - x > 0$.\n", ["proved", "proved"]),
    ("For positive $a$ and $b$, we have\n\\[ \\sqrt{ab} \\le \\frac{a+b}{2} \\]\n", ["proved"]),
    ("Find all solutions of $x^2 = 2x$.\n" + align("x^2 - 2x &= 0") + "so $x = 0$ or $x = 2$.\n", ["given", "proved"]),
    ("Find all real $x$ with $x^2 = 2x$. Dividing by $x$ gives $x = 2$.\n", ["refuted"]),
    ("Setting the derivative equal to zero gives\n\\[ 2x - 6 = 0, \\]\nand therefore $x = 3$.\n", ["given", "proved"]),
    ("Suppose $X$ and $Y$ are independent.\n\\[ \\mathbb{E}[XY] = \\mathbb{E}[X]\\mathbb{E}[Y] \\]\n", ["proved"]),
    ("Show that $X$ and $Y$ are independent.\n\\[ \\mathbb{E}[XY] = \\mathbb{E}[X]\\mathbb{E}[Y] \\]\n", ["refuted"]),
    ("Let $X$ be uniformly distributed.\n\\[ \\mathbb{E}[X] = \\frac12 \\]\n", ["unread"]),
    ("Let $t = x^2$.\n\\[ x^4 + x^2 = t^2 + t \\]\n", ["proved"]),
    ("For $t \\in (0, 1)$,\n\\[ t^2 < t \\]\n", ["proved"]),
    (align(r"f(x) &= x^2 - 4x + 7", "f'(x) &= 2x - 4", "f'(x) &= 0", "x &= 2", "f(2) &= 3"),
     ["given", "proved", "given", "proved", "proved"]),
    (align(r"\frac{(x+t)^2 - x^2}{t} &= 2x + t", r"\intertext{and, letting $t \to 0$,}",
           r"\lim_{t \to 0} \frac{(x+t)^2 - x^2}{t} &= 2x"), ["proved", "proved"]),
    (align(r"\frac{\sin x}{x} &= 1 \quad \text{as } x \to 0"), ["unread"]),
    (align(r"\log(1+x) &\le x \quad \text{(since $\log$ is concave)}"), ["proved"]),
    (align(r"\sqrt{x^2} &= x \quad \text{(because $x > 0$)}"), ["proved"]),
])
def test_sentences(text: str, verdicts: list[str], tmp_path: Path) -> None:
    assert verdicts_of(text, tmp_path) == verdicts


def test_what_gives_something_is_set_up(tmp_path: Path) -> None:
    text = "Let $f(x) = x^2 - 4x$.\n" + align("f'(x) &= 2x - 4") + "It is convex, hence $f'(x) = 0$ gives\n" + align("x &= 2")
    assert "refuted" not in verdicts_of(text, tmp_path)
    wrong = "Let $f(x) = x^2 - 4x$.\n" + align("f'(x) &= 2x + 4") + "It is convex, hence $f'(x) = 0$ gives\n" + align("x &= -2")
    assert verdicts_of(wrong, tmp_path)[0] == "refuted"


@pytest.mark.parametrize(("before", "rows", "verdicts"), [
    ("We solve for $x\\ge-2$:\n", (r"\sqrt{x+2} &= x", r"\iff x+2 &= x^2"), ["given", "refuted"]),
    ("Solve:\n", ("x^2 - 5x + 6 &= 0", "(x-2)(x-3) &= 0", r"x = 2 \text{ or } x &= 3"), ["given", "proved", "proved"]),
    ("Solve:\n", ("x^2 &= 9", "x &= 3"), ["given", "refuted"]),
    ("Solve the system:\n", ("x + y &= 5", "x - y &= 1"), ["given", "given"]),
])
def test_only_the_problem_is_given_where_a_solution_follows(before: str, rows: tuple[str, ...], verdicts: list[str],
                                                            tmp_path: Path) -> None:
    assert verdicts_of(before + align(*rows), tmp_path) == verdicts
