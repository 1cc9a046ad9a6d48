"""Documents to pages: .tex, .md, .ipynb and zips of them to problems, prose and rows of tokens."""

from .read import read_page

__all__ = ["read_page"]
