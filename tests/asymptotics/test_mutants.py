"""The costs' claims with one thing changed: what becomes false is refuted, what stays true is not."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
import sympy

from checker.engines.portfolio import decide
from checker.language.derivation import read_claim
from checker.language.logic import eq
from checker.language.orders import O, Omega, Theta, o

with sympy.evaluate(False):
    G = runpy.run_path(str(Path(__file__).parents[2] / "derivations" / "costs.py"))
    t, n, l = G["t"], G["n"], G["l"]
    ORDERS: list[Any] = [
        ("refuted", G["rnn_training_time"], O(t*n*l)),
        ("refuted", G["rnn_training_time"], O(t**2*n*l)),
        ("refuted", G["rnn_training_time"], O(t*n**2)),
        ("proved", G["rnn_training_time"], Theta(t*n**2*l)),
        ("refuted", G["rnn_training_time"], o(t*n**2*l)),
        ("proved", G["rnn_training_time"], o(t*n**3*l)),
        ("proved", G["rnn_training_time"], O(t**2*n*l), [eq(n, O(t))]),
        ("proved", G["rnn_training_time"], O(t**2*n*l), [n<t]),
        ("refuted", G["rnn_training_time"], O(t**2*n*l), [eq(t, O(n))]),
        ("refuted", G["transformer_training_time"], O(t**2*n*l), [eq(t, O(n))]),
        ("proved", G["transformer_training_time"], O(t*n**2*l), [eq(t, O(n))]),
        ("proved", G["transformer_training_time"], O(t*n**2*l), [eq(t, n)]),
        ("refuted", G["transformer_training_time"], Theta(t**2*n*l), [eq(t, O(n))]),
        ("proved", G["transformer_training_time"], Theta(t**2*n*l), [t>=n]),
        ("proved", G["transformer_training_time"], Omega(t**2*n*l)),
        ("proved", G["transformer_training_time"], Omega(t*n**2*l)),
        ("refuted", G["transformer_training_time"], Omega(t**2*n**2*l)),
        ("refuted", G["transformer_space"], O(t*n*l), [eq(n, O(t))]),
        ("proved", G["transformer_space"], O(t*n*l), [t<=n]),
        ("proved", G["transformer_space"], O(l*(t*n+t**2))),
        ("proved", G["transformer_space"], Theta(l*(t*n+t**2))),
        ("refuted", G["row_by_row"].kept, O(n*l)),
        ("refuted", G["row_by_row"].kept, O(t*n)),
        ("refuted", G["layer_by_layer"].kept, O(t*n*l), [t>n]),
        ("proved", G["layer_by_layer"].kept, O(t*n*l), [t<=n*l]),
        ("proved", G["layer_by_layer"].kept, O(t*n*l), [eq(t, O(n*l))]),
        ("refuted", G["cache"].kept, O(n*l)),
        ("proved", G["cache"].kept, Theta(t*n*l)),
        ("refuted", G["rnn_present"].kept, O(n)),
        ("refuted", G["rnn_present"].kept, o(n*l)),
        ("refuted", G["decoding_time"], O(t*n**2*l)),
        ("proved", G["decoding_time"], Theta(l*(t**2*n+t*n**2))),
        ("proved", G["decoding_time"], O(t**2*n*l), [t>=n]),
        ("refuted", G["decoding_time"], O(t**2*n*l), [t<=n]),
        ("proved", G["rnn_space"]+G["rnn_weights"].weights, O(t*n*l), [eq(n, O(t))]),
        ("proved", G["rnn_space"]+G["rnn_weights"].weights, O(t*n*l+n**2*l)),
        ("proved", G["rnn_space"], O(t*n*l, fixed=[n])),
        ("refuted", G["transformer_training_time"], O(t*l), []),
        ("proved", G["transformer_training_time"], Theta(t**2*l, fixed=[n])),
        ("proved", G["transformer_training_time"], O(t**2*n*l, fixed=[n])),
        ("refuted", G["transformer_training_time"], O(t**2*n*l, fixed=[t])),
    ]
    COUNTS: list[Any] = [
        ("refuted", t*n**2*l, "<", t**2*n*l, [t>=n]),
        ("proved", t*n**2*l, "<=", t**2*n*l, [t>=n]),
        ("refuted", t*n**2*l, ">", t**2*n*l, [t>n]),
        ("refuted", t*n**2*l, "=", t**2*n*l, []),
        ("proved", t*n**2*l, ">", t**2*n*l, [t<n]),
        ("refuted", G["rnn_time"], ">", G["transformer_time"], []),
        ("proved", G["rnn_time"], "<=", G["transformer_time"], []),
        ("refuted", G["rnn_time"], "=", G["transformer_time"], []),
        ("proved", G["rnn_time"], "!=", G["transformer_time"], [eq(t, n)]),
        ("proved", 2*G["rnn_time"], "<", G["transformer_time"], []),
        ("refuted", 9*G["rnn_time"], "<", G["transformer_time"], []),
        ("proved", G["rnn_time"], "<", G["decoding_time"], []),
    ]
ROWS = [(e, (f, "=", order), rest[0] if rest else []) for e, f, order, *rest in ORDERS] + [
    (row[0], row[1:4], row[4]) for row in COUNTS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1][2]} {row[2]}")
def test_a_changed_claim(row: Any) -> None:
    expected, parts, given = row
    with sympy.evaluate(False):
        claim, _ = read_claim(parts, tuple(given), G["D"].definitions)
    certificate = decide(claim, {}).certificate
    assert certificate is not None and certificate["verdict"] == expected
