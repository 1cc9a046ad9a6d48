r"""Letters and words with a meaning of their own: ``E[..]``, ``D_{KL}(..)``, ``O(n)``, ``\mathbb R``, ``\delta_{ij}``, ``\mathbf 1[..]``."""

from __future__ import annotations

from ..notation import Role
from ..source import Token
from ..tree import Tree
from . import big, calls, events, formulas, names, probability, scripts, superscripts, words
from .cursor import Cursor



def undeclared(c: Cursor, t: Token, key: str) -> Tree | None:
    """A bare undeclared name: is it an operator by its letter and the bracket behind it?  None: a plain name."""
    after = c.token
    if key == "K" and after.text == "L" and not after.space and c.ahead(1).text in calls.BRACKETS:
        c.pos += 1
        return probability.information(c, "KL", t)
    if key in ("I", r"\mathbf I") and after.text not in calls.BRACKETS:
        return Tree("function", (), "identity", t.place)
    if after.text not in calls.BRACKETS:
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
    if key == "P" and events.stand_here(c):
        return probability.expectation(c, "Pr", t)
    if c.notation.complete is False and key in ("P", "H") and texts & {"|", r"\mid"}:
        c.inferred[key] = Role(key, "alias", value="Pr" if key == "P" else "H", inferred=True, place=t.place)
    if key == "P" and (texts & {*words.RELATIONS, "|", r"\mid"} or all_random(c, inside)):
        return probability.expectation(c, "Pr", t)
    if key in ("O", "o", r"\Theta", r"\Omega", r"\omega") and after.text == "(":
        return order(c, key.lstrip("\\"), t)
    if key == "H" and (all_random(c, inside) or texts & {"|", r"\mid"} or of_laws(c, inside)):
        return probability.information(c, "H", t)
    if key == "I":
        if ";" in texts:
            return probability.information(c, "I", t)
        if texts & set(words.RELATIONS):
            return indicator(c, t)
    if key == r"\Gamma" and after.text == "(":
        return calls.apply(c, "gamma", t)
    if key in ("N", "U") and c.pos >= 2 and c.tokens[c.pos - 2].text == r"\sim":
        return probability.named_law(c, words.LAWS[key], t)
    if r"\|" in texts and key == "D":
        return probability.information(c, "KL", t)
    if c.notation.complete:
        return None
    if after.text == "(" and key not in calls.FUNCTION_LETTERS and any(u.text == key for u in inside):      # n(n + 1): no function takes itself
        return None
    if key in calls.FUNCTION_LETTERS and after.text == "(":
        role = c.infer(key, t.place, "function")
        return calls.call(c, Tree("name", (), key, t.place), role)
    if key in ("p", "q") and after.text == "(" and not any(u.text in ("+", "-", key) for u in inside):
        c.infer(key, t.place, "density")
        return probability.density(c, Tree("name", (), key, t.place), ())
    if after.text == "(" and single_name(inside) and key not in calls.FACTOR_LETTERS and key not in names.INDEX_LETTERS \
            and key not in ("H", "P", "I", "E", "N", "U", r"\sigma"):
        role = c.infer(key, t.place, "function")
        return calls.call(c, Tree("name", (), key, t.place), role)
    if after.text == "(" and len(c.tokens) == 5 and inside[0].kind == "number" and key not in "HPIENU":
        role = c.infer(key, t.place, "function")                        # T(1) = 1, and nothing else on this side
        return calls.call(c, Tree("name", (), key, t.place), role)
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
    if role.domain in ("integer", "natural") or any(u.text == key for u in inside) or key in calls.FACTOR_LETTERS and any(u.text in ("+", "-") for u in inside):
        return
    doubtful(c, t, key)


def capitals(c: Cursor, factors: list[Tree]) -> None:
    """``A B`` of capitals nobody declared: numbers commute, matrices do not, and in an expectation they are random."""
    found = [t for f in factors if (t := base_name(f)) is not None and len(key := str(t.value)) == 1 and key.isupper()
             and (role := c.role(key)) is not None and role.inferred and role.kind == "scalar" and key not in c.scope]
    if len({t.value for t in found}) > 1 and not any(
            t.text in (r"\mathbb E", "E", r"\Pr", r"\mathbb P", r"\mathbb V") or t.text.lstrip("\\") in ("Var", "Cov", "Corr", "E")
            for t in c.tokens):
        one, other = (str(t.value) for t in found[:2])
        c.fail("matrix-or-number", f"{one} and {other} may be numbers or matrices, and they are not declared", found[0].place,
               f"declare  {one}, {other}: real  or  {one}, {other}: matrix n x n")


def base_name(t: Tree) -> Tree | None:
    while t.head in ("pow", "inverse", "transpose") and t.parts:
        t = t.parts[0]
    return t if t.head == "name" else None


