r"""Functions and what they are applied to: ``\log p(x)``, ``\sin 2x``, ``f(x, y)``, ``\operatorname{softmax}(z)_i``.

Without brackets a function takes one factor, or a number (or pi) times names.  What follows must be a sign, another
function, a sum or an integral; else it is in doubt and refused with both readings.
"""

from __future__ import annotations

from ..notation import Role
from ..source import Token
from ..tree import Tree
from . import big, expressions, names, probability, scripts, superscripts, words
from .cursor import Cursor

#: Undeclared letters that are functions when a bracket follows.
FUNCTION_LETTERS = frozenset({"f", "g", "h", "F", "G"})
#: Inferred numbers that may stand before a bracket with a sum: ``n(n+1)``.
FACTOR_LETTERS = frozenset({"a", "b", "c", "k", "m", "n", "r", "s", "t", r"\alpha", r"\beta", r"\lambda", "x"})
BRACKETS = frozenset({"(", "[", r"\{"})


def function_command(c: Cursor) -> Tree:
    t = c.token
    c.pos += 1
    if t.text == r"\arg" and c.token.text in (r"\min", r"\max"):
        return big.extremum(c, "arg" + c.token.text[1:])
    return apply(c, words.FUNCTIONS[t.text[1:]], t)


def apply(c: Cursor, name: str, t: Token) -> Tree:
    """A function of the vocabulary, its scripts and its argument."""
    base: Tree | None = None
    exponent: tuple[int, int] | None = None
    index: tuple[int, int] | None = None
    primes = 0
    while c.token.kind in ("symbol", "command") and c.token.text in ("_", "^", "'"):
        if c.accept("_"):
            where = scripts.script(c, "subscript")
            if name in ("log", "lg"):
                base = probability.part(c, where)
            else:
                index = where
        elif c.accept("^"):
            exponent = scripts.script(c, "superscript")
        else:
            c.pos += 1
            primes += 1
    if exponent is not None:
        inner = c.tokens[exponent[0]:exponent[1]]
        if [u.text for u in inner] == ["-", "1"]:
            c.fail("inverse-function", f"{t.text}^{{-1}} may be the inverse function or the reciprocal", inner[0].place,
                   "write \\arcsin and the like, or 1/...", (rf"\text{{arc}}{t.text}", rf"({t.text} x)^{{-1}}"))
        if name not in words.POWERED and name not in words.CERTAIN:
            c.fail("function-power", f"a power of {t.text} before its argument", inner[0].place, "write brackets")
    if index is not None and name not in ("softmax", "relu", "sigmoid"):
        c.fail("function-index", f"a subscript of {t.text} is not read", c.tokens[index[0]].place,
               "write its arguments in brackets")
    c.loose = frozenset()
    if c.token.text in BRACKETS and not bracketed_factor(c):
        args = arguments(c)
        out = made(c, name, args, base, t)
        after = c.token
        if index is not None:
            out = Tree("entry", (out, *names.indices(c, index, 1)), None, t.place)
        if after.text == "^" and name not in words.CERTAIN and exponent is None:
            inside = c.source(c.match[c.pos - 1], c.pos)
            at = c.pos
            c.pos += 1
            stop = scripts.script(c, "superscript")
            power = c.source(stop[0], stop[1])
            c.fail("function-power", f"{t.text}{inside}^{power}: the power may be of the argument or of the value",
                   c.tokens[at].place, "write brackets around what is raised",
                   (rf"({t.text}{inside})^{{{power}}}", rf"{t.text}({inside}^{{{power}}})"))
        if after.text == "!" or after.text in BRACKETS and after.text == "(" and not args_end_product(c, name):
            c.fail("function-argument", f"{t.text}(...){after.text} is in doubt", after.place,
                   "write brackets around the whole argument")
    else:
        arg = bare(c, t)
        out = made(c, name, [arg], base, t)
        if index is not None:
            out = Tree("entry", (out, *names.indices(c, index, 1)), None, t.place)
    if primes:
        out = Tree("prime", (out,), primes, t.place)
    if exponent is not None:
        out = superscripts.power(c, out, exponent)
    return out


def args_end_product(c: Cursor, name: str) -> bool:
    return name in words.CERTAIN


