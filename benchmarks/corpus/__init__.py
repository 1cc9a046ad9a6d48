"""Rows to measure with: claims with labels, from SymPy's own tests and from theory, each with mutants.

    rows.py      what a row is, and how its text becomes SymPy expressions (under ``evaluate(False)``)
    harvest.py   identities, limits, sums, integrals, derivatives read from SymPy's installed tests by AST
    theory/      published-style rows by area, one a line
    mutate.py    false neighbours: sign, coefficient, exponent, term, index, relation
    label.py     an independent opinion on each row: mpmath over a wide range of points
    build.py     all of it, cached under build/

A label never comes from the project under test.  Rows that cannot be labelled are dropped and counted.
"""
