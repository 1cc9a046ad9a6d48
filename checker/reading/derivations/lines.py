"""Rows to lines: every side of a row a tree, its clauses facts and definitions, under the names in force there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ...language.errors import StatementError
from ...records import Problem
from ..documents.pages import Row
from ..latex import grammar
from ..latex.assumed import let
from ..latex.grammar.tidy import tidy
from ..latex.grammar.words import GREEK
from ..latex.notation import Role
from ..latex.pairs import settled
from ..latex.rows import Clause, Statement, Tokens, cut, depths
from ..latex.source import Place, Token, Unread
from ..latex.tree import Tree
from .scope import Fact, Scope, TooMuch, bare, conjunction, joined_signs, member_role, names, range_of, relation

#: Relations of the language; what else stands between two sides has a meaning of its own (:func:`plain_relation`).
_ORDERS = frozenset(("=", "!=", "<", "<=", ">", ">="))
#: Leads that join a statement to the one before it.
CONNECTED = frozenset(("implies", "iff", "implied"))


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of a line.  ``opens``: it goes on from the last side before it.  ``tree``: the whole, unless it
    opens with a relation.  ``digits``: the unit of the last digit of a decimal on the right of ≈."""

    lead: str
    opens: str = ""
    sides: tuple[Tree, ...] = ()
    relations: tuple[str, ...] = ()
    tree: Tree | None = None
    place: Place | None = None

    @property
    def links(self) -> list[tuple[Tree, str, Tree]]:
        return list(zip(self.sides, self.relations, self.sides[1:], strict=False))


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A row that was read.  ``scope``: what is in force at its formulas; ``after``: what it leaves in force."""

    row: Row
    scope: Scope
    after: Scope
    said: tuple[Said, ...] = ()
    reasons: tuple[Tree, ...] = ()            # "since x > 0": to be true, and of use
    cites: tuple[str, ...] = ()               # "by (3)": labels and tags
    side: str = ""                            # it begins with LHS or RHS
    notes: tuple[str, ...] = ()
    unread: Problem | None = None
    doubt: Problem | None = None              # it speaks of a name that words define: it is right or not judged
    display: int = 0                          # rows of one display share a number
    imposed: bool = False                     # "Setting the derivative to zero:"
    claimed: bool = False                     # "Note that": to be true by itself
    lapsed: tuple[Fact, ...] = ()             # conditions of displays above, which nothing has ended

    @property
    def place(self) -> Place:
        return self.row.place


def read_row(row: Row, scope: Scope, file: str, condition: tuple[Fact, ...] = (), defines: bool = True) -> ReadLine:
    """The line that a row is.  ``condition``: of the case it stands in, of the row before in its chain."""
    scope = scope.assuming(condition)
    scope = replace(scope, integrated=scope.integrated | grammar.integrated(row.tokens, scope.names))
    if (constant := _constant(row.tokens, scope)) is not None:
        scope = scope.declaring(constant)
    try:
        return _read(row, scope, defines)
    except TooMuch:
        raise
    except Exception as error:  # a row of somebody we do not know costs itself, never its neighbours
        return ReadLine(row, scope, scope, unread=problem(refusal(error), row.file or file, row.place))


def _constant(tokens: Tokens, scope: Scope) -> Role | None:
    """``F(x) + C`` at the end of a row: an arbitrary constant needs no declaration."""
    last = [t for t in tokens if t.text not in (".", ",", r"\,", "&", r"\;", "~")][-2:]
    if len(last) == 2 and last[0].text == "+" and last[1].text in ("C", "c", "K") \
            and scope.names.role(last[1].text) is None:
        return Role(last[1].text, "scalar", inferred=True, place=last[1].place)
    return None


def refusal(error: Exception) -> Unread:
    """Why a row is not read.  What is no refusal is a fault of the reader, and is named as one."""
    match error:
        case Unread():
            return error
        case StatementError():
            return Unread(str(error.code or "statement"), str(error))
        case RecursionError():
            return Unread("depth", "this is nested too deep", None, "give a name to a part of it")
        case _:
            said = " ".join(f"{type(error).__name__}: {error}".split())[:160]
            return Unread("reader", f"the reader fails at this row ({said})", None, "please report the row")


def problem(error: Unread, file: str, place: Place) -> Problem:
    """What is not read: where, why, and what would help."""
    where = error.place or place
    words = error.message
    if error.readings:
        words += "; two readings: " if len(error.readings) == 2 else "; it could be "
        words += " or ".join(error.readings)
    if error.hint:
        words += f" ({error.hint})" if error.readings else f": {error.hint}"
    return Problem(file, where.line, where.column, error.code, words)


def _read(row: Row, scope: Scope, defines: bool) -> ReadLine:
    parts = cut(row.tokens)
    notes = [f"skipped: {r}" for r in parts.remarks if any(c.isalpha() for c in r) and len(r) > 3
             and not _cite_of(r)]
    cites: list[str] = []
    conditions: list[Fact] = []
    regimes = [c for c in parts.clauses if any(t.text in (r"\to", r"\rightarrow") for t in c.tokens)
               and not any(t.text in (":", r"\colon") for t in c.tokens)]
    for clause in parts.clauses:
        if clause in regimes:
            continue                                     # "letting n -> oo"
        if clause.kind in ("definition", "let") or clause.kind == "assume" and parts.statements:
            scope, more = told(clause, scope, f"line {row.place.line}")
            conditions += more
        elif clause.kind == "condition":
            scope, more = condition_facts(clause.tokens, scope, f"line {row.place.line}")
            conditions += more
    inner = scope.assuming(conditions)
    reasons: list[Tree] = []
    for clause in parts.clauses:
        if clause.kind == "reason" or clause.kind == "regime" and clause not in regimes:    # "as x > 1"
            cited = _cited(clause.tokens)
            if cited:
                cites += cited
            elif clause.tokens:
                reasons += [t for s in cut(clause.tokens).statements for t in _trees(_said(s, inner)) if t is not None]
    said: list[Said] = []
    statements = list(parts.statements)
    while len(statements) > 1 and statements[0].relations == ("~",) and not statements[0].lead \
            and statements[1].lead in ("implies", "and"):              # X \sim N(0, 1) \implies ...: X is introduced
        try:
            inner, _ = _condition(statements[0], inner, f"line {row.place.line}")
        except Unread:
            break
        notes.append(f"where {readback_of(statements[0])}")
        statements = [replace(statements[1], lead=""), *statements[2:]]
        scope = replace(scope, notation=inner.notation)
    after = scope
    defines = defines and all(s.lead != "iff" for s in statements)   # x = y iff ...: an assertion about x
    for s in statements[1:]:                             # f(h) = 1 + O(h), \\quad h \to 0
        if s.relations == ("to",) and s.lead in ("", "and") and not s.opens and bare_name(s.sides[0]):
            regimes.append(Clause("regime", "", _flat(s), s.place))
            statements.remove(s)
    for s in statements:
        begins = s.lead in ("", "and") and defines and all(x.lead == "define" for x in said)
        if begins and (made := definition(s, inner)) is not None:
            after, inner = after.defining(made[0]), inner.defining(made[0])
            said.append(made[1])
        else:
            said.append(_said(s, inner))
    for clause in regimes if said else ():
        said = [_of_regime(clause, s, said, inner) for s in said]
    assumed = [c for c in parts.clauses if c.kind == "assume"]
    if assumed and not said:
        found_facts: list[Tree] = []
        for clause in assumed:
            found_facts += [t for s in cut(clause.tokens).statements for t in _trees(_said(s, inner)) if t is not None]
        after = scope.assuming(Fact(t, f"line {row.place.line}") for t in found_facts)
        said = [Said("given", tree=conjunction(found_facts), place=row.place)] if found_facts else []
    for r in (*(r for s in statements for r in s.remarks), *parts.remarks):
        cites += _cite_of(r)
    return ReadLine(row, inner, after, tuple(said), tuple(reasons), tuple(cites), parts.label, tuple(notes))


def bare_name(tokens: Tokens) -> bool:
    return len(tokens) == 1 and tokens[0].kind in ("letter", "command")


def _of_regime(clause: Clause, s: Said, said: Sequence[Said], scope: Scope) -> Said:
    """ "as n -> oo" says what a limit or an order of growth says already, "as x -> 0" where an order is meant; beside
    another statement it changes it."""
    heads = {u.head for x in said for t in (*x.sides, *([x.tree] if x.tree is not None else [])) for u in t.walk()}
    if "limit" in heads or "order" in heads and clause.tokens[-1].text == r"\infty":
        return s
    to = next(k for k, t in enumerate(clause.tokens) if t.text in (r"\to", r"\rightarrow"))
    if "order" in heads and [t.text for t in clause.tokens[to + 1:] if t.text not in ("{", "}")] == ["0"] \
            and (name := _key_of(clause.tokens[:to], scope)):
        zero = Tree("number", (), Fraction(0), clause.place)
        return replace(s, sides=tuple(_near(t, name, zero) for t in s.sides),
                       tree=_near(s.tree, name, zero) if s.tree is not None else None)
    raise Unread("regime", "what holds only in a limit is not read beside this statement", clause.place,
                 r"write \lim_{n \to \infty} a_n = b, or O(...)")


def _key_of(tokens: Tokens, scope: Scope) -> str:
    try:
        return bare(_probe(tokens, scope))
    except Unread:
        return ""


def _near(t: Tree, key: str, zero: Tree) -> Tree:
    """With the point of its orders of growth in this name."""
    if t.head == "order" and key in names(t.parts[0]):
        return replace(t, parts=(t.parts[0], Tree("name", (), key, zero.place), zero))
    return replace(t, parts=tuple(_near(p, key, zero) for p in t.parts)) if t.parts else t


# ------------------------------------------------------------------------------- statements


def _said(s: Statement, scope: Scope) -> Said:
    if s.whole:
        return _whole(s, scope)
    if any(t.text in _BOTH for side in s.sides for t in side):
        return _both(s, scope)
    if not s.sides:
        raise Unread("empty", "nothing stands after the connective", s.place, "write the statement on the same row")
    before = ("", *s.relations) if not s.opens else (s.opens, *s.relations)
    of_sets = set(s.relations) == {"="} and any(_braced(side) for side in s.sides)       # \\{x : x^2 < 1\\} = (-1, 1)
    sides = tuple(read_tree(side, scope, (r in ("in", "notin") or of_sets) and not _optimum(side))
                  for side, r in zip(s.sides, before, strict=True))
    relations = s.relations
    for r in (s.opens, *relations):
        if r and r not in _RELATIONS_READ:
            _refuse_relation(r, s.place)
    if s.opens:
        return Said(s.lead, s.opens, sides, relations, None, s.place)
    tree = conjunction([relation(*plain_relation(a, r, b, s.place)) for a, r, b
                        in zip(sides, relations, sides[1:], strict=False)]) if relations else sides[0]
    return Said(s.lead, "", sides, relations, tree, s.place)


def _braced(side: Tokens) -> bool:
    """``\\{x : x > 0\\}``, ``\\{-1, 1\\}``: more than a number in brackets."""
    texts = [t.text for t in side if t.text not in (r"\left", r"\right", r"\bigl", r"\bigr", r"\big")]
    return texts[:1] == [r"\{"] and texts[-1:] == [r"\}"] and any(x in (",", ":", r"\mid", "|") for x in texts)


def _optimum(side: Tokens) -> bool:
    return re.match(r"(\\operatorname\*?\{|\\mathrm\{|\\text\{|\\)?\{?arg(\\,|\\!|\\;|\s|~)*\\?(min|max)",
                    "".join(t.text for t in side)) is not None


_BOTH = {r"\pm": ("+", "-"), r"\mp": ("-", "+")}


def _both(s: Statement, scope: Scope) -> Said:
    r"""A row with ``\pm``: read with the upper signs and with the lower ones."""
    read = [_said(replace(s, sides=tuple(_with_sign(side, k) for side in s.sides)), scope) for k in (0, 1)]
    sides = tuple(a if a == b else Tree("pm", (a, b), None, a.place)
                  for a, b in zip(read[0].sides, read[1].sides, strict=True))
    trees = tuple(r.tree for r in read if r.tree is not None and is_statement(r.tree))
    tree = Tree(joined_signs(s.relations, sides), trees, None, s.place) if len(trees) == 2 else None
    return Said(s.lead, s.opens, sides, s.relations, tree, s.place)


def _with_sign(side: Tokens, k: int) -> Tokens:
    out: list[Token] = []
    for t in side:
        if t.text not in _BOTH:
            out.append(t)
        elif _BOTH[t.text][k] == "-" or (out and out[-1].text not in ("(", "[", "{", "=", ",", r"\left")):
            out.append(Token("symbol", _BOTH[t.text][k], t.place, t.space))
    return tuple(out)


_RELATIONS_READ = _ORDERS | {":=", "in", "~", "propto", "approx", "==", "to", "independent", "notin"}


def plain_relation(left: Tree, op: str, right: Tree, place: Place | None) -> tuple[str, Tree, Tree]:
    """The relation as the language has it."""
    if op in ("==", ":="):
        return "=", left, right
    if op == "notin":
        return "not in", left, right
    return op, left, right


def _refuse_relation(op: str, place: Place) -> None:
    words = {
        "subset": ("relations between sets are not read", "state what holds of their members"),
        "ll": ("“much less” says nothing that can be decided", "write <, or O(...)"),
        "gg": ("“much greater” says nothing that can be decided", "write >, or O(...)"),
        "cong": (r"\cong is not read", "write ="),
        "lesssim": ("“up to a constant” is not read", "write O(...)"),
        "gtrsim": ("“up to a constant” is not read", "write O(...)"),
        "asymp": (r"\asymp is not read", r"write \Theta(...)"),
    }.get(op, (f"{op} is not read as a relation", "write =, <, \\le or another relation"))
    raise Unread("relation", words[0], place, words[1])


def _whole(s: Statement, scope: Scope) -> Said:
    """Statements joined by "and" and "or"; a quantified one is the grammar's."""
    first = s.whole[0].text
    if any(t.text in (r"\pmod", r"\bmod") for t in s.whole):
        raise Unread("congruence", "congruences are not read", s.place, r"write a = b + 7k, or \bmod on one side")
    joints = [k for k, (t, depth, inside) in enumerate(depths(s.whole)) if depth == 0 and not inside
              and _joint(t)]
    if first in (r"\forall", r"\exists", r"\nexists", r"\neg", r"\lnot") or not joints:
        tree = read_tree(s.whole, scope)
        return Said(s.lead, tree=tree, place=s.place)
    kinds = {_joint(s.whole[k]) for k in joints}
    if len(kinds) > 1:
        raise Unread("and-or", "“and” beside “or”: which binds first is not clear", s.whole[joints[0]].place,
                     "write brackets, or two rows")
    parts: list[Tokens] = []
    begin = 0
    for k in [*joints, len(s.whole)]:
        parts.append(s.whole[begin:k])
        begin = k + 1
    trees: list[Tree] = []
    for part in parts:
        inner = cut(part)
        if len(inner.statements) != 1 or inner.clauses or inner.statements[0].opens:
            if inner.statements and inner.statements[0].opens and not trees:
                raise Unread("opens-with-or", "a row that goes on from the one before has no “or”", s.place,
                             "write the whole relation: x = 1 or x = 2")
            raise Unread("joined", f"what stands beside “{kinds}” is no statement", s.place)
        tree = _said(inner.statements[0], scope).tree
        if tree is not None and tree.head not in _STATEMENTS and trees:
            last = trees[-1]                       # x = 1 or 2
            if last.head == "relation" and last.value == "=":
                tree = relation("=", last.parts[0], tree)
        if tree is not None:
            trees.append(tree)
    joined = Tree(next(iter(kinds)), tuple(trees), None, s.place)
    return Said(s.lead, tree=joined, place=s.place)


