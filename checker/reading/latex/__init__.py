"""LaTeX to statements: gate -> tokens -> tree -> meaning.  Trusted for meaning, so it refuses rather than guesses.

    source.py    places, tokens, and the refusal ``Unread``
    tree.py      what a formula says, before any name has a meaning
    notation.py  what the names of a document stand for
    grammar.py   tokens + notation -> tree
    meaning.py   tree + notation -> expressions of checker.language, nothing evaluated
"""
