#!/usr/bin/env bash
# Run tests with the oldest dependencies that pyproject.toml allows: a lower bound that no longer holds is a lie.
# Needs uv (pip install uv) and a package registry. Only wheels are taken: to build scipy or pyarrow would take hours.
#   scripts/test_oldest.sh [pytest arguments; default: a choice that calls every dependency, `all`: every unit test]
# The passes of Numba are compiled anew for its oldest version, which takes longer than the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo "test_oldest.sh needs uv: pip install uv" >&2; exit 2; }
venv=${OLDEST_VENV:-.venv-oldest}
[ -x "$venv/bin/python" ] || uv venv --quiet --python "${PYTHON:-python3.11}" "$venv"
uv pip install --quiet --python "$venv/bin/python" --only-binary :all: --resolution lowest-direct -r pyproject.toml --extra dev
chosen=(
  tests/cli/test_flow.py tests/cli/test_ingest.py  # whole studies: duckdb, numba, pyarrow, scipy, sqlglot, typer, rich
  tests/unit/test_{store,faults,study,sources_csv,sources_json,parquet,retention,uncertainty,survey_results}.py
  tests/unit/test_{publish_texts,publish_formats,experiments,education_curriculum,package}.py
  tests/web/test_http.py
)
if [ $# -eq 0 ]; then set -- "${chosen[@]}"; elif [ "$1" = all ]; then set -- tests/unit; fi
PYTHONPATH=src NUMBA_CACHE_DIR="$PWD/$venv/numba" "$venv/bin/python" -m pytest -p no:cacheprovider -n 2 --dist loadgroup \
  -m "not full and not spark and not real" "$@"
