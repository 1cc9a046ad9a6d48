"""``prove``: one ``match`` over the certificate's rule; the logical rules are here.

Every rule returns :class:`Evidence` (the conditions under which the goal is shown) or raises
:class:`Reject`.  Rules of mathematics stand in files of their own, ``rule_<name>.py``.

Notation: ``G |- P`` is a :class:`~.claim.Sequent` (G: declarations and assumptions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .claim import Sequent
from .definedness import definedness, narrows, power_conditions
from .effort import memory, spend
from .evaluate import Undefined, Unknown, truth
from .evidence import Evidence, Reject
from .field import CannotNormalise, Field
from .matrix_terms import about_matrices
from .kinds import is_integer, is_real, visibly_positive
from .term import (
    FALSE, OO, REAL, RELATIONS, TRUE, App, Bind, Malformed, Num, Scalar, Sort, Term, Var, alpha, app, conjuncts,
    free_names, fresh, from_json, negate, rename, show, sort_from_json, sub, substitute, substitute_sort,
    subterms,
)

if TYPE_CHECKING:
    from .model import Model

Certificate = Mapping[str, Any]
MAX_RULE_DEPTH = 60
MAX_DISCHARGED = 20_000
_DISCHARGED: dict[tuple[Any, Term], bool] = memory()


#: The rules of mathematics, each in a file of its own: rule -> file and function.
RULES: dict[str, tuple[str, str]] = {
    "principal": ("rule_principal", "check"),
    "branches": ("rule_branches", "check"),
    "cells": ("rule_cells", "check"),
    "absurd": ("rule_cells", "check_absurd"),
    "ideal": ("rule_ideal", "check"),
    "greatest": ("rule_greatest", "check"),
    "sos": ("rule_sos", "check"),
    "termwise": ("rule_termwise", "check"),
    "antisymmetric": ("rule_sos", "check_equal"),
    "sign-table": ("rule_sign_table", "check"),
    "monotone": ("rule_monotone", "check"),
    "cover": ("rule_cover", "check"),
    "bound": ("rule_bound", "check"),
    "both-sides": ("rule_both_sides", "check"),
    "largest": ("rule_both_sides", "check_largest"),
    "periodic": ("rule_iteration", "check_periodic"),
    "induction": ("rule_iteration", "check_induction"),
    "not-convergent": ("rule_iteration", "check_not_convergent"),
    "orbit-limit": ("rule_orbit_limit", "check"),
    "recurrence": ("rule_recurrence", "check"),
    "definition": ("rule_definition", "check"),
    "orbit-invariant": ("rule_orbit_invariant", "check"),
    "orbit-closed": ("rule_orbit_invariant", "check_closed"),
    "discrete": ("rule_discrete", "check"),
    "generic": ("rule_discrete", "check_generic"),
    "integer-induction": ("rule_induction", "check"),
    "summation": ("rule_summation", "check"),
    "exponential-series": ("rule_exponential_series", "check"),
    "residues": ("rule_residues", "check"),
    "modular": ("rule_residues", "check_modular"),
    "matrix-form": ("rule_matrix_form", "check"),
    "definite": ("rule_definite", "check"),
    "squares": ("rule_definite", "check_squares"),
    "regular": ("rule_definite", "check_regular"),
    "isolated": ("rule_definite", "check_isolated"),
    "semidefinite": ("rule_definite", "check_weaker"),
    "invertible": ("rule_definite", "check_invertible"),
    "forms": ("rule_semidefinite", "check_forms"),
    "root": ("rule_semidefinite", "check_root"),
    "diagonal": ("rule_semidefinite", "check_diagonal"),
    "congruence": ("rule_congruence", "check"),
    "cancel": ("rule_congruence", "check_cancel"),
    "singular": ("rule_eigen", "check_singular"),
    "largest-eigenvalue": ("rule_eigen", "check_largest"),
    "spectrum": ("rule_eigen", "check_spectrum"),
    "eigenbasis": ("rule_eigenbasis", "check"),
    "blocks": ("rule_blocks", "check"),
    "inverse-of": ("rule_blocks", "check_inverse"),
    "complement": ("rule_blocks", "check_complement"),
    "equal-matrices": ("rule_matrix_equals", "check"),
    "trace-order": ("rule_matrix_equals", "check_trace"),
    "entries": ("rule_entries", "check"),
    "index-form": ("rule_index_form", "check"),
    "differentiate": ("rule_differentiate", "check"),
    "moments": ("rule_moments", "check"),
    "exchange": ("rule_exchange", "check"),
    "limit": ("rule_limit", "check"),
    "domination": ("rule_domination", "check"),
    "ray": ("rule_ray", "check"),
    "closed-sum": ("closed_sum", "check"),
    "series": ("rule_series", "check"),
    "order-recurrence": ("rule_order_recurrence", "check"),
    "density-equal": ("rule_density_equal", "check"),
    "gibbs": ("rule_gibbs", "check"),
    "expectation": ("rule_expectation", "check"),
    "integrate": ("rule_integrate", "check"),
    "numbers": ("rule_numbers", "check"),
    "two-densities": ("rule_two_densities", "check"),
    "processing": ("rule_processing", "check"),
    "gibbs-equal": ("rule_gibbs", "check_equal"),
    "unfold": ("rule_logic", "check_unfold"),
    "obtain": ("rule_logic", "check_obtain"),
    "member": ("rule_logic", "check_member"),
    "defined": ("rule_logic", "check_defined"),
    "injective": ("rule_injective", "check"),
    "sine": ("rule_injective", "check_integer"),
    "congruent": ("rule_injective", "check_congruent"),
    "imaginary": ("rule_injective", "check_imaginary"),
    "intermediate": ("rule_intermediate", "check"),
    "functional": ("rule_functional", "check"),
    "products": ("rule_products", "check"),
    "divergence": ("rule_divergence", "check"),
    "integrals": ("rule_integral", "check"),
    "divergent": ("rule_integral", "check_divergent"),
    "equal-derivative": ("rule_equal_derivative", "check"),
    "arc": ("rule_arc", "check"),
    "slopes": ("rule_slope", "check"),
    "no-slope": ("rule_slope", "check_none"),
    "resolve": ("rule_resolve", "check"),
    "values": ("rule_values", "check"),
    "unroll": ("rule_unroll", "check"),
    "gradient": ("rule_unroll", "check_gradient"),
    "tangent": ("rule_gradient_bounds", "check_tangent"),
    "taylor": ("rule_gradient_bounds", "check_taylor"),
    "schwarz": ("rule_gradient_bounds", "check_schwarz"),
    "fermat": ("rule_gradient_bounds", "check_fermat"),
    "gap": ("rule_gap", "check"),
    "gap-zero": ("rule_gap", "check_zero"),
    "above-tangent": ("rule_gap", "check_tangent"),
    "parabola": ("rule_parabola", "check"),
    "rows": ("rule_parabola", "check_rows"),
}


class Prover:
    """Replays a certificate.  Holds what does not change on the way: lemmas, the point, the depth."""

    def __init__(self, lemmas: Mapping[str, Any], model: Model | None) -> None:
        self.lemmas, self.model, self.depth = lemmas, model, 0

    def __call__(self, s: Sequent, c: Any) -> Evidence:
        if not isinstance(c, Mapping) or not isinstance(c.get("rule"), str):
            raise Reject("prove", "certificate", "there is no rule")
        spend(5)
        self.depth += 1
        try:
            if self.depth > MAX_RULE_DEPTH:
                raise Reject(str(c["rule"]), "certificate", "rules nested too deep")
            return self._dispatch(s, c)
        except (Malformed, CannotNormalise, KeyError, TypeError, ValueError, IndexError,
                AttributeError, OverflowError, RecursionError, ZeroDivisionError) as error:
            raise Reject(str(c["rule"]), "certificate", f"{type(error).__name__}: {error}") from error
        finally:
            self.depth -= 1

    def _dispatch(self, s: Sequent, c: Certificate) -> Evidence:
        match c["rule"]:
            case "field":
                return field_rule(s)
            case "sign":
                return sign_rule(s)
            case "evaluate":
                return self.evaluate(s)
            case "assumption":
                return assumption(s)
            case "and":
                return self.conjunction(s, c)
            case "or":
                return self.disjunction(s, c)
            case "implies":
                return self.implication(s, c)
            case "iff":
                return self.equivalence(s, c)
            case "forall":
                return self.generalise(s, c)
            case "exists":
                return self.witness(s, c)
            case "cases":
                return self.cases(s, c)
            case "split":
                return self.split(s, c)
            case "instance":
                return self.instance(s, c)
            case "have":
                return self.have(s, c)
            case "substitute":
                return self.substitution(s, c)
            case "contradiction":
                return self.contradiction(s, c)
            case "where-defined":
                return self.where_defined(s, c)
            case "conflict":
                return self.conflict(s, c)
            case "through":
                return self.through(s, c)
            case "lemma":
                return self.lemma(s, c)
            case rule if rule in RULES:
                module, function = RULES[rule]
                check = getattr(import_module(f".{module}", __package__), function)
                shown: Evidence = check(s, c, self)
                return shown
            case rule:
                raise Reject(str(rule)[:40], "certificate", "there is no such rule")

    # ------------------------------------------------------------------ closed statements

    def evaluate(self, s: Sequent) -> Evidence:
        """
            the goal's truth at the point is computed: exact rationals or disjoint balls
            ----------------------------------------------------------------------------
            |- goal
        FAILURE: a name without a value, an undefined subterm, overlapping balls.
        """
        values = self.model.unsubstituted if self.model else {}
        try:
            if truth(s.goal, values, s.declarations):
                return Evidence()
        except (Undefined, Unknown) as error:
            raise Reject("evaluate", show(s.goal)[:80], str(error)) from error
        raise Reject("evaluate", show(s.goal)[:80], "is false at the point")

    # ------------------------------------------------------------------ logic

    def conjunction(self, s: Sequent, c: Certificate) -> Evidence:
        """G |- P, G |- Q  /  G |- P and Q."""
        parts = _parts(s.goal, "and")
        proofs = c["parts"]
        if len(parts) != len(proofs):
            raise Reject("and", "parts", f"{len(parts)} parts, {len(proofs)} proofs")
        total = Evidence()
        for part, proof in zip(parts, proofs, strict=True):
            total += self(s.with_goal(part), proof)
        return total

    def disjunction(self, s: Sequent, c: Certificate) -> Evidence:
        """G, not P |- Q  /  G |- P or Q (the others' negations may be assumed)."""
        parts = _parts(s.goal, "or")
        k = int(c["index"])
        if not 0 <= k < len(parts):
            raise Reject("or", "index", f"there is no part {k}")
        others = [p for j, p in enumerate(parts) if j != k]
        if c.get("assume-others") is True:
            if any(definedness(p, s) for p in others):
                raise Reject("or", "assume-others", "the other parts are not defined everywhere")
            s = s.assuming(*(negate(p) for p in others))
        return self(s.with_goal(parts[k]), c["proof"])

    def implication(self, s: Sequent, c: Certificate) -> Evidence:
        """G, P |- Q  /  G |- P implies Q     conditions: the definedness of P; those of Q stand under P."""
        premise, conclusion = _operands(s.goal, "implies")
        inner = self(s.assuming(premise).with_goal(conclusion), c["proof"])
        return Evidence(discharge(definedness(premise, s), s) + tuple(
            app("implies", premise, x) for x in inner.conditions), inner.axioms)

    def equivalence(self, s: Sequent, c: Certificate) -> Evidence:
        """G |- P implies Q, G |- Q implies P  /  G |- P iff Q."""
        p, q = _operands(s.goal, "iff")
        return self(s.with_goal(app("implies", p, q)), c["forward"]) + self(
            s.with_goal(app("implies", q, p)), c["backward"])

    def generalise(self, s: Sequent, c: Certificate) -> Evidence:
        """G, x : S, guard |- P  /  G |- forall x : S with guard: P   (x new).

        A condition C of P becomes ``forall x with guard: C``; none where the guard gives C at once.
        FAILURE: a condition that follows from P or from other conditions only stays.
        """
        goal = s.goal
        if not (isinstance(goal, Bind) and goal.head == "forall"):
            raise Reject("forall", show(goal)[:80], "is not a forall")
        inner, names = introduce(s, goal)
        shown = self(inner, c["proof"])
        guard = conjuncts(goal.inner[0])
        plain = Sequent(inner.declarations, s.assumptions, substitute(
            goal.inner[0], {n: Var(m) for n, m in zip(goal.names, names, strict=True)}))
        unguarded = discharge(definedness(plain.goal, plain), plain)
        new_names: dict[str, Term] = {n: Var(m) for n, m in zip(goal.names, names, strict=True)}
        outer = TRUE if not guard else substitute(goal.inner[0], new_names)

        def wrap(x: Term) -> Term:
            return Bind("forall", names, goal.sorts, (), (outer, x))

        return Evidence(
            tuple(Bind("forall", names, goal.sorts, (), (TRUE, x)) if free_names(x) & set(names) else x
                  for x in unguarded)
            + tuple(wrap(x) if free_names(x) & set(names) else x for x in discharge(shown.conditions, inner)),
            shown.axioms)

    def witness(self, s: Sequent, c: Certificate) -> Evidence:
        """G |- guard[t] and P[t], t : S  /  G |- exists x : S with guard: P."""
        from .model import beta

        goal = s.goal
        if not (isinstance(goal, Bind) and goal.head == "exists"):
            raise Reject("exists", show(goal)[:80], "is not an exists")
        by: dict[str, Term] = {}
        total = Evidence()
        for name, sort in zip(goal.names, goal.sorts, strict=True):
            t = from_json(c["witness"][name])
            total += self.member(s, t, substitute_sort(sort, by), c, name)
            by[name] = t
        general = {**s.declarations, **dict(zip(goal.names, goal.sorts, strict=True))}
        for x in goal.inner:        # a literal exponent would need less of its base than a name does
            if left := discharge(tuple(substitute(p, by) for p in power_conditions(x, general)), s):
                raise Reject("exists", "witness", f"a power is defined only if {show(left[0])}")
        guard, body = (beta(substitute(x, by), s.declarations) for x in goal.inner)
        if guard != TRUE:
            shown = self(s.with_goal(guard), c["guard"])
            if shown.conditions:
                raise Reject("exists", "guard", "is shown only under a condition")
            total += shown
        inner = self(s.with_goal(body), c["proof"])
        if inner.conditions:
            raise Reject("exists", "witness", f"rests on the condition {show(inner.conditions[0])}")
        return total + inner

    def member(self, s: Sequent, t: Term, sort: Sort, c: Certificate, name: str) -> Evidence:
        """``t`` is a value of ``sort`` (a number of its kind, an index in range, a lambda)."""
        from .kinds import ORDER, kind
        from .term import Index, Map

        if loose := free_names(t) - set(s.declarations):
            raise Reject("exists", name, f"{', '.join(sorted(loose))} is not declared")
        match sort:
            case Scalar(wanted):
                found = kind(t, s.declarations)
                if found == "other" or ORDER.index(found) > ORDER.index(wanted) and not (
                        wanted == "integer" and self._integral(s, t)):
                    raise Reject("exists", name, f"{show(t)} is not certainly {wanted}")
                return self._defined(s, t, c, name)
            case Index(size):
                if isinstance(t, Var) and s.declarations.get(t.name) == sort:
                    return Evidence()
                goal = app("and", app("<=", Num(_F(1)), t), app("<=", t, size))
                if kind(t, s.declarations) != "integer":
                    raise Reject("exists", name, f"{show(t)} is not certainly an integer")
                self._defined(s, t, c, name)
                shown = self(s.with_goal(goal), c["range"][name])
                if shown.conditions:
                    raise Reject("exists", name, f"is in range only if {show(shown.conditions[0])}")
                return shown
            case Map(args, result):
                if isinstance(t, Var) and s.declarations.get(t.name) == sort:
                    return Evidence()
                if isinstance(t, Bind) and t.head == "lambda" and t.sorts == args:
                    names: list[str] = []
                    for n in t.names:
                        names.append(fresh(n, set(s.declarations) | free_names(t) | set(names)))
                    body = substitute(t.inner[0], {n: Var(m) for n, m in zip(t.names, names, strict=True)})
                    inside = s.declaring(dict(zip(names, args, strict=True)))
                    return self.member(inside, body, result, c, name)
                if isinstance(t, App) and self._is_matrix_of(t, args, result, s):
                    return self._defined(s, t, c, name)
        raise Reject("exists", name, f"{show(t)[:60]} is not a value of its domain")

    @staticmethod
    def _is_matrix_of(t: App, args: tuple[Sort, ...], result: Sort, s: Sequent) -> bool:
        """A vector or matrix expression of this shape, with entries of this kind."""
        from .kinds import ORDER, entry_kind
        from .matrix_terms import MATRIX, IllTyped, is_one, same_size, shape
        from .term import Index

        if t.head not in MATRIX or not isinstance(result, Scalar) or not 1 <= len(args) <= 2:
            return False
        try:
            found = shape(t, s.declarations)
        except IllTyped:
            return False
        sizes = [k.size for k in args if isinstance(k, Index)]
        fits = len(sizes) == len(args) and all(map(same_size, found, sizes)) and (len(sizes) == 2 or is_one(found[1]))
        of = entry_kind(t, s.declarations)
        return fits and of != "other" and ORDER.index(of) <= ORDER.index(result.kind)

    def _integral(self, s: Sequent, t: Term) -> bool:
        """By the discrete normal form, or by remainders: n(n + 1)/2, (4^n - 1)/3."""
        from .rule_discrete import holds

        return holds(app("in", t, app("integers")), s)

    def _defined(self, s: Sequent, t: Term, c: Certificate, name: str) -> Evidence:
        left = discharge(definedness(t, s), s)
        if left:
            raise Reject("exists", name, f"{show(t)} is defined only if {show(left[0])}")
        return Evidence()

    @staticmethod
    def put(t: Term, by: Mapping[str, Term], s: Sequent) -> Term:
        """``t`` with the terms ``by`` in it, applied where they are functions."""
        from .model import beta

        return beta(substitute(t, by), s.declarations)

    def cases(self, s: Sequent, c: Certificate) -> Evidence:
        """
            G, t < 0 |- P    G, t = 0 |- P    G, t > 0 |- P      (t real, defined)
            ------------------------------------------------ or with Q, not Q for a formula Q
            G |- P
        FAILURE: t or Q is not defined everywhere.
        """
        on = from_json(c["on"])
        if loose := free_names(on) - set(s.declarations):
            raise Reject("cases", "on", f"{', '.join(sorted(loose))} is not declared")
        if left := discharge(definedness(on, s), s):
            raise Reject("cases", "on", f"is defined only if {show(left[0])}")
        if isinstance(on, App) and (on.head in RELATIONS or on.head in ("and", "or", "not")):
            branches = [on, negate(on)]
        else:
            from .kinds import is_real

            if not is_real(on, s.declarations):
                raise Reject("cases", "on", f"{show(on)} is not certainly real")
            branches = [app(r, on, Num(_FRACTION_0)) for r in ("<", "=", ">")]
        proofs = c["parts"]
        if len(proofs) != len(branches):
            raise Reject("cases", "parts", f"{len(branches)} cases, {len(proofs)} proofs")
        total = Evidence()
        for branch, proof in zip(branches, proofs, strict=True):
            shown = self(s.assuming(branch), proof)
            total += Evidence(tuple(app("implies", branch, x) for x in shown.conditions), shown.axioms)
        return total

    def split(self, s: Sequent, c: Certificate) -> Evidence:
        """G, P |- R, G, Q |- R  /  G, P or Q |- R.  ``assumption``: its position."""
        k = int(c["assumption"])
        parts = _parts(_nth_assumption(s, k, "split"), "or")
        rest = s.assumptions[:k] + s.assumptions[k + 1:]
        proofs = c["parts"]
        if len(proofs) != len(parts):
            raise Reject("split", "parts", f"{len(parts)} cases, {len(proofs)} proofs")
        total = Evidence()
        for part, proof in zip(parts, proofs, strict=True):
            shown = self(Sequent(s.declarations, (*rest, part), s.goal), proof)
            total += Evidence(tuple(app("implies", part, x) for x in shown.conditions), shown.axioms)
        return total

    def instance(self, s: Sequent, c: Certificate) -> Evidence:
        """
            G, forall x : S: P, P[t] |- R    t : S    G |- guard[t]
            -------------------------------------------------------
            G, forall x : S: P |- R
        FAILURE: also a power that needs more of its base with t in it than with x (``narrows``), or one in the
        guard that needs less: then P[t] is another statement than P at t.
        """
        from .model import beta

        law = _nth_assumption(s, int(c["assumption"]), "instance")
        if not (isinstance(law, Bind) and law.head == "forall"):
            raise Reject("instance", "assumption", "is not a forall")
        by: dict[str, Term] = {}
        total = Evidence()
        for name, sort in zip(law.names, law.sorts, strict=True):
            t = from_json(c["terms"][name])
            total += self.member(s, t, substitute_sort(sort, by), c, name)
            by[name] = t
        self.keeps_meaning(law.inner, {**s.declarations, **dict(zip(law.names, law.sorts, strict=True))}, by, s,
                           "instance")
        guard, body = (beta(substitute(x, by), s.declarations) for x in law.inner)
        if guard != TRUE:
            shown = self(s.with_goal(guard), c["guard"])
            if shown.conditions:
                raise Reject("instance", "guard", "is shown only under a condition")
            total += shown
        return total + self(s.assuming(body), c["proof"])

    @staticmethod
    def keeps_meaning(formulas: Iterable[Term], general: Mapping[str, Sort], by: Mapping[str, Term], s: Sequent,
                      rule: str) -> None:
        """Raises :class:`Reject` where a power of ``formulas`` is defined elsewhere once ``by`` is put in."""
        for formula in formulas:
            if narrows(formula, general, by, s.declarations) or discharge(
                    tuple(substitute(p, by) for p in power_conditions(formula, general, by)), s):
                raise Reject(rule, show(formula)[:80], "has a power that means something else there")

    def have(self, s: Sequent, c: Certificate) -> Evidence:
        """G |- Q without conditions, G, Q |- P  /  G |- P."""
        q = from_json(c["fact"])
        if loose := free_names(q) - set(s.declarations):
            raise Reject("have", "fact", f"{', '.join(sorted(loose))} is not declared")
        shown = self(s.with_goal(q), c["because"])
        if shown.conditions:
            raise Reject("have", "fact", f"is shown only if {show(shown.conditions[0])}")
        return shown + self(s.assuming(q), c["proof"])

    def substitution(self, s: Sequent, c: Certificate) -> Evidence:
        """G[t/x] |- P[t/x]  /  G, x = t |- P      (x a declared name that t does not contain).

        Conditions keep their place: x = t holds in G, so they are equivalent in both forms; but a name
        in an exponent needs more of its base than a literal does.  FAILURE: a power of P that needs more of its
        base with t in it (``narrows``); an assumption with such a power stays as it is.
        """
        equation = _nth_assumption(s, int(c["assumption"]), "substitute")
        left, right = _operands(equation, "=")
        if c.get("flip") is True:
            left, right = right, left
        if not isinstance(left, Var) or left.name in free_names(right):
            raise Reject("substitute", "assumption", "is not of the form x = t with t free of x")
        if left.name not in s.declarations:
            raise Reject("substitute", "assumption", f"{left.name} is not declared")
        by = {left.name: right}
        if narrows(s.goal, s.declarations, by, s.declarations):
            raise Reject("substitute", show(s.goal)[:80], "has a power that needs more of its base then")
        powers = discharge(power_conditions(s.goal, s.declarations, by), s)
        return Evidence(powers) + self(
            Sequent(s.declarations,
                    (*(a if narrows(a, s.declarations, by, s.declarations) else substitute(a, by)
                       for a in s.assumptions), equation),
                    substitute(s.goal, by)), c["proof"])

    def contradiction(self, s: Sequent, c: Certificate) -> Evidence:
        """G, not P |- false  /  G |- P     (P defined everywhere on G)."""
        if s.goal == FALSE:
            raise Reject("contradiction", "goal", "is false already")
        if left := discharge(definedness(s.goal, s), s):
            raise Reject("contradiction", "goal", f"is defined only if {show(left[0])}")
        return self(s.assuming(negate(s.goal)).with_goal(FALSE), c["proof"])

    def where_defined(self, s: Sequent, c: Certificate) -> Evidence:
        """G, D |- P  /  G |- P under the conditions D, the definedness of P's own subterms.

        FAILURE: a P that may be false where D fails (a conjunction, a ``forall``): take it apart first.
        """
        if not _undefined_with_its_parts(s.goal, False):
            raise Reject("where-defined", show(s.goal)[:80], "may be false where a part of it is undefined")
        needed = discharge(definedness(s.goal, s), s)
        if not needed:
            raise Reject("where-defined", "goal", "is defined everywhere already")
        shown = self(s.assuming(*needed), c["proof"])
        return Evidence(tuple(dict.fromkeys(needed + shown.conditions)), shown.axioms)

    def conflict(self, s: Sequent, c: Certificate) -> Evidence:
        """G, P |- not P without conditions  /  G, P |- false."""
        if s.goal != FALSE:
            raise Reject("conflict", "goal", "is not false")
        against = _nth_assumption(s, int(c["assumption"]), "conflict")
        shown = self(s.with_goal(negate(against)), c["proof"])
        if shown.conditions:
            raise Reject("conflict", "proof", f"rests on {show(shown.conditions[0])}")
        return shown

    def through(self, s: Sequent, c: Certificate) -> Evidence:
        """
            G |- a R1 b    G |- b R2 c
            --------------------------     R the strongest relation that follows from R1, R2
            G |- a R c

        FAILURE: a link that holds under a condition which the definedness of the goal does not give.
        """
        goal = s.goal
        if not (isinstance(goal, App) and goal.head in RELATIONS):
            raise Reject("through", "goal", "is not a relation")
        terms = [goal.args[0], *(from_json(t) for t in c["terms"]), goal.args[1]]
        relations = list(c["relations"])
        if len(relations) != len(terms) - 1 or len(c["parts"]) != len(relations):
            raise Reject("through", "relations", "one relation and one proof for each link")
        for t in terms[1:-1]:
            if any(u == OO for u in subterms(t)):
                raise Reject("through", "terms", "oo is no number to pass through")
            if loose := free_names(t) - set(s.declarations):
                raise Reject("through", "terms", f"{', '.join(sorted(loose))} is not declared")
        if not _composes(relations, goal.head):
            raise Reject("through", "relations", f"{relations} do not give {goal.head}")
        total = Evidence()
        for k, (relation, proof) in enumerate(zip(relations, c["parts"], strict=True)):
            shown = self(s.with_goal(app(relation, terms[k], terms[k + 1])), proof)
            total += shown
        # conditions must be the definedness of the goal's own subterms
        own = definedness(goal, s)
        if foreign := tuple(x for x in total.conditions if x not in own):
            if left := discharge(foreign, s.assuming(*own)):
                raise Reject("through", "conditions", f"{show(left[0])} is no condition of the goal")
            return Evidence(discharge(own, s), total.axioms)
        return total

    def lemma(self, s: Sequent, c: Certificate) -> Evidence:
        """
            lemma proved: H |- Q without conditions;   G |- H[t], t of the declared sorts;   G, Q[t] |- P
            ----------------------------------------------------------------------------------------------
            G |- P
        """
        from .model import beta

        proved = self.lemmas.get(str(c["hash"]))
        if proved is None:
            raise Reject("lemma", "hash", "is no lemma of this claim that is proved")
        source = proved.claim.sequent
        by: dict[str, Term] = {}
        total = Evidence((), proved.axioms)
        for name, sort in source.declarations.items():
            here = substitute_sort(sort, by)
            if name in c.get("terms", {}):
                t = from_json(c["terms"][name])
                total += self.member(s, t, here, c, name)
            elif s.declarations.get(name) == here:
                t = Var(name)
            else:
                raise Reject("lemma", name, "has no value")
            by[name] = t
        premises = [*source.assumptions, *proved.conditions]
        self.keeps_meaning((*premises, source.goal), source.declarations, by, s, "lemma")
        proofs = c.get("premises", [])
        if len(proofs) != len(premises):
            raise Reject("lemma", "premises", f"{len(premises)} premises, {len(proofs)} proofs")
        for premise, proof in zip(premises, proofs, strict=True):
            shown = self(s.with_goal(beta(substitute(premise, by), s.declarations)), proof)
            if shown.conditions:
                raise Reject("lemma", "premises", "a premise is shown only under a condition")
            total += shown
        return total + self(s.assuming(beta(substitute(source.goal, by), s.declarations)), c["proof"])


def prove(s: Sequent, certificate: Certificate, lemmas: Mapping[str, Any] | None = None,
          model: Model | None = None) -> Evidence:
    """Replay ``certificate`` for ``s``.  Raises :class:`Reject`."""
    return Prover(lemmas or {}, model)(s, certificate)


def _undefined_with_its_parts(t: Term, value: bool) -> bool:
    """Whether ``t`` never has this truth value where a part of it is undefined (strong Kleene logic)."""
    match t:
        case App("and" | "or" as head, parts):
            return value is (head == "and") and all(_undefined_with_its_parts(p, value) for p in parts)
        case App("not", (a,)):
            return _undefined_with_its_parts(a, not value)
        case App("implies", (a, b)):
            return not value and _undefined_with_its_parts(a, True) and _undefined_with_its_parts(b, False)
        case App("iff", parts):
            return all(_undefined_with_its_parts(p, v) for p in parts for v in (False, True))
        case Bind("forall" | "exists", _, _, _, (guard, body)):
            return value is (t.head == "forall") and guard == TRUE and _undefined_with_its_parts(body, value)
        case _:
            return True


# ------------------------------------------------------------------------ atomic rules


def field_rule(s: Sequent) -> Evidence:
    """
        the normal form of a - b is 0, or a and b are one term
        ------------------------------------------------------       conditions: the definedness of a and b
        a = b
    Also for tuples, component by component.  FAILURE: see ``field``.
    """
    left, right = _operands(s.goal, "=")
    field = Field(s)
    for a, b in components(left, right, s):
        same = a == b and OO not in subterms(a)     # oo is no number: nothing equals it
        if not same and not field.equal(a, b):
            raise Reject("field", show(s.goal)[:80], "the difference does not reduce to 0")
    return Evidence(discharge(definedness(s.goal, s), s))


_GOAL_SIGNS = {
    "<": ("-",), "<=": ("-", "0-", "0"), ">": ("+",), ">=": ("+", "0+", "0"), "!=": ("+", "-", "+-"),
}


def sign_rule(s: Sequent) -> Evidence:
    """
        the sign of the normal form of a - b follows from the assumptions (``signs``)
        ------------------------------------------------------------------------------
        a < b  (or <=, >, >=, !=)                  conditions: the definedness of a and b
    FAILURE: the sign is not visible; a side is not certainly real (order only).
    """
    goal = s.goal
    if not (isinstance(goal, App) and goal.head in _GOAL_SIGNS):
        raise Reject("sign", show(goal)[:80], "is no inequality")
    a, b = goal.args
    conditions = discharge(definedness(goal, s), s)
    field = Field(s.assuming(*conditions))
    if goal.head != "!=" and not all(is_real(x, s.declarations) or field.real(x) for x in (a, b)):
        raise Reject("sign", show(goal)[:80], "a side is not certainly real")
    if field.sign(sub(a, b)) not in _GOAL_SIGNS[goal.head]:
        raise Reject("sign", show(goal)[:80], "the sign of the difference is not visible")
    return Evidence(conditions)


def assumption(s: Sequent) -> Evidence:
    """G, P |- P (up to the names of bound variables and the direction of = and !=)."""
    goal = alpha(s.goal)
    flipped = None
    if isinstance(goal, App) and goal.head in ("=", "!="):
        flipped = App(goal.head, goal.args[::-1])
    for a in s.assumptions:
        for c in conjuncts(a):
            if alpha(c) in (goal, flipped):
                return Evidence()
    raise Reject("assumption", show(s.goal)[:80], "is not assumed")


def discharge(conditions: tuple[Term, ...], s: Sequent) -> tuple[Term, ...]:
    """The conditions that the assumptions do not give at once: a function of declarations, assumptions and condition,
    so what was asked is kept."""
    if not conditions:
        return ()
    here = (tuple(s.declarations.items()), s.assumptions)
    left = []
    for c in conditions:
        if (here, c) not in _DISCHARGED:
            if len(_DISCHARGED) >= MAX_DISCHARGED:
                _DISCHARGED.clear()
            _DISCHARGED[here, c] = _given(c, s, 8)
        if not _DISCHARGED[here, c]:
            left.append(c)
    return tuple(left)


def grounded(s: Sequent, shown: Evidence, rule: str, *known: Term) -> Evidence:
    """``shown`` for the goal, where ``known`` holds too: under the goal's own definedness and nothing else.  A premise
    about terms of the certificate may be undefined where the goal is defined and false."""
    own = definedness(s.goal, s)
    foreign = tuple(x for x in shown.conditions if x not in own)
    if left := discharge(foreign, s.assuming(*own, *known)):
        raise Reject(rule, "premises", f"{show(left[0])[:80]} is no condition of the goal")
    return Evidence(discharge(own, s), shown.axioms)


def _given(c: Term, s: Sequent, depth: int) -> bool:
    if depth == 0:
        return False
    spend(5 + 3*len(s.assumptions))
    if c == TRUE:
        return True
    try:
        assumption(s.with_goal(c))
        return True
    except Reject:
        pass
    if isinstance(c, App) and c.head in RELATIONS and not any(
            isinstance(u, (Var, Bind)) for u in subterms(c)):
        try:
            return truth(c, {}, {})
        except (Undefined, Unknown):
            return False
    match c:
        case App("and", args):
            return all(_given(a, s, depth - 1) for a in args)
        case App("or", args):
            return any(_given(a, s, depth - 1) for a in args)
        case App("implies", (premise, conclusion)):
            return _given(conclusion, s.assuming(premise), depth - 1)
        case Bind("forall", names, sorts, _, (App("or", parts), body)):
            return all(_given(Bind("forall", names, sorts, (), (p, body)), s, depth - 1) for p in parts)
        case Bind("forall"):
            inner, _ = introduce(s, c)
            return _given(inner.goal, inner, depth - 1)
        case App("invertible", (a,)):
            from .rule_definite import determinant_known, regular

            return regular(a, s) or determinant_known(a, s)
        case App("mat=", (App("transpose", (a,)), b)) if a == b:
            from .rule_definite import symmetric

            return symmetric(a, s)
        case App("!=", (App("det", (a,)), Num(zero))) if zero == 0 and _given(app("invertible", a), s, depth - 1):
            return True
        case App("!=" | ">", (a, Num(zero))) if zero == 0 and (_nonzero_square(a, s) or _under_a_root(a, s)):
            return True
        case App("=", (a, b)):
            try:
                return not definedness(c, s) and Field(s).equal(a, b)
            except CannotNormalise:
                return False
        case App("!=" | ">" | ">=" as head, (a, Num(zero))) if zero == 0 and about_matrices(a):
            from .rule_definite import shown_sign

            return shown_sign(s, {}, a) in (("+", "0+") if head == ">=" else ("+",))
        case App("!=" | ">" | ">=", (a, Num(zero))) if zero == 0 and visibly_positive(a, s.declarations):
            return True
        case App(head, (a, b)) if head in _GOAL_SIGNS:
            try:
                if Field(s).sign(sub(a, b)) in _GOAL_SIGNS[head]:
                    return True
            except CannotNormalise:
                pass
            return _index_discharge(c, s) or (head == "!=" and _nonzero_over_complex(c, s))
        case App("finite", (Bind("integral") as t,)) if t.outer:
            return _integrable(t, s)
        case App("finite", (t,)):
            from .finite_parts import finite_by_whole

            return finite_by_whole(t, s) or _index_discharge(c, s)
        case App("in", (a, App(where, ()))):
            return not definedness(a, s) and _belongs(a, where, s)
        case _:
            return False


def _under_a_root(a: Term, s: Sequent) -> bool:
    """``sqrt(a) > c`` is assumed with c >= 0: a principal root is positive only of a positive number."""
    for x in (c for h in s.assumptions for c in conjuncts(h)):
        match x:
            case (App(">", (App("sqrt", (b,)), Num(low))) | App("<", (Num(low), App("sqrt", (b,))))) if (
                    low >= 0 and (a == b or alpha(a) == alpha(b))):
                return True
    return False


def _nonzero_square(a: Term, s: Sequent) -> bool:
    from .rule_definite import nonzero_square

    return nonzero_square(a, s)


def _nonzero_over_complex(c: Term, s: Sequent) -> bool:
    from .rule_principal import nonzero

    return nonzero(c, s)


def _belongs(a: Term, where: str, s: Sequent) -> bool:
    """Visibly a member: by form, or by the generators of the normal form."""
    if where == "integers":
        return is_integer(a, s.declarations)
    if where == "reals" and is_real(a, s.declarations):
        return True
    try:
        return where == "reals" and Field(s).real(a)
    except CannotNormalise:
        return False


def _integrable(t: Bind, s: Sequent) -> bool:
    """The integrand is visibly continuous on the closed range between finite real ends."""
    from .continuity import NotContinuous, continuity

    if set(t.outer) & {OO, app("neg", OO)} or not all(is_real(u, s.declarations) for u in t.outer) or any(
            discharge(definedness(u, s), s) for u in t.outer):
        return False
    t = rename(t, set(s.declarations))
    (x,), (body,), (low, high) = t.names, t.inner, t.outer
    inside = s.declaring({x: REAL})
    try:
        guards = continuity(body, (x,), inside.declarations, False)
        needed = tuple(dict.fromkeys((*definedness(body, inside), *guards)))
        order = Field(s).sign(sub(high, low))
    except (NotContinuous, CannotNormalise):
        return False
    if not discharge(needed, inside):
        return True
    up = (app("<=", low, Var(x)), app("<=", Var(x), high))
    down = (app("<=", high, Var(x)), app("<=", Var(x), low))
    ranges = [r for r, excluded in ((up, ("-", "0-", "0")), (down, ("+", "0+", "0"))) if order not in excluded]
    return bool(ranges) and not any(discharge(needed, inside.assuming(*r)) for r in ranges)


def _index_discharge(c: Term, s: Sequent) -> bool:
    """Signs of finite sums over indices."""
    try:
        from .index_form import discharge as of_index_form
    except ImportError:
        return False
    return bool(of_index_form(c, s))


def introduce(s: Sequent, goal: Bind) -> tuple[Sequent, tuple[str, ...]]:
    """Open a ``forall``: its names declared (renamed apart), its guard assumed, its body the goal."""
    names: list[str] = []
    by: dict[str, Term] = {}
    sorts: dict[str, Sort] = {}
    for name, sort in zip(goal.names, goal.sorts, strict=True):
        new = fresh(name, set(s.declarations) | set(names))
        names.append(new)
        sorts[new] = substitute_sort(sort, by)
        by[name] = Var(new)
    guard, body = (substitute(x, by) for x in goal.inner)
    inner = s.declaring(sorts).assuming(*conjuncts(guard)).with_goal(body)
    return inner, tuple(names)


def components(a: Term, b: Term, s: Sequent) -> list[tuple[Term, Term]]:
    """The pairs to compare: the components of tuples, else the two terms."""
    n = arity(a), arity(b)
    if n == (None, None):
        return [(a, b)]
    if n[0] != n[1] or n[0] is None:
        raise Reject("field", show(s.goal)[:80], "sides of different shape")
    return [(app("item", a, Num(_F(k))), app("item", b, Num(_F(k)))) for k in range(1, n[0] + 1)]


def arity(t: Term) -> int | None:
    match t:
        case App("tuple", parts):
            return len(parts)
        case Bind("iterate"):
            return len(t.names)
        case _:
            return None


def _F(k: int):  # type: ignore[no-untyped-def]
    from fractions import Fraction

    return Fraction(k)


_FRACTION_0 = _F(0)


def _parts(t: Term, head: str) -> tuple[Term, ...]:
    if not (isinstance(t, App) and t.head == head):
        raise Reject(head, show(t)[:80], f"is not of the form '{head}'")
    return t.args


def _operands(t: Term, head: str) -> tuple[Term, Term]:
    parts = _parts(t, head)
    return parts[0], parts[1]


def _nth_assumption(s: Sequent, k: int, rule: str) -> Term:
    if not 0 <= k < len(s.assumptions):
        raise Reject(rule, "assumption", f"there is no assumption {k}")
    return s.assumptions[k]


_UP = {"=": 0, "<=": 1, "<": 2}
_DOWN = {"=": 0, ">=": 1, ">": 2}


def _composes(relations: list[str], goal: str) -> bool:
    if goal == "!=":
        return _composes(relations, "<") or _composes(relations, ">")
    for table in (_UP, _DOWN):
        if goal in table and all(r in table for r in relations):
            strongest = max(table[r] for r in relations)
            if goal == "=" and strongest == 0:
                return True
            if goal != "=" and strongest >= table[goal]:
                return True
    return False


__all__ = ["Prover", "discharge", "introduce", "prove", "sort_from_json"]
