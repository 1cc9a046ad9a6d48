"""A symbolic derivation checker: claims in, proofs or counterexamples out.

    from checker import Derivation, limit

The names below are loaded on first use, so that the kernel can be imported without SymPy.
"""

from __future__ import annotations

from typing import Any

_HOMES = {
    "Derivation": "derivation",
    "limit": "limits", "converges": "series", "diverges": "series", "iteration": "iteration",
    "recurrence": "recurrences",
    **dict.fromkeys(("cases", "induct", "instance", "split", "unfold", "via"), "hints"),
    "O": "orders", "Omega": "orders", "Theta": "orders", "o": "orders", "similar": "orders",
    "forall": "logic", "exists": "logic", "implies": "logic", "iff": "logic", "not_": "logic",
    **dict.fromkeys(
        ("E", "KL", "conditional", "copies", "densities", "functions", "integral", "joint", "mixture", "normal",
         "variables"), "densities"),
    **dict.fromkeys(
        ("bernoulli", "beta_law", "binomial_law", "categorical", "chi_squared", "discrete_uniform", "exponential",
         "gamma_law", "geometric", "inverse_gamma", "laplace", "lognormal", "negative_binomial", "pdf", "pmf",
         "poisson", "probability", "uniform"), "families"),
    **dict.fromkeys(
        ("Cov", "Pr", "Var", "central_moment", "correlation", "factorises", "independent", "indicator", "markov",
         "moment", "std"), "moments"),
    **dict.fromkeys(
        ("JS", "TV", "chi2", "conditional_KL", "conditional_entropy", "cross_entropy", "entropy", "f_divergence",
         "function_of", "hellinger", "jeffreys", "mutual_information", "renyi", "total_correlation"), "information"),
    **dict.fromkeys(
        ("apply", "broadcast", "delta", "depends", "dot", "elementwise", "family", "function", "hadamard",
         "index", "layer_norm", "matrix", "max_over", "mean", "min_over", "norm", "norm_inf", "ones", "prod", "put",
         "relu", "logsumexp", "sigmoid", "sizes", "softmax", "total", "variance", "vector", "vectors"), "indices"),
    **dict.fromkeys(
        ("directional", "divergence", "grad", "gradient", "hessian", "jacobian", "laplacian", "partial"),
        "gradients"),
    **dict.fromkeys(
        ("bounded_below", "lipschitz", "minimiser", "minimizer", "monotone", "polyak_lojasiewicz", "smooth",
         "strongly_convex", "subgradient"), "functions"),
    **dict.fromkeys(
        ("block", "det", "diag", "diagonal", "eye", "idempotent", "identity", "inner", "inv", "inverse", "invertible",
         "is_diagonal", "kron", "loewner", "logdet", "negative_definite", "negative_semidefinite", "orthogonal",
         "outer", "pd", "positive_definite", "positive_semidefinite", "projection", "psd", "quadratic_form", "rank",
         "semiorthogonal", "skew", "skew_symmetric", "spd", "symmetric", "tr", "trace", "transpose", "vec", "zeros"),
        "matrices"),
    **dict.fromkeys(
        ("eigenvalue", "eigenvector", "lambda_max", "lambda_min", "operator_norm", "spectral_norm"), "spectra"),
    "regular": "scores", "score": "scores",
    **dict.fromkeys(
        ("argmax", "argmin", "concave", "convex", "maximises", "maximizes", "maximum", "minimises", "minimizes",
         "minimum", "stationary", "strictly_concave", "strictly_convex"), "optimality"),
    "and_": "logic", "or_": "logic", "eq": "logic", "ne": "logic", "lt": "logic", "le": "logic",
    "gt": "logic", "ge": "logic",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(f".language.{_HOMES[name]}", __name__), name)
    if not name.startswith("_"):
        language = import_module(".language", __name__)
        if hasattr(language, name):
            return getattr(language, name)
    raise AttributeError(f"module 'checker' has no attribute {name!r}")