def all_random(c: Cursor, tokens: list[Token]) -> bool:
    return bool(tokens) and any(
        (r := c.role(t.text)) is not None and r.kind in ("random", "density") for t in tokens if t.kind in ("letter", "name"))


def of_laws(c: Cursor, inside: list[Token]) -> bool:
    r"""``H(p, q)``, and ``H(p)`` beside ``KL(p \| q)``: of laws.  H(p) by itself may be that of a coin."""
    written = [u.text for u in inside]
    if c.notation.complete or not set(written) <= {"p", "q", ","}:
        return False
    return written in (["p", ",", "q"], ["q", ",", "p"]) or any(u.text in (r"\|", r"\lVert") for u in c.tokens)


def undeclared_with_scripts(c: Cursor, t: Token, key: str, s: scripts.Scripts) -> Tree | None:
    r"""``E_q[..]``, ``D_{KL}(..)``, ``\delta_{ij}``, ``p_\theta(x)``, ``I_n``: names with a meaning of their own."""
    after = c.token
    if key in ("I", r"\mathbf I") and s.sub is None and s.sup is not None and not s.primes:
        return superscripts.superscripted(c, Tree("function", (), "identity", t.place), None, s.sup)
    if s.sub is None:
        return None
    tokens = c.tokens[s.sub[0]:s.sub[1]]
    written = "".join(u.text for u in tokens)
    if key in ("D", r"\mathbb D", r"\mathcal D", "d") and written in ("KL", "JS", "TV",
                                                                      "KL") and after.text in calls.BRACKETS:
        return probability.information(c, words.INFORMATION[written], t)
    if key == "E" and s.sup is None and (after.text in calls.BRACKETS or after.text == r"\log"):
        return probability.expectation(c, "E", t, s.sub)
    if key == "P" and after.text in calls.BRACKETS and s.sup is None:
        inside = {u.text for u in c.tokens[c.pos + 1:c.match[c.pos]]}
        if inside & set(words.RELATIONS):
            return probability.expectation(c, "Pr", t, s.sub)
    if key == r"\delta" and after.text not in calls.BRACKETS and (len(tokens) == 2 or "," in written) and s.sup is None:
        return Tree("function", tuple(names.indices(c, s.sub, None)), "delta", t.place)
    if key in ("I", r"\mathbf I") and after.text not in calls.BRACKETS:
        found = names.indices(c, s.sub, 1)
        if s.sup is not None:
            return None
        return Tree("function", tuple(found), "identity", t.place)
    if key in ("p", "q") and after.text == "(" and not c.notation.complete and s.sup is None:
        role = c.infer(key, t.place, "density")
        return calls.with_scripts(c, Tree("name", (), key, t.place), role, s)
    if after.text in ("(",) and key in calls.FUNCTION_LETTERS and not c.notation.complete and s.sup is None:
        role = c.infer(key, t.place, "function")
        return calls.with_scripts(c, Tree("name", (), key, t.place), role, s)
    return None


def order(c: Cursor, kind: str, t: Token) -> Tree:
    if c.token.text not in calls.BRACKETS:
        c.fail("expected", f"{t.text} is of a bracket", t.place, f"write {t.text}(...)")
    args = calls.arguments(c)
    if len(args) != 1:
        c.fail("arity", f"{kind}(...) of {len(args)} arguments", t.place)
    return Tree("order", tuple(args), {"Theta": "Theta", "Omega": "Omega"}.get(kind, kind), t.place)


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
    if w in words.INFORMATION and (after in calls.BRACKETS or after == "_"):
        c.pos += 1
        if w == "I" and not any(u.text == ";" for u in c.tokens[c.pos:c.match.get(c.pos, c.pos)]):
            return indicator(c, t)
        return probability.information(c, words.INFORMATION[w], t)
    if w in words.FUNCTIONS:
        c.pos += 1
        return calls.apply(c, words.FUNCTIONS[w], t)
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
    if c.accept("_"):
        start, stop = scripts.script(c, "subscript")
        if c.tokens[start].text == r"\{" and c.match[start] == stop - 1:
            start, stop = start + 1, stop - 1
        of_events = c.token.text not in calls.BRACKETS and events.named(c, start, stop)     # 1_A, but not 1_A(x)
        statement = c.within((start, stop), events.event if of_events else formulas.formula)
    elif c.token.text in calls.BRACKETS:
        of_events = events.stand_here(c)
        statement = c.enclosed(events.event if of_events else formulas.formula)
    else:
        c.fail("indicator", f"{t.text} may be an indicator or a vector of ones", t.place,
               r"write \mathbf 1[x > 0], or declare \mathbf 1: vector n")
    c.loose = frozenset()
    if statement.head not in ("relation", "chain", "and", "or", "not") and not of_events:
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
        start, stop = scripts.script(c, "subscript")
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
        start, stop = scripts.script(c, "superscript")
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
