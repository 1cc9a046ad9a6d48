"""A section of a page to one derivation: its scope, its lines, what is asked, and the prose around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from ...records import Document, Line, Problem
from ..documents.pages import Display, Inline, Page, Prose, Refused, Row
from ..latex.inference import supplied
from ..latex.notation import Notation, Role
from ..latex.rows import CONNECTIVES, Clause, Tokens, cut
from ..latex.source import Place, Token, Unread
from ..latex.tokens import tokenize
from ..latex.tree import Tree
from . import laws, prose as prose_, vocabulary
from .claims import Claims
from .goals import Asked, judge
from .lines import (
    CONNECTED, ReadLine, Said, condition_facts, connected, defined, is_statement, problem, read_row, read_tree, refusal,
    told, with_unknown,
)
from .links import link
from .recurrences import given, uncovered
from .scope import Fact, Scope, TooMuch, bare, conjunction, names, relation
from .sentences import names_in, not_understood, stands_by_itself
from .solving import isolates, statement_of
from .setting import beside, every_index, free, iterates, listed, pairs, renamed, values

#: Named parts whose displays say what is asked, not what the student did.
_STATED = frozenset(("theorem", "lemma", "proposition", "corollary", "claim"))
_NO_NOTATION = Notation()
_IID = tuple(tokenize(r"\overset{iid}{\sim}"))
_VERDICTS = frozenset(("proved", "refuted", "undecided"))


@dataclass(slots=True)
class Reader:
    """Walks through a section in order."""

    page: Page
    file: str
    scope: Scope
    lines: list[ReadLine] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    given: list[Tree] = field(default_factory=list)
    solve: bool = False
    displays: int = 0
    called: dict[str, tuple[int, str]] = field(default_factory=dict)    # names that words call a matrix or a vector
    unclear: dict[str, int] = field(default_factory=dict)   # variables whose law was given in words
    case: tuple[Fact, ...] = ()
    held: tuple[Fact, ...] = ()                  # "Case 1: ...", what is supposed for contradiction: over paragraphs
    absurd: int = 0                              # the line of "Suppose not", until the contradiction
    considered: int = -1                         # the sentence of a paragraph that defines: "Consider ..."
    poisoned: dict[str, int] = field(default_factory=dict)    # names whose meaning was not read, and where it stands
    described: dict[str, int] = field(default_factory=dict)   # names that words describe: "with variance $\\sigma^2$"
    doubted: dict[str, tuple[int, int]] = field(default_factory=dict)   # names that words restrict: where
    together: set[Place] = field(default_factory=set)         # formulas of laws that words call independent
    became: set[Place] = field(default_factory=set)           # formulas whose declaration in words was read
    observed: dict[Place, frozenset[str]] = field(default_factory=dict)     # formulas and the words read of them
    sized: dict[str, int] = field(default_factory=dict)       # matrices whose size n nobody told: where
    named_laws: set[Place] = field(default_factory=set)       # ... of which a law in words was
    measured: set[Place] = field(default_factory=set)         # ... of which a mean or variance in words was read
    properties: list[tuple[str, frozenset[str], Place]] = field(default_factory=list)    # of names not yet declared
    for_case: bool = False                       # the paragraph's properties are supposed: "If $A$ is symmetric, then"
    lapsed: tuple[Fact, ...] = ()                # conditions of displays above, which nothing has ended
    chain: tuple[Fact, ...] = ()                 # conditions of the display's rows
    problems: list[Problem] = field(default_factory=list)
    text: list[str] = field(default_factory=list)      # the prose, with a place for each display
    unread: list[ReadLine] = field(default_factory=list)

    # ------------------------------------------------------------------ paragraphs

    def describe(self, part: Prose, for_case: bool) -> None:
        """What a sentence says of names, and nothing else of it: "if $A$ is symmetric"."""
        self.properties, self.for_case = [], for_case
        for words, formulas in prose_.sentences(part):
            self._described(words, formulas)

    @property
    def condition(self) -> tuple[Fact, ...]:
        """What the case that the lines stand in says."""
        return (*self.held, *self.case)

    def paragraph(self, part: Prose) -> None:
        case = prose_.opens_case(part)
        if prose_.contrasts(part):
            self.lapsed, self.scope = (), self.scope.returning()
        elif not prose_.goes_on(part):
            self.lapsed = tuple(dict.fromkeys((*self.lapsed, *self.case)))
        if not prose_.goes_on(part):
            self.case = ()
        self.for_case = bool(case) or prose_.supposes_for_display(part)
        if case or prose_.ends_cases(part):
            self.held = ()
        if prose_.in_general(part):
            self.held = tuple(f for f in self.held if not _valued(f.tree))
        if prose_.supposes_not(part):
            self.absurd = part.place.line
        for piece in part.pieces:
            if isinstance(piece, Refused):
                self.refuse(piece)
                self._poison(piece.source, piece.place)
                self._doubt(piece.source, piece.place)
        for inline in prose_.unknowns(part):
            self.solve = bool(inline)
        self.properties = []
        for words, formulas in prose_.sentences(part):
            self._described(words, formulas)
        self.considered = -1
        asserted = prose_.asserted(part)
        denied = prose_.denied(part)
        sentence = 0
        for remark in sorted(prose_.remarks(part), key=lambda r: (r.sentence, not _declares(r.formula))):
            if remark.kind == "assume" and sentence != remark.sentence:
                self.case = ()                       # "For $n = 1$ ... Assume that $S_n = n^2$."
            sentence = remark.sentence if remark.kind == "case" else sentence
            try:
                if remark.kind == "says":
                    self._says(remark, asserted.get(remark.formula.place, ""))
                    self._keep_properties()
                    continue
                if remark.kind not in ("claim", "known") or remark.formula.place not in denied:
                    self.remark(remark)
                    self._keep_properties()
            except TooMuch:
                raise
            except Exception as error:  # as in lines.read_row
                if isinstance(error, Unread) and error.code == "differential" and remark.kind != "goal":
                    continue                         # "with $u = x^2$, $du = 2x\\,dx$": it follows from the one before
                self._poison(remark.formula.source, remark.formula.place, remark.formula.tokens)
                if remark.kind not in ("goal", "solve", "therefore"):
                    self._doubt(remark.formula.source, remark.formula.place)
                if remark.kind == "says":
                    continue
                what = problem(refusal(error), part.file or self.file, remark.formula.place)
                self.lines.append(_unread_line(remark.formula, what, part.file))
                self.expected.append("proved")
        self._size_properties()
        for words, formulas in prose_.sentences(part):
            self._drawn(words, formulas)
            self._lawful(words, formulas)
            self._independent_laws(words, formulas)
            for k, kind in vocabulary.kinds(words).items():
                for p in _commas(formulas[k]) if k < len(formulas) else ():
                    if key := _key(p):
                        self.called[key] = formulas[k].place.line, kind
        for variables, moment, value, alike in vocabulary.moments(part):
            self._moment(variables, moment, value, alike)
        for words, formulas in prose_.sentences(part):
            for meant in vocabulary.formulas_meant(words):
                self._formula_meant(meant, formulas)
            if (k := vocabulary.hypothesis(words)) is not None and k < len(formulas):
                self._hypothesis(formulas[k])
        for formula in prose_.described(part):
            key = _key(formula.tokens[:1])
            if formula.place in self.measured:
                continue
            if key and key not in self.scope.constrained:
                self.described.setdefault(key, formula.place.line)
        for formula in not_understood(part, self.became, self.observed, self.measured, self._has_law):
            self._doubt(formula.source, formula.place)
        if prose_.ends_in_general(part):
            self.case = ()
        if case:
            self.held, self.case = (*self.held, *self.case), ()
        if self.displays and prose_.ends_absurd(part):
            self.held, self.absurd = (), 0

    def _says(self, remark: prose_.Remark, asserted: str) -> None:
        """A formula that a plain sentence holds: the meaning of a new name; in the setting of a problem a fact."""
        tokens = remark.formula.tokens
        statements = cut(tokens).statements
        if len(statements) != 1 or not statements[0].relations:
            return
        key = defined(statements[0], self.scope)
        value = all(t.kind != "letter" for side in statements[0].sides[1:] for t in side)
        if not asserted:
            if key and not value:
                self.poisoned.setdefault(key, remark.formula.place.line)
        elif key and not (value and asserted == "asked") or asserted == "fact" and not self.displays and not self.lines:
            if not key and self._claimed(remark, False):
                return
            clause = Clause("let" if key else "assume", "", tokens, remark.formula.place)
            self.scope, facts = told(clause, self.scope, f"line {remark.formula.place.line}")
            self.scope = self.scope.assuming(facts)

    def _claimed(self, remark: prose_.Remark, sure: bool) -> bool:
        """A sentence states what is true or false by itself: a line like a row."""
        row = Row(remark.formula.tokens, remark.formula.source, remark.formula.place)
        tried = replace(self.scope, inferred=dict(self.scope.inferred))      # what it infers is kept if it is a line
        line = read_row(row, tried, self.file, self.condition)
        if line.unread is not None or not line.said or any(
                s.tree is None or not is_statement(s.tree) or s.lead not in ("", "and", *CONNECTED) for s in line.said):
            return False
        if not all(stands_by_itself(t, line.scope, sure) for t in connected(line.said)):
            return False
        self.scope.inferred.update(tried.inferred)
        self._add(replace(line, claimed=True), "proved")
        return True

    def _poison(self, source: str, place: Place, tokens: tuple[Any, ...] = ()) -> None:
        """A formula of the text was not read: what it says of its name nobody knows."""
        left = source
        for sign in ("=", r"\in", r"\sim", "<", ">", r"\le", r"\ge", "(", r"\to"):
            left = left.split(sign)[0]
        for key in names_in(left):
            self.poisoned.setdefault(key, place.line)

    def _doubt(self, source: str, place: Place) -> None:
        """What is assumed of these names is not read: lines below that need it are not judged."""
        for key in names_in(re.split(r"\\in\b|\\colon\b|:", source)[0]):      # A, of A \in \R^{n \times n}
            self.doubted.setdefault(key, (place.line, len(self.lines)))

    def remark(self, remark: prose_.Remark) -> None:
        where = remark.formula.place
        why = f"line {where.line}"
        tokens = remark.formula.tokens
        if where in self.together:                   # "$X_1, \\dots, X_n \\sim p$ i.i.d.": as if above the sign
            tokens = tuple(u for t in tokens for u in (_IID if t.text == r"\sim" else (t,)))
        clause = Clause(remark.kind, remark.kind, tokens, where)
        related = any(s.relations or s.whole for s in cut(tokens).statements) or any(t.text == ":" for t in tokens)
        kind = remark.kind
        if kind in ("let", "assume", "case"):
            domain, _, sign = remark.becomes.partition(" ")      # "positive numbers $x_1, \\dots, x_n$"
            if domain == "random" and any(t.text == "," for t in tokens) and any("dots" in t.text for t in tokens):
                return                                           # not read: how do they depend on each other?
            signed = domain == "real" and not related
            whole = (*tokens, *tokenize(sign, where)) if signed else tokens
            if (found := listed(whole, self.scope, why)) is not None:
                self.scope, facts = found
                self.scope = self.scope.assuming(facts)
                self.became |= {where} if signed else set()
                return
        if kind == "case" and (remark.sentence == self.considered
                               or any(defined(s, self.scope) and not _number(s.sides[1])
                                      for s in cut(tokens).statements)):
            kind, self.considered = "let", remark.sentence   # "Consider $L(w) = \lambda w^2$ with $\lambda > 0$."
        if kind in ("wlog", "setting"):
            facts = self._chosen(tokens, why) if related else []
            chosen = bool(facts)
            if chosen and kind == "wlog":
                self.held += tuple(facts)
                return
            kind = "case" if chosen else "let" if kind == "setting" else "assume"
        if kind in ("claim", "known"):
            if related and self._claimed(remark, kind == "claim"):
                return
            kind = "assume"
        match kind:
            case "unclear":
                self._doubt(remark.formula.source, where)
            case "let" | "assume" | "case" if not related:
                facts = self._become(remark, why)            # "Let X denote the number of heads": nothing
                if kind == "case":
                    self.case += tuple(facts)
                else:
                    self.scope = self.scope.assuming(facts)
            case "absurd":
                if related:
                    self.scope, facts = condition_facts(tokens, self.scope, why)
                    self.held += tuple(facts)
            case "let" | "assume":
                self.scope, facts = told(replace(clause, kind=kind), self.scope, why)
                self.scope = self.scope.assuming(facts)
                self._signed(remark, why)
                if kind == "assume":
                    self.given += [f.tree for f in facts]
            case "case":
                self.scope, facts = condition_facts(tokens, self.scope, why)
                values = {left for f in facts if (left := _valued(f.tree))}
                self.case = (*(f for f in self.case if _valued(f.tree) not in values), *facts)
            case "goal" | "solve":
                self._ask(kind, tokens, where)
            case "therefore":
                if related:
                    row = Row(tokens, remark.formula.source, where)
                    line = read_row(row, self._accented(tokens), self.file, self.condition)
                    joined = len(line.said) > 1 and line.said[1].lead in CONNECTED     # "hence A iff B": the whole
                    if line.said and not line.said[0].lead and line.unread is None and not joined:
                        line = replace(line, said=(replace(line.said[0], lead="implies"), *line.said[1:])
                                       if line.said[0].lead != "define" else line.said)
                    self._add(line, "proved")

    def _accented(self, tokens: Any) -> Scope:
        r"""``\hat\lambda = \frac1n \sum_i x_i = \bar x`` in a sentence: the last side is a name for the one before."""
        scope = self.scope
        for s in cut(tokens).statements:
            for before, side in zip(s.sides[:-1], s.sides[1:], strict=True) if "=" in s.relations[-1:] else ():
                key = _key(side)
                if key.startswith("\\") and " " in key and key not in scope.constrained and (
                        (role := scope.names.role(key)) is None or role.inferred):
                    scope = scope.defining(Role(key, "definition", value=read_tree(before, scope), place=s.place))
        return scope

    def _described(self, words: str, formulas: list[Inline]) -> None:
        """Words about names: "$f$ is convex", "$X$ and $Y$ are independent"."""
        for names_, size in vocabulary.shapes(words):
            if size < len(formulas):
                self._shaped([formulas[k] for k in names_], formulas[size])
        which, disjoint = vocabulary.events(words)
        if which:
            self._events([formulas[k] for k in which if k < len(formulas)], disjoint)
        if vocabulary.says_independent(words):
            self._independent(formulas)
            self.together |= {f.place for f in formulas if any(t.text == r"\sim" for t in f.tokens)
                              and any(t.text.startswith((r"\dots", r"\ldots", r"\cdots")) for t in f.tokens)}
            for f in formulas:
                self._read_of(f.place, frozenset(vocabulary.INDEPENDENT))
        for number, kept in vocabulary.properties(words).items():
            if number < len(formulas):
                self.properties += [(key, kept, formulas[number].place)
                                    for p in _commas(formulas[number]) if (key := _subject(p))]
        self._keep_properties()

    def _shaped(self, about: list[Inline], size: Inline) -> None:
        r""" "Let $A$ be an $n \\times n$ matrix", "$x$ is a vector in $\\R^n$": what is not declared yet."""
        of = size.tokens
        if any(t.text == r"\times" for t in of):
            of = tuple(u for t in tokenize(r"\mathbb{R}^{n}", size.place) for u in (of if t.text == "n" else (t,)))
        elif not of or not of[0].text.startswith((r"\mathbb", r"\R")):
            return
        for name in (p for f in about for p in _commas(f)):
            role = self.scope.names.role(key) if (key := _key(name)) else None
            if key and (role is None or role.inferred) and all(t.text != key for t in of):
                tokens = (*name, *tokenize(r"\in", size.place), *of)
                self.scope, _ = told(Clause("let", "", tokens, size.place), self.scope, f"line {size.place.line}")

    def _size_properties(self) -> None:
        """ "Let $A$ be symmetric" of a name that nobody declared: a square matrix, of the size of the one kind of
        vectors there is.  It is not said that the n of other formulas is that size: a line with both is right if it is
        proved, and not judged else."""
        scope = self.scope
        if scope.notation.complete:
            return
        sizes = {r.sizes for r in scope.names.roles.values() if r.kind == "vector" and r.sizes}
        for key, kept, place in list(self.properties):
            letter = key.removeprefix("\\")
            if scope.names.role(key) is None and kept & vocabulary.SAID_OF["matrix"] and letter[:1].isupper() \
                    and len(sizes) < 2:
                size = next(iter(sizes))[0] if sizes else Tree("name", (), "n", place)
                if not sizes:
                    known = scope.names.role("n")
                    if known is not None and known.domain != "integer":
                        continue
                    least = relation(">=", size, Tree("number", (), Fraction(1)))
                    self.scope = self.scope.declaring(known or Role("n", "scalar", "integer", conditions=(least,),
                                                                    inferred=True, place=place))
                    self.sized[key] = place.line
                self.scope = self.scope.declaring(Role(key, "matrix", sizes=(size, size), inferred=True, place=place))
        self._keep_properties()

    def _keep_properties(self) -> None:
        """A name may be declared after its property: "let $A \\in \\R^{n \\times n}$ be symmetric"."""
        for held in list(self.properties):
            key, kept, place = held
            role = self.scope.notation.role(key)
            if role is not None and role.kind in vocabulary.SAID_OF:
                if words := kept & vocabulary.SAID_OF[role.kind]:
                    self.scope = self.scope.saying(key, words, self.for_case)
                self._read_of(place, words)
                self.properties.remove(held)

    def _read_of(self, place: Place, words: frozenset[str]) -> None:
        self.observed[place] = self.observed.get(place, frozenset()) | words

    def _has_law(self, formula: Inline) -> bool:
        role = self.scope.names.role(_key(formula.tokens))
        return role is not None and role.kind == "random" and role.value is not None

    def _moment(self, variables: Inline, what: str, value: Inline, alike: bool) -> None:
        """The mean or variance of a random variable, or of each of a sample X_1, ..., X_n, said in words.  ``alike``:
        they are independent and of one law; a list of others is no sample."""
        texts = [t.text for t in variables.tokens if t.text not in ("{", "}")]
        sample = len(texts) > 3 and texts[1:4] == ["_", "1", ","]
        role = self.scope.names.role(texts[0]) if texts else None
        if not (sample and alike or len(texts) == 1) or variables.tokens[0].kind != "letter" or (
                role is not None and not role.inferred and role.kind != "random"):
            return
        if variables.place in self.named_laws:               # its law says so already
            return
        name = f"{texts[0]}_1" if sample else texts[0]
        term = rf"\mathbb{{E}}[{name}] = " if what == "mean" else rf"\operatorname{{Var}}({name}) = "
        tokens = (*tokenize(term, value.place), *value.tokens)
        self.scope, facts = told(Clause("assume", "", tokens, value.place), self.scope, f"line {value.place.line}")
        self.scope = self.scope.assuming(facts)
        self.given += [f.tree for f in facts]
        self.measured |= {value.place, variables.place}

    def _independent_laws(self, words: str, formulas: list[Inline]) -> None:
        """Variables with a named law that one sentence calls independent; of those of two sentences nobody knows."""
        if not vocabulary.says_independent(words):
            return
        keys = [_key(p) for f in formulas for p in _commas(replace(f, tokens=_declared(f.tokens)))]
        found = {k: r for k in keys if (r := self.scope.names.role(k)) is not None and r.kind == "random"
                 and not r.sizes and isinstance(r.value, Tree)}
        others = [r for k, r in self.scope.names.roles.items() if k not in found and "independent" in r.properties]
        for role in found.values() if len(found) > 1 and not others else ():
            self.scope = self.scope.defining(replace(role, properties=role.properties | {"independent"}))

    def _events(self, formulas: list[Inline], disjoint: bool) -> None:
        """ "Let $A$ and $B$ be disjoint events.": two of them never happen together."""
        found: list[Tree] = []
        for part in (p for f in formulas for p in _commas(f)):
            key = _key(part)
            role = self.scope.names.role(key) if key else None
            if not key or role is not None and not ("event" in role.properties or role.inferred):
                return
            found.append(Tree("name", (), key, formulas[0].place))
        for name in found:
            self.scope = self.scope.declaring(Role(str(name.value), "random", properties=frozenset({"event"}),
                                                   place=name.place))
        for f in formulas:
            self._read_of(f.place, frozenset(vocabulary.EVENTS))
        for k, name in enumerate(found) if disjoint else ():
            for other in found[:k]:
                happen = Tree("and", (other, name), None, name.place)
                both = Tree("expectation", (Tree("over"), happen), "Pr", name.place)
                fact = relation("=", both, Tree("number", (), Fraction(0)))
                self.scope = self.scope.assuming([Fact(fact, f"line {formulas[0].place.line}")])

    def _formula_meant(self, meant: vocabulary.Meant, formulas: list[Inline]) -> None:
        """What words say of several names, or of a variable, as a formula that is assumed."""
        if meant.whose[-1] >= len(formulas):
            return
        about = [formulas[k] for k in meant.whose]
        named = [p for f in about for p in _commas(replace(f, tokens=_declared(f.tokens)))]
        if not all(self._is(p, kind) for p, kind in zip(named, _kinds(meant.kind, len(named)), strict=True)):
            return
        wide = max(int(n) for n in re.findall(r"#(\d)", meant.template))
        chosen = [tuple(named)] if wide > 2 else combinations(named, wide)
        for names_ in chosen:
            place = about[0].place
            tokens: list[Any] = []
            for text in re.split(r"(#\d)", meant.template):
                tokens += names_[int(text[1:]) - 1] if text[:1] == "#" else tokenize(text, place)
            self.scope, facts = told(Clause("assume", "", tuple(tokens), place), self.scope, f"line {place.line}")
            self.scope = self.scope.assuming(facts)
            self.given += [f.tree for f in facts]
        for f in about:
            self._read_of(f.place, frozenset((meant.word,)))

    def _hypothesis(self, at: Inline) -> None:
        """ "Suppose the claim holds for $n$": what is asked, at that n; for $n = k$, and for $k$, with that letter."""
        asked = self.asked[-1].tree if self.asked else None
        statements = cut(at.tokens).statements
        if asked is None or len(statements) != 1 or statements[0].relations not in ((), ("=",)):
            return
        keys = [_key(side) for side in statements[0].sides]
        letters = sorted(free(asked) & {"n", "m", "k", "N", "t"})
        of = keys[0] if keys[0] in free(asked) else letters[0] if len(letters) == 1 else ""
        if not all(keys) or not of or keys[0] != of and len(keys) > 1:
            return
        role = self.scope.names.role(of)
        if self.scope.names.role(keys[-1]) is None and role is not None:
            name = {of: keys[-1]}
            self.scope = self.scope.declaring(replace(role, key=keys[-1], inferred=True, conditions=tuple(
                renamed(c, name) for c in role.conditions)))
        fact = Fact(renamed(asked, {of: keys[-1]}), f"line {at.place.line}")
        self.scope = self.scope.assuming([fact])

    def _is(self, name: tuple[Any, ...], kind: str) -> bool:
        """Is this a name of that kind, or of none so far where a random variable is meant?"""
        key = _key(name)
        role = self.scope.names.role(key) if key else None
        if kind == "random" and (role is None or role.inferred and role.kind == "scalar"):
            return len(key) == 1 and key.isupper()
        if kind == "scalar" and role is None and key:
            self.scope = self.scope.declaring(Role(key, "scalar", inferred=True, place=name[0].place))
            return True
        return role is not None and role.kind == kind

    def _drawn(self, words: str, formulas: list[Inline]) -> None:
        """ "$X$ is exponential with rate $\\lambda$", as if "$X \\sim \\mathrm{Exp}(\\lambda)$" stood there."""
        drawn = laws.named(words, formulas) if not self.for_case else None
        if drawn is None:
            return
        alike = vocabulary.says_independent(words)
        parts: list[Tokens] = []
        for f in drawn.names:
            several = any(t.text.startswith((r"\dots", r"\ldots", r"\cdots")) for t in f.tokens)
            parts += [f.tokens] if several else [tuple(p) for p in _commas(f)]
            if several and not alike:
                return
        keys = [_key(p) for p in parts]
        roles = [self.scope.names.role(k) for k in keys if k]
        apart = any("independent" in r.properties for r in self.scope.notation.roles.values())
        if not all(k or "," in {t.text for t in p} for k, p in zip(keys, parts, strict=True)) \
                or len(parts) > 1 and (not alike or apart) \
                or any(r is not None and not r.inferred and r.kind != "random" for r in roles):
            return
        line = f"line {formulas[0].place.line}"
        for p in parts:
            sign = _IID if any(t.text == "," for t in p) else tokenize(r"\sim", drawn.names[0].place)
            try:
                clause = Clause("let", "", (*p, *sign, *drawn.law), drawn.names[0].place)
                self.scope, facts = told(clause, self.scope, line)
            except Unread:
                return
            self.scope = self.scope.assuming(facts)
        for k in keys if len(parts) > 1 else ():
            role = self.scope.notation.roles[k]
            self.scope = self.scope.defining(replace(role, properties=role.properties | {"independent"}))
        self.measured |= {f.place for f in (*drawn.names, *drawn.parameters)}
        for f in (*drawn.names, *drawn.parameters):
            self._read_of(f.place, laws.WORDS)
        self.named_laws |= {f.place for f in drawn.names}

    def _lawful(self, words: str, formulas: list[Inline]) -> None:
        """A law in words ("$X$ is uniform") is not read: what is said of such a variable would be judged wrongly."""
        if not vocabulary.names_a_law(words):
            return
        for key in (k for f in formulas for p in _commas(f) if (k := _key(p))):
            role = self.scope.names.role(key)
            if (role is None and len(key) == 1 and key.isupper()) or (
                    role is not None and role.kind == "random" and role.value is None):
                self.unclear[key] = formulas[0].place.line

    def _independent(self, formulas: list[Inline]) -> None:
        """Random variables that a sentence calls independent: each of all before it."""
        found: list[Tree] = []
        for part in (p for f in formulas for p in _commas(f)):
            key = _key(part)
            role = self.scope.names.role(key) if key else None
            if role is not None and role.kind == "random" or role is None and len(key) == 1 and key.isupper():
                found.append(Tree("name", (), key, formulas[0].place))
        for k in range(1, len(found)):
            before = found[0] if k == 1 else Tree("tuple", tuple(found[:k]))
            fact = Tree("relation", (before, found[k]), "independent", found[k].place)
            self.scope = self.scope.assuming([Fact(fact, f"line {formulas[0].place.line}")])

    def _become(self, remark: prose_.Remark, why: str) -> list[Fact]:
        """ "Let $n$ be a positive integer": declarations, and what they say against 0."""
        facts: list[Fact] = []
        domain, _, sign = remark.becomes.partition(" ")
        if not domain:
            return facts
        for part in _commas(remark.formula):
            key = _key(part)
            if key:
                self._declare(key, domain, sign, remark.formula.place)
                here = Tree("name", (), key, remark.formula.place)
            elif not sign or (here := read_tree(part, self.scope)).head == "call":
                continue                                 # of f(x): of every value, and x may stand for one
            self.became.add(remark.formula.place)
            if sign in ("even", "odd"):
                facts.append(Fact(self._parity(here, sign), why))
            elif sign:
                op = sign.split()[0]
                facts.append(Fact(relation(op, here, Tree("number", (), Fraction(0))), why))
        return facts

    def _declare(self, key: str, domain: str, sign: str, place: Place) -> None:
        """A name that words call an integer, a random variable, nonnegative.  A capital that is just nonnegative may be
        random: where nobody declared it, its uses tell."""
        known = self.scope.notation.role(key)
        if domain == "random":
            if known is None or known.inferred:
                self.scope = self.scope.declaring(Role(key, "random", place=place))
            return
        loose = known is None and not self.scope.notation.complete and domain == "real" and bool(sign) \
            and len(key) == 1 and key.isupper()
        self.scope = self.scope.declaring(Role(key, "scalar", domain, inferred=loose, place=place))

    def _signed(self, remark: prose_.Remark, why: str) -> None:
        r""" "Let $a \in \R$ be positive": what the words add to where the number lies."""
        subject = _declared(remark.formula.tokens)
        _, _, sign = remark.becomes.partition(" ")
        if not sign or len(subject) == len(remark.formula.tokens) or any(
                (role := self.scope.names.role(_key(p))) is None or role.kind != "scalar"
                for p in _commas(replace(remark.formula, tokens=subject))):
            return
        self.scope = self.scope.assuming(self._become(replace(remark, formula=replace(
            remark.formula, tokens=subject)), why))
        self._read_of(remark.formula.place, frozenset("positive negative nonnegative nonzero even odd".split()))

    def _chosen(self, tokens: Any, why: str) -> list[Fact]:
        """``x = 1``, ``x = 1, y = 2``: values of names; nothing if it says something else."""
        try:
            _, facts = condition_facts(tokens, self.scope, why)
        except Unread:
            return []
        return facts if all(_valued(f.tree) for f in facts) else []

    def _parity(self, n: Tree, sign: str) -> Tree:
        """ "Let $n$ be even": n = 2 m with an integer m, whose name nobody uses."""
        key = next(k for k in (f"{letter}_half" for letter in ("m", "h", "q", "r", "s"))
                   if self.scope.names.role(k) is None)
        self.scope = self.scope.declaring(Role(key, "scalar", "integer", place=n.place))
        twice = Tree("mul", (Tree("number", (), Fraction(2)), Tree("name", (), key, n.place)), None, n.place)
        return relation("=", n, twice if sign == "even" else
                        Tree("add", (twice, Tree("number", (), Fraction(1))), None, n.place))

    def _ask(self, kind: str, tokens: Any, where: Place) -> None:
        for s in cut(tokens).statements:
            if not (s.relations or s.whole):
                continue
            line = read_row(Row(tokens, "", where), self.scope, self.file, defines=False)
            if line.unread is not None:
                self.problems.append(line.unread)
                return
            trees = connected([said for said in line.said if said.tree is not None and is_statement(said.tree)])
            if kind == "solve":
                self.solve = True
                self.given += trees
                self.scope = replace(self.scope, notation=line.after.notation).mentioning(trees)
            elif trees:
                self.asked.append(Asked(where.line, conjunction(trees), tuple(line.said)))
            return

    # ------------------------------------------------------------------ displays

    def display(self, part: Display, before: Prose | None) -> None:
        role = _role(part, before)
        imposed, role = role == "impose", "" if role == "impose" else role
        self.displays += 1
        self.scope = replace(self.scope, integrated=frozenset())
        first = len(self.lines)
        self.chain = ()
        solution = role == "solve" and "solve" not in (*part.marks, part.marks.get("role")) and self._solves(part)
        for n, row in enumerate(part.rows, 1):
            if isinstance(row, Refused):
                what = Problem(row.file or self.file, row.place.line, row.place.column, row.code,
                               row.message + (f": {row.hint}" if row.hint else ""))
                place = Row((), row.source, row.place, row.file)
                self._add(ReadLine(place, self.scope, self.scope, unread=what), _expected(part.marks, n))
                continue
            if part.marks.get("id") and not row.label:
                name = part.marks["id"]
                row = replace(row, label=name if len(part.rows) == 1 else f"{name}-{n}")
            # "We solve for x:" may stand above the whole solution: its first row is the problem
            own = "" if role == "solve" and n > 1 and solution else role
            self.row(row, own, _expected(part.marks, n), asserts=_equivalent(part.rows[n:]))
        several = imposed and before is not None and prose_.imposes_several(before)
        for k in range(first, len(self.lines) if several else min(first + 1, len(self.lines))):
            self.lines[k] = replace(self.lines[k], imposed=imposed)
        self._hold(first)
        self.lapsed = tuple(dict.fromkeys((*self.lapsed, *self.chain)))

    def _solves(self, part: Display) -> bool:
        """Whether the rows of a display go from an equation to its solutions: steps, or an answer at the end."""
        rows = [r for r in part.rows if isinstance(r, Row)]
        if len(rows) < 2:
            return False
        if any(t.text in CONNECTIVES for r in rows[1:] for t in r.tokens[:2]):
            return True
        last = read_row(rows[-1], self.scope, self.file, (), defines=False)
        return last.unread is None and bool(last.said) and bool(isolates(statement_of(last)))

    def row(self, row: Row, role: str, expected: str, asserts: bool = False) -> None:
        """``asserts``: an equivalence below it is about what it says, so it defines nothing."""
        if role == "skip":
            return
        if role in ("given", "define", "let"):
            self._told(row, role)
            return
        line = read_row(row, self.scope, self.file, (*self.condition, *self.chain),
                        defines=role != "goal" and not asserts)
        if role == "solve" and any(s.lead in CONNECTED for s in line.said):
            role = ""                                   # x^2 = 4 iff x = 2: the solution stands on the row, claimed
        if role in ("goal", "solve"):
            if line.unread is not None:
                self._add(line, expected)
                return
            trees = [s.tree for s in line.said if s.tree is not None and is_statement(s.tree)]
            if role == "solve":
                self.solve = True
                self.given += trees
                self.scope = replace(self.scope, notation=line.after.notation).mentioning(trees)
                self._add(replace(line, said=tuple(replace(s, lead="given") for s in line.said)), expected)
            elif trees:
                self.asked.append(Asked(row.place.line, conjunction(trees), line.said))
                conditions = [f for f in line.scope.facts if f not in self.scope.facts]
                self.scope = replace(line.after, facts=self.scope.facts).assuming(conditions)
            return
        if not line.said and line.unread is None and not line.reasons:
            self.scope = line.after                     # a row of words
            return
        if line.unread is None:
            line, facts = given(line)
            self.scope = self.scope.assuming(facts)
        self._add(line, expected)

    def _told(self, row: Row, role: str) -> None:
        """A display that gives: "Let", "We are given"."""
        why = f"line {row.place.line}"
        line = read_row(row, self.scope, self.file, self.condition)
        if line.unread is None and line.said and line.said[0].lead != "define":
            trees = [s.tree for s in line.said if s.tree is not None and is_statement(s.tree)]
            try:
                clause = Clause("let" if role in ("define", "let") else "assume", role, row.tokens, row.place)
                scope, facts = told(clause, self.scope, why)
                said = line.said
                if any(s.lead in CONNECTED for s in said):
                    said = tuple(Said("given", tree=t, place=t.place) for t in connected(said))
                line = replace(line, after=scope.assuming(facts), said=tuple(replace(s, lead="given") for s in said))
                self.given += trees
            except TooMuch:
                raise
            except Exception as error:  # as in lines.read_row
                line = replace(line, unread=problem(refusal(error), row.file or self.file, row.place))
        self._add(line, "proved")

    def _add(self, line: ReadLine, expected: str) -> None:
        line = self._clear(replace(line, display=self.displays, lapsed=self.lapsed))
        self.lines.append(line)
        self.expected.append(expected)
        if line.unread is None:
            new = tuple(f for f in line.scope.facts if f not in self.scope.facts and f not in self.condition)
            self.chain = tuple(dict.fromkeys((*self.chain, *new)))
            self.scope = line.after.mentioning(s.tree for s in line.said if s.tree is not None and s.lead != "define")
            self.scope = self.scope.mentioning(t for s in line.said for t in s.sides if s.lead != "define")
            held = {*self.condition, *self.chain}
            kept = tuple(f for f in self.scope.facts
                         if f not in held or f in line.after.facts and f not in self.condition)
            self.scope = replace(self.scope, facts=tuple(f for f in kept if f not in self.chain))

    def _clear(self, line: ReadLine) -> ReadLine:
        """A line about a variable whose law stands in words only is not read, nor one that rests on what was not."""
        if self.absurd and line.unread is None:
            what = Unread("supposed", f"it rests on what line {self.absurd} supposes in words, which is not read",
                          line.place, "write what is supposed as a formula: Suppose for contradiction that $x^2 = 2$")
            return replace(line, unread=problem(what, line.row.file or self.file, line.place))
        said = [t for s in line.said for t in (*s.sides, *([s.tree] if s.tree is not None else []))]
        here = {n for t in said for n in names(t)}
        for key in sorted(here & set(self.called)) if line.unread is None else ():
            role = line.scope.names.role(key)
            if role is None or role.inferred and role.kind in ("scalar", "index"):
                at, kind = self.called[key]
                what = Unread("kind", f"line {at} calls {key} a {kind}, whose size is not said", line.place,
                              f"declare it: {key}: {'matrix n x m' if kind == 'matrix' else 'vector n'}")
                return replace(line, unread=problem(what, line.row.file or self.file, line.place))
        unclear = sorted(here & set(self.unclear))
        if not unclear or line.unread is not None:
            return line
        key = unclear[0]
        what = Unread("law", f"line {self.unclear[key]} names a law of {key} in words, which is not read", line.place,
                      f"write ${key} \\sim ...$ there, or declare it: {key}: random ~ Normal(0, 1)")
        return replace(line, unread=problem(what, line.row.file or self.file, line.place))

    def _hold(self, first: int) -> None:
        """A condition at the end of a chain ("..., x > 0") is meant for its rows above too."""
        if not self.chain:
            return
        for k in range(first, len(self.lines)):
            line = self.lines[k]
            if line.unread is None:
                self.lines[k] = replace(line, scope=line.scope.assuming(self.chain))

    def refuse(self, part: Refused) -> None:
        what = Problem(part.file or self.file, part.place.line, part.place.column, part.code,
                       part.message + (f": {part.hint}" if part.hint else ""))
        self.lines.append(ReadLine(Row((), part.source, part.place, part.file), self.scope, self.scope, unread=what))
        self.expected.append("proved")


def read_section(page: Page, parts: Sequence[Prose | Display | Refused], id: str, title: str, scope: Scope, file: str
                 ) -> tuple[Document | None, Scope]:
    """The derivation of a section, None if it has no lines; and what its text leaves in force."""
    reader = Reader(page, file, replace(scope, inferred=dict(scope.inferred)))    # what it infers is its own
    words: list[tuple[str, Any]] = []
    before: Prose | None = None
    for k, part in enumerate(parts):
        match part:
            case Prose():
                below = k > 0 and isinstance(parts[k - 1], Display)
                behind = prose_.condition_behind(part) if below else None
                if not (below and prose_.opens_definitions(part)):
                    reader.paragraph(behind.after if behind else part)
                before = part
                words.append(("prose", part))
            case Display():
                following = parts[k + 1] if k + 1 < len(parts) else None
                if isinstance(following, Prose) and prose_.opens_definitions(following):
                    reader.paragraph(following)
                if isinstance(following, Prose) and (behind := prose_.condition_behind(following)) is not None:
                    if behind.plain:
                        part = _with_clause(part, behind.sentence, behind.opener)
                    else:
                        reader.describe(behind.sentence, behind.opener not in ("since", "because"))
                first = len(reader.lines)
                reader.display(part, before)
                before = None
                words.append(("display", (part, first, len(reader.lines))))
            case Refused():
                reader.refuse(part)
                before = None
    if not reader.lines and not reader.asked:
        return None, reader.scope
    for key, where in scope.doubted.items():
        reader.doubted[key] = (where, 0)
    _apart(reader)
    _supply(reader)
    above = [_goes_on_from(reader.lines, k) for k in range(len(reader.lines))]
    reader.lines = [_doubtful(reader, k, _sound(reader, line, above[k]), above[k])
                    for k, line in enumerate(reader.lines)]
    reader.lines = pairs(reader.lines, file)
    reader.lines = uncovered(reader.lines, reader.scope.names, file)
    reader.lines = every_index(reader.lines, reader.scope.names)
    linked = link(reader.lines, file, asked=bool(reader.asked), solve=reader.solve, given=reader.given,
                  sides=reader.asked[-1].tree if reader.asked else None)
    claims = Claims(id, file, values(_trees(reader), reader.scope.names))
    lines = tuple(claims.line(x, e) for x, e in zip(linked, reader.expected, strict=True))
    goal = judge(reader.asked, linked, lines, file)
    source = str(page.meta.get("source", ""))
    document = Document(id, title, source, file, tuple(claims.made), _markdown(words, lines), "", (), lines, goal)
    return document, reader.scope


def _with_clause(part: Display, sentence: Prose, opener: str) -> Display:
    r"""The display with what the sentence below it says, "for all $x > 0$", behind its last row: the same as there."""
    last = part.rows[-1] if part.rows else None
    if not isinstance(last, Row):
        return part
    tokens = list(last.tokens)
    while tokens and tokens[-1].text in (".", ",", ";", r"\,", r"\;", r"\quad", "~"):
        tokens.pop()
    words = opener
    for piece in sentence.pieces[1:]:
        if isinstance(piece, Inline):
            tokens += [Token("text", f" {words} ", piece.place), *piece.tokens]
        else:
            words = "and" if opener.startswith("since") or opener == "because" else opener
    return replace(part, rows=(*part.rows[:-1], replace(last, tokens=tuple(tokens))))


def _apart(reader: Reader) -> None:
    """The steps w_t of a recursion and the number w of f(w) are two names, where nobody declared them."""
    keys = iterates(_trees(reader), reader.scope.notation)
    if not keys:
        return

    def facts(found: tuple[Fact, ...]) -> tuple[Fact, ...]:
        return tuple(replace(f, tree=beside(f.tree, keys)) for f in found)

    def said(s: Said) -> Said:
        return replace(s, sides=tuple(beside(t, keys) for t in s.sides),
                       tree=beside(s.tree, keys) if s.tree is not None else None)

    for key in keys:
        reader.scope.inferred.pop(key, None)
    reader.lines = [replace(line, said=tuple(map(said, line.said)),
                            scope=replace(line.scope, facts=facts(line.scope.facts))) for line in reader.lines]


def _goes_on_from(lines: Sequence[ReadLine], k: int) -> tuple[Tree, ...]:
    """The side from which a row goes on, where it begins with a relation: it is a part of what the row claims."""
    if lines[k].unread is not None or not lines[k].said or not lines[k].said[0].opens:
        return ()
    above = next((x for x in reversed(lines[:k]) if x.unread is None and x.said and x.said[-1].sides), None)
    return above.said[-1].sides[-1:] if above is not None else ()


def _sound(reader: Reader, line: ReadLine, before: tuple[Tree, ...]) -> ReadLine:
    """A line with a name whose meaning was not read is not judged: any number would be supposed for it."""
    if line.unread is not None:
        return line
    meant = {key for s in line.said if s.lead == "define" for key in names(s.sides[0])}
    used = {n for s in line.said for t in (*s.sides, *((s.tree,) if s.tree is not None else ())) for n in names(t)}
    used = (used | {n for t in before for n in names(t)}) - meant
    used |= {n for key in used if (role := line.scope.notation.role(key)) is not None and isinstance(role.value, Tree)
             for n in names(role.value)}
    for key in sorted(used):
        role = line.scope.notation.role(key)
        if role is not None and (not role.inferred or role.kind == "definition"):
            continue
        sure = key in reader.poisoned
        if sure:
            said = f"{key} was given a meaning in line {reader.poisoned[key]} that was not read"
            what = Unread("meaning-unread", said, line.place, f"declare it in the notation: {key}: real")
        elif not line.scope.notation.complete and _mean_of(key, reader, line):
            base = key.partition(" ")[2]
            what = Unread("undefined-mean", f"what {key} stands for is said nowhere", line.place,
                          rf"write: Let ${key} = \frac{{1}}{{n}} \sum_{{i=1}}^n {base}_i$")
        elif key in reader.described and not any(key in names(f.tree) for f in line.scope.facts):
            said = f"what {key} is stands in words in line {reader.described[key]}, which are not read"
            what = Unread("described", said, line.place, "write it as a formula there")
        else:
            continue
        found = problem(what, line.row.file or reader.file, line.place)
        line = replace(line, unread=found) if sure else replace(line, doubt=found)
        if sure:
            return line
    for f in line.scope.facts if line.doubt is None else ():
        lost = sorted(n for n in names(f.tree) & set(reader.poisoned) if _unknown(line.scope.notation.role(n)))
        if lost and names(f.tree) & used:
            said = f"it rests on {f.why}, and {lost[0]} was given a meaning there or above that was not read"
            what = Unread("meaning-unread", said, line.place, f"declare it in the notation: {lost[0]}: function")
            return replace(line, doubt=problem(what, line.row.file or reader.file, line.place))
    return line


def _doubtful(reader: Reader, k: int, line: ReadLine, before: tuple[Tree, ...]) -> ReadLine:
    """A line with a name of which a sentence says what was not read ("$v$ is an eigenvector"): right, or undecided."""
    if line.unread is not None or line.doubt is not None:
        return line
    used = {n for s in line.said for t in (*s.sides, *((s.tree,) if s.tree is not None else ())) for n in free(t)}
    used |= {n for t in before for n in free(t)}
    if "n" in used and (sized := sorted(used & set(reader.sized))):
        what = Unread("size", f"is n the size of {sized[0]}? Line {reader.sized[sized[0]]} does not tell", line.place,
                      rf"write there ${sized[0]} \in \mathbb{{R}}^{{n \times n}}$")
        return replace(line, doubt=problem(what, line.row.file or reader.file, line.place))
    for key in sorted(used & set(reader.doubted)):
        role = line.scope.notation.role(key)
        where, first = reader.doubted[key]
        if k < first or role is not None and role.kind == "definition":
            continue
        what = Unread("sentence-unread", f"it rests on what line {where} says of {key} in words, which is not read",
                      line.place, "write what is assumed there as a formula")
        return replace(line, doubt=problem(what, line.row.file or reader.file, line.place))
    return line


def _unknown(role: Role | None) -> bool:
    return role is None or role.inferred and role.kind != "definition"


def _mean_of(key: str, reader: Reader, line: ReadLine) -> bool:
    r"""``\bar x`` beside a family ``x_i`` of which nothing says what it is."""
    accent, _, base = key.partition(" ")
    role = reader.scope.names.role(base)
    return (accent in (r"\bar", r"\overline") and role is not None and role.kind in ("family", "sequence", "random")
            and not any(key in names(f.tree) for f in line.scope.facts))


def _trees(reader: Reader) -> list[Tree]:
    """All formulas of a section: its lines, what is assumed and asked, the bodies of definitions."""
    said = [s for line in reader.lines for s in line.said]
    trees = [t for s in said for t in s.sides] + [s.tree for s in said if s.tree is not None]
    trees += [f.tree for line in reader.lines for f in line.scope.facts]
    trees += [*reader.given, *(a.tree for a in reader.asked)]
    trees += [r.value for line in reader.lines for r in line.scope.notation.roles.values() if isinstance(r.value, Tree)]
    return list(dict.fromkeys(trees))


def _supply(reader: Reader) -> None:
    """Roles for names that nobody declared, from all formulas of the section together."""
    known = reader.scope.names
    for key, role in supplied(known, _trees(reader)).roles.items():
        if role.inferred and known.roles.get(key) != role:
            reader.scope.inferred[key] = role


def _markdown(words: Sequence[tuple[str, Any]], lines: Sequence[Line]) -> str:
    """The prose for the report; ``{{ lines("a-b") }}`` is the place of a display's lines."""
    out: list[str] = []
    for kind, what in words:
        if kind == "prose":
            out.append("".join(p if isinstance(p, str) else f"${p.source}$" if isinstance(p, Inline) else p.source
                               for p in what.pieces))
        else:
            _, first, last = what
            if last > first:
                out.append(f'{{{{ lines("{first}-{last}") }}}}')
    return "\n\n".join(out)


