r"""The notation block: one declaration a line, to roles.

First every line is cut into names and a description, and each name gets its role; then sizes, conditions and
definitions are read as formulas, with all names known, so that the order of the lines does not matter.
The table of what may be said is in docs/latex.md ("Notation block").
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace

from . import grammar
from .effects import alone, without_effect
from .grammar import words
from .grammar.names import ABOVE, BESIDE, INDEX_LETTERS
from .grammar.scripts import script_key
from .grammar.tidy import tidy
from .notation import Notation, Role
from .pairs import settled
from .source import Place, Token, Unread
from .tokens import tokenize
from .tree import Tree

DOMAINS = {"real": "real", "reals": "real", "number": "real", "numbers": "real", "scalar": "real", "scalars": "real",
           "integer": "integer", "integers": "integer", "int": "integer", "natural": "natural", "naturals": "natural",
           "rational": "rational", "rationals": "rational", "complex": "complex", "parameter": "real",
           "parameters": "real"}
SIGNS = {"positive": "> 0", "nonnegative": r"\ge 0", "non-negative": r"\ge 0", "negative": "< 0", "nonzero": r"\ne 0",
         "non-zero": r"\ne 0", "nonpositive": r"\le 0"}
KINDS = {"function": "function", "functions": "function", "vector": "vector", "vectors": "vector", "matrix": "matrix",
         "matrices": "matrix", "sequence": "sequence", "sequences": "sequence", "family": "family",
         "families": "family",
         "random": "random", "variable": "random", "variables": "random", "density": "density", "densities": "density",
         "distribution": "density", "distributions": "density", "pdf": "density", "pmf": "density", "law": "density",
         "laws": "density", "index": "index", "indices": "index", "constant": "constant", "constants": "constant",
         "label": "label", "policy": "density", "policies": "density", "posterior": "density", "prior": "density",
         "likelihood": "density", "size": "size", "sizes": "size", "dimension": "size", "event": "random",
         "events": "random"}
PROPERTIES = frozenset("""
    symmetric definite semidefinite orthogonal orthonormal invertible nonsingular diagonal square unitary
    stochastic unit convex concave strictly strongly differentiable smooth continuous increasing decreasing
    bounded even odd linear monotone twice continuously lipschitz discrete independent iid conditional joint
    identity idempotent upper lower triangular normalised normalized distinct periodic integrable measurable
    finite full rank column psd spd pd affine hermitian""".split())
PHRASES = {("positive", "definite"): "positive definite", ("positive", "semidefinite"): "positive semidefinite",
           ("positive", "semi-definite"): "positive semidefinite", ("negative", "definite"): "negative definite",
           ("negative", "semidefinite"): "negative semidefinite", ("strictly", "convex"): "strictly convex",
           ("strongly", "convex"): "strongly convex", ("strictly", "increasing"): "strictly increasing",
           ("strictly", "decreasing"): "strictly decreasing", ("twice", "differentiable"): "twice differentiable",
           ("continuously", "differentiable"): "continuously differentiable", ("full", "rank"): "full rank",
           ("full", "column", "rank"): "full column rank", ("lower", "triangular"): "lower triangular",
           ("upper", "triangular"): "upper triangular"}
SHORT = {"psd": "positive semidefinite", "spd": "positive definite", "pd": "positive definite",
         "nonsingular": "invertible", "normalized": "normalised"}
ALIASES = {"sigmoid": "sigmoid", "logistic": "sigmoid", "softmax": "softmax", "relu": "relu", "softplus": "softplus",
           "tanh": "tanh", "exp": "exp", "log": "log", "ln": "log", "sign": "sign", "expectation": "E", "expected": "E",
           "mean": "E", "variance": "Var", "covariance": "Cov", "entropy": "H", "kl": "KL", "divergence": "KL",
           "information": "I", "trace": "tr", "determinant": "det", "identity": "identity", "indicator": "indicator",
           "gamma": "gamma", "erf": "erf", "logit": "logit", "logsumexp": "logsumexp", "laplacian": "laplacian",
           "diag": "diag", "rank": "rank", "sin": "sin", "cos": "cos", "order": "O", "delta": "delta"}
#: A name whose meaning is a choice -> what may be chosen (first word of the description -> the setting).
SETTINGS = {
    r"\log": {"natural": "natural", "base": "base", "ln": "natural"}, r"\lg": {"base": "base"},
    "e": {"euler": "euler", "euler's": "euler"}, "i": {"imaginary": "imaginary"},
    "'": {"derivative": "derivative", "transpose": "transpose"},
    "^T": {"transpose": "transpose", "power": "power"},
    r"\nabla^2": {"hessian": "hessian", "laplacian": "laplacian"},
    "undeclared": {"inferred": "inferred", "infer": "inferred", "refused": "refused", "refuse": "refused"},
}
SPELLINGS = {"log": r"\log", r"\ln": r"\log", "lg": r"\lg", "T": "^T", r"^\top": "^T", r"\prime": "'",
             "nabla^2": r"\nabla^2",
             "others": "undeclared"}
_ASCII = (("<=", r" \le "), (">=", r" \ge "), ("!=", r" \ne "), ("->", r" \to "))
_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{2,}")


@dataclass(slots=True)
class _Name:
    key: str
    arguments: str = ""           # ``f(x, y)``
    subscript: tuple[Token, ...] = ()
    raised: bool = False          # the index stands above: ``x^{(i)}``


@dataclass(slots=True)
class _Block:
    roles: dict[str, Role]
    settings: dict[str, str]
    complete: bool
    problems: list[Unread] = field(default_factory=list)
    alone: frozenset[str] = frozenset()                      # names that stand without indices before a colon
    lines: dict[str, int] = field(default_factory=dict)      # key -> where this block declares it
    numbered: set[str] = field(default_factory=set)          # names that were declared with an index
    later: list[tuple[str, str, str, Place]] = field(default_factory=list)   # key, what, text, place

    def notation(self, complete: bool = False) -> Notation:
        return Notation(self.roles, self.settings, complete)


def read_notation(text: str, place: Place | None = None, base: Notation | None = None) -> tuple[Notation,
                                                                                                tuple[Unread, ...]]:
    """The notation that a block declares, on top of ``base``; and the lines that were refused."""
    start = place or Place(1, 1)
    base = base or Notation()
    block = _Block(dict(base.roles), dict(base.settings), base.complete, alone=_alone(text))
    definitions: list[tuple[str, Place]] = []
    declared = False
    for n, raw in enumerate(text.split("\n")):
        line = raw.rstrip()
        column = start.column if n == 0 else 1
        stripped = line.lstrip(" \t%")
        where = Place(start.line + n, column + len(line) - len(stripped))
        if stripped.startswith(("- ", "* ")):
            where = Place(where.line, where.column + 2)
            stripped = stripped[2:]
        stripped = stripped.strip().rstrip(".;").strip()
        if not stripped or stripped.startswith("#") or stripped.casefold() in ("notation:", "notation"):
            continue
        stripped = stripped.replace("$", "")
        try:
            if ":=" in stripped or r"\coloneqq" in stripped:
                definitions.append((stripped, where))
                declared = True
            else:
                declared = _declare(block, stripped, where) or declared
        except Unread as problem:
            block.problems.append(problem)
    if declared and block.settings.get("undeclared") != "inferred":
        block.complete = True
    for text_, where in definitions:
        try:
            _define_name(block, text_, where)
        except Unread as problem:
            block.problems.append(problem)
    for key, what, said, where in sorted(block.later, key=lambda entry: entry[1] == "subscript"):
        try:
            _finish(block, key, what, said, where)
        except Unread as problem:
            block.problems.append(problem)
    by_itself = alone(r for k, r in block.roles.items() if k not in block.numbered)
    if by_itself is not None and by_itself.key in block.lines:
        block.problems.append(Unread("notation-word", f"{by_itself.key} is independent of what?", by_itself.place,
                                     f"say it of both, {by_itself.key}, Y: random, independent"))
    for text_, where in definitions:
        try:
            _define(block, text_, where)
        except Unread as problem:
            if problem not in block.problems:
                block.problems.append(problem)
    return block.notation(block.complete), tuple(block.problems)


def key(text: str) -> str:
    r"""A name's key from any of its spellings: ``alpha`` and ``\alpha``, ``x_{0}`` and ``x_0``, ``loss``."""
    return _names(text, Place(1, 1))[0].key