def bracketed_factor(c: Cursor) -> bool:
    """``\\log [0, 1)``: not the brackets of arguments."""
    return c.token.text == "[" and c.tokens[c.match[c.pos]].text != "]"


def made(c: Cursor, name: str, args: list[Tree], base: Tree | None, t: Token) -> Tree:
    if base is not None:
        args = [*args, base]
    elif name == "log" and c.setting(r"\log").startswith("base"):
        return Tree("function", (*args, names.number(int(c.setting(r"\log").split()[1]))), "log", t.place)
    if name == "ln":
        name = "log"
    if name == "lg":
        if base is not None:
            name = "log"
        elif c.setting(r"\lg").startswith("base"):
            return Tree("function", (*args, names.number(int(c.setting(r"\lg").split()[1]))), "log", t.place)
        else:
            c.fail("log-base", r"\lg may be base 2 or base 10", t.place, r"write \log_2, or say  \lg: base 2",
                   (r"\log_2", r"\log_{10}"))
    if name == "abs":
        return Tree("abs", tuple(args), None, t.place)
    if name == "sqrt":
        return Tree("sqrt", tuple(args), None, t.place)
    return Tree("function", tuple(args), name, t.place)


def arguments(c: Cursor) -> list[Tree]:
    """The arguments in the bracket that opens here."""
    start, stop = c.pos, c.match[c.pos]
    if stop == start + 1:
        c.fail("empty", "empty brackets", c.token.place)
    c.pos += 1
    out = []
    with c.inside():
        while True:
            out.append(expressions.expression(c))
            if c.pos == stop:
                break
            if not c.accept(","):
                c.unexpected()
    c.pos += 1
    c.loose = frozenset()
    return out


def bare(c: Cursor, t: Token) -> Tree:
    """The argument of a function without brackets."""
    start = c.pos
    first = c.token
    if first.text == "-" or first.text == "+":
        c.fail("function-sign", f"{t.text} is followed by a sign", first.place, f"write {t.text}({first.text}...)")
    if not expressions.starts(c, first):
        c.fail("expected", f"{t.text} has no argument", first.place, f"write {t.text}(...)")
    arg = expressions.factor(c)
    loose = c.loose
    if first.text in expressions.REACHING or function_like(c, first):
        c.loose = loose
        return arg
    if numeric(arg) and not (arg.head == "constant" and arg.value in ("e", "oo")):
        factors = [arg]
        pi = arg.head == "constant"
        while c.token.kind in ("letter", "name") and expressions.starts(c, c.token) and (len(factors) == 1 or pi):
            factors.append(expressions.factor(c))
            pi = pi or factors[-1] == Tree("constant", (), "pi")
        if len(factors) > 1:
            arg = Tree("mul", tuple(factors), None, first.place)
    stop = c.pos
    after = c.token
    if after.text == "/" or after.text == r"\div" or expressions.starts(c, after) and not function_like(c, after) \
            and after.text not in expressions.REACHING:
        if after.text == "/":
            c.pos += 1
        expressions.try_to_pass_factor(c)
        a, b = c.source(start, stop), c.source(stop, c.pos)
        c.fail("function-argument", f"{t.text} {a} {b}: where the argument ends is in doubt", after.place,
               "write brackets around the argument", (rf"{t.text}({a} {b})", rf"{t.text}({a}) {b}"))
    c.loose = loose
    return arg


def numeric(t: Tree) -> bool:
    return t.head == "number" or t.head == "constant" or t.head == "div" and all(p.head == "number" for p in t.parts)


def function_like(c: Cursor, t: Token) -> bool:
    r"""Does a function, an expectation, ... begin here?  Then a bare argument before it has ended."""
    if t.kind == "command":
        return t.text[1:] in words.FUNCTIONS or t.text[1:] in words.EXPECTATIONS or t.text == r"\nabla"
    if t.kind == "word":
        return t.text in words.FUNCTIONS or t.text in words.EXPECTATIONS
    if t.kind == "name":
        return t.text == r"\mathbb E"
    return False


# -- declared names that take arguments --------------------------------------------------------------------------------