def _equivalent(below: Sequence[Row | Refused]) -> bool:
    r"""Does an ``\iff`` begin one of the rows that go on from here?"""
    for row in below:
        first = next((t.text for t in row.tokens if t.text not in ("&", r"\quad", r"\,")), "") \
            if isinstance(row, Row) else ""
        if first in (r"\iff", r"\Leftrightarrow", r"\Longleftrightarrow"):
            return True
        if first not in (r"\implies", r"\Rightarrow", r"\Longrightarrow"):
            return False
    return False


def _number(side: Sequence[Any]) -> bool:
    """``If $x = 1$``: a number is the value of a case, no meaning of the name from there on."""
    return all(t.kind not in ("letter", "command") or t.text in (r"\frac", r"\tfrac", r"\sqrt", r"\left", r"\right")
               for t in side)


def _valued(t: Tree) -> str:
    """The name that a case gives a number: ``For $x = 2$ ... For $x = 3$ ...``."""
    given = t.head == "relation" and t.value == "=" and not names(t.parts[1])
    return bare(t.parts[0]) if given else ""


def _role(part: Display, before: Prose | None) -> str:
    """given, goal, solve, define, skip, or "" for a line of the derivation."""
    for key in ("given", "goal", "solve", "define", "skip"):
        if key in part.marks or part.marks.get("role") == key:
            return key
    if part.within in _STATED:
        return "goal"
    if part.within == "hint":
        return "skip"
    return prose_.leads_to(before)


