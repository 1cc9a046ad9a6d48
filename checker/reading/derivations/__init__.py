"""Pages to derivations: rows hang together as lines, and each line states claims.

    page --(scope, lines)--> trees with the names in force --(links, solving)--> what each line claims
         --(claims)--> records.Document with StatedClaims and Lines

    scope.py     names and assumptions in force
    prose.py     what a sentence introduces, asks or concludes
    vocabulary.py what words say of names: symmetric, uncorrelated, with mean
    setting.py   what the text means by names that nothing declares
    lines.py     a row: its sides as trees, its clauses as facts and definitions
    links.py     how lines hang together; solving.py: equations that are being solved
    goals.py     whether what is asked is reached
    claims.py    needs of a line as claims of the kernel
    sentences.py what a sentence claims, what of it was not understood
    sections.py  one section, from the top
"""

from .pages import derivations

__all__ = ["derivations"]
