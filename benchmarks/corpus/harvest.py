"""Rows from the tests that SymPy's wheel carries, read by AST when they are asked for.

``assert trigsimp(e) == r`` says e = r; ``assert limit(e, x, a) == r``, ``assert diff(e, x) == r``,
``assert integrate(e, (x, a, b)) == r`` and ``assert summation(e, (k, a, b)) == r`` say what they say;
``assert e == r`` says e = r, e as written.  Nothing is copied: the tests of the installed package are
read, the assignments of each test run as they stand, and the two sides are taken from the assertion.
That a test asserts it does not make it true on the whole domain: label.py decides.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import sympy

from .rows import Row, load, save

#: module of sympy, area
MODULES = [
    *((f"simplify.tests.test_{m}", "identities") for m in (
        "trigsimp fu radsimp powsimp sqrtdenest simplify ratsimp rewrite").split()),
    *((f"simplify.tests.test_{m}", "discrete") for m in "gammasimp combsimp".split()),
    *((f"functions.elementary.tests.test_{m}", "identities") for m in (
        "complexes exponential hyperbolic integers miscellaneous piecewise trigonometric").split()),
    *((f"functions.combinatorial.tests.test_{m}", "discrete") for m in "comb_factorials comb_numbers".split()),
    ("functions.special.tests.test_gamma_functions", "discrete"),
    ("functions.special.tests.test_error_functions", "calculus"),
    ("core.tests.test_arit", "identities"), ("core.tests.test_power", "identities"),
    ("core.tests.test_expand", "identities"), ("core.tests.test_complex", "identities"),
    ("core.tests.test_diff", "calculus"),
    ("concrete.tests.test_sums_products", "discrete"), ("concrete.tests.test_products", "discrete"),
    ("concrete.tests.test_gosper", "discrete"),
    ("series.tests.test_limits", "limits"), ("series.tests.test_gruntz", "limits"),
    ("series.tests.test_demidovich", "limits"), ("series.tests.test_limitseq", "limits"),
    ("integrals.tests.test_integrals", "calculus"), ("integrals.tests.test_manual", "calculus"),
    ("integrals.tests.test_meijerint", "calculus"), ("integrals.tests.test_trigonometry", "calculus"),
    ("integrals.tests.test_heurisch", "calculus"), ("integrals.tests.test_rationaltools", "calculus"),
    ("utilities.tests.test_wester", "identities"),
]

#: functions and methods whose result equals what they are given
REWRITERS = set((
    "simplify trigsimp radsimp powsimp powdenest logcombine expand_log ratsimp gammasimp combsimp expand "
    "expand_trig expand_func expand_complex expand_mul expand_power_base expand_power_exp expand_multinomial factor "
    "together apart cancel sqrtdenest exptrigsimp trigsimp_groebner rewrite normal doit fu TR0 TR1 TR2 TR2i "
    "TR3 TR5 TR6 TR7 TR8 TR9 TR10 TR10i TR11 TR12 TR12i TR13 TR14 TR15 TR16 TR22 TRmorrie TRpower factor_terms "
    "signsimp refine kroneckersimp piecewise_fold hyperexpand rcollect collect unpolarify ratsimpmodprime").split())
LIMITS = {"limit", "gruntz", "limit_seq"}
MODULE_SECONDS = 30
END = "(end)"
SECONDS = 0.5     # of processor time, for one statement of a test


class _TooLong(BaseException):
    pass


def _alarm(signum: int, frame: FrameType | None) -> None:
    raise _TooLong


def harvest(folder: Path, processes: int = 4) -> Iterator[Row]:
    """Unlabelled rows, in the order of the tests; those of each module are kept in ``folder``."""
    seen: set[tuple[str, str, str]] = set()
    with ThreadPoolExecutor(processes) as pool:
        for rows in pool.map(lambda pair: read_module(folder, *pair), MODULES):
            for row in rows:
                key = (row.left, row.relation, row.right)
                if key not in seen:
                    seen.add(key)
                    yield row


def read_module(folder: Path, name: str, area: str) -> list[Row]:
    """In a process of its own: a test that raises 10 to a huge power cannot be interrupted, only killed; the
    tests after it are read by the next process."""
    path = folder / f"{name}-{_version()}.jsonl"
    if path.is_file():
        return load(path)
    rows: list[Row] = []
    done: list[str] = []
    while True:
        command = [sys.executable, "-m", "benchmarks.corpus.harvest", name, area, *done]
        output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        for line in output.splitlines():
            data = json.loads(line)
            if isinstance(data, str):
                done.append(data)
            else:
                rows.append(Row.of(data))
        if not output or done[-1] == END:
            break
    save(rows, path)
    return rows


def _version() -> str:
    return hashlib.sha256((sympy.__version__ + Path(__file__).read_text(encoding="utf-8")).encode()).hexdigest()[:10]


def main() -> None:
    """``python -m benchmarks.corpus.harvest MODULE AREA [functions read before]``: rows as JSON lines."""
    name, area, *done = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CPU, (MODULE_SECONDS, MODULE_SECONDS))
    signal.signal(signal.SIGVTALRM, _alarm)
    for row in _module(name, area, frozenset(done)):
        print(json.dumps(row if isinstance(row, str) else row.json()), flush=True)
    print(json.dumps(END), flush=True)


def _module(name: str, area: str, done: frozenset[str] = frozenset()) -> Iterator[Row | str]:
    """The rows of a module, after the name of the test that they are from."""
    try:
        module = importlib.import_module(f"sympy.{name}")
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    except Exception:  # a SymPy without its tests, or with others
        return
    short = name.rsplit("test_", 1)[-1]
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test") and function.name not in done:
            yield function.name
            marked = " ".join(ast.unparse(d) for d in function.decorator_list)
            if "XFAIL" in marked or "slow" in marked:
                continue
            names = dict(vars(module))
            for statement in _flat(function.body):
                yield from _statement(statement, names, f"{short}.{function.name}", area)


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for s in body:
        if isinstance(s, ast.With):
            continue
        yield s


def _statement(s: ast.stmt, names: dict[str, Any], where: str, area: str) -> Iterator[Row]:
    if isinstance(s, (ast.Assign, ast.Import, ast.ImportFrom, ast.FunctionDef)):
        _guarded(lambda: exec(compile(ast.Module([s], []), "<test>", "exec"), names))  # noqa: S102
        return
    if not (isinstance(s, ast.Assert) and isinstance(s.test, ast.Compare) and len(s.test.ops) == 1
            and isinstance(s.test.ops[0], (ast.Eq, ast.Is))):
        return
    pair = _guarded(lambda: _pair(s.test.left, s.test.comparators[0], names))  # type: ignore[attr-defined]
    if pair is None:
        return
    left, right, kind = pair
    texts = _guarded(lambda: _texts(left, right))
    if texts is not None and texts[0] != texts[1] and max(map(len, texts)) < 1500:
        yield Row(f"{where}-{s.lineno}", kind or area, texts[0], "=", texts[1], (), None,
                  f"sympy {sympy.__version__} tests")


def _texts(left: Any, right: Any) -> tuple[str, str] | None:
    if not all(isinstance(e, sympy.Expr) and _plain(e) for e in (left, right)):
        return None
    with sympy.evaluate(False):
        return sympy.srepr(left, order="none"), sympy.srepr(right, order="none")


def _guarded(work: Any) -> Any:
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        return work()
    except (Exception, _TooLong):
        return None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _evaluated(node: ast.expr, names: dict[str, Any], unevaluated: bool = False) -> Any:
    from .rows import _Exact

    if unevaluated:
        node = ast.parse(ast.unparse(node), mode="eval").body
        node = _Exact().visit(node)
    tree = ast.fix_missing_locations(ast.Expression(node))
    scope = {**names, "Integer": sympy.Integer, "Rational": sympy.Rational}
    with sympy.evaluate(not unevaluated):
        return eval(compile(tree, "<test>", "eval"), scope)


def _pair(left: ast.expr, right: ast.expr, names: dict[str, Any]) -> tuple[Any, Any, str] | None:
    value = sympy.sympify(_evaluated(right, names))
    if isinstance(left, ast.Call):
        called = left.func
        name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        if isinstance(called, ast.Attribute):     # e.simplify() is simplify(e)
            args = [called.value, *left.args]
        else:
            args = list(left.args)
        if name in REWRITERS and args:
            return _subject(args[0], names), value, ""
        if name in LIMITS and len(args) >= 2:
            return _limit(name, args, left, names), value, "limits"
        if name == "diff" and len(args) >= 2:
            return sympy.Derivative(*(_evaluated(a, names) for a in args)), value, "calculus"
        if name in ("integrate", "manualintegrate", "heurisch", "ratint", "trigintegrate") and len(args) == 2:
            f, x = (_evaluated(a, names) for a in args)
            if isinstance(x, sympy.Symbol):
                return sympy.Derivative(value, x), f, "calculus"
            return sympy.Integral(f, x), value, "calculus"
        if name in ("summation", "gosper_sum", "product") and len(args) == 2:
            made = sympy.Product if name == "product" else sympy.Sum
            return made(*(_evaluated(a, names) for a in args)), value, "discrete"
        if name in ("Limit", "series", "nseries", "subs", "evalf", "n", "xreplace", "replace", "coeff", "solve"):
            return None
    return _evaluated(left, names, unevaluated=True), value, ""


def _subject(node: ast.expr, names: dict[str, Any]) -> Any:
    """What a rewriter is given: as written where that can be read, else as SymPy made it."""
    if isinstance(node, ast.Name):
        return _evaluated(node, names)
    return _evaluated(node, names, unevaluated=True)


def _limit(name: str, args: list[ast.expr], call: ast.Call, names: dict[str, Any]) -> Any:
    e = _evaluated(args[0], names)
    if len(args) == 2:
        (x,) = e.free_symbols if e.free_symbols else (None,)
        return sympy.Limit(e, _evaluated(args[1], names), sympy.oo)
    x, at = _evaluated(args[1], names), sympy.sympify(_evaluated(args[2], names))
    side = _evaluated(args[3], names) if len(args) > 3 else "+"
    for k in call.keywords:
        if k.arg == "dir":
            side = _evaluated(k.value, names)
    if at in (sympy.oo, -sympy.oo):
        return sympy.Limit(e, x, at)
    if name == "limit_seq":
        return sympy.Limit(e, x, sympy.oo)
    return sympy.Limit(e, x, at, side)


def _plain(e: Any) -> bool:
    """Expressions about numbers only: no floats, matrices, noncommuting or unread things."""
    if e.has(sympy.Float, sympy.nan, sympy.zoo, sympy.Dummy, sympy.Wild, sympy.Order, sympy.AccumBounds):
        return False
    if any(s.is_commutative is False for s in e.free_symbols):
        return False
    if e.has(sympy.oo, -sympy.oo) and not e.has(sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit) \
            and e not in (sympy.oo, -sympy.oo):
        return False
    return all(isinstance(s, sympy.Symbol) and s.name.isidentifier() for s in e.free_symbols)


if __name__ == "__main__":
    main()

__all__ = ["MODULES", "harvest"]
