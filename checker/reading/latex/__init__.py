r"""LaTeX to statements: gate -> tokens -> tree -> meaning.  Trusted for meaning, so it refuses rather than guesses.

    source.py    places, tokens, and the refusal ``Unread``
    limits.py, characters.py   how large a formula may be, and which characters it may hold
    tokens.py    tokenize(text, place, file) -> tokens
    tree.py      what a formula says, before any name has a meaning
    notation.py  what the names of a document stand for
    grammar/     tokens + notation -> tree
    meaning.py   tree + notation -> expressions of checker.language, nothing evaluated

What the parts call of one another (statements.py and derivations.py are the callers):

    documents           read_page(path, root) -> Page                   any suffix, by its own reader; never raises
    notation_block.py   read_notation(text, place, base) -> Notation    ``base``: what was declared before it
    grammar.py          read(tokens, notation) -> Tree                  one expression or statement: no "&", no clauses;
                                                                        text "and", "or", "if", "for all" may be in it
    meaning.py          Meaning(notation)                               for one line
                          .expression(tree)   a side of a link
                          .statement(tree)    a relation, connective, quantifier
                          .link(left, relation, right)        the parts of a claim, of both sides together:
                                              f = O(g), argmin f = a, \int f dx = F + c, p(z|x) \propto g
                          .claim(parts, given)                the kernel's claim
                          .given              what its names bring along (a > 0), as statements
                          .definitions        for language.derivation.read_claim
                          .notes              inferred declarations and conventions used, as sentences
    inference.py        supplied(notation, trees) -> Notation         roles for names that nobody declared, from all
                                                                        formulas of a problem
    readback.py         latex(tree) -> str                              "we read this as"
"""