def _expected(marks: Mapping[str, str], n: int) -> str:
    """The verdict a display, or its ``n``-th row, is expected to have."""
    said = marks.get(f"expected.{n}") or marks.get("expected") or "proved"
    return said if said in _VERDICTS else "proved"


def _unread_line(formula: Inline, what: Problem, file: str) -> ReadLine:
    empty = Scope(_NO_NOTATION)
    return ReadLine(Row((), formula.source, formula.place, file), empty, empty, unread=what)


def _commas(formula: Inline) -> list[tuple[Any, ...]]:
    """Cut at the commas outside of brackets: ``p(x, z), q(z)``."""
    parts: list[list[Any]] = [[]]
    open_ = 0
    for t in formula.tokens:
        open_ += (t.text in ("(", "[")) - (t.text in (")", "]"))
        if t.kind == "symbol" and t.text == "," and open_ <= 0:
            parts.append([])
        else:
            parts[-1].append(t)
    return [tuple(p) for p in parts if p]


def _subject(tokens: tuple[Any, ...]) -> str:
    """The name that a formula of the text is about."""
    return _key(_declared(tokens))


def _declares(formula: Inline) -> bool:
    r"""``Q \\in \\R^{n \\times n}``: "Let $f(w) = w^\\top Q w$ where $Q \\in ...$" declares Q first."""
    texts = [t.text for t in formula.tokens]
    at = texts.index(r"\in") if r"\in" in texts[:-1] else 0
    return at > 0 and texts[at + 1].startswith((r"\mathbb", r"\R")) and not {"=", r"\forall", "<", ">"} & set(texts)


def _declared(tokens: tuple[Any, ...]) -> tuple[Any, ...]:
    r"""``A`` and ``u, v``, also of ``A \in \R^{n \times n}``, ``u, v \in \R^n`` and ``f: \R \to \R``."""
    ends = [k for k, t in enumerate(tokens) if t.text in (r"\in", ":", r"\colon", r"\sim")]
    return tokens[:ends[0]] if ends else tokens


def _kinds(kind: str, count: int) -> list[str]:
    """Of what kind the names of a formula in words have to be."""
    if kind == "eigenvector":
        return ["vector", "matrix", "scalar"] if count == 3 else ["none"]*count
    return [kind]*count


def _key(tokens: tuple[Any, ...]) -> str:
    try:
        return bare(read_tree(tokens, with_unknown(Scope(_NO_NOTATION), tokens)))
    except Unread:
        return ""
