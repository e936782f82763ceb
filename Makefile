# Everything a checkout can do. `make help` lists it. The environment lives in .venv and nowhere else.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

# The first interpreter that runs and is one of the versions the pins are made for. A name on the PATH is not enough:
# pyenv puts names there that only say they are not installed.
FIND_PYTHON = for python in $(PYTHON) python3.13 python3.12 python3 "$$HOME"/.pyenv/versions/3.13*/bin/python \
  "$$HOME"/.pyenv/versions/3.12*/bin/python; do \
    "$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info < (3, 14))' 2>/dev/null && { echo "$$python"; break; }; \
  done
BIN := .venv/bin
STAMP := .venv/.complete

.PHONY: help venv system demo test unit lint bench wheel clean

help: ## list what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; do printf 'make %-8s %s\n' "$$name" "$$what"; done

venv: $(STAMP) ## make the environment in .venv

$(STAMP): pyproject.toml deploy/constraints.txt
	@python="$$($(FIND_PYTHON))"; \
	if [ -z "$$python" ]; then \
	  echo "No Python 3.12 or 3.13 with venv was found. Install one (Debian, Ubuntu: apt install python3.12-venv; or pyenv install 3.13)," >&2; \
	  echo "or name one: make venv PYTHON=/path/to/python3.13" >&2; exit 1; fi; \
	echo "[1/3] making .venv with $$("$$python" --version)"; \
	"$$python" -m venv --clear .venv
	@echo "[2/3] installing pinned packages (a few minutes the first time)"
	@$(BIN)/pip install -qq --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/pip install -qq --disable-pip-version-check --progress-bar off --constraint deploy/constraints.txt --editable '.[lab,names]' --group dev
	@echo "[3/3] checking that they fit together"
	@$(BIN)/pip check --quiet --disable-pip-version-check || $(BIN)/pip check
	@touch $@

system: ## install the Debian packages some tests need (root only; others skip those tests)
	@deploy/system-packages.sh

demo: $(STAMP) ## send real DingTalk clients through a real gate, and show what arrived
	@$(BIN)/python -m cerco.lab $(ARGS)

test: $(STAMP) system ## run every test
	@$(BIN)/python -m pytest $(ARGS)

unit: $(STAMP) ## run the tests that start no network, in seconds
	@$(BIN)/python -m pytest --ignore=tests/e2e $(ARGS)

lint: $(STAMP) wheel ## check style, types, the contracts between rooms, and the wheel
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/cerco rules check

wheel: $(STAMP) ## build the wheel and check what is in it
	@rm -rf dist && $(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	@$(BIN)/python tests/wheel_contents.py dist/*.whl

bench: $(STAMP) ## measure what the README claims
	@$(BIN)/pip install -qq --disable-pip-version-check --constraint deploy/constraints.txt --group bench
	@missed=0; for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script" || missed=1; done; exit $$missed

clean: ## remove everything make has made
	@rm -rf .venv dist .demo .corpora .mypy_cache .ruff_cache .pytest_cache .hypothesis