# -- names -------------------------------------------------------------------------------------------------------------


def _names(text: str, place: Place) -> list[_Name]:
    """The names before the colon, parted by commas."""
    out = []
    tokens = tidy(tokenize(_spelled(text), place)).tokens
    k = 0
    while tokens[k].text:
        found, k = one_name(tokens, k)
        out.append(found)
        if tokens[k].text == "," or tokens[k].kind == "text" and tokens[k].text.strip() == "and":
            k += 1
        elif tokens[k].text:
            raise Unread("notation-name", f"{tokens[k].text} is no part of a name", tokens[k].place,
                         "write names parted by commas, then a colon and what they are")
    if not out:
        raise Unread("notation-name", "no name before the colon", place, "write  x, y: real")
    return out


def _spelled(text: str) -> str:
    r"""Bare words as LaTeX: ``alpha`` is ``\alpha``, ``loss`` is ``\mathrm{loss}``."""
    def one(m: re.Match[str]) -> str:
        word = m[0]
        if word in words.GREEK_WORDS:
            return "\\" + word + " "
        return rf"\mathrm{{{word}}}"
    return _WORD.sub(one, text)


def one_name(tokens: list[Token], k: int) -> tuple[_Name, int]:
    t = tokens[k]
    if t.kind in ("letter", "name"):
        found = t.text
    elif t.kind in ("word", "text"):
        found = rf"\mathrm{{{t.text.strip()}}}" if len(t.text.strip()) > 1 else rf"\mathrm {t.text}"
    else:
        raise Unread("notation-name", f"{t.text} is not a name", t.place,
                     r"names are written as in the formulas: x, \theta, x_0")
    k += 1
    if t.kind == "letter" and tokens[k].kind == "number":
        raise Unread("notation-name", f"{t.text}{tokens[k].text} is not a name of LaTeX", t.place,
                     f"write {t.text}_{{{tokens[k].text}}}")
    sub: tuple[Token, ...] = ()
    raised = False
    while tokens[k].text in ("_", "^", "'") and tokens[k].kind == "symbol":
        mark = tokens[k].text
        k += 1
        if mark == "'":
            found += "'"
            continue
        if not tokens[k].text:
            raise Unread("notation-name", f"nothing behind the {mark} of {found}", tokens[k].place,
                         "write the whole name")
        if tokens[k].text == "{":
            end = k
            depth = 0
            while True:
                depth += {"{": 1, "}": -1}.get(tokens[end].text, 0)
                if not depth:
                    break
                end += 1
            inner = tokens[k + 1:end]
            k = end + 1
        else:
            inner = tokens[k:k + 1]
            k += 1
        if mark == "_" and all(u.kind in ("letter",) and u.text in INDEX_LETTERS or u.text == "," for u in inner):
            sub = tuple(u for u in inner if u.text != ",")
            continue
        if mark == "^" and sub == () and len(inner) == 3 and inner[0].text == "(" and inner[1].text in INDEX_LETTERS:
            sub, raised = (inner[1],), True
            continue
        found += mark + script_key(inner)
    arguments = ""
    if tokens[k].text == "(":
        end = k
        while tokens[end].text != ")":
            end += 1
        arguments = " ".join(u.text for u in tokens[k + 1:end])
        k = end + 1
    return _Name(found, arguments, sub, raised), k