_STATEMENTS = frozenset(("relation", "chain", "and", "or", "not", "implies", "iff", "forall", "exists", "distributed"))


def is_statement(tree: Tree) -> bool:
    return tree.head in _STATEMENTS


def _joint(t: Token) -> str:
    if t.kind == "text":
        said = t.text.strip(" ,~").lower()
        return said if said in ("and", "or") else ""
    return {r"\land": "and", r"\wedge": "and", r"\lor": "or", r"\vee": "or"}.get(t.text, "")


def _trees(said: Said) -> list[Tree | None]:
    return [said.tree]


def read_tree(tokens: Sequence[Token], scope: Scope, as_set: bool = False) -> Tree:
    """A formula as a tree; names that the grammar infers belong to the section from here on."""
    found = grammar.read_set(tokens, scope.names) if as_set \
        else grammar.read(tokens, scope.names, None, scope.integrated)
    for key, role in found.inferred.items():
        scope.inferred.setdefault(key, role)
    return _applied(found.tree, scope)


def _applied(tree: Tree, scope: Scope) -> Tree:
    r"""``\frac{dL}{dw}`` of a function that the text defined as ``L(w)``: the derivative of ``L(w)``."""
    if not any(t.head in ("derivative", "gradient", "hessian", "laplacian") for t in tree.walk()):
        return tree
    parts = tuple(_applied(p, scope) for p in tree.parts)
    if tree.head in ("derivative", "gradient", "hessian", "laplacian") and bare(parts[0]):
        role = scope.names.role(bare(parts[0]))
        if role is not None and role.kind == "definition" and role.params:
            parts = (Tree("call", (parts[0], *role.params), None, parts[0].place), *parts[1:])
    return replace(tree, parts=parts)


