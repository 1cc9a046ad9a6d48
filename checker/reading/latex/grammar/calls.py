r"""Functions and what they are applied to: ``\log p(x)``, ``\sin 2x``, ``f(x, y)``, ``\operatorname{softmax}(z)_i``.

Without brackets a function takes one factor, or a number (or pi) times names.  What follows must be a sign, another
function, a sum or an integral; else it is in doubt and refused with both readings.
"""

from __future__ import annotations

from ..notation import Role
from ..source import Token
from ..tree import Tree
from . import big, expressions, names, probability, words
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
            where = names.script(c, "subscript")
            if name in ("log", "lg"):
                base = probability.part(c, where)
            else:
                index = where
        elif c.accept("^"):
            exponent = names.script(c, "superscript")
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
            stop = names.script(c, "superscript")
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
        out = names.power(c, out, exponent)
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


def with_scripts(c: Cursor, tree: Tree, role: Role, s: names.Scripts) -> Tree | None:
    r"""``f'(x)``, ``f^{(2)}(x)``, ``p_\theta(x)``, ``\sigma^2(x)``: of a function or density.  None: as any name."""
    kind, place = role.kind, tree.place
    key = str(tree.value)
    if kind == "density":
        params: tuple[Tree, ...] = ()
        if s.sub is not None:
            tokens = c.tokens[s.sub[0]:s.sub[1]]
            if any(u.kind == "number" for u in tokens):
                labelled = f"{key}_{names.script_key(tokens)}"
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
            labelled = f"{key}_{names.script_key(c.tokens[s.sub[0]:s.sub[1]])}"
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
                return names.power(c, tree, s.sup)
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


def undeclared(c: Cursor, t: Token, key: str) -> Tree | None:
    """A bare undeclared name: is it an operator by its letter and the bracket behind it?  None: a plain name."""
    after = c.token
    if key == "K" and after.text == "L" and not after.space and c.ahead(1).text in BRACKETS:
        c.pos += 1
        return probability.information(c, "KL", t)
    if key in ("I", r"\mathbf I") and after.text not in BRACKETS:
        return Tree("function", (), "identity", t.place)
    if after.text not in BRACKETS:
        if key == "E" and after.kind in ("letter", "name") and c.role(after.text) is not None \
                and c.role(after.text).kind == "random":
            return probability.expectation(c, "E", t)
        return None
    inside = c.tokens[c.pos + 1:c.match[c.pos]] if c.pos in c.match else []
    texts = {u.text for u in inside}
    if key == "E":
        if after.text == "(" and not all_random(c, inside) and not any(
                u.kind == "letter" and u.text.isupper() and not c.declared(u.text) for u in inside) \
                and not any(u.text in (r"\mathbb E", "E", "|", r"\mid") for u in inside):
            doubtful(c, t, key)                                     # an energy E(x)?
        return probability.expectation(c, "E", t)
    if c.notation.complete is False and key in ("P", "H") and texts & {"|", r"\mid"}:
        c.inferred[key] = Role(key, "alias", value="Pr" if key == "P" else "H", inferred=True, place=t.place)
    if key == "P" and (texts & {*words.RELATIONS, "|", r"\mid"} or all_random(c, inside)):
        return probability.expectation(c, "Pr", t)
    if key in ("O", "o", r"\Theta", r"\Omega", r"\omega") and after.text == "(":
        return order(c, key.lstrip("\\"), t)
    if key == "H" and (all_random(c, inside) or texts & {"|", r"\mid"}):
        return probability.information(c, "H", t)
    if key == "I":
        if ";" in texts:
            return probability.information(c, "I", t)
        if texts & set(words.RELATIONS):
            return indicator(c, t)
    if key == r"\Gamma" and after.text == "(":
        return apply(c, "gamma", t)
    if key in ("N", "U") and c.pos >= 2 and c.tokens[c.pos - 2].text == r"\sim":
        return probability.named_law(c, words.LAWS[key], t)
    if r"\|" in texts and key == "D":
        return probability.information(c, "KL", t)
    if c.notation.complete:
        return None
    if after.text == "(" and key not in FUNCTION_LETTERS and any(u.text == key for u in inside):      # n(n + 1): no function takes itself
        return None
    if key in FUNCTION_LETTERS and after.text == "(":
        role = c.infer(key, t.place, "function")
        return call(c, Tree("name", (), key, t.place), role)
    if key in ("p", "q") and after.text == "(" and not any(u.text in ("+", "-", key) for u in inside):
        c.infer(key, t.place, "density")
        return probability.density(c, Tree("name", (), key, t.place), ())
    if after.text == "(" and single_name(inside) and key not in FACTOR_LETTERS and key not in names.INDEX_LETTERS \
            and key not in ("H", "P", "I", "E", "N", "U", r"\sigma"):
        role = c.infer(key, t.place, "function")
        return call(c, Tree("name", (), key, t.place), role)
    doubtful(c, t, key)
    return None


