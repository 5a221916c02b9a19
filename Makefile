# The two commands: `make demo` does the main job on real data, `make test` checks that everything works.
# Both install what they need into .venv, from the Python package index alone.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
# Workers take tests from each other when they run out, so none is idle while another still has slow ones.
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal
LOCALE := src/matinee/i18n/locale

.PHONY: demo test quick check fix messages serve bench clean

# Ends in the web app, at http://127.0.0.1:8000. `make demo SERVE=no` stops before it.
demo: .venv/.installed
	$(BIN)/matinee demo $(if $(filter no,$(SERVE)),--no-serve)

# The last lines say which tests were skipped, and what they need. MATINEE_REQUIRE=browser,postgres makes those fail.
test: .venv/.dev
	$(PYTEST)

# Without the slow tests and those that fetch from the package index.
quick: .venv/.dev
	$(PYTEST) -m "not slow and not network"

check: .venv/.dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/codespell src docs tests benchmarks *.md
	$(BIN)/basedpyright

fix: .venv/.dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# Collects the texts of code and templates, and merges them into every translation.
messages: .venv/.installed
	$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --add-location file --no-wrap --project Matinee \
	  --output-file .venv/messages.pot src
	$(BIN)/pybabel --quiet update --domain matinee --no-wrap --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date --input-file .venv/messages.pot --output-dir $(LOCALE)

# The web app on the models that `make demo` trained.
serve: .venv/.installed
	test -d demo/rating-run || $(BIN)/matinee demo --no-serve
	$(BIN)/matinee serve --run demo/run --rating-run demo/rating-run --database demo/matinee.db

# MATINEE_ML1M is a folder with MovieLens 1M. Without it, `matinee data get ml-1m` is tried.
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