# ------------------------------------------------------------------------------- definitions


def definition(s: Statement, scope: Scope, said_so: bool = False) -> tuple[Role, Said] | None:
    """``f(x) := x^2``, ``S = \\sum_i x_i`` of a name that nothing has been said of: the name's meaning."""
    if s.opens or not s.relations or s.whole or s.relations[0] not in ("=", ":=") or _counts(s):
        return None
    sure = said_so or s.relations[0] == ":="
    head = _head(s.sides[0], scope, sure)
    if head is not None and head[1] and s.relations[0] == "=" and _of_chance(s.sides[0], scope, sure):
        return None
    if head is None:
        if s.relations[0] == ":=":
            raise Unread("definition", "what stands before := is no name, and no name with names in brackets",
                         s.place, "define a name: f(x) := ..., a := ...")
        return None
    key, params = head
    if not sure and (key in scope.constrained or not _without_meaning(scope.names.role(key))):
        return None
    inner = scope
    numbered = not any(t.text == "(" for t in s.sides[0])             # a_i = ..., not f(x) = ...
    for p in params:
        if inner.names.role(p) is None:
            inner = inner.declaring(Role(p, "index" if numbered else "scalar", "integer" if numbered else "real",
                                         inferred=True))
    function = Role(key, "function", sizes=(Tree("number", (), Fraction(len(params))),), inferred=True, place=s.place)
    if params and not numbered and inner.names.role(key) is None:     # T(n) = 2T(n/2) + n: T is a function
        inner = inner.declaring(function)
    body = settled((read_tree(s.sides[1], inner),), params)[0]
    if not sure and key == "H" and params and all(p.isupper() for p in params) \
            and any(t.head == "density" for t in body.walk()):
        scope.inferred[key] = Role(key, "alias", value="H", inferred=True, place=s.place)     # the entropy of X
        return None
    if key in names(body):
        if params and not numbered:
            scope.inferred.setdefault(key, function)
            return None                                               # an equation of it, no definition
        if sure:
            raise Unread("circular-definition", f"{key} is defined by itself", s.place)
        return None
    left = Tree("name", (), key, s.place)
    trees = tuple(Tree("name", (), p, s.place) for p in params)
    role = Role(key, "definition", value=body, params=trees, place=s.place,
                properties=frozenset({"indexed"} if params and numbered else ()))
    if params:
        left = Tree("entry" if numbered else "call", (left, *trees), None, s.place)
    rest = tuple(read_tree(side, inner.defining(role)) for side in s.sides[2:])
    sides = (left, body, *rest)
    return role, Said("define", "", sides, s.relations, relation("=", left, body), s.place)


