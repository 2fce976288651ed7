# Everything starts here: `make` lists the targets.
PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup test-setup up app test test-thorough coverage check docs links bench clean

# In front of PATH for what runs inside the environment, but not for making it.
IN_VENV := PATH="$(CURDIR)/.venv/bin:$$PATH"

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: ## make .venv with Python packages and the Pulumi CLI
	@$(PYTHON) tools/setup.py

test-setup:
	@$(PYTHON) tools/setup.py --tests

up: setup ## run the example: pulumi up on stack test, against the embedded sandbox
	@$(IN_VENV) python tools/up.py $(ARGS)

app: setup ## click through the example: sandbox, pulumi up, a web app around the portal
	@$(IN_VENV) python tools/app.py $(ARGS)

test: test-setup ## run every test, with the Pulumi engine and a browser; ARGS="-k name" picks
	$(IN_VENV) python -m pytest -n auto --dist worksteal $(ARGS)

test-thorough: test-setup ## run every test with many more generated examples, others each time, and no forks
	$(IN_VENV) HYPOTHESIS_PROFILE=thorough python -m pytest -n auto --dist worksteal --hypothesis-seed=$$(date +%s) $(ARGS)

coverage: test-setup ## run every test, and show what of the package none of them reaches
	@rm -f .coverage .coverage.*
	$(IN_VENV) COVERAGE_FILE="$(CURDIR)/.coverage" coverage run -m pytest -n auto --dist worksteal $(ARGS)
	$(IN_VENV) coverage combine --quiet && $(IN_VENV) coverage report --fail-under 95

check: setup ## lint, types and the fast tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(IN_VENV) python -m pytest -q -n auto --dist worksteal -p no:playwright -p no:base_url \
	  -m "not engine and not browser and not stripe_mock and not slow" $(ARGS)

docs: setup ## build the site of docs/ into .cache/docs; a warning is an error (Python 3.11+)
	$(IN_VENV) python -m sphinx --fail-on-warning --keep-going --quiet -b html docs .cache/docs
	@echo "docs: open .cache/docs/index.html"

links: setup ## ask other sites whether the pages are there that ours link to
	$(IN_VENV) python -m sphinx --quiet -b linkcheck -c docs -D root_doc=README \
	  -D exclude_patterns=.venv,.cache,tests,**/node_modules . .cache/links

bench: setup ## run the benchmarks
	$(IN_VENV) python -m benchmarks $(ARGS)

clean: ## remove all that make made in this folder, the example's state included
	rm -rf .venv .cache .pulumi-state .sandbox .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis test-results dist
