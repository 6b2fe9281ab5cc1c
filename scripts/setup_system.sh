#!/usr/bin/env bash
# Install what the tests need beyond Python: `chromium` (with fonts) for the browser tests, `java` (17) for Spark.
# Uses Debian's packages where apt-get and the right to use it exist; says what to install elsewhere.
set -euo pipefail

have() { command -v "$1" >/dev/null 2>&1; }

packages=()
for part in "$@"; do
  case "$part" in
    chromium)
      have chromium || packages+=(chromium)
      [ -d /usr/share/fonts/truetype/noto ] || packages+=(fonts-noto-core)
      ;;
    java) have java || packages+=(openjdk-17-jre-headless) ;;
    *) echo "setup_system.sh: unknown part '$part' (chromium, java)" >&2; exit 2 ;;
  esac
done
[ ${#packages[@]} -gt 0 ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then as_root="sudo -n"; fi
if ! have apt-get || { [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; }; then
  echo "Not installed, and cannot be installed from here: ${packages[*]}." >&2
  echo "Tests that need them are skipped. Install them with your system's package manager." >&2
  exit 0
fi
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
