"""``checker merge``: the parts of one run, put together as if it had not been divided.

Parts say which of how many they are, the kernel's rule set, and all names of the run in their order
(:meth:`~checker.running.shards.Shard.header`).  What does not fit together is refused and named.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..grading.results import SCHEMA as GRADES, GradesError, Roster, read_grades
from ..running.loader import UsageError, source_of
from .machine import SCHEMA

Part = dict[str, Any]


def merge(paths: Sequence[Path], out: Path) -> Mapping[str, Any]:
    """Put the parts together into ``out``: a file, or for grades a folder.  Returns the whole.

    Raises :class:`UsageError` for parts that are not parts, or not of one run.
    """
    parts = [(path, _read(path)) for path in paths]
    schemas = {part["schema"] for _, part in parts}
    if len(schemas) != 1:
        raise UsageError(f"the parts are of different kinds: {', '.join(sorted(schemas))}")
    ordered = _in_order(parts)
    try:
        if schemas == {GRADES}:
            return _grades(ordered, out)
        whole = _checks([part for _, part in ordered])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"the parts are not as `checker` writes them ({type(error).__name__}: "
                         f"{str(error)[:100]}): make them again") from error
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return whole


def _read(path: Path) -> Part:
    """JSON, JSON lines, or the folder of a grading."""
    file = path / "grades.json" if path.is_dir() else path
    try:
        text = file.read_text(encoding="utf-8")
        data = _lines(text, path) if text.startswith('{"kind":"run"') else json.loads(text)
        if not isinstance(data, dict) or data.get("schema") not in (SCHEMA, GRADES):
            raise UsageError(f"{path}: neither the JSON of `checker check` nor a folder of `checker grade`")
        lists = ("results",) if data["schema"] == GRADES else ("errors", "claims", "derivations")
        if any(not isinstance(data[k], list) or not all(isinstance(x, dict) for x in data[k]) for k in lists):
            raise UsageError(f"{path}: {', '.join(lists)} are to be lists of objects")
        if data["schema"] == GRADES:
            read_grades(file)                           # says what is wrong with it; a comparison needs less of it
    except UsageError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, GradesError) as error:
        raise UsageError(f"{path}: {type(error).__name__}: {str(error)[:200]}") from error
    shard = data.get("shard")
    match shard:
        case {"number": int(k), "of": int(n), "rule_set": str(), "names": [*names]} if 1 <= k <= n and all(
                isinstance(x, str) for x in names):
            return data
    raise UsageError(f"{path} is no part of a run: parts are made with --shard 1/4, --shard 2/4, ...")


def _lines(text: str, path: Path) -> Part:
    kinds: dict[str, list[Part]] = {"run": [], "claim": [], "error": [], "derivation": [], "end": []}
    for line in text.splitlines():
        data = json.loads(line)
        kinds[data.pop("kind")].append(data)
    if len(kinds["end"]) != 1:
        raise UsageError(f"{path}: the run did not come to its end ({len(kinds['claim'])} claims): run this part again")
    by_id = {c["id"]: c for c in kinds["claim"]}        # some may be claims that others rest on, of another part
    return {**kinds["run"][0], "errors": kinds["error"], "claims": [by_id[c] for c in kinds["end"][0]["claims"]],
            "derivations": kinds["derivation"]}


def _in_order(parts: Sequence[tuple[Path, Part]]) -> list[tuple[Path, Part]]:
    """Parts 1 to n, of one run."""
    first_path, first = parts[0]
    held: dict[int, tuple[Path, Part]] = {}
    for path, part in parts:
        for key, what in (("of", "number of parts"), ("rule_set", "rule set of the kernel"), ("names", "set of files")):
            if part["shard"][key] != first["shard"][key]:
                raise UsageError(f"{path} and {first_path} are not parts of one run: another {what}")
        number = part["shard"]["number"]
        if number in held:
            raise UsageError(f"{path} and {held[number][0]} are both part {number}")
        held[number] = path, part
    count = first["shard"]["of"]
    if missing := [str(k) for k in range(1, count + 1) if k not in held][:20]:
        raise UsageError(f"part {', '.join(missing)} of {count} {'is' if len(missing) == 1 else 'are'} missing")
    return [held[k] for k in range(1, count + 1)]


def _checks(parts: Sequence[Part]) -> Part:
    """The errors, claims and derivations of each file from the part whose it is, in the order of the files."""
    count = len(parts)
    names = {name: k for k, name in enumerate(parts[0]["shard"]["names"])}
    whole: Part = {"schema": SCHEMA, "errors": [], "claims": [], "derivations": []}
    for key in ("errors", "claims", "derivations"):
        found = []
        for k, part in enumerate(parts):
            for entry in part[key]:
                place = names.get(source_of(str(entry.get("file")), names))
                if place is None:
                    name = str(entry.get("file"))[:80]
                    raise UsageError(f"part {k + 1} speaks of {name!r}, which is not in this run")
                if place % count == k:          # else: a claim of another part that one of this part rests on
                    found.append((place, entry))
        whole[key] = [entry for _, entry in sorted(found, key=lambda x: x[0])]
    return whole


def _grades(parts: Sequence[tuple[Path, Part]], out: Path) -> Part:
    """The results of all students in their order, the class page, every student's pages, one roster."""
    from .grade_command import write_class

    if any(not path.is_dir() for path, _ in parts):
        raise UsageError("of a grading give the folders (--out), where the students' pages are")
    names = {name: k for k, name in enumerate(parts[0][1]["shard"]["names"])}
    versions: dict[str, str] = {}
    found = []
    for path, part in parts:
        for r in part["results"]:
            if r["student"] not in names:
                raise UsageError(f"{path}: {r['student'][:40]!r} is not in this run; give the parts one roster "
                                 "(copy roster.csv into each --out before)")
            if versions.setdefault(r["problem"], r["version"]) != r["version"]:
                raise UsageError(f"{path}: problem {r['problem']} was graded by another version of its file")
            found.append((names[r["student"]], r))
    _complete(parts, names, set(versions))
    results = [r for _, r in sorted(found, key=lambda x: x[0])]
    write_class(results, out)
    (out / "students").mkdir(exist_ok=True)
    for path, part in parts:
        own = {f"{r['student']}.md" for r in part["results"]}
        own |= {f"{r['student']}.{r['problem']}.html" for r in part["results"]}
        for page in sorted((path / "students").glob("*.*")):
            if page.name in own and page.is_file() and not page.is_symlink():
                shutil.copyfile(page, out / "students" / page.name)
    roster = next((path / "roster.csv" for path, _ in parts if (path / "roster.csv").is_file()), None)
    if roster is not None:
        Roster(roster).save_as(out / "roster.csv")
    return {"schema": GRADES, "results": results}


