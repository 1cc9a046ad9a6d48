"""Documents to pages: .tex, .md, .ipynb and zips of them to problems, prose and rows of tokens."""
