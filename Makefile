# make demo       install and run the demo study from scratch, then say where the results are
# make reproduce  the study of 2019 once more, on a simulated market of 120,000 vacancies (about ten minutes)
# make screenshots  pictures of every page and of the report of the demo study, in screenshots/
# make test       set up (Java and Spark too), then tests, lint, types, documentation
# make dist       wheel and source archive in dist/, with a bill of materials (CycloneDX)
# make lock       requirements.lock: exact versions with hashes, from pyproject.toml (needs a package registry)
# make audit      ask whether a locked package has a known weakness
# make test-oldest  the unit tests with the oldest dependencies that pyproject.toml allows
# make test-full  the same and all that is long: many markets, many kills, servers of Spark
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
REPRODUCE := examples/studies/reproduce-2019

SHARED := ../shared/data

.PHONY: demo screenshots reproduce test test-full test-oldest lint types accuracy dist lock audit clean

$(VENV)/.core: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "overstap needs Python 3.11 or newer; set PYTHON=…"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -e .
	touch $@

$(VENV)/.dev: $(VENV)/.core scripts/setup_system.sh
	bash scripts/setup_system.sh chromium
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -e '.[dev]'
	touch $@

$(VENV)/.spark: $(VENV)/.dev
	bash scripts/setup_system.sh java
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -e '.[dev,spark]'
	touch $@

$(VENV)/.full: $(VENV)/.spark
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check 'pyspark[connect]>=4,<5'
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

test: $(VENV)/.spark lint types
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not full"

test-full: $(VENV)/.full lint types
	$(BIN)/python -m pytest -n 2 --dist loadgroup

$(VENV)/.supply: $(VENV)/.dev
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check 'build>=1.2' 'pip-audit>=2.7' 'uv>=0.5'
	touch $@

dist: $(VENV)/.supply
	$(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/python scripts/sbom.py --extra report --out dist/sbom.json

lock: $(VENV)/.supply
	PATH="$(abspath $(BIN)):$$PATH" scripts/lock.sh

audit: $(VENV)/.supply
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python scripts/audit.py

test-oldest: $(VENV)/.supply
	PATH="$(abspath $(BIN)):$$PATH" PYTHON=$(abspath $(BIN))/python scripts/test_oldest.sh

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

accuracy: $(VENV)/.dev
	$(BIN)/overstap evaluate $(SHARED)

clean:
	rm -rf $(VENV) .venv-oldest dist $(DEMO) .pytest_cache .mypy_cache .ruff_cache .hypothesis
