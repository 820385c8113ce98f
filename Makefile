# Two commands matter: `make run` and `make test`. The others are for those who change the code.
SHELL := /bin/sh
PYTHON ?= python3.11
PORT ?= 8000
BIN := .venv/bin
export PORT

.PHONY: help run test fmt check bench demo-reset setup

help:
	@echo "make run         start the site with its sample programme on http://localhost:$(PORT)"
	@echo "make test        run the test suite"
	@echo "make fmt         format code and templates"
	@echo "make check       lint, types, import contracts, translations"
	@echo "make bench       measure; prints ratios"
	@echo "make demo-reset  delete the local data and start the sample anew"

.venv/runtime: requirements.lock scripts/setup.sh
	@PYTHON="$(PYTHON)" sh scripts/setup.sh runtime

.venv/dev: requirements-dev.lock scripts/setup.sh
	@PYTHON="$(PYTHON)" sh scripts/setup.sh dev

setup: .venv/dev

run: .venv/runtime
	@$(BIN)/python scripts/compile_messages.py
	@$(BIN)/python scripts/run.py

test: .venv/dev
	@$(BIN)/python scripts/compile_messages.py
	@$(BIN)/python -m pytest -n auto --dist loadfile -m "not browser and not postgres and not node and not java and not process and not hostsite" $(ARGS)

fmt: .venv/dev
	@$(BIN)/ruff check --fix -q . || true
	@$(BIN)/ruff format -q .
	@git ls-files '*.html' | xargs $(BIN)/djade --target-version 5.2 || true

check: .venv/dev
	@sh scripts/check.sh

bench: .venv/dev
	@for script in bench/bench_*.py; do $(BIN)/python $$script || exit 1; done

demo-reset:
	@rm -rf data && echo "The local data is gone; make run starts the sample anew."
