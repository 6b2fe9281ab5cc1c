#!/usr/bin/env bash
# Write requirements.lock: every package that overstap with the extra `report` needs, in exact versions with hashes, for
# Python 3.11 and newer on any system. Needs uv (pip install uv) and a package registry.
#   scripts/lock.sh            bring the lock up to date with pyproject.toml; versions that still fit are kept
#   scripts/lock.sh --upgrade  take the newest versions
# Install from it: pip install --require-hashes -r requirements.lock && pip install --no-deps overstap
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo "lock.sh needs uv: pip install uv" >&2; exit 2; }
export UV_CUSTOM_COMPILE_COMMAND="scripts/lock.sh"
uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
  --extra report "$@" --output-file requirements.lock pyproject.toml
echo "requirements.lock: $(grep -c '==' requirements.lock) packages"