def single_name(tokens: list[Token]) -> bool:
    """One name, maybe with scripts: in brackets behind a letter it is an argument."""
    return bool(tokens) and tokens[0].kind in ("letter", "name") and (len(tokens) == 1 or tokens[1].text in ("_", "^", "'"))


def doubtful(c: Cursor, t: Token, key: str) -> None:
    stop = c.match.get(c.pos, c.pos)
    inside = c.source(c.pos + 1, stop)
    if key == r"\sigma":
        c.fail("call-or-product", r"\sigma(...) may be the sigmoid or a number times a bracket", t.place,
               r"declare  \sigma: sigmoid  or  \sigma: real",
               (rf"\operatorname{{sigmoid}}({inside})", rf"\sigma \cdot ({inside})"))
    if key in ("P", "H", "I", "E"):
        said = {"P": "probability", "H": "entropy", "I": "information", "E": "expectation"}[key]
        c.fail("call-or-product", f"{key}({inside}) may be a function, or the {said}, and {key} is not declared", t.place,
               f"declare  {key}: {said}  or  {key}: function")
    c.fail("call-or-product",
           f"{key}({inside}) may be a function of its argument or a product, and {key} is not declared",
           t.place, f"declare {key}: real  or  {key}: function", (rf"{key} \cdot ({inside})", f"{key} a function"))


def inferred_bracket(c: Cursor, t: Token, key: str, role: Role) -> None:
    """A name inferred as a number, with a bracket behind it: a product only where nobody would call it."""
    if c.token.text != "(" or role.kind not in ("scalar",) or not role.inferred:
        return
    inside = c.tokens[c.pos + 1:c.match[c.pos]]
    if role.domain in ("integer", "natural") or any(u.text == key for u in inside) or key in FACTOR_LETTERS and any(u.text in ("+", "-") for u in inside):
        return
    doubtful(c, t, key)


def all_random(c: Cursor, tokens: list[Token]) -> bool:
    return bool(tokens) and any(
        (r := c.role(t.text)) is not None and r.kind in ("random", "density") for t in tokens if t.kind in ("letter", "name"))


def undeclared_with_scripts(c: Cursor, t: Token, key: str, s: names.Scripts) -> Tree | None:
    r"""``E_q[..]``, ``D_{KL}(..)``, ``\delta_{ij}``, ``p_\theta(x)``, ``I_n``: names with a meaning of their own."""
    after = c.token
    if key in ("I", r"\mathbf I") and s.sub is None and s.sup is not None and not s.primes:
        return names.superscripted(c, Tree("function", (), "identity", t.place), None, s.sup)
    if s.sub is None:
        return None
    tokens = c.tokens[s.sub[0]:s.sub[1]]
    written = "".join(u.text for u in tokens)
    if key in ("D", r"\mathbb D", r"\mathcal D", "d") and written in ("KL", "JS", "TV",
                                                                      "KL") and after.text in BRACKETS:
        return probability.information(c, words.INFORMATION[written], t)
    if key == "E" and s.sup is None and (after.text in BRACKETS or after.text == r"\log"):
        return probability.expectation(c, "E", t, s.sub)
    if key == "P" and after.text in BRACKETS and s.sup is None:
        inside = {u.text for u in c.tokens[c.pos + 1:c.match[c.pos]]}
        if inside & set(words.RELATIONS):
            return probability.expectation(c, "Pr", t, s.sub)
    if key == r"\delta" and after.text not in BRACKETS and (len(tokens) == 2 or "," in written) and s.sup is None:
        return Tree("function", tuple(names.indices(c, s.sub, None)), "delta", t.place)
    if key in ("I", r"\mathbf I") and after.text not in BRACKETS:
        found = names.indices(c, s.sub, 1)
        if s.sup is not None:
            return None
        return Tree("function", tuple(found), "identity", t.place)
    if key in ("p", "q") and after.text == "(" and not c.notation.complete and s.sup is None:
        role = c.infer(key, t.place, "density")
        return with_scripts(c, Tree("name", (), key, t.place), role, s)
    if after.text in ("(",) and key in FUNCTION_LETTERS and not c.notation.complete and s.sup is None:
        role = c.infer(key, t.place, "function")
        return with_scripts(c, Tree("name", (), key, t.place), role, s)
    return None