def _counts(s: Statement) -> bool:
    r"""``i = 1, \dots, n`` says where an index runs, and defines nothing."""
    return s.relations == ("=",) and range_of(s.sides[1]) and any(t.text == "," for t in s.sides[1])


def _of_chance(tokens: Tokens, scope: Scope, sure: bool) -> bool:
    """``H(X)``, ``O(n)``: an entropy, an order of growth; no function that is defined here.  "Let $p(x) = ...$" does
    define; "let $P(A) = 1/3$" does not."""
    heads = ("expectation",) if sure else ("information", "expectation", "density", "order")
    try:
        return grammar.read(tokens, scope.names).tree.head in heads
    except Unread:
        return False


def defined(s: Statement, scope: Scope) -> str:
    """The name that this statement would be the meaning of, "" if it defines none."""
    if s.opens or s.whole or not s.relations or s.relations[0] not in ("=", ":=") or not s.sides or _counts(s):
        return ""
    head = _head(s.sides[0], scope, False)
    if head is None or head[0] in scope.constrained or not _without_meaning(scope.names.role(head[0])):
        return ""
    return head[0]


def _without_meaning(role: Role | None) -> bool:
    """A name that nobody declared, or an unknown function: the text may give it a value.  A declared number is an
    unknown; an equation says something of it."""
    return role is None or role.inferred or role.kind == "function" and not role.conditions


