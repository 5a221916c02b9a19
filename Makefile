# The two commands: `make demo` does the main job on real data, `make test` proves that it works.
# Both set up everything they need in .venv, from the Python package index alone.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: demo test quick check fix serve bench clean

demo: .venv/.installed
	$(BIN)/matinee demo

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

# The report card that `make demo` wrote, for a browser: http://127.0.0.1:8000/report.html
serve: .venv/.installed
	test -f demo/report.html || $(BIN)/matinee demo
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory demo 8000

# MATINEE_ML1M=<folder of MovieLens 1M>; without it, `matinee data get ml-1m` is tried.
bench: .venv/.bench
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv demo .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	touch $@

.venv/.dev: .venv/.installed
	$(PIP) --editable '.[dev]'
	touch $@

.venv/.bench: .venv/.installed
	$(PIP) --editable '.[bench]'
	touch $@
