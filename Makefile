# The two that matter: `make run` and `make test`. Each prepares what it needs; a second time takes no time.
# Settings: DATA_DIR (./var), PORT (8000), PYTHON (a Python 3.11 or newer).

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?=
export DATA_DIR ?= ./var
export PORT ?= 8000
export PYTHONUTF8 = 1
export FLASK_APP = wsgi:app

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
CODE := app question_bank proctoring certificates deploy benchmarks
CHECKED := $(CODE) tests migrations tools wsgi.py
CATALOGUES := app/translations

.PHONY: help run test test-faults check lint types imports templates format i18n catalogues db lock bench screenshots names stop clean setup setup-dev tools

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Settings: DATA_DIR=$(DATA_DIR) PORT=$(PORT) PYTHON=$(or $(PYTHON),the newest found)"

run: setup catalogues ## Prepare everything and serve at 127.0.0.1:$PORT, with a demonstration on an empty store
	@exec $(PY) -m deploy.run

test: setup-dev catalogues tools ## Prepare everything and run every check: style, types, layers, texts, tests
	@$(PY) -m deploy.checks

test-faults: setup-dev catalogues ## Break the running engine on purpose for ten minutes (ARGS="--seconds 60 --seed 7")
	@$(PY) -m tests.faults $(ARGS)

lint: setup-dev ## Style of code and templates
	@$(PY) -m deploy.checks ruff format templates

types: setup-dev ## Types (mypy --strict) and the import direction
	@$(PY) -m deploy.checks types imports

format: setup-dev ## Bring code into the house style
	@$(PY) -m ruff check --quiet --fix $(CHECKED) || true
	@$(PY) -m ruff format $(CHECKED)

i18n: setup-dev ## Collect the texts, update both catalogues, fail when one lacks a sentence
	@$(PY) -m deploy.catalogues update
	@$(PY) -m deploy.catalogues check

db: setup ## Bring the database to the newest form
	@$(PY) -m flask db upgrade

lock: setup-dev ## Compile requirements*.in to the locked lists with hashes
	@for name in requirements requirements-dev; do \
	  $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --custom-compile-command "make lock" $$name.in -o $$name.txt || exit 1; done

bench: setup catalogues ## Measure against the bare limits of this machine
	@$(PY) -m benchmarks

screenshots: setup-dev catalogues tools ## Take the pictures of the README
	@$(PY) -m deploy.screenshots

names: setup ## Draw the two hundred hard names to look at, as hard_names.pdf
	$(PY) -m certificates.papers.name_sheet tests/data/hard_names.txt hard_names.pdf

stop: ## Stop the embedded servers of DATA_DIR
	@if [ -x $(PY) ]; then $(PY) -m deploy.local stop "$(DATA_DIR)"; fi

clean: stop ## Remove what was made here: environment, caches, and DATA_DIR with all its data (asks first)
	@$(PY) -m deploy.clean "$(DATA_DIR)"

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev
tools: $(VENV)/.tools
catalogues: $(patsubst %.po,%.mo,$(wildcard $(CATALOGUES)/*/LC_MESSAGES/messages.po))

$(VENV)/.ready: requirements.txt deploy/setup.sh
	@sh deploy/setup.sh "$(PYTHON)" $(VENV) requirements.txt && touch $@

# The longer list holds the shorter one, so one installation serves both.
$(VENV)/.ready-dev: requirements-dev.txt requirements.txt deploy/setup.sh
	@sh deploy/setup.sh "$(PYTHON)" $(VENV) requirements-dev.txt && touch $(VENV)/.ready $@

$(VENV)/.tools: deploy/tools.py | setup-dev
	@$(PY) deploy/tools.py tests && touch $@

%.mo: %.po | setup
	@$(PY) -m deploy.catalogues compile