# -- one declaration ---------------------------------------------------------------------------------------------------


def _cut(line: str) -> int:
    """Where the colon stands that ends the names, or -1."""
    depth = 0
    for k, ch in enumerate(line):
        depth += {"{": 1, "}": -1, "(": 1, ")": -1}.get(ch, 0)
        if ch == ":" and depth == 0 and line[k + 1:k + 2] != "=":
            return k
    return -1


def _declare(block: _Block, line: str, place: Place) -> bool:
    """Take one line in.  True if it declares a name (a setting does not)."""
    if line.casefold().startswith("let "):
        line, place = line[4:], Place(place.line, place.column + 4)
    colon = _cut(line)
    if colon < 0:
        if "\\in" in line or "\\sim" in line or any(r in line for r in ("<", ">", r"\le", r"\ge", "=")):
            from .assumed import let
            changed = let(block.notation(), tokenize(_math(block, line), place))
            block.roles.update(changed.roles)
            return True
        raise Unread("notation", "a line without a colon", place,
                     "write  names: what they are,  or  name := its meaning")
    left, said = line[:colon].strip(), line[colon + 1:].strip()
    setting = SPELLINGS.get(left, left)
    first = said.split()[0].casefold().strip(",") if said else ""
    if setting in SETTINGS and (first in SETTINGS[setting] or left not in ("e", "i", "T")):
        _set(block, setting, first, said, place)
        return False
    if not said:
        raise Unread("notation", f"nothing behind the colon of {left}", place, f"write  {left}: real")
    names = _names(left, place)
    for name in names:
        _describe(block, name, said, Place(place.line, place.column + colon + 1), place)
    return True


