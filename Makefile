# `make` alone lists the targets. Everything happens in .venv; nothing outside this folder is changed.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
NAME   ?= enrol

.DEFAULT_GOAL := help
.PHONY: help install demo test check browser bench clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Facewitness needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/tested: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --group dev --group browser
	@touch $@

install: $(VENV)/installed ## make .venv and install Facewitness into it

.demo/portraits/manifest.csv: demo/portraits.py | $(VENV)/installed
	$(BIN)/python demo/portraits.py .demo/portraits

demo: $(VENV)/installed .demo/portraits/manifest.csv ## enrol sample portraits, search them, show where each came from
	@$(BIN)/python demo/demo.py

test: $(VENV)/tested .demo/portraits/manifest.csv ## run every check and test (Chromium tests where it is installed)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --cov --cov-report=term

bench: $(VENV)/tested ## run one bench: make bench NAME=accuracy|enrol|gallery|memory|search|small_faces|sources|withdraw
	$(BIN)/python -m bench.$(NAME)

clean: ## remove .venv and what demo and tests made
	rm -rf $(VENV) .demo .pytest_cache .mypy_cache .ruff_cache .coverage
