"""How large a formula may be.  Each cap is tested before anything of the size is built.

A cap is far above what a course needs and far below what costs time.
"""

from __future__ import annotations

FILE_BYTES = 4_000_000      # a file, or all files of one document
FILE_LINES = 50_000
ROW_CHARACTERS = 4_000      # one row of a display, or one formula of a sentence
ROW_TOKENS = 1_500          # ... after macros
DISPLAY_CHARACTERS = 64_000  # all rows of a display
DEPTH = 60                  # brackets within brackets
DIGITS = 60                 # of one number
EXPONENT = 10_000           # a number within an exponent
EXPANSIONS = 2_000          # macro calls in one row
MACROS = 2_000              # definitions of a document
INPUTS = 50                 # files of one document
FORMULAS = 20_000           # formulas and paragraphs of a document
SECTION_FORMULAS = 5_000    # ... of one problem
SECTION_STEPS = 50_000      # commands, braces and formulas of one problem
SECTION_ROWS = 250          # rows of its displays: each is compared with those above it
ROWS = 2_000                # ... of a document
NOTATION_FAULTS = 50        # of one notation block that are said one by one
FACTS = 100                 # what is assumed at one line: each line is decided under all of it
UNFOLDED = 300              # definitions with arguments that are put into one line
WRITTEN_OUT = 20_000        # parts of one line's meaning as a tree: Var(f) has f twice, a sum over {1, 2, 3} 3 terms
