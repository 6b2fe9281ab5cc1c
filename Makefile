# make demo       install and run the demo study from scratch, then say where the results are
# make reproduce  the study of 2019 once more, on a simulated market of 120,000 vacancies (about ten minutes)
# make screenshots  pictures of every page and of the report of the demo study, in screenshots/
# make test       set up, then tests, lint, types, documentation
# make test-full  the same and all that is long: many markets, many kills, Spark
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
REPRODUCE := examples/studies/reproduce-2019

SHARED := ../shared/data

.PHONY: demo screenshots reproduce test test-full lint types accuracy clean

$(VENV)/.core: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "overstap needs Python 3.11 or newer; set PYTHON=…"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -e .
	touch $@

$(VENV)/.dev: $(VENV)/.core scripts/setup_system.sh
	bash scripts/setup_system.sh chromium
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -e '.[dev]'
	touch $@

$(VENV)/.full: $(VENV)/.dev
	bash scripts/setup_system.sh java
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -e '.[dev,spark]'
	touch $@

demo: $(VENV)/.core
	$(BIN)/overstap demo --folder $(DEMO)

screenshots: $(VENV)/.dev
	test -f $(DEMO)/study.yaml || $(BIN)/overstap demo --folder $(DEMO)
	$(BIN)/python scripts/screenshots.py $(DEMO)/study.yaml screenshots

reproduce: $(VENV)/.core
	$(BIN)/overstap demo --ads-only --folder $(REPRODUCE)/ads --vacancies 120000 --seed 2019
	$(BIN)/overstap run $(REPRODUCE)/study.yaml
	$(BIN)/overstap reproduce $(REPRODUCE)/study.yaml

test: $(VENV)/.dev lint types
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not full and not spark"

test-full: $(VENV)/.full lint types
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

accuracy: $(VENV)/.dev
	$(BIN)/overstap evaluate $(SHARED)

clean:
	rm -rf $(VENV) $(DEMO) .pytest_cache .mypy_cache .ruff_cache .hypothesis
