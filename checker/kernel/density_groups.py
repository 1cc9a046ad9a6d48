"""LIFT and MERGE: all integrals of a claim brought under few common measures, then added.

    w = int mu d(the other variables), exactly;  E_w f exists;  f depends on w's variables only
    ------------------------------------------------------------------------------------------   LIFT
    E_w f = E_mu f                                                 (no further condition)

    every integral of f_k against mu is finite
    -------------------------------------------      MERGE
    sum c_k int f_k dmu = int (sum c_k f_k) dmu

Never the other way: splitting would need integrals finite that the claim does not contain
(I(X;Y) = H(X) - H(X|Y) for an X of infinite entropy).  So the conditions of a proof are the
definedness of the integrals as written.  A certificate lists groups: a measure, and for each
integral its variables' places and a share; the shares of an integral add up to 1 over its copies.

    q > 0 almost everywhere on {p f > 0}: by an assumption or by domination, never as a condition
    ---------------------------------------------------------------------------------------------  REWEIGH
    E_q (p/q) f = E_p f

FAILURE: a lift that is not exact, a share missing, two variables in one place, a weight that may
vanish where the new one does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .density_form import (
    Mono, Poly, cleared, constant, factored, mass, names_in, of_mono, poly_names, power, rename_mono,
    rename_poly, times,
)
from .density_reading import Piece, Reader
from .claim import Sequent
from .evidence import Reject
from .term import App, Bind, Space, Term, conjuncts, from_json, sub

MAX_GROUPS = 12
MAX_USES = 200


@dataclass(frozen=True, slots=True)
class Group:
    names: tuple[str, ...]
    measure: Mono
    integrand: Poly
    entries: tuple[Any, ...]


def difference(reader: Reader, goal: Term, relations: tuple[str, ...], rule: str) -> list[Piece]:
    """The integrals of right - left (of left - right for > and >=)."""
    if not (isinstance(goal, App) and goal.head in relations):
        raise Reject(rule, "goal", f"is none of {' '.join(relations)}")
    a, b = goal.args
    return reader.pieces(sub(a, b) if goal.head in (">", ">=") else sub(b, a))


def assumed(reader: Reader, s: Sequent, certificate: Mapping[str, Any], rule: str) -> list[Piece]:
    """
        A = B assumed, or A <= B and f <= 0
        ------------------------------------      ASSUMED    (b - a) + f (B - A) >= 0 gives b >= a
        f (B - A) <= 0, to be added to b - a

    An assumption is true, so the integrals in it are finite: no condition comes from it.  Only a KL that stands
    alone on its side may be oo; it is finite where the other side is, and at least as great.
    """
    out: list[Piece] = []
    for use in certificate.get("assumed", ()):
        k, j, factor = int(use["assumption"]), int(use.get("conjunct", 0)), Fraction(use["factor"])
        if not 0 <= k < len(s.assumptions) or not 0 <= j < len(conjuncts(s.assumptions[k])):
            raise Reject(rule, "assumed", f"there is no assumption {k}, {j}")
        formula = conjuncts(s.assumptions[k])[j]
        if factor > 0 and getattr(formula, "head", "") != "=":
            raise Reject(rule, "assumed", "an inequality is used in the wrong direction")
        if _may_be_infinite(formula):
            raise Reject(rule, "assumed", "a divergence on its greater side may be infinite")
        found = difference(reader, formula, ("=", "<=", ">=", "<", ">"), rule)
        for p in found:
            reader.known.learn(reader.needed_facts(p))
        out += [replace(p, body=p.body.scaled(factor), extended=False) for p in found]
    return out


def _may_be_infinite(formula: Term) -> bool:
    """A = B of two divergences; A <= B with a divergence B: true for oo too."""
    match formula:
        case App("=", (a, b)):
            return _divergence(a) and _divergence(b)
        case App("<=" | "<", (_, b)) | App(">=" | ">", (b, _)):
            return _divergence(b)
    return False


def _divergence(t: Term) -> bool:
    return isinstance(t, Bind) and t.head == "KL"


def gather(reader: Reader, pieces: list[Piece], certificate: Mapping[str, Any],
           rule: str) -> tuple[list[Group], Poly]:
    """The groups, and the sum of the scalars that stand in none."""
    shares = [Fraction(0)] * len(pieces)
    groups = certificate["groups"]
    if len(groups) > MAX_GROUPS:
        raise Reject(rule, "groups", f"more than {MAX_GROUPS} groups")
    out = [_group(reader, pieces, g, shares, f"{rule}") for g in groups]
    rest = Poly()
    for k, p in enumerate(pieces):
        if not p.names and shares[k] != 1:
            rest = rest + p.body.scaled(1 - shares[k])
        elif shares[k] != 1:
            raise Reject(rule, f"integral {k}", f"is used with the share {shares[k]}, not 1")
    return out, rest


def _group(reader: Reader, pieces: list[Piece], g: Mapping[str, Any], shares: list[Fraction],
           rule: str) -> Group:
    measures: dict[str, str] = {}
    for name, measure in g["names"]:
        if not isinstance(name, str) or name in reader.sorts or not name or name[0] in "~#@":
            raise Reject(rule, "names", f"{name!r} is in use")
        if measure not in ("unspecified", "counting", "lebesgue"):
            raise Reject(rule, "names", f"{measure!r} is no measure")
        measures[name] = measure
        reader.sorts[name] = Space(measure)
    mu = measure_of(reader, from_json(g["measure"]), rule)
    uses = g["uses"]
    if len(uses) > MAX_USES:
        raise Reject(rule, "uses", f"more than {MAX_USES} uses")
    total = Poly()
    for use in uses:
        k, share = int(use["piece"]), Fraction(use.get("share", "1"))
        if not 0 <= k < len(pieces):
            raise Reject(rule, "uses", f"there is no integral {k}")
        shares[k] += share
        total = total + placed(reader, pieces[k], use, measures, mu, rule).scaled(share)
    return Group(tuple(measures), mu, cleared(reader.known.rewrite(total)), tuple(g.get("terms", ())))


def measure_of(reader: Reader, t: Term, rule: str) -> Mono:
    found = reader.pieces(t)
    if len(found) != 1 or found[0].names or found[0].body.single is None:
        raise Reject(rule, "measure", "is no product of densities")
    m, c = found[0].body.terms[0]
    if c != 1 or not reader.known.nonnegative_mono(m):
        raise Reject(rule, "measure", "is not certainly nonnegative")
    return m


def placed(reader: Reader, p: Piece, use: Mapping[str, Any], measures: Mapping[str, str], mu: Mono,
           rule: str) -> Poly:
    """REWEIGH if asked, then LIFT: the integrand in the variables of the group."""
    by = {str(k): str(v) for k, v in use.get("rename", {}).items()}
    if set(by) != {n for n, _ in p.names} or len(set(by.values())) != len(by):
        raise Reject(rule, "rename", "does not place each variable once")
    for n, s in p.names:
        if measures.get(by[n]) != s:
            raise Reject(rule, "rename", f"{by[n]} is no variable of the group with the measure of {n}")
    if "reweigh" in use:
        p = reweighed(reader, p, from_json(use["reweigh"]), rule)
    weight, body = rename_mono(p.weight, by), rename_poly(p.body, by)
    rest = [n for n in measures if n not in by.values()]
    if poly_names(body) & set(rest):
        raise Reject(rule, "rename", "a variable is captured")
    if not lifts(reader, mu, rest, weight):
        raise Reject(rule, "lift", "the measure has another marginal than the integral's weight")
    return body


def lifts(reader: Reader, mu: Mono, rest: list[str], weight: Mono) -> bool:
    """Whether int mu d(rest) = weight almost everywhere."""
    known = reader.known
    goal = known.rewrite_mono(weight)
    for form in (mu, known.rewrite_mono(mu)):
        summed = mass(form, rest)
        if not summed.left and known.rewrite_mono(summed.value) == goal and all(
                known.positive(a, weight) for a in summed.cancelled):
            return True
    return False


def reweighed(reader: Reader, p: Piece, factor: Term, rule: str) -> Piece:
    found = reader.pieces(factor)
    if len(found) != 1 or found[0].names or found[0].body.single is None:
        raise Reject(rule, "reweigh", "is no quotient of densities")
    m, c = found[0].body.terms[0]
    new = times(p.weight, m)
    if c != 1 or not reader.known.nonnegative_mono(new):
        raise Reject(rule, "reweigh", "the new weight is not certainly nonnegative")
    upper = [a for a, e in new if e > 0]
    for a, e in p.weight:
        if e > 0 and a not in upper and not reader.known.positive(a, new):
            raise Reject(rule, "reweigh",
                         "the old weight may vanish where the new one does not: assume the support")
    body = Poly.of((times(n, power(m, -1)), k) for n, k in p.body.terms)
    return replace(p, weight=new, body=body)


def constant_part(reader: Reader, g: Group, left: Poly, rule: str) -> Poly:
    """int mu * left, where ``left`` must be free of the group's variables."""
    left = cleared(left)
    if poly_names(left) & set(g.names):
        raise Reject(rule, "integrand", "what is left of the integrands is not constant")
    if not left.terms:
        return left
    summed = reader.known.mass(g.measure, g.names)
    if summed.left or not all(reader.known.positive(a, summed.value) for a in summed.cancelled):
        raise Reject(rule, "measure", "its total mass is not known")
    return left * of_mono(summed.value)


def settled(reader: Reader, total: Poly) -> Poly:
    return cleared(reader.known.rewrite(total))


__all__ = ["Group", "assumed", "cleared", "constant", "constant_part", "difference", "factored", "gather", "lifts",
           "measure_of", "names_in", "settled"]
