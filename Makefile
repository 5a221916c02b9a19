# The two commands: `make demo` does the main job on real data, `make test` proves that it works.
# Both set up everything they need in .venv, from the Python package index alone.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: demo test quick check fix serve bench clean

# It ends in the web app, at http://127.0.0.1:8000; `make demo SERVE=no` ends before it.
demo: .venv/.installed
	$(BIN)/matinee demo $(if $(filter no,$(SERVE)),--no-serve)

test: .venv/.dev
	$(BIN)/python -m pytest -n auto

# The everyday tests alone, without the slow ones and those that fetch from the package index.
quick: .venv/.dev
	$(BIN)/python -m pytest -n auto -m "not slow and not network"

check: .venv/.dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/basedpyright

fix: .venv/.dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# The web app on what `make demo` trained.
serve: .venv/.installed
	test -d demo/stars || $(BIN)/matinee demo --no-serve
	$(BIN)/matinee serve --run demo/run --stars demo/stars --database demo/matinee.db

# MATINEE_ML1M=<folder of MovieLens 1M>; without it, `matinee data get ml-1m` is tried.
bench: .venv/.bench
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv demo .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable '.[serve]'
	touch $@

.venv/.dev: .venv/.installed
	$(PIP) --editable '.[dev]'
	touch $@

.venv/.bench: .venv/.installed
	$(PIP) --editable '.[bench]'
	touch $@
