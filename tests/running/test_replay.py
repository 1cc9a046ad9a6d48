"""``checker replay``: accepts what ``check`` wrote, rejects what anyone changed, and says why and where."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .conftest import REPOSITORY, Project

#: An import of SymPy ends the process with a status of its own.
TRAP = "import os\nos._exit(99)\n"


@pytest.fixture
def certified(checked: Project, tmp_path: Path) -> Project:
    """Fresh copies of the certificates, to be spoilt."""
    made = Project(tmp_path)
    for folder in ("derivations", "build/certificates"):
        for file in (checked.root / folder).glob("*.*"):
            made.write(f"{folder}/{file.name}", file.read_text())
    return made


def replayed(project: Project, *arguments: str) -> tuple[int, dict[str, dict[str, Any]], dict[str, Any]]:
    done = project.run("replay", "--output-format", "json", *arguments)
    assert done.returncode in (0, 1, 2, 5), done.stderr
    data = json.loads(done.stdout)
    return done.returncode, {c["id"]: c for c in data["certificates"]}, data


def test_what_check_wrote_replays(certified: Project) -> None:
    code, found, _ = replayed(certified)
    assert code == 0
    assert {name: c["verdict"] for name, c in found.items()} == {
        "good.square": "proved", "good.freshman": "refuted", "good.cancel": "proved", "good.again": "proved",
        "good.chain.1": "proved", "good.chain.2": "proved",
    }
    text = certified.run("replay").stdout
    assert text.splitlines()[-1] == "6 certificates: 6 replayed, none rejected."


def test_replay_never_imports_sympy(certified: Project) -> None:
    for package in ("sympy", "mpmath", "jinja2"):
        certified.write(f"trap/{package}/__init__.py", TRAP)
    trap = str(certified.root / "trap")
    assert certified.run("check", "--no-store", PYTHONPATH=trap).returncode != 0, "the trap does not work"
    done = certified.run("replay", PYTHONPATH=trap)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_replay_process_loads_the_kernel_only() -> None:
    code = (
        "import sys; from checker.running import replay_worker; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in "
        "('sympy', 'mpmath', 'pebble', 'click', 'rich', 'jinja2') "
        "or m.startswith(('checker.engines', 'checker.language', 'checker.reading', 'checker.reporting'))))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_certificates(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / "empty").mkdir()
    assert project.run("replay", "empty").returncode == 5
    assert project.run("replay", "not-there").returncode == 2


# ------------------------------------------------------------------------------ edited certificates


def rejected(project: Project, name: str, data: Any) -> dict[str, Any]:
    project.put_certificate(name, data)
    code, found, _ = replayed(project)
    assert code == 1
    mine = [c for c in found.values() if c["file"].endswith(f"{name}.json")]
    assert [c["verdict"] for c in mine] == [None]
    others = [c for c in found.values() if not c["file"].endswith(f"{name}.json")]
    assert all(c["verdict"] for c in others), "an innocent certificate was lost"
    assert mine[0]["rule"]
    assert mine[0]["where"]
    assert mine[0]["message"]
    return mine[0]


def test_edited_claim(certified: Project) -> None:
    data = certified.certificate("good.square")
    data["claim"]["statement"] = ["=", {"v": "x"}, {"v": "y"}]
    assert rejected(certified, "good.square", data)["rule"] == "claim-hash"


@pytest.mark.parametrize("stripped", [False, True])
def test_certificate_of_another_claim(certified: Project, stripped: bool) -> None:
    """With or without the hash, no false claim gets through."""
    data, other = certified.certificate("good.square"), certified.certificate("good.freshman")
    data["claim"] = other["claim"]
    if stripped:
        del data["claim_hash"]
    why = rejected(certified, "good.square", data)
    assert why["rule"] == ("field" if stripped else "claim-hash")


def test_edited_witness(certified: Project) -> None:
    data = certified.certificate("good.freshman")
    data["witness"]["point"]["x"] = "0"
    assert rejected(certified, "good.freshman", data)["rule"] == "evaluate"
    data["witness"]["point"] = {"x": "1"}
    assert rejected(certified, "good.freshman", data)["where"] == "y"


def test_edited_inhabitant(certified: Project) -> None:
    data = certified.certificate("good.cancel")
    data["inhabitant"]["point"]["x"] = "0"
    assert rejected(certified, "good.cancel", data)["rule"] == "inhabitant"


def test_other_verdict(certified: Project) -> None:
    data = certified.certificate("good.square")
    data["verdict"] = "refuted"
    rejected(certified, "good.square", data)


def mutated(data: Any, seed: int) -> Any:
    """One node of the certificate, the claim apart, replaced by something else."""
    from random import Random

    random, data = Random(seed), copy.deepcopy(data)
    nodes: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        for key in value if isinstance(value, dict) else range(len(value)):
            if key not in ("claim", "schema", "id"):
                nodes.append((value, key))
                if isinstance(value[key], (dict, list)):
                    walk(value[key])

    walk(data)
    node, key = random.choice(nodes)
    others = [None, 0, -1, "1", "evaluate", "sign", [], {}, "x", True, ["add", {"v": "x"}], 1e300]
    node[key] = copy.deepcopy(random.choice(others))
    return data


def test_no_mutation_proves_a_false_claim(certified: Project) -> None:
    """Certificates of true claims put on a false one, then changed at random: none survives."""
    false = certified.certificate("good.freshman")["claim"]
    for name in ("good.square", "good.cancel", "good.again"):
        data = {**certified.certificate(name), "claim": false}
        del data["claim_hash"]
        for seed in range(60):
            certified.write(f"mutants/{name}.{seed}.json", json.dumps(mutated(data, seed)))
    code, _, whole = replayed(certified, "mutants")
    assert code == 1
    assert len(whole["certificates"]) == 180
    assert [c["verdict"] for c in whole["certificates"]] == [None] * 180
    assert all(c["rule"] and c["where"] and c["message"] for c in whole["certificates"])


def test_removed_lemma(certified: Project) -> None:
    data = certified.certificate("good.square")
    (certified.root / "build/certificates/good.square.json").unlink()
    code, found, _ = replayed(certified)
    # The proof may or may not need its lemma; without it, nothing but that proof is at stake.
    assert set(found) == {"good.freshman", "good.cancel", "good.again", "good.chain.1", "good.chain.2"}
    assert code in (0, 1)
    certified.put_certificate("renamed", data)
    assert replayed(certified)[0] == 0, "a lemma is found by its claim, not by its file's name"


# -------------------------------------------------------------------------------------------- bombs


def tower(height: int) -> Any:
    term: Any = "9"
    for _ in range(height):
        term = ["pow", "9", term]
    return term


BOMBS: dict[str, Any] = {
    "deep": "[" * 200_000,
    "deep-objects": '{"schema": "checker-certificate/1", "claim": ' + '{"a": ' * 100_000,
    "digits": '{"schema": "checker-certificate/1", "claim": ' + "9" * 2_000_000 + "}",
    "not-json": "proved",
    "not-utf8": "\udcff",
    "empty": "",
    "list": "[]",
    "no-claim": {"schema": "checker-certificate/1", "id": "x", "verdict": "proved"},
    "other-schema": {"schema": "checker-certificate/2"},
    "not-a-claim": {"schema": "checker-certificate/1", "claim": 7},
}


def test_bombs(certified: Project) -> None:
    for name, data in BOMBS.items():
        path = certified.write(f"build/certificates/{name}.json", "")
        text = data if isinstance(data, str) else json.dumps(data)
        path.write_bytes(text.encode(errors="surrogateescape"))
    code, _, whole = replayed(certified)
    assert code == 1
    found = {c["file"].rpartition("/")[2].removesuffix(".json"): c for c in whole["certificates"]}
    assert len(found) == len(BOMBS) + 6
    assert {name: found[name]["verdict"] for name in BOMBS} == dict.fromkeys(BOMBS)
    assert {found[name]["rule"] for name in BOMBS} <= {"format", "size", "term"}
    assert all(c["verdict"] for name, c in found.items() if name not in BOMBS)


def test_a_file_of_many_megabytes_is_not_read(certified: Project) -> None:
    path = certified.write("build/certificates/good.cancel.json", "")
    with path.open("wb") as f:
        f.truncate(10**10)
    code, found, _ = replayed(certified)
    assert (code, found["good.cancel"]["rule"]) == (1, "size")
    path.unlink()


def test_points_of_absurd_size(certified: Project) -> None:
    points = [
        {"term": ["pow", "9", ["pow", "9", ["pow", "9", "9"]]]}, {"term": ["factorial", "1" + "0" * 30]},
        {"term": ["exp", ["exp", ["exp", "100000"]]]}, "1" + "0" * 3000, "1/" + "9" * 100_000,
    ]
    for k, point in enumerate(points):
        data = certified.certificate("good.cancel")
        data["inhabitant"]["point"]["x"] = point
        certified.put_certificate(f"absurd.{k}", data)
    code, _, whole = replayed(certified, "--timeout", "3", "--memory", "512MiB")
    found = {c["file"].rpartition("/")[2].removesuffix(".json"): c for c in whole["certificates"]}
    assert code == 1
    assert len(found) == 6 + len(points)
    assert all(c["verdict"] for name, c in found.items() if not name.startswith("absurd"))


def test_a_claim_of_absurd_size(certified: Project) -> None:
    data = certified.certificate("good.cancel")
    data["claim"]["statement"] = ["=", tower(40), {"v": "x"}]
    del data["claim_hash"]
    rejected(certified, "good.cancel", data)


# ------------------------------------------------------------------------------------ --against


def test_against_the_derivations(certified: Project) -> None:
    assert replayed(certified, "--against", "derivations")[0] == 0
    # a true claim under the id of another one is not what was asked for
    data = certified.certificate("good.cancel")
    data["id"] = "good.square"
    certified.put_certificate("good.square", data)
    code, found, whole = replayed(certified, "--against", "derivations")
    assert code == 1
    assert (found["good.square"]["rule"], found["good.square"]["where"]) == ("against", "claim")
    assert "good.square" in whole["missing"]


def test_against_notices_what_is_missing_or_unknown(certified: Project) -> None:
    (certified.root / "build/certificates/good.chain.2.json").rename(certified.root / "elsewhere.json")
    code, _, whole = replayed(certified, "--against", "derivations")
    assert (code, whole["missing"]) == (1, ["good.chain.2"])
    certified.write("derivations/good.py", "from checker import Derivation\nDerivation('good')\n")
    code, found, _ = replayed(certified, "--against", "derivations")
    assert code == 1
    assert {c["rule"] for c in found.values()} == {"against"}
    certified.write("derivations/good.py", "(")
    assert replayed(certified, "--against", "derivations")[0] == 2
