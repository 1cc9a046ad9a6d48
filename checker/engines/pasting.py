"""A term as a derivation file would have it, for next steps that can be pasted.

The inverse of reading, as far as it goes: scalars, relations, quantifiers, entries and sums over indices,
densities, expectations.  What has no such form gives None, and the step is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..kernel.term import TRUE, App, Bind, Index, Map, Num, Scalar, Sort, Space, Term, Var

MAX_LENGTH = 160
_INFIX = ("<", "<=", ">", ">=")
_CALLS = {"=": "eq", "!=": "ne", "and": "and_", "or": "or_", "not": "not_", "implies": "implies", "iff": "iff",
          "abs": "Abs", "conj": "conjugate", "max": "Max", "min": "Min", "mod": "Mod"}
_SAME = {"sqrt", "exp", "log", "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "sinh", "cosh", "tanh",
         "coth", "asinh", "acosh", "atanh", "sign", "re", "im", "arg", "floor", "ceiling", "factorial", "binomial",
         "gamma", "relu", "delta"}
_CONSTANTS = {"pi": "pi", "e": "E", "i": "I", "oo": "oo"}


def source(t: Term, declarations: Mapping[str, Sort]) -> str | None:
    """Source text of at most ``MAX_LENGTH`` characters, or None."""
    text = _Writer(declarations).write(t, 0)
    return text if text is not None and len(text) <= MAX_LENGTH and "'" not in text else None


class _Writer:
    def __init__(self, sorts: Mapping[str, Sort]) -> None:
        self.sorts = sorts

    def write(self, t: Term, tight: int) -> str | None:
        """``tight``: 0 anything, 1 a factor, 2 a divisor, 3 a base or an exponent."""
        match t:
            case Num(q):
                text = str(q) if q.denominator == 1 else f"Rational({q.numerator}, {q.denominator})"
                return _wrapped(text, tight, 0 if q < 0 else 9)
            case Var(name):
                return name if name.isidentifier() else None
            case App():
                return self._application(t, tight)
            case Bind():
                return _Writer({**self.sorts, **dict(zip(t.names, t.sorts, strict=True))})._binder(t)
        return None

    def _all(self, terms: tuple[Term, ...], tight: int) -> list[str] | None:
        found = [self.write(a, tight) for a in terms]
        return None if None in found else [f for f in found if f is not None]

    def _application(self, t: App, tight: int) -> str | None:
        match t:
            case App(head, ()) if head in _CONSTANTS:
                return _CONSTANTS[head]
            case App("add", args) if (p := self._all(args, 0)) is not None:
                return _wrapped(" + ".join(p).replace("+ -", "- "), tight, 0)
            case App("mul", args) if (p := self._all(args, 1)) is not None:
                return _wrapped("*".join(p), tight, 1)
            case App("neg", (a,)) if (x := self.write(a, 1)) is not None:
                return _wrapped(f"-{x}", tight, 0)
            case App("div", (a, b)) if (x := self.write(a, 1)) is not None and (y := self.write(b, 2)) is not None:
                return _wrapped(f"{x}/{y}", tight, 1)
            case App("pow", (a, b)) if (x := self.write(a, 3)) is not None and (y := self.write(b, 3)) is not None:
                return _wrapped(f"{x}**{y}", tight, 2)
            case App(head, (a, b)) if head in _INFIX and (p := self._all((a, b), 0)) is not None:
                return f"{p[0]} {head} {p[1]}"
            case App("at", (Var(name), *args)) if (p := self._all(tuple(args), 0)) is not None:
                sort = self.sorts.get(name)
                square = isinstance(sort, Map) and any(isinstance(a, Index) for a in sort.args)
                return f"{name}[{', '.join(p)}]" if square else f"{name}({', '.join(p)})"
            case App("density", (Var(name), *places)):
                return self._density(name, places)
            case App(head, args) if (head in _CALLS or head in _SAME) and (p := self._all(args, 0)) is not None:
                return f"{_CALLS.get(head, head)}({', '.join(p)})"
        return None

    def _density(self, name: str, places: list[Term]) -> str | None:
        """p(x, y | z): positions and values alternate, "given" is the bar."""
        bar = next((k for k, p in enumerate(places) if p == App("given", ())), len(places))
        own, given = (self._all(tuple(part[1::2]), 0) for part in (places[:bar], places[bar + 1:]))
        if own is None or given is None:
            return None
        return f"{name}({', '.join(own)}" + (f" | {', '.join(given)})" if given else ")")

    def _binder(self, t: Bind) -> str | None:
        bound = t.names[0] if len(t.names) == 1 else f"({', '.join(t.names)})"
        match t:
            case Bind("forall" | "exists" as head, _, sorts, _, (guard, body)) if all(
                    isinstance(k, (Scalar, Index, Space)) for k in sorts):
                return self._guarded(head, f"{bound}, ", body, "", guard)
            case Bind("sum" | "prod" as head, _, sorts, (), (guard, body)) if all(isinstance(k, Index) for k in sorts):
                return self._guarded("total" if head == "sum" else "prod", f"{bound}, ", body, "", guard)
            case Bind("integral", _, sorts, (), (body,)) if all(isinstance(k, Space) for k in sorts):
                return self._guarded("integral", "", body, f", {bound}", TRUE)
            case Bind("E", _, _, _, (law, body)) if (w := self.write(law, 0)) is not None:
                return self._guarded("E", "", body, f", {bound}, {w}", TRUE)
            case Bind("KL", _, _, _, parts) if (p := self._all(parts, 0)) is not None:
                return f"KL({p[0]}, {p[1]})"
        return None

    def _guarded(self, call: str, before: str, body: Term, after: str, guard: Term) -> str | None:
        x, y = self.write(body, 0), None if guard == TRUE else self.write(guard, 0)
        if x is None or (guard != TRUE and y is None):
            return None
        return f"{call}({before}{x}{after}" + (f", where={y})" if y else ")")


def _wrapped(text: str, tight: int, level: int) -> str:
    return f"({text})" if tight > level else text


__all__ = ["source"]