def _set(block: _Block, name: str, first: str, said: str, place: Place) -> None:
    choices = SETTINGS[name]
    if first not in choices:
        raise Unread("notation-setting", f"{name}: {said} is not known", place, f"one of: {', '.join(choices)}")
    value = choices[first]
    if value == "base":
        number = said.split()[1] if len(said.split()) > 1 else ""
        if not number.isdigit() or int(number) < 2 or len(number) > 6:
            raise Unread("notation-setting", f"{name} in which base?", place, "write  base 2")
        value = f"base {int(number)}"
    block.settings[name] = value


def _describe(block: _Block, name: _Name, said: str, at: Place, place: Place) -> None:
    """The role of one name from the words of its description."""
    pieces = _pieces(said)
    head = pieces[0]
    if m := re.fullmatch(r"(?:\\mathbb\s*\{?R\}?|R)(\^.+)?\s*(?:->|\\to)\s*(?:\\mathbb\s*\{?R\}?|R)", head):
        head = "function of vectors in R" + m[1] if m[1] else "function of 1 arguments"
    elif m := re.fullmatch(r"(\S+ (?:x|\\times|by) \S+) (.*?)(matrix|matrices)", head):       # n x m matrix
        head = f"{m[2]}matrix {m[1]}"
    head_words = [w.strip("$") for w in head.split()]
    kind, domain = "", ""
    properties: set[str] = set()
    conditions: list[str] = []
    rest: list[str] = []
    value: str | None = None
    k = 0
    lowered = [w.casefold().rstrip(",") for w in head_words]
    while k < len(lowered):
        w = lowered[k]
        phrase = next((p for p in PHRASES if tuple(lowered[k:k + len(p)]) == p), None)
        if phrase is not None:
            properties.add(PHRASES[phrase])
            k += len(phrase)
            continue
        if w in DOMAINS and not (kind and rest):
            domain = DOMAINS[w]
        elif w in SIGNS:
            conditions.append(SIGNS[w])
        elif w in KINDS and (not kind or kind == "random"):
            if KINDS[w] == "random" and kind == "":
                kind = "random"
                properties |= {"event"} if w in ("event", "events") else set()
            elif kind == "random" and KINDS[w] in ("vector", "matrix"):
                properties.add(KINDS[w])
            elif kind == "":
                kind = KINDS[w]
                properties |= {"pmf": {"discrete"}, "pdf": {"continuous"}}.get(w, set())
        elif w == "strictly" and lowered[k + 1:k + 2] and lowered[k + 1] in SIGNS:
            pass                                             # strictly positive
        elif w in PROPERTIES and not rest:
            properties.add(SHORT.get(w, w))
        elif w in ("a", "an", "the", "of") and not rest and k + 1 < len(lowered) and kind == "":
            pass
        elif not kind and not domain and not rest and w in ALIASES:
            value = ALIASES[w]
            kind = "alias"
        elif w == "probability" and not kind and not domain:
            if name.key.strip("\\").split()[-1][:1].isupper() or name.key.startswith(r"\mathbb"):
                kind, value = "alias", "Pr"
            else:
                kind, domain = "scalar", "real"
                conditions += [r"\ge 0", r"\le 1"]
        elif w in ("function", "unit") and kind == "alias":
            pass
        else:
            rest = head_words[k:]
            break
        k += 1
    if kind == "alias" and value == "E" and lowered[:1] == ["expected"]:
        rest = []
    remaining = " ".join(rest)
    if "identity" in properties and not kind:
        kind = "constant"
    if not kind and not domain and not conditions:
        _unknown(head, at)
    kind = kind or ("function" if name.arguments and domain else "scalar")
    if kind == "size":
        kind, domain = "scalar", "integer"
        conditions.append(r"\ge 1")
    if kind == "index":
        domain = "integer"
    if name.subscript and kind in ("scalar",):
        kind = "family"
    if name.subscript and kind in ("vector", "matrix"):
        properties.add(kind)
        kind = "family"
    if value == "identity":
        kind, value = "constant", None
        properties.add("identity")
    if name.raised:
        name = replace(name, key=name.key + ABOVE)
    elif name.subscript and kind == "family" and name.key in block.alone:
        name = replace(name, key=name.key + BESIDE)
    role = Role(name.key, kind, domain or "real", (), (), frozenset(properties), value, (), False, place)
    if block.lines.setdefault(name.key, place.line) != place.line:
        raise Unread("notation-twice", f"{name.key} is declared twice", place, "keep one of the lines")
    block.roles[name.key] = role
    if name.subscript:
        block.numbered.add(name.key)
    block.later.append((name.key, "kind", remaining, at))
    if name.arguments:
        block.later.append((name.key, "arguments", name.arguments, at))
    if name.subscript and (not remaining or kind == "random" and not properties & {"vector", "matrix"}):
        block.later.append((name.key, "subscript", " ".join(t.text for t in name.subscript), at))
    for condition in conditions:
        block.later.append((name.key, "condition", condition, at))
    for said_more in pieces[1:]:
        more = said_more.strip()
        as_property = SHORT.get(more.casefold(), more.casefold())
        listed = tuple(more.casefold().split())
        if as_property in PROPERTIES or listed in PHRASES:
            role = block.roles[name.key]
            block.roles[name.key] = replace(role, properties=role.properties | {PHRASES.get(listed, as_property)})
        elif more.casefold() in SIGNS:
            block.later.append((name.key, "condition", SIGNS[more.casefold()], at))
        else:
            block.later.append((name.key, "condition", more, at))
    lost = without_effect(block.roles[name.key], bool(domain))
    if lost is not None:
        raise Unread("notation-word", f"“{lost[0]}” changes nothing here: what it says of {name.key} would be lost", at,
                     lost[1])