def applied(c: Cursor, tree: Tree, role: Role) -> Tree:
    """A declared name that is no plain number, without scripts: its brackets, if any."""
    kind = role.kind
    t = c.token
    if kind == "function" or kind == "definition" and role.params and "indexed" not in role.properties:
        if t.text == "(" or t.text == "[" and kind == "function":
            return call(c, tree, role)
        if (t.kind in ("letter", "number") or t.text == "{") and expressions.starts(c, t):
            if t.kind == "letter" and not t.space:
                names.run(c, c.tokens[c.pos - 1])
            c.fail("function-argument", f"{tree.value} is a function, and {t.text} follows without brackets", t.place,
                   f"write {tree.value}({t.text})", (f"{tree.value}({t.text})", rf"{tree.value} \cdot {t.text}"))
        return tree
    if kind == "density":
        if t.text in ("(", "["):
            return probability.density(c, tree, ())
        return tree
    if kind == "alias":
        name = str(role.value)
        if name in words.EXPECTATIONS.values() and name not in words.FUNCTIONS:
            return probability.expectation(c, name, c.tokens[c.pos - 1])
        if name in ("KL", "H", "I", "JS", "TV"):
            return probability.information(c, name, c.tokens[c.pos - 1])
        if t.text in BRACKETS or expressions.starts(c, t) and t.kind in ("letter", "number", "name"):
            return apply(c, name, c.tokens[c.pos - 1])
        return tree
    if kind in ("sequence", "family") and t.text == "(":
        c.fail("call-or-product", f"{tree.value} is a {kind}: its members are written {tree.value}_i", t.place,
               f"write {tree.value}_{{...}}")
    if role.properties & {"identity"}:
        return Tree("function", (), "identity", tree.place)
    return tree


def call(c: Cursor, tree: Tree, role: Role) -> Tree:
    args = arguments(c)
    wanted = len(role.params) if role.kind == "definition" else len(role.sizes)
    if wanted and wanted != len(args) and not (wanted == 1 and args[0].head == "tuple"):
        c.fail("arity", f"{tree.value} is declared with {wanted} argument{'s' * (wanted > 1)}, here it has {len(args)}",
               tree.place)
    return Tree("call", (tree, *args), None, tree.place)


def functional(c: Cursor, t: Tree) -> bool:
    """Is it made of functions without their arguments: ``(f \\circ g)``, ``(f + g)``?"""
    if t.head == "name":
        role = c.role(str(t.value))
        return role is not None and role.kind == "function"
    if t.head == "function" and t.value == "compose" or t.head in ("add", "neg", "mul", "div", "prime"):
        return any(functional(c, p) for p in t.parts)
    return False


def composed(c: Cursor, t: Tree) -> Tree:
    r"""``(f \circ g)(x)`` is f(g(x)); of other functions in brackets the argument is refused."""
    if t.head == "function" and t.value == "compose":
        args = arguments(c)
        return Tree("call", (t.parts[0], Tree("call", (t.parts[1], *args), None, t.place)), None, t.place)
    c.fail("call-or-product", "a bracket behind functions in brackets: their argument, or a factor", c.token.place,
           "write the argument behind each function")


