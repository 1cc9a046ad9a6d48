"""What each head of a tree means, by topic.  Every module has a table ``READS``: head -> function(meaning, tree).

    objects.py    roles -> declared objects of the language
    scalars.py    numbers, sums, powers, functions
    products.py   products, transposes, norms, matrices: by the shapes of what is multiplied
    binders.py    big sums and products, integrals, limits
    slopes.py     derivatives, gradients, Jacobians
    chance.py     densities, expectations, information, named laws
    formulas.py   relations, connectives, quantifiers, optima, orders of growth
    sets.py       equations of sets, sets of minimisers, as statements about their members

SymPy never evaluates here: everything is built with ``evaluate=False``, from numbers and declared objects.
"""