def _alone(text: str) -> frozenset[str]:
    """The names declared as numbers without an index: beside ``x``, ``x_i`` is a family of its own."""
    found: set[str] = set()
    for line in text.split("\n"):
        colon = _cut(line)
        said = line[colon + 1:].split()
        if colon > 0 and said and (said[0].strip(",").casefold() in DOMAINS or said[0].strip(",").casefold() in SIGNS):
            try:
                found.update(n.key for n in _names(line[:colon].lstrip(" \t%-*").replace("$", ""),
                                                   Place(1, 1)) if not n.subscript)
            except Unread:
                continue                                      # the line is refused when its turn comes
    return frozenset(found)


def _pieces(said: str) -> list[str]:
    """Cut at commas of the outer level; "function of x, y" stays whole."""
    out, depth, last = [], 0, 0
    for k, ch in enumerate(said):
        depth += {"(": 1, ")": -1, "[": 1, "]": -1, "{": 1, "}": -1}.get(ch, 0)
        if ch == "," and depth <= 0:
            out.append(said[last:k].strip())
            last = k + 1
    out.append(said[last:].strip())
    merged = [out[0]]
    for piece in out[1:]:
        if " of " in f" {merged[-1]} " and re.fullmatch(r"\\?[A-Za-z]+(_\w|'|_\{[^}]*\})?",
                                                        piece) and piece not in PROPERTIES:
            merged[-1] += ", " + piece
        elif piece:
            merged.append(piece)
    return merged


