#!/usr/bin/env bash
# Ask the advisory service of the package registry whether a locked package has a known weakness (pip-audit).
# Ends with 0 where none is known, 1 where one is, 3 where the service could not be reached: then NOTHING was checked.
set -uo pipefail
cd "$(dirname "$0")/.."
command -v pip-audit >/dev/null 2>&1 || { echo "audit.sh needs pip-audit: pip install pip-audit" >&2; exit 2; }
told=$(pip-audit --requirement requirements.lock --require-hashes --disable-pip --progress-spinner off "$@" 2>&1)
code=$?
echo "$told"
skipped=$(grep -c 'could not be audited' <<<"$told")
if [ "$skipped" -gt 0 ]; then
  echo "audit.sh: the advisory service knew nothing of $skipped packages, so these were NOT checked." >&2
elif grep -qiE 'found [0-9]+ known|no known vulnerabilities' <<<"$told"; then
  exit "$code"
else
  echo "audit.sh: the advisory service gave no answer, so NO package was checked." >&2
fi
[ "$code" -eq 1 ] && grep -qiE 'found [0-9]+ known' <<<"$told" && exit 1
exit 3