def order(c: Cursor, kind: str, t: Token) -> Tree:
    if c.token.text not in BRACKETS:
        c.fail("expected", f"{t.text} is of a bracket", t.place, f"write {t.text}(...)")
    args = arguments(c)
    if len(args) != 1:
        c.fail("arity", f"{kind}(...) of {len(args)} arguments", t.place)
    return Tree("order", tuple(args), {"Theta": "Theta", "Omega": "Omega"}.get(kind, kind), t.place)


# -- words and special names -------------------------------------------------------------------------------------------


def operator_command(c: Cursor) -> Tree:
    t = c.token
    c.pos += 1
    return operator(c, t.text[1:], t)


def operator(c: Cursor, word: str, t: Token) -> Tree:
    if word in words.EXPECTATIONS:
        return probability.expectation(c, words.EXPECTATIONS[word], t)
    return probability.information(c, words.INFORMATION[word], t)


def word(c: Cursor) -> Tree:
    r"""An upright word: ``\operatorname{softmax}``, ``\mathrm{Var}``, or a declared name ``\mathrm{loss}``."""
    t = c.token
    w = t.text
    key = rf"\mathrm{{{w}}}" if len(w) > 1 else rf"\mathrm {w}"
    if c.declared(key):
        return names.name_with_key(c, key)
    if w == "e":
        c.pos += 1
        return Tree("constant", (), "e", t.place)
    if w == "i":
        c.pos += 1
        return Tree("constant", (), "i", t.place)
    after = c.ahead(1).text
    if w in words.BIG:
        return big.extremum(c, words.BIG[w])
    if w == "arg" and c.ahead(1).text in (r"\min", r"\max"):
        c.pos += 1
        return big.extremum(c, "arg" + c.token.text[1:])
    if w in ("lim", "plim"):
        c.pos += 1
        return big.limit(c, False)
    if w in words.LAWS and (len(w) > 1 or after == "(") and (w not in words.EXPECTATIONS) and w != "H":
        c.pos += 1
        return probability.named_law(c, words.LAWS[w], t)
    if w in words.EXPECTATIONS:
        c.pos += 1
        return operator(c, w, t)
    if w in words.INFORMATION and (after in BRACKETS or after == "_"):
        c.pos += 1
        if w == "I" and not any(u.text == ";" for u in c.tokens[c.pos:c.match.get(c.pos, c.pos)]):
            return indicator(c, t)
        return probability.information(c, words.INFORMATION[w], t)
    if w in words.FUNCTIONS:
        c.pos += 1
        return apply(c, words.FUNCTIONS[w], t)
    if w in ("const", "constant", "const."):
        c.pos += 1
        role = c.role(r"\mathrm{const}") or Role(r"\mathrm{const}", "constant", inferred=True, place=t.place)
        c.inferred[r"\mathrm{const}"] = role
        return Tree("name", (), r"\mathrm{const}", t.place)
    if len(w) == 1 and not c.notation.complete:
        return names.name_with_key(c, key)
    c.fail("unknown-word", f"{w} is neither a declared name nor a function that is known", t.place,
           f"declare {key}: function  (or real, density, ...)")


def text(c: Cursor) -> Tree:
    c.fail("text", f"the words “{c.token.text.strip()}” within a formula", c.token.place,
           "write words outside the formula")