def _unknown(said: str, at: Place) -> None:
    known = [*DOMAINS, *KINDS, *ALIASES]
    first = said.split()[0].casefold()
    near = difflib.get_close_matches(first, [*DOMAINS, *KINDS], 1,
                                     0.7) or difflib.get_close_matches(first, known, 1, 0.7)
    raise Unread("notation-kind", f"“{said}” is not known", at,
                 (f"did you mean {near[0]}? " if near else "")
                 + "known: real, integer, natural, rational, complex, index 1..n, function, vector n, matrix n x m, "
                   "sequence, random, density, sigmoid, softmax, ...")


# -- second pass: formulas within descriptions -------------------------------------------------------------------------


def _math(block: _Block, said: str) -> str:
    """A formula of a description, which may be typed as plain text, as LaTeX."""
    for plain, latex in _ASCII:
        said = said.replace(plain, latex)

    def one(m: re.Match[str]) -> str:
        word = m[0]
        if word in words.GREEK_WORDS:
            return "\\" + word + " "
        if rf"\mathrm{{{word}}}" in block.roles or word in words.FUNCTIONS or word in words.LAWS:
            return rf"\mathrm{{{word}}}"
        return word
    return _WORD.sub(one, said)


def _read(block: _Block, said: str, at: Place, extra: dict[str, Role] | None = None) -> Tree:
    notation = Notation({**block.roles, **(extra or {})}, block.settings, True)
    try:
        return grammar.read(tokenize(_math(block, said)), notation).tree
    except Unread as problem:
        raise Unread(problem.code, f"in the notation: {problem.message}", at, problem.hint, problem.readings) from None


_SIGNS = re.compile(r"\\pm(?![A-Za-z])|±"), re.compile(r"\\mp(?![A-Za-z])|∓")


def _condition(block: _Block, text: str, at: Place) -> Tree:
    r"""A condition; ``x \ne \pm 1`` rules out both numbers, ``x = \pm 1`` allows both."""
    if not any(sign.search(text) for sign in _SIGNS):
        return _read(block, text, at)
    upper, lower = (_read(block, _SIGNS[0].sub(a, _SIGNS[1].sub(b, text)), at) for a, b in ("+-", "-+"))
    if upper.head != "relation" or upper.value not in ("=", "!="):
        raise Unread("plus-minus", r"in the notation: \pm says two things at once", at,
                     "write two conditions, one for each sign")
    return Tree("or" if upper.value == "=" else "and", (upper, lower), None, upper.place)


def _size(block: _Block, said: str, at: Place) -> Tree:
    """A size: a number, a name (declared as an integer >= 1 by being one), or an expression."""
    said = said.strip()
    for name in re.findall(r"(?<![\\A-Za-z])[A-Za-z](?![A-Za-z])", said):
        if name not in block.roles:
            one = Tree("relation", (Tree("name", (), name), Tree("number", (), grammar.number(1).value)), ">=")
            block.roles[name] = Role(name, "scalar", "integer", conditions=(one,), inferred=True, place=at)
    return _read(block, said, at)


#: How a condition begins that leaves its left side out.
_BEGINS = ("<", ">", r"\l", r"\g", r"\n", "!=", "=")