def _head(tokens: Tokens, scope: Scope, sure: bool) -> tuple[str, tuple[str, ...]] | None:
    """The name that is defined, with the names in brackets behind it."""
    texts = [t for t in tokens if t.text not in (r"\left", r"\right", r"\,", r"\!", r"\;")]
    opening = next((k for k, t in enumerate(texts) if t.text == "(" and t.kind == "symbol"), len(texts))
    try:
        tree = _probe(texts[:opening], scope)
    except Unread:
        return None
    key = bare(tree)
    if tree.head == "entry" and opening == len(texts):               # a_i = ..., W_{ij} = ...
        found = [bare(p) for p in tree.parts]
        role = scope.names.role(found[0])
        if all(found) and len(set(found)) == len(found) and (
                role is None or role.inferred and role.kind in ("family", "sequence")):
            return found[0], tuple(found[1:])
    if not key:
        return None
    if opening == len(texts):
        return key, ()
    if texts[-1].text != ")":
        return None
    role = scope.names.role(key)
    if role is not None and role.kind not in ("function", "scalar"):
        return None
    if role is not None and role.kind == "scalar" and not sure and not role.inferred:
        return None
    params: list[str] = []
    for part in _split(texts[opening + 1:-1]):
        try:
            p = bare(_probe(part, scope)) if part else ""
        except Unread:
            return None
        if not p or p in params:
            return None
        params.append(p)
    return (key, tuple(params)) if params else None


def _probe(tokens: Sequence[Token], scope: Scope) -> Tree:
    """What these tokens are, with nothing remembered of it."""
    scope = with_unknown(scope, tokens)
    try:
        return grammar.read(tokens, scope.names).tree
    except Unread as error:
        if error.code != "undeclared":
            raise
    return grammar.read(tokens, _with_family(scope, tokens).names).tree


def with_unknown(scope: Scope, tokens: Sequence[Token]) -> Scope:
    r"""A name by itself may be one that nobody declared yet: ``S``, ``\bar x``."""
    written = _tidied(tokens)
    t = written[0] if len(written) == 1 else None
    if t is not None and scope.names.role(t.text) is None and (t.kind in ("letter", "name") or t.text in GREEK):
        return scope.declaring(Role(t.text, "scalar", inferred=True))
    return scope