def indicator(c: Cursor, t: Token) -> Tree:
    r"""``\mathbf 1[x > 0]``, ``\mathbb 1_{\{x > 0\}}``."""
    from . import formulas
    if c.accept("_"):
        start, stop = names.script(c, "subscript")
        if c.tokens[start].text == r"\{" and c.match[start] == stop - 1:
            start, stop = start + 1, stop - 1
        statement = c.within((start, stop), formulas.formula)
    elif c.token.text in BRACKETS:
        stop = c.match[c.pos]
        c.pos += 1
        with c.inside():
            statement = formulas.formula(c)
        if c.pos != stop:
            c.unexpected()
        c.pos += 1
    else:
        c.fail("indicator", f"{t.text} may be an indicator or a vector of ones", t.place,
               r"write \mathbf 1[x > 0], or declare \mathbf 1: vector n")
    c.loose = frozenset()
    if statement.head not in ("relation", "chain", "and", "or", "not"):
        c.fail("indicator", "an indicator is of a statement", t.place, r"write \mathbf 1[x > 0] or \mathbf 1[x \in A]")
    return Tree("function", (statement,), "indicator", t.place)


def special(action):
    def read(c: Cursor) -> Tree:
        t = c.token
        c.pos += 1
        return action(c, t)
    return read


def number_set(c: Cursor, t: Token) -> Tree:
    """R, R^n, R_{>0}, R_+ ."""
    which = t.text[-1]
    tree = Tree("constant", (), which, t.place)
    if c.at("_"):
        c.pos += 1
        start, stop = names.script(c, "subscript")
        inner = c.tokens[start:stop]
        zero, oo = names.number(0), Tree("constant", (), "oo")
        if which in ("R", "Z", "Q", "N") and len(inner) >= 1 and inner[0].text in (">", r"\ge", "+", "<", r"\le"):
            if inner[0].text == "+" and len(inner) > 1 and inner[1].text == "+" or inner[0].text == ">":
                kind = "()"
            elif inner[0].text in ("+", r"\ge"):
                kind = "[)"
            else:
                ends = (Tree("neg", (oo,)), zero)
                part = Tree("interval", ends, "()" if inner[0].text == "<" else "(]", t.place)
                return part if which == "R" else Tree("function", (tree, part), "intersection", t.place)
            low = probability.part(c, (start + 1, stop)) if len(inner) > 1 and inner[0].text != "+" else zero
            part = Tree("interval", (low, oo), kind, t.place)
            return part if which == "R" else Tree("function", (tree, part), "intersection", t.place)
        if which == "N" and len(inner) == 1 and inner[0].text == "0":
            return Tree("function", (Tree("constant", (), "Z"), Tree("interval", (zero, oo), "[)")), "intersection",
                        t.place)
        c.fail("set", f"a subscript of {t.text} that is not read", t.place, r"write \mathbb R_{>0}")
    if c.at("^"):
        c.pos += 1
        start, stop = names.script(c, "superscript")
        inner = c.tokens[start:stop]
        cross = next((k for k, u in enumerate(inner) if u.text == r"\times"), None)
        if cross is not None:
            left, right = probability.part(c, (start, start + cross)), probability.part(c, (start + cross + 1, stop))
            return Tree("pow", (tree, Tree("tuple", (left, right))), None, t.place)
        return Tree("pow", (tree, probability.part(c, (start, stop))), None, t.place)
    return tree


SPECIAL_NAMES = {
    r"\mathbb E": special(lambda c, t: probability.expectation(c, "E", t)),
    r"\mathcal E": None,
    r"\mathbb P": special(lambda c, t: probability.expectation(c, "Pr", t)),
    r"\mathbb V": special(lambda c, t: probability.expectation(c, "Var", t)),
    r"\mathbb H": special(lambda c, t: probability.information(c, "H", t)),
    r"\mathbb I": special(lambda c, t: probability.information(c, "I", t) if any(
        u.text == ";" for u in c.tokens[c.pos:c.match.get(c.pos, c.pos)]) else indicator(c, t)),
    r"\mathbb 1": special(indicator), r"\mathbf 1": special(indicator),
    r"\mathcal O": special(lambda c, t: order(c, "O", t)),
    r"\mathcal N": special(lambda c, t: probability.named_law(c, "Normal", t)),
    r"\mathcal U": special(lambda c, t: probability.named_law(c, "Uniform", t)),
    **{rf"\mathbb {s}": special(number_set) for s in "RNZQC"},
}
SPECIAL_NAMES = {k: v for k, v in SPECIAL_NAMES.items() if v is not None}