def _finish(block: _Block, key: str, what: str, said: str, at: Place) -> None:
    role = block.roles[key]
    if what == "kind" and role.kind in ("vector", "family") and said.startswith(_BEGINS):
        what = "condition"                           # x_i: real > 0
    if what == "condition":
        if role.kind == "family":                    # a_i: real, a_i > 0
            said = re.sub(rf"(?<![A-Za-z\\]){re.escape(key)}_\{{?([a-z])\}}?(?![A-Za-z])",
                          lambda m: m[0] if m[1] in block.roles else key, said)
        if not said.lstrip("$ ").startswith(_BEGINS):
            text = said.strip().removeprefix("with ").removeprefix("where ")
            if text.casefold().startswith("in "):
                text = key + r" \in " + text[3:]
        else:
            text = f"{key} {said}"
        if re.fullmatch(r"[A-Za-z][A-Za-z -]+", said.strip()):
            near = difflib.get_close_matches(said.strip().casefold(), PROPERTIES, 1, 0.7)
            raise Unread("notation-condition", f"“{said}” is no property that is known", at,
                         (f"did you mean {near[0]}? " if near else "") + "a condition is a relation, like > 0")
        tree = _condition(block, text, at)
        if tree.head not in ("relation", "chain", "and", "or"):
            raise Unread("notation-condition", f"“{said}” is no condition and no property that is known", at,
                         "write a relation like > 0, or a property like symmetric")
        block.roles[key] = replace(role, conditions=(*role.conditions, tree))
    elif what == "arguments":
        if role.kind in ("function", "density") and role.kind == "function":
            listed = tuple(Tree("name", (), a.strip().replace(" ", "")) for a in said.replace("|", ",").split(","))
            block.roles[key] = replace(role, sizes=listed)
    elif what == "subscript":
        sizes: list[Tree] = []
        for name in said.split():
            index = block.roles.get(name)
            sizes += index.sizes[-1:] if index is not None and index.kind == "index" else ()
        if len(sizes) == len(said.split()):
            block.roles[key] = replace(role, sizes=tuple(sizes))
    else:
        block.roles[key] = _with_rest(block, role, said, at)


def _with_rest(block: _Block, role: Role, said: str, at: Place) -> Role:
    """What stands behind the kind: sizes, "of x, y", "~ Normal(0, 1)", "from 1", "1..n", "> 0"."""
    if not said:
        return role
    kind = role.kind
    said = re.sub(r"\\mathbb\s*\{?R\}?", "R", said)
    if kind == "index":
        text = said.removeprefix("from ").removeprefix("in ").replace(" to ",
                                                                      "..").replace(r"\dots", "..").replace("...", "..")
        ends = [e.strip(" ,") for e in text.split("..")]
        if len(ends) != 2:
            raise Unread("notation-index", f"the range {said} of an index", at, "write  index 1..n")
        return replace(role, sizes=(_size(block, ends[0], at), _size(block, ends[1], at)))
    if kind in ("vector", "matrix", "family") or kind == "random" and role.properties & {"vector", "matrix"}:
        text = re.sub(r"^(in R\^|in R|of (?:length|size|dimension|shape|vectors|matrices) |on |over |of |with )",
                      "", said)
        if text != said and "vectors" in said:
            role = replace(role, properties=role.properties | {"vector"})
        text = re.sub(r"^\{(.*)\}$", r"\1", text.strip()).removesuffix(" entries")
        sizes = [s for s in re.split(r"\s*\\times\s*|\s+x\s+|\s*×\s*|\s+by\s+|(?<=\d)x(?=\d)", text) if s.strip()]
        built = tuple(_size(block, s, at) for s in sizes)
        if kind == "matrix" and len(built) == 1:
            built = built * 2
        if kind == "vector" and len(built) != 1 or kind == "matrix" and len(built) != 2:
            raise Unread("notation-size", f"{kind} {said}", at, "write  vector n,  matrix n x m")
        return replace(role, sizes=built)
    if kind == "function":
        if m := re.fullmatch(r"of (\d+) (?:arguments|variables)", said):
            return replace(role, sizes=tuple(grammar.number(k + 1) for k in range(min(int(m[1]), 9))))
        if m := re.match(r"of (?:one |a )?vectors?\b\s*(?:in R\^)?(.*)", said):
            of = _size(block, m[1].strip("{} ") or "n", at)
            return replace(role, sizes=(of,), properties=role.properties | {"of vectors"})
        if said.startswith("of "):
            names = [n.strip() for n in said[3:].split(",")]
            extra = {n: Role(n, "scalar") for n in map(key, names) if n not in block.roles}
            return replace(role, sizes=tuple(_read(block, n, at, extra) for n in names))
        if r"\to" in said or "->" in said:
            source = re.split(r"\\to|->", said)[0].strip(" :")
            if m := re.fullmatch(r"R\^\{?(.+?)\}?", source):
                return replace(role, sizes=(_size(block, m[1], at),), properties=role.properties | {"of vectors"})
            return replace(role, sizes=(grammar.number(1),))
    if kind == "sequence":
        if m := re.fullmatch(r"from (.+)", said):
            return replace(role, sizes=(_size(block, m[1], at),))
    if kind in ("random", "density") and said.startswith(("~", r"\sim")):
        law = said.removeprefix("~").removeprefix(r"\sim").strip()
        if m := re.fullmatch(r"([A-Za-z]+|\\mathcal\s*\{?N\}?)\s*(\(.*\))?", law):
            name = m[1]
            if name.isalpha() and name not in words.LAWS and len(name) > 1:
                near = difflib.get_close_matches(name, words.LAWS, 1, 0.7)
                raise Unread("notation-law", f"{name} is no law that is known", at,
                             (f"did you mean {near[0]}? " if near else "") + "known: " + ", ".join(sorted(
                                 set(words.LAWS.values()))))
            if name in words.LAWS:
                law = rf"\operatorname{{{name}}}" + (m[2] or "")
        return replace(role, value=_read(block, law, at))
    if kind in ("random", "density") and said.startswith("of "):
        return role
    if kind in ("random", "density", "sequence", "function", "scalar", "constant") and (
            said[0] in "<>=!" or said.startswith((r"\l", r"\g", r"\n", "in ", r"\in"))):
        text = f"{role.key} {said}" if not said.startswith("in ") else rf"{role.key} \in {said[3:]}"
        return replace(role, conditions=(*role.conditions, _read(block, text, at)))
    if kind == "alias":
        return role
    raise Unread("notation-kind", f"“{said}” behind {kind} is not known", at,
                 "put a comma before a condition; properties stand before the kind")


