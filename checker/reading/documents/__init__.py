"""Documents to pages: .tex, .md, .ipynb and zips of them to problems, prose and rows of tokens.

    gate.py         bytes -> text                      limits.py and characters.py are in reading/latex
    files.py        the files that a document may read
    macros.py, packages.py, unfold.py                  what a document and its packages define
    rows.py, spans.py                                  a formula's end; a display's rows
    builder.py      the page as it is filled
    tex.py, markdown.py, notebook.py, archive.py       one reader for each kind of document
    read.py         read_page(path, root), read_pages(zip)
"""

from .read import read_page, read_pages

__all__ = ["read_page", "read_pages"]
