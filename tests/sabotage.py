"""Breaks the kernel on purpose, one line at a time: each break must turn the tests red.

    python -m tests.sabotage                     every edit of this list, which is for tests/kernel
    python -m tests.sabotage signs model         edits in these files only
    python -m tests.sabotage --areas             every area's list after this one (tests/*/sabotage.py)
    python -m tests.sabotage --areas --sample 5  five edits of each list, the same ones every time

Guards that another guard repeats (a witness must be defined, and its proof unconditional) are not listed.
Each edit runs in a copy of the tree under a temporary directory.  Prints the survivors (a guard that
no test needs, or a test that is missing) and exits 1 if there are any.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = [
    "tests/kernel/test_rules.py",
    "tests/kernel/test_mint.py",
    "tests/kernel/test_narrowing.py",
    "tests/kernel/test_real_conditions.py",
    "tests/kernel/test_verdicts.py",
    "tests/kernel/test_traps.py",
    "tests/kernel/test_mutation.py",
    "tests/kernel/test_random.py",
    "tests/logic/test_rules.py",
]
WORKERS = 2
TIMEOUT = 300  # seconds; a break that makes the tests hang is seen too

#: (file of checker/kernel, old text that stands there once, new text)
EDITS: list[tuple[str, str, str]] = [
    # logic, solving
    (
        "rule_logic",
        " and guard == TRUE and name not in free_names(t)):",
        " and guard == TRUE):",
    ),
    (
        "rule_logic",
        "needed = atomic_conditions(formula, s)",
        "needed = definedness(formula, s)",
    ),
    (
        "rule_logic",
        'raise Reject("member", show(s.goal)[:80], "is not visible")',
        "pass",
    ),
    (
        "rule_injective",
        'case "exp" if real:',
        'case "exp":',
    ),
    (
        "rule_injective",
        'case "power" if real:',
        'case "power":',
    ),
    (
        "rule_injective",
        'if c["function"] == "power" and c["power"] % 2 == 0:',
        "if False:",
    ),
    (
        "rule_injective",
        "or not 1 <= n <= MAX_POWER",
        "or not 0 <= n <= MAX_POWER",
    ),
    (
        "rule_injective",
        "if f == g and len(args)",
        "if len(args)",
    ),
    (
        "rule_injective",
        'raise Reject("imaginary", show(s.goal)[:80], "a part is not certainly real")',
        "pass",
    ),
    (
        "rule_injective",
        'app("sin", mul(app("pi"), t))',
        'app("sin", mul(num(2), app("pi"), t))',
    ),
    (
        "rule_intermediate",
        'raise Reject("intermediate", show(u)[:80], "need not be continuous")',
        "continue",
    ),
    (
        "rule_intermediate",
        'prove(s.with_goal(app("<=", lower, upper)), c["order"])',
        "Evidence()",
    ),
    (
        "rule_intermediate",
        'evidence += unconditional(prove(question, proof), "intermediate", "smooth")',
        "pass",
    ),
    (
        "rule_ideal",
        "goals, conditions = [mul(*(sub(x, y) for x, y in pairs))]",
        "goals, conditions = [num(0)]",
    ),
    (
        "verdict",
        '_unconditional(prove(question, proof, lemmas), "vacuous")',
        "pass",
    ),
    # term, claim
    ("term", 'names = tuple(f"\\0{depth + k}" for', 'names = tuple(f"a" for'),
    ("term", "if free_in_values & set(names):", "if False:"),
    ("term", "fits = one == INTEGER if t.outer else", "fits = True if t.outer else"),
    ("term", 'raise Malformed("a line of an iteration assigns values to names of its state")', "continue"),
    ("term", '"<": ">=", ">=": "<"', '"<": ">", ">=": "<"'),
    ("claim", "if isinstance(u, Bind) and outside & set(u.names):", "if False:"),
    ("claim", 'raise Malformed(f"{name} is declared twice")', "pass"),
    # definedness
    (
        "definedness",
        'case "div", (_, b):\n            return _nonzero(b)',
        'case "div", (_, b):\n            return []',
    ),
    ("definedness", "return _nonzero(base) if e < 0 else []", "return []"),
    ("definedness", "return out if TRUE in guards else", "return out if True else"),
    ("definedness", "return [] if there else [FALSE]", "return []"),
    ("definedness", 'return [] if is_real(u, decls) else _nonzero(app("cosh", u))', "return []"),
    ("definedness", "begin += _member(steps, INTEGER, decls)", "pass"),
    (
        "definedness",
        'case App("or", _) | Bind("forall" | "exists"):\n                return []',
        'case App("nothing", _):\n                return []',
    ),
    ("definedness", "if app(\">\", base, num(0)) not in old and not set(new) <= set(old):", "if False:"),
    ("prove", "if narrows(s.goal, s.declarations, by, s.declarations):", "if False:"),
    ("prove", "if narrows(formula, general, by, s.declarations) or discharge(", "if discharge("),
    ("rule_cells", "if not narrows(a, s.declarations, by, declarations))", "if True)"),
    ("definedness", 'if head in OF_REALS or head == "at":', "if head in OF_REALS:"),
    ("definedness", 'if t.head == "iterate":  ', "if False:  "),
    ("verdict", "if (loose := superfluous(evidence.conditions, sequent)) is not None:", "if loose := None:"),
    ("realness", "if any(failing) and where is not None and not _not_real(t, where):", "if False:"),
    ("realness", "if not parts or len(parts) > MAX_PARTS:\n        return certain", "pass"),
    ("rule_logic", 'if number_kind(t, s.declarations) == "other":', "if False:"),
    ("kinds", "if head in _INTEGER | _ALWAYS_REAL and any(", "if False and any("),
    ("prove", "if not _undefined_with_its_parts(s.goal, False):", "if False:"),
    # kinds
    ("kinds", 'head == "binomial" or isinstance(k, Num) and k.value >= 0', "True"),
    (
        "kinds",
        'return "real" if visibly_nonnegative(a, declarations) else "complex"\n        case App("log"',
        'return "real"\n        case App("log"',
    ),
    # evaluate
    (
        "evaluate",
        "left, right = self._real(x, a), self._real(y, b)",
        "left, right = self._real(x, b), self._real(y, a)",
    ),
    (
        "evaluate",
        'raise Undefined("a division by 0")\n            return x / y',
        "return Fraction(0)\n            return x / y",
    ),
    (
        "evaluate",
        "if isinstance(s, Scalar):\n                self._of_sort",
        "if False:\n                self._of_sort",
    ),
    ("evaluate", "if not to_ball(x).overlaps(to_ball(y)):\n            return False", "return x == y"),
    ("evaluate", 'raise Undefined("log of 0")', "return Fraction(0)"),
    (
        "evaluate",
        "return _WithNumbers(super()._inside(names, sorts), kept, {})",
        "return super()._inside(names, sorts)",
    ),
    # model
    (
        "model",
        "alone = Sequent(sequent.declarations, (), formula)",
        "alone = Sequent(sequent.declarations, sequent.assumptions, formula)",
    ),
    ("model", "if not isinstance(v, (Num, App, Bind))}", "if True}"),
    ("model", "_fits(a, s, sorts) for a, s in", "True for a, s in"),
    (
        "model",
        'raise Reject("witness", show(condition)[:80], "is needed for a power, and not so at the point")',
        "return",
    ),
    ("model", 'raise Reject(where, show(formula), "is false at the point")', "continue"),
    (
        "model",
        "return isinstance(t, Num) and t.value.denominator == 1\n            case Index",
        "return True\n            case Index",
    ),
    # signs
    ("signs", "isinstance(zero, Num) and zero.value == 0:", "isinstance(zero, Num):"),
    ("signs", "if d > 12:\n                return None", "if d > 12:\n                return p"),
    ("signs", "shift = 1 if fact.strict and fact.integer else 0", "shift = 1 if fact.strict else 0"),
    (
        "signs",
        'known = ("+" if known == "+-" else "0+") if g.real else None',
        'known = "+" if known == "+-" else "0+"',
    ),
    ("signs", 'if gap == "+":', 'if gap in ("+", "-"):'),
    ("signs", 'if den not in ("+", "-") or not self.real(d):', "if False:"),
    ("signs", 'one = "+" if one in ("+", "-", "+-") else "0+"', 'one = "+"'),
    # field
    ("field", 'if sign in ("+", "0+", "0"):\n            return u', 'if sign != "-":\n            return u'),
    ("field", 'if rest.num != 0 and self.signs.frac(rest) not in ("+", "0+"):', "if False:"),
    (
        "field",
        'whole = Generator(App("pow", ()), "opaque", self.signs.real(b), None)',
        'whole = Generator(App("pow", ()), "opaque", True, None, True)',
    ),
    ("field", 'raise CannotNormalise(f"{show(t)[:60]} is no number")', "return self.opaque(t)"),
    (
        "field",
        'if sign == "+":\n                    positive.append((lead, direction * e))',
        "if True:\n                    positive.append((lead, direction * e))",
    ),
    ("field", 'natural = k > 0 and self.signs.frac(rest) in ("+", "0+")', "natural = True"),
    (
        "field",
        'case App("conj" | "re", (a,)) if is_real(a, self.sequent.declarations):',
        'case App("conj" | "re", (a,)):',
    ),
    ("field", 'mark = App("#state", (num', 'mark = App("@state", (num'),
    # prove
    (
        "prove",
        "values = self.model.unsubstituted if self.model else {}",
        "values = self.model.values if self.model else {}",
    ),
    ("prove", 'raise Reject("sign", show(goal)[:80], "a side is not certainly real")', "pass"),
    ("prove", 'raise Reject("or", "assume-others", "the other parts are not defined everywhere")', "pass"),
    ("prove", 'raise Reject("have", "fact", f"is shown only if {show(shown.conditions[0])}")', "pass"),
    ("prove", 'raise Reject("exists", "witness", f"a power is defined only if {show(left[0])}")', "pass"),
    ("prove", 'raise Reject("exists", name, f"{show(t)} is not certainly {wanted}")', "pass"),
    ("prove", 'raise Reject("cases", "on", f"is defined only if {show(left[0])}")', "pass"),
    ("prove", 'raise Reject("cases", "on", f"{show(on)} is not certainly real")', "pass"),
    (
        "prove",
        'raise Reject("through", "conditions", f"{show(foreign[0])} is no condition of the goal")',
        "pass",
    ),
    ("prove", 'if goal != "=" and strongest >= table[goal]:', 'if goal != "=":'),
    ("prove", "return Evidence(discharge(definedness(premise, s), s) + tuple(", "return Evidence(tuple("),
    ("prove", '"<": ("-",), "<=": ("-", "0-", "0")', '"<": ("-", "0-"), "<=": ("-", "0-", "0")'),
    (
        "prove",
        'raise Reject("lemma", "premises", f"{len(premises)} premises, {len(proofs)} proofs")',
        "premises = premises[:len(proofs)]",
    ),
    # ideal, iterations
    ("rule_ideal", 'raise Reject("ideal", show(factor), "is not known to be nonzero")', "pass"),
    ("rule_ideal", 'raise Reject("ideal", show(t), f"is defined only if {show(left[0])}")', "pass"),
    ("rule_iteration", "if isinstance(u, Bind) and meant & set(u.names):", "if False:"),
    (
        "rule_iteration",
        'raise Reject(rule, "period", f"the orbit is not back at its start after {period} steps")',
        "pass",
    ),
    (
        "rule_iteration",
        'raise Reject(rule, "name", f"{name} >= {least} does not follow from the assumptions")',
        "pass",
    ),
    # verdict
    ("verdict", "if isinstance(k, bool) or not 0 <= k < len(conditions):", "if not k < len(conditions):"),
    ("verdict", "if conditions[k] not in atomic_conditions(sequent.goal, sequent):", "if False:"),
    ("verdict", 'satisfies(model, sequent, sequent.assumptions, witness, "witness", usable)', "pass"),
    (
        "verdict",
        'raise Reject(where, "conditions", f"a refutation may not rest on {show(evidence.conditions[0])}")',
        "pass",
    ),
    ("verdict", "if h in claim.lemmas and type(p) is Proved", "if True"),
    ("verdict", "evidence = prove(at_point, proof, usable, model)", "evidence = Evidence()"),
]


def tree(source: Path, where: Path) -> Path:
    for part in ("checker", "tests"):
        shutil.copytree(source / part, where / part, ignore=shutil.ignore_patterns("__pycache__"))
    return where


def red(where: Path) -> bool:
    # bombs measure time, which says nothing while other edits run
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        "--rootdir=.",
        "-k",
        "not bomb",
        *TESTS,
    ]
    try:
        run = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return True
    if run.returncode not in (0, 1, 2):
        raise SystemExit(f"the tests did not run:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return run.returncode != 0


def killed(source: Path, edit: tuple[str, str, str]) -> str | None:
    """None, or what is wrong with the edit."""
    name, old, new = edit
    with tempfile.TemporaryDirectory() as folder:
        where = tree(source, Path(folder))
        file = where / "checker" / "kernel" / f"{name}.py"
        text = file.read_text(encoding="utf-8")
        if text.count(old) != 1:
            return f"stands there {text.count(old)} times, not once"
        changed = text.replace(old, new)
        try:
            compile(changed, name, "exec")
        except SyntaxError as error:
            return f"is no Python: {error}"
        file.write_text(changed, encoding="utf-8")
        return None if red(where) else "SURVIVES"


def main() -> int:
    parser = argparse.ArgumentParser(description="Each edit of the kernel must turn the tests red.")
    parser.add_argument("files", nargs="*", help="edits in these files only")
    parser.add_argument("--areas", action="store_true", help="the lists of all areas too")
    parser.add_argument("--sample", type=int, default=0, help="so many edits of each list")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    bad = survivors(arguments.files, arguments.sample, arguments.seed)
    if arguments.areas:
        options = ["--sample", str(arguments.sample), "--seed", str(arguments.seed), *arguments.files]
        for area in sorted(ROOT.glob("tests/*/sabotage.py")):
            print(f"{area.parent.name}:", flush=True)
            bad += subprocess.run([sys.executable, str(area), *options], cwd=ROOT, check=False).returncode != 0
    return 1 if bad else 0


def survivors(files: list[str], sample: int, seed: int) -> int:
    """How many edits leave the tests green, or cannot be made."""
    edits = [e for e in EDITS if not files or e[0] in files]
    if sample:
        edits = random.Random(seed).sample(edits, min(sample, len(edits)))
    if not edits:
        return 0
    bad = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as pool:
        source = tree(ROOT, Path(folder))  # the tree as it is now: it may change meanwhile
        if red(source):
            print("the tests are red without any edit")
            return 1
        for (name, old, new), fault in zip(edits, pool.map(partial(killed, source), edits), strict=True):
            if fault is not None:
                bad += 1
                print(f"{name}: {fault}\n    - {old}\n    + {new}", flush=True)
    print(f"{len(edits) - bad} of {len(edits)} edits turn the tests red", flush=True)
    return bad


if __name__ == "__main__":
    raise SystemExit(main())
