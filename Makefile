# The first `make check` (or test, report) on a fresh clone makes .venv; later ones start at once.
# Options reach the command through ARGS:  make check ARGS="-k game --timeout 20"
#                                          make test ARGS="-k replay -x"

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
ARGS ?=

# The newest supported interpreter that really runs (a version manager's shim may only pretend).
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$p; break; fi; done)

.DEFAULT_GOAL := help
.PHONY: help check docs test test-rest test-graders test-dask test-bounds report bench bench-decide bench-classes bench-isolation bench-read lint types sabotage check-html fuzz wheel clean
.NOTPARALLEL:  # every target may install into the one .venv

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

check: $(VENV)/.core ## decide every claim under derivations/
	@$(BIN)/python -m checker check $(ARGS)

report: $(VENV)/.report ## write build/report.md, .tex, .html and .pdf
	@$(BIN)/python -m checker report $(ARGS)

# loadfile: what a file sets up for its tests (some decide whole courses) is set up once, by one worker.
test: $(VENV)/.dev ## run the tests (of large tables every fifth row)
	@$(BIN)/python -m pytest -n auto --dist loadfile --rows quick $(ARGS)

test-rest: $(VENV)/.dev ## run the rows that `make test` leaves out
	@$(BIN)/python -m pytest -n auto --dist loadfile --rows rest $(ARGS)

test-graders: $(VENV)/.dev ## Gradescope's and PrairieLearn's folders, installed and called as those systems do (long)
	@$(BIN)/python -m tests.graders.trial $(ARGS)

test-dask: $(VENV)/.dask ## searches on a real Dask cluster on this machine: workers killed, lying, gone
	@$(BIN)/python -m pytest -n 0 tests/cluster/trial.py $(ARGS)

test-bounds: $(VENV)/.created ## the wheel on every Python here, with the lowest and the newest dependencies (long)
	@$(BIN)/python -m tests.bounds $(ARGS)

wheel: $(VENV)/.core ## build dist/*.whl
	@$(BIN)/python -m pip --quiet --disable-pip-version-check wheel --no-deps --wheel-dir dist .

lint: $(VENV)/.dev ## style (ruff)
	@$(BIN)/python -m ruff check .

types: $(VENV)/.dev ## types (mypy; strict in the kernel)
	@$(BIN)/python -m mypy
	@$(BIN)/python -m mypy --strict checker/kernel

docs: $(VENV)/.docs ## build the documentation into build/docs
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs $(ARGS) && echo "build/docs/index.html"

bench: $(VENV)/.dev ## time of check, cold and warm, in units of `import sympy`
	@$(BIN)/python benchmarks/bench.py $(ARGS)

bench-decide: $(VENV)/.dev ## who proves and refutes what, on the same rows; writes docs/benchmarks.md (long)
	@$(BIN)/python -m benchmarks.decide $(ARGS)

bench-isolation: $(VENV)/.dev ## 200 tasks with two rogues; 2,000 claims while workers are killed at random (long)
	@$(BIN)/python -m benchmarks.isolation $(ARGS)

bench-classes: $(VENV)/.dev ## time and memory of grading a generated class
	@$(BIN)/python -m benchmarks.classes $(ARGS)

bench-read: $(VENV)/.dev ## lines of LaTeX read a second, beside other readers
	@$(BIN)/python -m benchmarks.reading $(ARGS)

sabotage: $(VENV)/.dev ## edit the kernel a line at a time; every edit must turn the tests red (long)
	@$(BIN)/python -m tests.sabotage --areas $(ARGS)

fuzz: $(VENV)/.dev ## hostile bytes by the thousand, others each time; ARGS="-k zip" (long)
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-5000} $(BIN)/python -m pytest -q -n 0 -x tests/hostile/test_fuzz.py $(ARGS)

check-html: $(VENV)/.report ## look at the pages in Chromium: accessibility (axe), no request, no script; ARGS="--pictures build/pictures"
	@$(BIN)/python -m tests.browser $(ARGS)

clean: ## remove what the targets above made, the environment too
	rm -rf $(VENV) .checker build dist tests/browser/node_modules

# Stamps, so that the second run is instant; a half-made environment is made anew.
$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none is on PATH" >&2; exit 1; }
	@echo "making $(VENV) with $(PYTHON) (once, about a minute)"
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV) && touch $@

$(VENV)/.core: pyproject.toml $(VENV)/.created
	@$(PIP) --editable . && touch $@

$(VENV)/.report: pyproject.toml $(VENV)/.core
	@$(PIP) --editable '.[report]' && touch $@

$(VENV)/.dask: pyproject.toml $(VENV)/.dev
	@$(PIP) --editable '.[dask]' && touch $@

$(VENV)/.docs: pyproject.toml $(VENV)/.dev
	@$(PIP) --editable '.[docs]' && touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.core
	@$(PIP) --editable '.[dev,report]' && touch $@