def _complete(parts: Sequence[tuple[Path, Part]], names: Mapping[str, int], problems: set[str]) -> None:
    """Every student's result for every problem, once, in the part whose share holds the student."""
    for k, (path, part) in enumerate(parts):
        wanted = {(s, p) for s, place in names.items() if place % len(parts) == k for p in problems}
        there = [(r["student"], r["problem"]) for r in part["results"]]
        held = set(there)
        odd = sorted(wanted ^ held) or sorted(x for x in held if there.count(x) > 1)
        if odd:
            student, problem = odd[0]
            how = ("lacks" if odd[0] not in held else "has twice" if odd[0] in wanted
                   else "is not the part that should hold")
            raise UsageError(f"{path} {how} the result of {student[:40]} for problem {problem[:40]}: grade part "
                             f"{k + 1}/{len(parts)} again")


def exit_code(whole: Mapping[str, Any], fail_on: Sequence[str]) -> int:
    """As that of the run in one piece."""
    if whole["schema"] == GRADES:
        return 0 if whole["results"] else 5
    if whole["errors"]:
        return 2
    claims = whole["claims"]
    if any(not c.get("as_expected") or c.get("verdict") in fail_on for c in claims):
        return 1
    return 0 if claims else 5


__all__ = ["exit_code", "merge"]
