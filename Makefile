# Every target does its own set-up; stamps in .venv make it fast when nothing changed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
# Modules are compiled once, whatever a container has set: or each of many processes compiles them.
unexport PYTHONDONTWRITEBYTECODE
BIN := $(VENV)/bin
BENCHES ?= model start reaction opening lab load ledger
# Two more than a small machine has processors: much of a browser's and a server's tests is waiting.
WORKERS ?= 4
# What a change most often breaks: the plan, the model, indicators, pictures, texts, layers.
QUICK := $(wildcard tests/test_*.py) tests/model tests/structure tests/charts tests/board
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder --durations=10
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# uv installs in a sixth of pip's time, but reads no pip.conf: it is told the index that pip was
# told. Where it fails, as behind some proxies, pip has its turn, and takes the lock at its word: pip
# before 23.3 calls an extra of a pinned package unpinned. What uv fetched goes in the end: behind a
# mirror that names no version of its files, each installation would fill the disk once more.
define INSTALL
index="$${PIP_INDEX_URL:-$$($(PIP) config get global.index-url 2>/dev/null)}"; \
  env $${index:+UV_DEFAULT_INDEX="$$index"} UV_CACHE_DIR="$${UV_CACHE_DIR:-$(VENV)/fetched}" \
  $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || \
  $(PIP) install --no-deps --require-hashes -r $(1) && \
  rm -rf $(VENV)/fetched
endef

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: $(VENV)/.run ## Serve the briefings and open them in a browser
	@$(BIN)/workbook serve $(ARGS)

site: $(VENV)/.run ## Write the static edition to site/ (ARGS="--single-file" for offline files)
	@$(BIN)/workbook site $(ARGS)

lab: $(VENV)/.lab ## Open copies of the notebooks in JupyterLab (ARGS="FOLDER -- --port 8890")
	@$(BIN)/workbook lab $(ARGS)

tools: $(VENV)/.test
	@$(BIN)/python tests/toolchain.py

test: tools $(VENV)/.drawn ## Run all tests (ARGS="tests/model" for a part)
	@echo "Running the tests (all take some 12 to 18 minutes on two processors) …"
	@$(PYTEST) $(ARGS)

# These wait for nothing: a worker more than there are processors would only import all once more.
test-quick: WORKERS = logical
test-quick: tools ## Check what a change most often breaks
	@echo "Running the quick tests (about a minute on two processors) …"
	@$(PYTEST) -m "not slow and not browser and not shared" $(QUICK) $(ARGS)

check: $(VENV)/.test ## Lint, types, layers of imports, data
	@echo "Checking style …" && $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "Checking types …" && $(BIN)/mypy
	@echo "Checking layers …" && $(BIN)/lint-imports
	@echo "Checking dependencies …" && $(BIN)/deptry .
	@$(BIN)/workbook check

bench: $(VENV)/.test ## Run the benchmarks, which print ratios
	@for bench in $(BENCHES); do echo "Running $$bench …"; $(BIN)/python tests/benchmarks/$$bench.py || exit 1; done

pictures: $(VENV)/.test ## Take the pictures in docs/ anew
	@$(BIN)/python docs/take_pictures.py

docs: $(VENV)/.docs ## Build the documentation into docs/_built/html
	@echo "Building the documentation (a minute or two) …"
	@$(BIN)/python -m sphinx -W --keep-going -q docs docs/_built/html && echo "Open docs/_built/html/index.html"

lock: $(VENV)/.test ## Resolve the dependencies anew and write the lock files
	@echo "Resolving …"
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra lab pyproject.toml -o requirements-lab.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra test pyproject.toml -o requirements-test.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-deps --group tools -o requirements-tools.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements-test.lock --group docs -o requirements-docs.lock

clean: ## Remove the virtual environment and caches
	@echo "Removing $(VENV) and caches …"
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find analysis tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with make PYTHON=…"; exit 1; }
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(BIN)/uv: | $(BIN)/python
	@awk '/^uv==/ {of=1} of; of && !/\\$$/ {exit}' requirements-test.lock >$(VENV)/uv.lock
	@$(PIP) install --require-hashes -r $(VENV)/uv.lock

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/uv
	@if [ ! -e $(VENV)/.test ] || [ requirements.lock -nt $(VENV)/.test ]; then \
	  echo "Installing the locked packages (once, some minutes on a slow line) …"; \
	  $(call INSTALL,requirements.lock); fi
	@$(PIP) install --no-deps -e .
	@touch $@

$(VENV)/.lab: requirements-lab.lock $(VENV)/.run
	@echo "Installing JupyterLab (once) …"
	@$(call INSTALL,requirements-lab.lock)
	@touch $@

$(VENV)/.test: requirements-test.lock pyproject.toml | $(BIN)/uv
	@echo "Installing the locked packages with those for tests (once) …"
	@$(call INSTALL,requirements-test.lock)
	@$(PIP) install --no-deps -e .
	@touch $@

$(VENV)/.docs: requirements-docs.lock $(VENV)/.run
	@echo "Installing what builds the documentation (once) …"
	@$(call INSTALL,requirements-docs.lock)
	@touch $@

# Charts are drawn once and kept: or every site that the tests serve would draw them beside the others.
$(VENV)/.drawn: $(VENV)/.test
	@echo "Running the notebooks and drawing their charts (once) …"
	@$(BIN)/python tests/ran.py
	@touch $@

.PHONY: help serve site lab tools test test-quick check bench pictures docs lock clean
