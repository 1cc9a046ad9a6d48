"""The last thing that the server does which forks workers: what it holds stays where it is.

Python's collector writes into every object that it looks at, and what a worker writes it must copy first: without
this, a worker that reads a page spends most of its time on copying SymPy.
"""

import gc

gc.collect()
gc.freeze()
