#!/usr/bin/env bash
# Run tests with the oldest dependencies that pyproject.toml allows: a lower bound that no longer holds is a lie.
# Needs uv (pip install uv) and a package registry.
#   scripts/test_oldest.sh [pytest arguments; default: the unit tests]
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo "test_oldest.sh needs uv: pip install uv" >&2; exit 2; }
venv=${OLDEST_VENV:-.venv-oldest}
[ -x "$venv/bin/python" ] || uv venv --quiet --python "${PYTHON:-python3.11}" "$venv"
uv pip install --quiet --python "$venv/bin/python" --resolution lowest-direct -r pyproject.toml --extra dev
[ $# -gt 0 ] || set -- tests/unit -m "not full and not spark and not web and not real"
PYTHONPATH=src NUMBA_CACHE_DIR="$venv/numba" "$venv/bin/python" -m pytest -p no:cacheprovider "$@"
