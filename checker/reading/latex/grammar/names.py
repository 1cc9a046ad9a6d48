r"""Names with their indices, labels, powers and primes: ``x``, ``x_i^2``, ``W^{(1)}_{ij}``, ``\theta^*``, ``f'``.

What a script means is decided by what the base is declared as: of a vector ``_i`` is an entry, of a number it can
only be part of the name.  A name that carries its script in the notation block (``x_0: real``) goes first.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ..notation import Role
from ..source import Place, Token
from ..tree import Tree
from . import calls, letters, probability, scripts, sorts, superscripts, words
from .cursor import Cursor

#: Kinds that have entries, with how many indices (None: any number).
INDEXED: dict[str, tuple[int, ...] | None] = {
    "vector": (1,), "sequence": (1,), "matrix": (1, 2), "family": None, "random": None}
#: ``x_i`` beside a number ``x`` is a family of its own; the ending of its key.
BESIDE = r"_\cdot"
#: ``x^{(i)}`` is a family of its own, too.
ABOVE = r"^{(\cdot)}"
#: Constants by their letter, unless the letter is declared.
CONSTANTS = {"e": "e", "i": "i", r"\pi": "pi"}
#: Functions that are recognised without their backslash, to be refused.
SPELLED = tuple(sorted({w for w in (*words.FUNCTIONS, *words.GREEK_WORDS) if len(w) > 2} | set(
    "ln lg tr max min sup lim argmin argmax frac dfrac tfrac sqrt sum prod int infty partial nabla mathbf mathbb mathrm mathcal "
    "boldsymbol text left right cdot times leq geq quad hat bar tilde operatorname begin end".split()),
    key=len, reverse=True))
#: Letters that index a name nobody declared.
INDEX_LETTERS = frozenset("ijklmnrst")


def number(n: int | Fraction, place: Place | None = None) -> Tree:
    return Tree("number", (), Fraction(n), place)


def scripted_key(c: Cursor, key: str, s: scripts.Scripts) -> tuple[str, bool, bool] | None:
    """The longest declared name that the scripts make: its key, and whether it took the sub and the superscript."""
    sub = "_" + scripts.script_key(c.tokens[s.sub[0]:s.sub[1]]) if s.sub else ""
    sup = "^" + scripts.script_key(c.tokens[s.sup[0]:s.sup[1]]) if s.sup else ""
    if sub and sup and c.role(key + sub + sup) is not None:
        return key + sub + sup, True, True
    if sup and c.role(key + sup) is not None:
        return key + sup, False, True
    if sub and c.role(key + sub) is not None:
        return key + sub, True, False
    return None


def name(c: Cursor) -> Tree:
    """A name and all that hangs on it."""
    t = c.token
    c.pos += 1
    following = c.token
    key = t.text
    if following.kind == "symbol" and following.text in ("_", "^", "'") or following.text == r"\prime":
        s = scripts.scripts(c)
        return resolve(c, t, key, s)
    if following.kind == "letter" and not following.space and t.kind == "letter" and first_of_run(c):
        spelled = word_of_letters(c)
        if spelled is not None:
            return spelled
    role = c.role(key)
    if role is None:
        return unscripted(c, t, key)
    if key == "d" and following.kind in ("letter", "name") and role.kind != "function" and not integral(c, following.text):
        c.fail("differential", f"d{following.text} may be a differential or a product with d", t.place,
               rf"write d \cdot {following.text}, or \mathrm d for a differential", (rf"d \cdot {following.text}",
                                                                                     rf"\mathrm d {following.text}"))
    return use(c, Tree("name", (), key, t.place), role)


def integral(c: Cursor, key: str) -> bool:
    role = c.role(key)
    return role is not None and (role.kind == "index" or role.domain in ("integer", "natural"))


def first_of_run(c: Cursor) -> bool:
    k = c.pos - 1
    return c.tokens[k].space or k == 0 or c.tokens[k - 1].kind != "letter"


def word_of_letters(c: Cursor) -> Tree | None:
    """Letters in a row that spell a function (``sin x`` without its backslash) or a declared word."""
    start, stop = c.pos - 1, c.pos
    while c.tokens[stop].kind == "letter" and not c.tokens[stop].space:
        stop += 1
    written = "".join(u.text for u in c.tokens[start:stop])
    declared = rf"\mathrm{{{written}}}"
    if c.role(declared) is not None:
        if all(c.role(u.text) is not None for u in c.tokens[start:stop]):
            c.fail("run-of-letters", f"{written} may be the declared name or a product of declared letters",
                   c.tokens[start].place, "write one of the readings", (declared, " ".join(written)))
        c.pos = stop - 1
        return name_with_key(c, declared)
    for w in SPELLED:
        if written.startswith(w) and (len(w) > 2 or written == w):
            c.fail("word", f"{written} without a backslash is a product of letters", c.tokens[start].place,
                   f"write \\{w}, or spaces between the letters of a product", (f"\\{w} {written[len(w):]}".rstrip(),
                                                                               " ".join(written)))
    return None


def use(c: Cursor, tree: Tree, role: Role) -> Tree:
    """A known name without scripts, and the bracket behind it if it is one that takes arguments."""
    if role.kind == "scalar":
        if role.inferred and c.token.text == "(":
            letters.inferred_bracket(c, c.tokens[c.pos - 1], str(tree.value), role)
        return tree
    if role.kind in ("index", "matrix", "vector", "label", "constant"):
        return tree
    return calls.applied(c, tree, role)


def name_with_key(c: Cursor, key: str) -> Tree:
    """At a token whose key is not its text."""
    t = replace(c.token, text=key, kind="name")
    c.tokens[c.pos] = t
    return name(c)


def unscripted_alone(c: Cursor, t: Token) -> Tree:
    r"""The one letter that TeX takes as an argument: ``\frac1n``."""
    if t.text == "e" and c.setting("e", "euler") == "euler":
        return Tree("constant", (), "e", t.place)
    if t.text == r"\pi":
        return Tree("constant", (), "pi", t.place)
    c.infer(t.text, t.place, "scalar")
    return Tree("name", (), t.text, t.place)


def unscripted(c: Cursor, t: Token, key: str) -> Tree:
    """A bare name that nobody declared."""
    if key == "e" and c.setting("e", "euler") == "euler":
        return Tree("constant", (), "e", t.place)
    if key == "i" and c.setting("i") == "imaginary":
        return Tree("constant", (), "i", t.place)
    if key == r"\pi":
        return Tree("constant", (), "pi", t.place)
    known = letters.undeclared(c, t, key)
    if known is not None:
        return known
    if t.kind == "letter":
        run(c, t)
    if key == "d" and c.token.kind in ("letter", "name"):
        c.fail("differential", f"d {c.token.text} may be a differential or a product with d", t.place,
               rf"write d \cdot {c.token.text}, or \mathrm d for a differential")
    guard(c, t, key)
    c.infer(key, t.place, "scalar")
    return Tree("name", (), key, t.place)


def guard(c: Cursor, t: Token, key: str) -> None:
    """Undeclared names that may mean something else than a number."""
    if key.startswith((r"\dot", r"\ddot")):
        c.fail("dot-derivative", f"{key} may be a derivative by time", t.place, r"write \frac{dx}{dt}, or declare the name",
               (r"\frac{d " + key.split()[-1].split("dot")[-1] + "}{dt}", "a declared name"))
    if key == "i" and not c.notation.complete:
        c.fail("imaginary-or-index", "i may be the imaginary unit or an index", t.place,
               "say in the notation  i: imaginary unit  or  i: index 1..n  (and  undeclared: inferred  for all else)")


def run(c: Cursor, t: Token) -> None:
    """Several undeclared letters in a row are a product, unless they spell a word: that is never split in silence."""
    start = c.pos - 1
    while start > 0 and c.tokens[start - 1].kind == "letter" and not c.tokens[start].space:
        start -= 1
    stop = c.pos
    while c.tokens[stop].kind == "letter" and not c.tokens[stop].space:
        stop += 1
    if stop - start < 2:
        return
    if c.alone is None:
        c.alone = letters_alone(c.tokens)
    written = "".join(u.text for u in c.tokens[start:stop])
    unknown = [u.text for u in c.tokens[start:stop] if c.role(u.text) is None and u.text not in c.alone
               and u.text not in ("e",)]
    if written in words.FUNCTIONS or written in words.BIG or written in words.EXPECTATIONS or written in words.LAWS \
            or written in words.INFORMATION or written in words.GREEK_WORDS or written in ("lim", "argmax", "argmin"):
        c.fail("word", f"{written} without a backslash is a product of letters", c.tokens[start].place,
               f"write \\{written}" if written in (*words.FUNCTIONS, *words.GREEK_WORDS, *words.BIG)
               else rf"write \operatorname{{{written}}}")
    if not unknown:
        return
    if written[0] == "d" and len(written) == 2 and c.role("d") is None:
        c.fail("differential", f"the differential {written} belongs to no integral or derivative",
               c.tokens[start].place,
               rf"write a derivative as \frac{{d y}}{{{written}}}, or declare d")
    if not c.notation.complete and not word_like(c, written, stop):
        return
    product = " ".join(written)
    unknown = list(dict.fromkeys(unknown))
    c.fail("run-of-letters", f"{written}: {', '.join(unknown)} not declared, so this may be a product or one name",
           c.tokens[start].place, f"declare {', '.join(unknown)} in the notation, or write one of the readings",
           (product, rf"\mathrm{{{written}}}"))


def word_like(c: Cursor, written: str, stop: int) -> bool:
    """Would a reader take these letters for one name?  Words, abbreviations, a letter twice, what is called."""
    called = c.tokens[stop].text == "(" and len(written) > 2 and written[-1] not in calls.FUNCTION_LETTERS
    return called or len(written) > 4 or len(set(written)) < len(written) or written.casefold() in words.ABBREVIATIONS \
        or len(written) > 2 and written.isupper()


def letters_alone(tokens: list[Token]) -> frozenset[str]:
    """The letters that stand alone somewhere in the formula: these are names of their own."""
    found = set()
    for k, t in enumerate(tokens):
        if t.kind == "letter":
            before = k > 0 and tokens[k - 1].kind == "letter" and not t.space
            after = tokens[k + 1].kind == "letter" and not tokens[k + 1].space
            if not before and not after:
                found.add(t.text)
    return frozenset(found)


# -- scripts -----------------------------------------------------------------------------------------------------------


def resolve(c: Cursor, t: Token, key: str, s: scripts.Scripts) -> Tree:
    """The name ``key`` with scripts."""
    found = scripted_key(c, key, s) if s.sub or s.sup else None
    if found is not None:
        key, took_sub, took_sup = found
        if took_sub:
            s.sub = None
        if took_sup:
            s.sup = None
    if s.primes:
        primed = key + "'" * s.primes
        if c.role(primed) is not None:
            key, s.primes = primed, 0
    if s.sup is not None and c.tokens[s.sup[0]].text == "(" and c.match.get(s.sup[0]) == s.sup[1] - 1:
        numbered = numbered_above(c, t, key, s)
        if numbered is not None:
            return numbered
    role = c.role(key)
    if role is None:
        special = letters.undeclared_with_scripts(c, t, key, s)
        if special is not None:
            return special
        role, key = inferred_role(c, t, key, s)
    tree = Tree("name", (), key, t.place)
    if role.kind == "constant" and key in CONSTANTS and not c.declared(key):
        tree = Tree("constant", (), CONSTANTS[key], t.place)
    if role.kind in ("function", "alias", "density", "definition", "random") or s.primes:
        special = calls.with_scripts(c, tree, role, s)
        if special is not None:
            return special
    if s.sub is not None and s.sup is not None and role.kind == "matrix":
        entry_or_power(c, tree, s)
    if s.sub is not None:
        tree = subscripted(c, tree, role, s.sub, s)
    if s.primes:
        tree = primed_name(c, tree, role, s)
    if s.sup is not None:
        tree = superscripts.superscripted(c, tree, role, s.sup)
    while c.token.text == "_" and c.token.kind == "symbol" and s.sub is None and role.kind in INDEXED:
        c.pos += 1
        s.sub = scripts.script(c, "subscript")
        tree = subscripted(c, tree, role, s.sub, s)
    return tree


def numbered_above(c: Cursor, t: Token, key: str, s: scripts.Scripts) -> Tree | None:
    """``x^{(i)}``, ``x^{(i)}_j``: a member of a family that is numbered above, or an entry of it."""
    if s.sup is None or s.sup[1] - s.sup[0] < 3:
        return None
    where = s.sup[0] + 1, s.sup[1] - 1
    family = c.role(key + ABOVE)
    if family is None:
        if c.notation.complete or c.role(key) is not None or not is_index(c, c.tokens[where[0]:where[1]]):
            return None
        family = c.infer(key + ABOVE, t.place, "family")
    found = indices(c, where, None)
    if s.sub is not None:
        found += indices(c, s.sub, None)
    return Tree("entry", (Tree("name", (), key + ABOVE, t.place), *found), None, t.place)


def entry_or_power(c: Cursor, tree: Tree, s: scripts.Scripts) -> None:
    """``A_{ij}^2`` is a power of the entry; with the superscript first, or -1, it may be an entry of the power."""
    if s.sub is None or s.sup is None:
        return
    above, below = c.source(*s.sup), c.source(*s.sub)
    tokens = c.tokens[s.sup[0]:s.sup[1]]
    one_index = s.sub[1] - s.sub[0] == 1
    if tokens[0].kind == "number" and not s.raised_first or one_index and not s.raised_first and above in (r"\top", "T"):
        return
    c.fail("entry-or-power", f"{tree.value} with {below} below and {above} above: an entry of the power, or a power of the entry",
           tokens[0].place, "write brackets", (f"({tree.value}^{{{above}}})_{{{below}}}", f"({tree.value}_{{{below}}})^{{{above}}}"))


def inferred_role(c: Cursor, t: Token, key: str, s: scripts.Scripts) -> tuple[Role, str]:
    """An undeclared name with a subscript is indexed if the subscript is an index, else the subscript is a label."""
    if s.primes and not s.sub and not s.sup and not c.notation.complete:
        primed = key + "'" * s.primes
        if c.token.text == "(":
            return c.infer(key, t.place, "function"), key
        c.fail("prime", f"{primed} may be a derivative or another name, and {key} is not declared", s.primed,
               f"declare {key}: function, or declare {primed}", (f"{key}(x)" + "'" * s.primes, primed))
    if s.sub is None:
        if key == "e" and c.setting("e", "euler") == "euler":
            return Role("e", "constant"), key
        if key == r"\pi":
            return Role(key, "constant"), key
        if key == "i" and c.setting("i") == "imaginary":
            return Role("i", "constant"), key
        if t.kind == "letter":
            run(c, t)
        guard(c, t, key)
        return c.infer(key, t.place, "scalar"), key
    tokens = c.tokens[s.sub[0]:s.sub[1]]
    if is_index(c, tokens):
        return c.infer(key, t.place, "family"), key
    labelled = key + "_" + scripts.script_key(tokens)
    letters = [u for u in tokens if u.kind == "letter"]
    if len(letters) > 1 and len(letters) == len(tokens):
        c.fail("run-of-letters", f"the subscript {''.join(u.text for u in tokens)} may be several indices or one label",
               tokens[0].place, "separate indices by commas, or write a label upright",
               (f"{key}_{{{','.join(u.text for u in tokens)}}}",
                rf"{key}_{{\text{{{''.join(u.text for u in tokens)}}}}}"))
    s.sub = None
    return c.infer(labelled, t.place, "scalar"), labelled


def is_index(c: Cursor, tokens: list[Token]) -> bool:
    """Is a subscript made of integers only?"""
    for t in tokens:
        if t.kind in ("letter", "name"):
            role = c.role(t.text)
            if role is None:
                if t.text not in INDEX_LETTERS:
                    return False
            elif role.kind != "index" and role.domain not in ("integer", "natural"):
                return False
        elif t.kind == "number":
            if not t.text.isdigit():
                return False
        elif t.text not in ("+", "-", ",", "(", ")", "{", "}", "_"):
            return False
    return True


def subscripted(c: Cursor, tree: Tree, role: Role, where: tuple[int, int], s: scripts.Scripts) -> Tree:
    start, stop = where
    tokens = c.tokens[start:stop]
    if role.kind not in INDEXED:
        if role.kind == "definition" and role.params:
            return Tree("entry", (tree, *indices(c, where, len(role.params))), None, tree.place)
        if role.kind == "definition" and (whole := sorts.sort(c, tree)) in ("vector", "matrix"):
            return Tree("entry", (tree, *indices(c, where, 1 if whole == "vector" else 2)), None, tree.place)
        key = f"{tree.value}_{scripts.script_key(tokens)}"
        beside = f"{tree.value}{BESIDE}"
        family = c.role(beside)
        if family is None and is_index(c, tokens) and role.inferred and role.kind == "scalar" and \
                not (len(tokens) == 1 and tokens[0].kind == "number"):
            c.fail("not-indexed", f"both {tree.value} and {key} occur, and {tree.value} is not declared", tree.place,
                   f"declare {tree.value}: {'matrix n x n' if len(tokens) > 1 and tokens[1].kind == 'letter' else 'vector n'}, "
                   f"or {tree.value}: real and {key}: real")
        if family is not None:
            return subscripted(c, Tree("name", (), beside, tree.place), family, where, s)
        if c.notation.complete:
            c.fail("not-indexed", f"{tree.value} is declared as {described(role)}, and {key} is not declared",
                   tree.place,
                   f"declare {tree.value}: vector n, or {key}: real")
        c.infer(key, tree.place or tokens[0].place, "scalar")
        return Tree("name", (), key, tree.place)
    wanted = INDEXED[role.kind]
    most = max(wanted) if wanted else (len(role.sizes) or None)
    if role.kind == "family" and role.properties & {"vector", "matrix"}:      # entries x_{ij} of the vectors x_i
        most = 1 + ("vector" in role.properties) + 2*("matrix" in role.properties)
    found = indices(c, where, most)
    if most is not None and len(found) > most:
        c.fail("too-many-indices",
               f"{tree.value} is a {role.kind}: it has {most} {'index' if most == 1 else 'indices'}, "
               f"not {len(found)}", tokens[0].place)
    return Tree("entry", (tree, *found), None, tree.place)


def indices(c: Cursor, where: tuple[int, int], most: int | None) -> list[Tree]:
    """The indices of a subscript: ``i,j``, ``ij`` (two of one letter each), ``t-1``, ``12`` of a matrix."""
    start, stop = where
    tokens = c.tokens[start:stop]
    for t in tokens:
        if t.kind in ("text", "word"):
            c.fail("label", f"the subscript {t.text} is a label, and the name with it is not declared", t.place,
                   "declare the name with its label")
        if t.text in (":", r"\cdot", r"\bullet", "*"):
            c.fail("slice", f"a row or column by {t.text} is not read", t.place,
                   "write its entries with a free index, or a product with a unit vector")
        if t.text in ("<", r"\le", ">", r"\ge", "=", r"\ne", r"\in", r"\sim"):
            c.fail("slice", f"a subscript with {t.text} is not read as an index", t.place,
                   "declare the name with this subscript")
    for t in tokens:
        if t.kind == "letter" and t.text in INDEX_LETTERS and c.role(t.text) is None and not c.notation.complete:
            c.infer(t.text, t.place, "index", "integer")
    if len(tokens) > 1 and all(t.kind in ("letter", "name") for t in tokens):
        return [index_name(c, t) for t in tokens]
    if len(tokens) == 2 and tokens[0].kind in ("letter", "name") and tokens[1].kind == "number" \
            and len(tokens[1].text) == 1 and most != 1:
        return [index_name(c, tokens[0]), number(int(tokens[1].text), tokens[1].place)]
    if len(tokens) == 1 and tokens[0].kind == "number" and len(tokens[0].text) == 2 and most == 2:
        return [number(int(d), tokens[0].place) for d in tokens[0].text]
    if len(tokens) == 1 and tokens[0].kind == "number" and len(tokens[0].text) > 1 and most is None:
        digits = tokens[0].text
        c.fail("index-digits", f"the subscript {digits} may be one index or several", tokens[0].place,
               "separate indices by commas, or declare the name", (f"_{{{','.join(digits)}}}", f"_{{({digits})}}"))
    found = probability.parts(c, where)
    for index in found:
        for n in index.walk():
            if n.head == "name":
                real_index(c, str(n.value), n.place)
    return found


def real_index(c: Cursor, key: str, place: Place | None) -> None:
    """An index is an integer."""
    role = c.role(key)
    if role is not None and role.kind == "scalar" and role.domain in ("real", "complex") and not role.inferred:
        c.fail("index", f"{key} is declared as a {role.domain} number, and stands as an index", place,
               f"declare {key}: integer, or the name with this subscript")


def index_name(c: Cursor, t: Token) -> Tree:
    if c.role(t.text) is None:
        if t.text not in INDEX_LETTERS or c.notation.complete:
            if c.notation.complete:
                c.undeclared(t.text, t.place)
            c.fail("run-of-letters", f"{t.text} is not known as an index", t.place, f"declare {t.text}: index 1..n")
        c.infer(t.text, t.place, "index", "integer")
    real_index(c, t.text, t.place)
    return Tree("name", (), t.text, t.place)


def described(role: Role) -> str:
    return {"scalar": f"a {role.domain} number", "index": "an index", "constant": "a constant"}.get(
        role.kind, f"a {role.kind}")


def primed_name(c: Cursor, tree: Tree, role: Role, s: scripts.Scripts) -> Tree:
    """``A'`` with ``': transpose``; of a number a prime is part of the name, which must be declared."""
    matrixy = sorts.sort(c, tree) in ("matrix", "vector")
    if matrixy and c.setting("'") == "transpose" and s.primes == 1:
        return Tree("transpose", (tree,), None, tree.place)
    if matrixy:
        c.fail("prime", f"{tree.value}' may be a transpose or another name", s.primed,
               "write ^T, or say in the notation  ': transpose", (rf"{tree.value}^\top",))
    key = f"{tree.value}" + "'" * s.primes
    c.fail("prime", f"{key} is not declared, and {tree.value} is {described(role)}, not a function", s.primed,
           f"declare {key}, or declare {tree.value} as a function")


