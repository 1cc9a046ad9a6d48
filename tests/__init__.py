"""A package on purpose: a dependency installs a top-level package of the same name."""