def _with_family(scope: Scope, tokens: Sequence[Token]) -> Scope:
    """``s_i``: a name that nobody declared yet, with its indices."""
    written = _tidied(tokens)
    if len(written) < 3 or written[1].text != "_" or scope.names.role(written[0].text) is not None \
            or any(u.kind != "letter" and u.text not in ("{", "}", ",") for u in written[2:]):
        return scope
    for u in written[2:]:
        if u.kind == "letter" and scope.names.role(u.text) is None:
            scope = scope.declaring(Role(u.text, "index", "integer", inferred=True))
    return scope.declaring(Role(written[0].text, "family", inferred=True))


def _tidied(tokens: Sequence[Token]) -> list[Token]:
    try:
        return tidy(list(tokens)).tokens[:-1]
    except Unread:
        return []


def _split(tokens: Sequence[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for t, depth, inside in depths(tokens):
        if depth == 0 and not inside and t.text == "," and t.kind == "symbol":
            parts.append([])
        else:
            parts[-1].append(t)
    return parts


# -------------------------------------------------------------------------- conditions and what is told


def told(clause: Clause, scope: Scope, why: str) -> tuple[Scope, list[Fact]]:
    """ "let", "where", "assume": definitions of new names, and facts."""
    facts: list[Fact] = []
    if any(t.text in (":", r"\colon") for t in clause.tokens) and any(t.text == r"\to" for t in clause.tokens):
        return replace(scope, notation=let(scope.names, clause.tokens)), facts     # f : R -> R
    parts = cut(clause.tokens)
    if any(s.lead in CONNECTED for s in parts.statements):
        return condition_facts(clause.tokens, scope, why)
    for s in parts.statements:
        made = None if clause.kind == "assume" else definition(s, scope, clause.kind == "let" and _new(s, scope))
        if made is not None:
            scope = scope.defining(made[0])
        else:
            scope, more = _fact_of(s, scope, why)
            facts += more
    for c in parts.clauses:
        scope, more = condition_facts(c.tokens, scope, why)
        facts += more
    return scope, facts


def readback_of(s: Statement) -> str:
    """A statement as typed, for a note."""
    return " ".join("".join(t.text + " " * (t.kind == "command") for t in _flat(s)).split())


def _new(s: Statement, scope: Scope) -> bool:
    head = _head(s.sides[0], scope, True) if s.sides else None
    return head is not None and (head[0] not in scope.constrained)


_OPS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne", "in": r"\in", "~": r"\sim", "==": r"\equiv", "propto": r"\propto",
        "to": r"\to", "approx": r"\approx", ":=": r"\coloneqq"}


def _flat(s: Statement) -> Tokens:
    """The statement's tokens again."""
    if s.whole:
        return s.whole
    out: list[Token] = []
    for k, side in enumerate(s.sides):
        if k:
            op = _OPS.get(s.relations[k - 1], s.relations[k - 1])
            out.append(Token("command" if op[0] == "\\" else "symbol", op, side[0].place))
        out += side
    return tuple(out)


def condition_facts(tokens: Tokens, scope: Scope, why: str) -> tuple[Scope, list[Fact]]:
    r"""``x > 0``, ``x, y \in \mathbb R``, ``\forall n \ge 1``, ``i = 1, \dots, n``: facts and declarations."""
    if tokens and tokens[0].text == r"\forall":
        if any(t.text in (":", r"\colon") for t in tokens):            # \forall x > 0: f(x) > 0
            return scope, [Fact(read_tree(tokens, scope), why)]
        tokens = tokens[1:]
    facts: list[Fact] = []
    inner = cut(tokens)
    if any(s.lead in CONNECTED for s in inner.statements):
        for clause in inner.clauses:
            scope, more = condition_facts(clause.tokens, scope, why)
            facts += more
        said = tuple(_said(s, scope) for s in inner.statements)
        return scope, [*facts, *(Fact(t, why) for t in connected(said))]
    for clause in inner.clauses:
        scope, more = condition_facts(clause.tokens, scope, why)
        facts += more
    for s in inner.statements:
        scope, more = _fact_of(s, scope, why)
        facts += more
    return scope, facts


def _fact_of(s: Statement, scope: Scope, why: str) -> tuple[Scope, list[Fact]]:
    if s.whole:
        return scope, [Fact(_whole(s, scope).tree or _nothing(s), why)]
    if s.opens:
        raise Unread("condition", "a condition begins with a relation", s.place, "write its left side: x > 0")
    return _condition(s, scope, why) if s.relations else (scope, [])     # for all x: x runs over its domain anyway


def connected(said: Sequence[Said]) -> list[Tree]:
    """What statements say together: A implies B, and the like, are one statement, none of whose parts is said."""
    out: list[Tree] = []
    last: Tree | None = None
    for s in said:
        if s.tree is None or not is_statement(s.tree) or s.opens and s.lead in CONNECTED:
            raise Unread("condition", "what stands beside the arrow is no statement", s.place, "write whole relations")
        if s.lead not in CONNECTED or last is None:
            out.append(s.tree)
        else:
            pair = (s.tree, last) if s.lead == "implied" else (last, s.tree)
            whole = Tree("iff" if s.lead == "iff" else "implies", pair, None, last.place)
            out = [*out[:-1], whole] if out[-1] is last else [*out, whole]
        last = s.tree
    return out


def _nothing(s: Statement) -> Tree:
    raise Unread("condition", "this is no condition", s.place)


def _condition(s: Statement, scope: Scope, why: str) -> tuple[Scope, list[Fact]]:
    facts: list[Fact] = []
    subjects = _split(s.sides[0])
    if (numbered := _numbered(subjects, scope)) is not None:
        return _of_all(numbered, s, scope, why)
    if s.relations[0] == "=" and range_of(s.sides[1]):
        return _ranged(s, scope, why)
    if s.relations == ("~",) or s.relations == ("in",) and any(t.text == "^" for t in s.sides[1]) \
            and any(t.text in (r"\mathbb", r"\R") or t.text.startswith(r"\mathbb") for t in s.sides[1]) \
            and member_role("x", s.sides[1], s.place) is None:
        for subject in subjects:
            one = replace(s, sides=(tuple(subject), *s.sides[1:]))
            scope = replace(scope, notation=let(scope.names, _flat(one)))
        return scope, facts
    if s.relations == ("in",):
        for subject in subjects:
            scope = _undeclared(subject, scope)
            role = None
            tree = read_tree(subject, scope)
            if bare(tree):
                role = member_role(bare(tree), s.sides[1], s.place)
            if role is not None:
                known = scope.names.role(role.key)
                if known is None or known.kind in ("scalar", "index"):
                    if known is not None and known.kind == "index":
                        continue
                    conditions = role.conditions
                    scope = scope.declaring(replace(role, conditions=()))
                    facts += [Fact(c, why) for c in conditions]
                continue
            whole = read_tree(_flat(replace(s, sides=(tuple(subject), s.sides[1]))), scope)   # (0, 1) is no pair here
            collection = whole.parts[1] if whole.head == "relation" and len(whole.parts) == 2 else read_tree(
                s.sides[1], scope)
            facts += [Fact(t, why) for t in _membership(tree, collection)]
        return scope, facts
    for subject in subjects:
        scope = _undeclared(subject, scope)
        chain = replace(s, sides=(tuple(subject), *s.sides[1:]))
        for side in s.sides[1:]:
            scope = _undeclared(side, scope)
        found = _said(chain, scope)
        facts += [Fact(relation(*plain_relation(a, r, b, s.place)), why) for a, r, b in found.links]
    return scope, facts


def _numbered(subjects: Sequence[Sequence[Token]], scope: Scope) -> tuple[str, Tree] | None:
    r"""``x_1, \\dots, x_n``, ``x_1, x_2, \\dots, x_n`` of a name that nobody declared: the name, and how many."""
    if len(subjects) < 3 or [t.text for t in subjects[-2]] != [subjects[-2][0].text] or not range_of(subjects[-2]):
        return None
    shown = [*subjects[:-2], subjects[-1]]
    if any(len(x) < 3 or x[0].text != shown[0][0].text or x[1].text != "_" for x in shown):
        return None
    t = shown[0][0]
    known = scope.names.role(t.text)
    if known is not None and not (known.inferred and known.kind in ("family", "sequence", "scalar")):
        return None
    if t.kind != "letter" and t.text not in GREEK:
        return None
    indices = [[u.text for u in x[2:] if u.text not in ("{", "}")] for x in shown[:-1]]
    if indices != [[str(k)] for k in range(1, len(indices) + 1)]:
        return None
    last = shown[-1][2:]
    return t.text, read_tree(last[1:-1] if last[0].text == "{" else last, scope)


def _of_all(numbered: tuple[str, Tree], s: Statement, scope: Scope, why: str) -> tuple[Scope, list[Fact]]:
    """What is said of x_1, ..., x_n: a family, and a fact about each of them."""
    key, count = numbered
    place = s.place
    one = Tree("number", (), Fraction(1), place)
    for n in names(count):
        if scope.names.role(n) is None or scope.names.role(n).inferred:
            least = Tree("relation", (Tree("name", (), n), one), ">=")
            scope = scope.declaring(Role(n, "scalar", "integer", conditions=(least,), inferred=True, place=place))
    domain, said = "real", []
    k = next(x for x in ("k", "i", "j", "l", "m_") if scope.names.role(x) is None)
    entry = Tree("entry", (Tree("name", (), key, place), Tree("name", (), k, place)), None, place)
    if s.relations == ("in",):
        role = member_role(key, s.sides[1], place)
        if role is None:
            raise Unread("condition", "where these numbers lie is not read", place,
                         "write x_1, \\dots, x_n > 0 or \\in \\mathbb R, or declare  x_i: vector d")
        domain = role.domain
        said = [replace(c, parts=(entry, *c.parts[1:])) for c in role.conditions]
    elif s.relations == ("~",):
        return _drawn(key, count, s, scope), []
    elif set(s.relations) <= _ORDERS - {"="}:
        sides = (entry, *(read_tree(x, scope) for x in s.sides[1:]))
        said = [relation(r, a, b) for a, r, b in zip(sides, s.relations, sides[1:], strict=False)]
    else:
        raise Unread("condition", "what is said of all of these is not read", place,
                     "write x_1, \\dots, x_n > 0, or declare  x_i: real")
    scope = scope.declaring(Role(key, "family", domain, sizes=(count,), place=place))
    over = Tree("binding", (Tree("name", (), k, place), one, count), "range", place)
    return scope, [Fact(Tree("forall", (over, c), None, place), why) for c in said]


#: Above a \sim: independent, with one law.
IID = frozenset(("iid", "i.i.d.", "i.i.d", "ind.", "ind", "ind. id."))


def _drawn(key: str, count: Tree, s: Statement, scope: Scope) -> Scope:
    r"""``X_1, \dots, X_n \overset{iid}{\sim} \mathcal N(\mu, \sigma^2)``: a sample."""
    if not {"".join(r.split()).strip("{}").removeprefix(r"\text{").lower() for r in s.remarks} & IID:
        raise Unread("condition", f"how do these {key}_i depend on each other?", s.place,
                     rf"write {key}_1, \dots, {key}_n \overset{{iid}}{{\sim}} ... if they are independent")
    one = Token("letter", f"{key}_drawn", s.place)
    notation = let(scope.names, (one, Token("command", r"\sim", s.place), *s.sides[1]))
    law = notation.roles[one.text].value
    return replace(scope, notation=replace(notation, roles={k: r for k, r in notation.roles.items() if k != one.text})
                   ).declaring(Role(key, "random", sizes=(count,), value=law, properties=frozenset({"iid"}),
                                    place=s.place))


def _undeclared(tokens: Sequence[Token], scope: Scope) -> Scope:
    """A condition on a name that nobody declared is the first that is said of it: a real number."""
    if len(tokens) != 1 or scope.names.role(tokens[0].text) is not None:
        return scope
    t = tokens[0]
    if t.kind == "letter" or t.kind == "command" and t.text in GREEK:
        return scope.declaring(Role(t.text, "scalar", inferred=True, place=t.place))
    return scope


def _membership(tree: Tree, collection: Tree) -> list[Tree]:
    """``x \\in (0, 1]`` as inequalities; in a finite set as equations."""
    if collection.head == "interval":
        low, high = collection.parts
        below = relation(">" if str(collection.value)[0] == "(" else ">=", tree, low)
        above = relation("<" if str(collection.value)[1] == ")" else "<=", tree, high)
        return [r for r, end in ((below, low), (above, high)) if not _infinite(end)]
    if collection.head == "set" and collection.parts:
        options = tuple(relation("=", tree, m) for m in collection.parts)
        return [options[0] if len(options) == 1 else Tree("or", options, None, tree.place)]
    return [relation("in", tree, collection)]


def _infinite(end: Tree) -> bool:
    return end.head == "constant" and end.value == "oo" or end.head == "neg" and _infinite(end.parts[0])


def _ranged(s: Statement, scope: Scope, why: str) -> tuple[Scope, list[Fact]]:
    r"""``i = 1, \dots, n``: an index that is declared runs there anyway; another number is bounded."""
    ends = [p for p in _split(s.sides[1]) if p and not range_of(p)]
    scope = _undeclared(s.sides[0], scope)
    tree = read_tree(s.sides[0], scope)
    role = scope.names.role(bare(tree)) if bare(tree) else None
    if role is not None and role.kind == "index":
        return scope, []
    if len(ends) < 2 or role is None:
        raise Unread("range", "this range is not read", s.place, r"write 1 \le i \le n")
    low, high = (read_tree(e, scope) for e in (ends[0], ends[-1]))
    scope = scope.declaring(Role(role.key, "scalar", "integer", inferred=role.inferred, place=s.place))
    return scope, [Fact(relation("<=", low, tree), why), Fact(relation("<=", tree, high), why)]


def _cited(tokens: Tokens) -> list[str]:
    r"""``(3)``, ``\eqref{eq:a}``: what a reason names."""
    texts = [t.text for t in tokens if t.text not in ("{", "}")]
    if texts and texts[0] in (r"\eqref", r"\ref", r"\cref", r"\Cref"):
        return ["".join(texts[1:])]
    if len(texts) >= 3 and texts[0] == "(" and texts[-1] == ")" and len(texts) <= 4:
        return ["".join(texts[1:-1])]
    return []


def _cite_of(remark: str) -> list[str]:
    inner = remark.strip("{}").removeprefix("by ").removeprefix("from ").removeprefix("using ").strip()
    return [inner[1:-1]] if len(inner) in (3, 4) and inner[0] == "(" and inner[-1] == ")" else []