# -- definitions -------------------------------------------------------------------------------------------------------


def _left_of(text: str, place: Place) -> tuple[_Name, str, Place]:
    left, _, right = text.replace(r"\coloneqq", ":=").partition(":=")
    names = _names(left.strip(), place)
    if len(names) != 1:
        raise Unread("notation-definition", "a definition of several names", place, "define one name a line")
    return names[0], right.strip(), Place(place.line, place.column + len(left) + 2)


def _define_name(block: _Block, text: str, place: Place) -> None:
    name, _, _ = _left_of(text, place)
    params = tuple(Tree("name", (), key(p)) for p in re.split(r"\s*,\s*", name.arguments.strip())) if name.arguments \
        else tuple(Tree("name", (), t.text) for t in name.subscript)
    before = block.roles.get(name.key)
    block.roles[name.key] = Role(name.key, "definition", before.domain if before else "real",
                                 before.sizes if before else (), before.conditions if before else (),
                                 (before.properties if before else frozenset()) | (
                                     {"indexed"} if name.subscript else frozenset()) | (
                                     {before.kind} if before and before.kind in ("vector", "matrix",
                                                                                 "random") else frozenset()),
                                 None, params, False, place)


def _define(block: _Block, text: str, place: Place) -> None:
    name, right, at = _left_of(text, place)
    role = block.roles[name.key]
    if not right:
        raise Unread("notation-definition", f"{name.key} := nothing", place, "write its meaning behind :=")
    extra = {}
    for p in role.params:
        known = block.roles.get(str(p.value))
        indexed = "indexed" in role.properties
        extra[str(p.value)] = known or Role(str(p.value), "index" if indexed else "scalar",
                                            "integer" if indexed else "real", inferred=True)
    body = settled((_read(block, right, at, extra),), (str(p.value) for p in role.params))[0]
    if any(n.head == "name" and n.value == name.key for n in body.walk()):
        raise Unread("notation-definition", f"{name.key} is defined by itself", place, "define it by other names")
    block.roles[name.key] = replace(role, value=body)