def with_scripts(c: Cursor, tree: Tree, role: Role, s: scripts.Scripts) -> Tree | None:
    r"""``f'(x)``, ``f^{(2)}(x)``, ``p_\theta(x)``, ``\sigma^2(x)``: of a function or density.  None: as any name."""
    kind, place = role.kind, tree.place
    key = str(tree.value)
    if kind == "density":
        params: tuple[Tree, ...] = ()
        if s.sub is not None:
            tokens = c.tokens[s.sub[0]:s.sub[1]]
            if any(u.kind == "number" for u in tokens):
                labelled = f"{key}_{scripts.script_key(tokens)}"
                role = c.infer(labelled, place or tokens[0].place, "density" if c.at("(") else "scalar")
                return names.use(c, Tree("name", (), labelled, place), role)
            params = tuple(names_within(c, s.sub))
        if s.sup is not None or s.primes:
            c.fail("density-power", f"a superscript on the density {key}", place,
                   "declare the name with it, or write (p(x))^n")
        if c.token.text in ("(", "["):
            return probability.density(c, tree, params)
        return Tree("density", (tree, Tree("tuple"), Tree("tuple"), Tree("tuple", params)), None, place)
    if kind == "alias":
        if s.sub is None and s.sup is None and s.primes:
            if c.token.text in BRACKETS:
                return Tree("prime", (apply(c, str(role.value), c.tokens[c.pos - 1]),), s.primes, place)
            return Tree("prime", (tree,), s.primes, place)
        if s.sup is not None:
            c.fail("function-power", f"{key} is the function {role.value}: a power of it is in doubt", place,
                   "write brackets around what is raised, or declare the name as a number")
        if s.sub is not None and str(role.value) in ("softmax", "H", "KL", "E", "Var", "Pr", "Cov"):
            if role.value == "softmax":
                found = names.indices(c, s.sub, 1)
                return Tree("entry", (apply(c, "softmax", c.tokens[c.pos - 1]), *found), None, place)
            if role.value in ("H", "KL"):
                return probability.information(c, str(role.value), c.tokens[c.pos - 1])
            return probability.expectation(c, str(role.value), c.tokens[c.pos - 1], s.sub)
        c.fail("not-indexed", f"{key} is the function {role.value}, and {key}_... is not declared", place,
               "declare the name with its subscript")
    if kind == "function" or kind == "definition" and role.params and "indexed" not in role.properties:
        if s.sub is not None:
            labelled = f"{key}_{scripts.script_key(c.tokens[s.sub[0]:s.sub[1]])}"
            single = s.sub[1] - s.sub[0] == 1 and c.tokens[s.sub[0]].kind == "number"
            if c.notation.complete or not single:
                c.fail("undeclared", f"{labelled} is not declared ({key} is a function)", place,
                       f"declare {labelled}: function")
            role = c.infer(labelled, place or c.token.place, "function")
            tree = Tree("name", (), labelled, place)
        primes = s.primes
        if s.sup is not None:
            inner = c.tokens[s.sup[0]:s.sup[1]]
            if len(inner) == 3 and inner[0].text == "(" and inner[1].text.isdigit():
                primes = int(inner[1].text)
                if primes > 20:
                    c.fail("too-large", f"the {primes}th derivative", inner[1].place)
            elif c.token.text == "(":
                written = c.source(s.sup[0], s.sup[1])
                c.fail("function-power", f"{key}^{{{written}}}(...) may be a power, an iterate or an inverse", place,
                       "write brackets around what is raised", (f"({key}(...))^{{{written}}}", f"{key}({key}(...))"))
            elif inner[0].text in (r"\top", "T"):
                return None
            elif [u.text for u in inner] == ["*"] or [u.text for u in inner] == [r"\star"]:
                c.fail("undeclared", f"{key}^{inner[0].text} is not declared", place, "declare the name with its mark")
            else:
                return superscripts.power(c, tree, s.sup)
        out = tree
        if c.token.text == "(":
            out = call(c, tree, role)
        elif c.token.kind in ("letter", "number") and expressions.starts(c, c.token):
            c.fail("function-argument", f"{key} is a function, and {c.token.text} follows without brackets", c.token.place,
                   "write its argument in brackets, or \\cdot")
        return Tree("prime", (out,), primes, place) if primes else out
    if s.primes and c.token.text == "(" and kind in ("scalar", "sequence") and not role.inferred:
        c.fail("prime", f"{key}'(...): {key} is declared as {names.described(role)}", place, f"declare {key}: function")
    return None


def names_within(c: Cursor, where: tuple[int, int]) -> list[Tree]:
    """The names in the subscript of a density: parameters."""
    tokens = c.tokens[where[0]:where[1]]
    if any(t.kind in ("text", "word") for t in tokens):
        c.fail("label", "the density with this label is not declared", tokens[0].place,
               r"declare p_{\text{...}}: density")
    if len(tokens) > 1 and all(t.kind == "letter" for t in tokens):
        c.fail("run-of-letters", f"the subscript {''.join(t.text for t in tokens)} may be one label or several names",
               tokens[0].place,
               r"write a label upright, \text{...}, and declare the name with it; separate names by commas")
    return probability.parts(c, where)


# -- names that nobody declared ----------------------------------------------------------------------------------------


# -- words and special names -------------------------------------------------------------------------------------------


