"""The arrows of docs/architecture.md, as a test that fails when an import points the other way."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "checker"

#: part -> the parts it may import.  Parts are folders and files directly below checker/.
ARROWS: dict[str, set[str]] = {
    "kernel": set(),
    "resources": set(),
    "records": {"kernel"},
    "lines": {"records"},
    "versions": {"kernel"},
    "reading": {"kernel", "language", "records"},   # the expressions of the language are what it reads
    "language": {"kernel", "reading", "records"},
    "engines": {"kernel"},
    "reporting": {"kernel", "records", "resources", "grading", "lines"},
    "grading": {"kernel", "records", "lines"},
    "running": {"kernel", "records", "language", "reading", "engines", "lines"},
    "console": {"kernel", "records", "resources", "reporting", "running", "grading", "lines", "versions"},
    "completion": {"console", "running"},
    "cli": {"records", "running", "console", "reporting", "grading", "lines", "versions", "completion"},
    "pytest_plugin": {"records", "running", "console"},
    "__main__": {"cli"},
    "__init__": {"language"},            # by name, on first use
}

#: Packages that only these parts may import.
OUTSIDE: dict[str, set[str]] = {
    "flint": {"kernel", "engines", "running", "versions"},
    "sympy": {"language", "reading", "engines", "running"},
    "click": {"cli", "completion"},
    "rich": {"console"},
    "jinja2": {"reporting"},
    "markupsafe": {"reporting"},
    "markdown_it": {"reporting", "reading"},
    "mdit_py_plugins": {"reporting"},
    "typst": {"reporting"},
    "math_core": {"reporting"},
    "matplotlib": {"reporting"},
    "latex2sympy2": {"reading"},         # in a process of its own: running/second_opinions.py
    "distributed": {"running"},          # in a process of its own: running/dask_bridge.py
    "psutil": {"running"},               # where the system does not bound memory
    "pytest": {"pytest_plugin"},
    "z3": {"engines"},
    "yaml": {"grading"},
}

#: In running/, what the parent and the kernel's process load must not see what a worker loads.
WORKER_SIDE = {"tasks.py", "loading.py"}

FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Absolute names of what a file imports, with the line."""
    here = ["checker", *file.relative_to(PACKAGE).with_suffix("").parts]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield stem, node.lineno
            if node.module is None or stem == "checker":
                for name in node.names:
                    yield f"{stem}.{name.name}", node.lineno


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_no_import_points_back(file: Path) -> None:
    part = part_of(file)
    assert part in ARROWS, f"say in ARROWS and in docs/architecture.md what {part} may import"
    for name, line in imports(file):
        where = f"{file.relative_to(ROOT)}:{line} imports {name}"
        top, _, rest = name.partition(".")
        if top == "checker" and rest:
            target = rest.split(".")[0]
            assert target == part or target in ARROWS[part] or target not in ARROWS, where
        elif top in OUTSIDE:
            assert part in OUTSIDE[top], where
        else:
            assert top in sys.stdlib_module_names or top in ("checker", "__future__", "latex2sympy2"), where


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_the_parent_process_sees_no_sympy(file: Path) -> None:
    if part_of(file) in ("running", "console", "cli") and file.name not in WORKER_SIDE:
        for name, line in imports(file):
            forbidden = name.split(".")[0] == "sympy" or name.startswith(
                ("checker.language", "checker.reading", "checker.engines", "checker.running.tasks"))
            assert not forbidden, f"{file.relative_to(ROOT)}:{line} imports {name}"


def test_the_kernel_imports_the_standard_library_and_flint() -> None:
    for file in sorted((PACKAGE / "kernel").rglob("*.py")):
        for name, line in imports(file):
            top = name.split(".")[0]
            fine = top in sys.stdlib_module_names or top == "flint" or name.startswith("checker.kernel")
            assert fine, f"{file.relative_to(ROOT)}:{line} imports {name}"


def loaded_by(code: str) -> set[str]:
    """Top-level packages outside the standard library that running ``code`` loads."""
    command = [sys.executable, "-c", f"import sys\nbefore = set(sys.modules)\n{code}\n"
               "print(*sorted({m.split('.')[0] for m in set(sys.modules) - before}))"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {m for m in done.stdout.split() if m.lstrip("_") not in sys.stdlib_module_names
            and m not in sys.stdlib_module_names and "cython" not in m and "__editable__" not in m}


def test_loading_the_kernel_loads_flint_and_nothing_else() -> None:
    modules = sorted(f.stem for f in (PACKAGE / "kernel").glob("*.py") if f.stem != "__init__")
    code = "import " + ", ".join(f"checker.kernel.{m}" for m in modules)
    assert loaded_by(code) == {"checker", "flint"}


def test_loading_the_commands_does_not_load_sympy() -> None:
    assert "sympy" not in loaded_by("import checker.cli, checker.console.screen, checker.running.run")
    assert "sympy" not in loaded_by("import checker.console.explain, checker.running.replay")


def test_the_replay_process_is_kernel_only() -> None:
    assert loaded_by("import checker.running.replay_worker") == {"checker", "flint"}


def test_only_the_kernel_names_the_mint() -> None:
    for file in FILES:
        if part_of(file) != "kernel":
            text = file.read_text(encoding="utf-8")
            assert "_MINT" not in text, file
            for node in ast.walk(ast.parse(text)):
                called = node.func if isinstance(node, ast.Call) else None
                name = called.id if isinstance(called, ast.Name) else None
                assert name not in ("Proved", "Refuted"), f"{file}: only the kernel makes {name}"


def test_no_file_of_ours_trusts_pickle() -> None:
    for file in FILES:
        found = [name for name, _ in imports(file) if name.split(".")[0] in ("pickle", "shelve", "marshal")]
        assert not found, file


def test_what_is_printed_goes_through_one_door() -> None:
    """console/printed.py stands between what files say and the terminal: nothing goes around it."""
    for file in FILES:
        if file.name == "printed.py":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for name, line in imports(file):
            around = name.startswith(("rich.console", "rich.text")) or name in ("rich.print", "rich.get_console")
            assert not around, f"{file.relative_to(ROOT)}:{line}: take the console and its text from console/printed.py"
        for node in ast.walk(tree) if part_of(file) in ("console", "cli", "reporting", "grading") else ():
            if isinstance(node, ast.Attribute) and node.attr in ("__stdout__", "__stderr__", "buffer", "write"):
                shown = ast.unparse(node)
                around = shown in ("sys.__stdout__", "sys.__stderr__", "sys.stdout.buffer", "sys.stderr.buffer", "os.write")
                assert not around, f"{file.relative_to(ROOT)}:{node.lineno}: {shown} goes around console/printed.py"
    main = (PACKAGE / "cli.py").read_text(encoding="utf-8")
    assert "with guarded():" in main
