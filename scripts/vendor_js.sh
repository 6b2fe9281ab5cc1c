#!/bin/sh
# Remake src/overstap/publish/assets/vendor/: the chart libraries and the page of the API, minified, with their licences.
# Needs npm, tar and python3. Versions are pinned here; vendor.json records the digest of what is shipped.
set -eu
target="$(cd "$(dirname "$0")/.." && pwd)/src/overstap/publish/assets/vendor"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent vega@6.4.0 vega-lite@6.4.3 vega-embed@7.3.0 vega-interpreter@2.3.2 swagger-ui-dist@5.35.0 >/dev/null
mkdir -p "$target"
rm -f "$target"/*
# vega-interpreter has no browser build of its own: vega-embed holds it, so its licence is shipped beside the others.
for name in vega vega-lite vega-embed vega-interpreter; do
  mkdir "$name"
  tar xzf "$name"-[0-9]*.tgz -C "$name" --strip-components=1
  cp "$name/LICENSE" "$target/$name.LICENSE.txt"
  if [ -f "$name/build/$name.min.js" ]; then
    grep -v '^//# sourceMappingURL=' "$name/build/$name.min.js" > "$target/$name.min.js"
  fi
done
mkdir swagger-ui
tar xzf swagger-ui-dist-*.tgz -C swagger-ui --strip-components=1
cp swagger-ui/LICENSE "$target/swagger-ui.LICENSE.txt"
for kind in js css; do
  file="swagger-ui$([ $kind = js ] && echo -bundle || true).$kind"
  grep -v 'sourceMappingURL=' "swagger-ui/$file" > "$target/swagger-ui.min.$kind"
done
python3 - "$target" <<'PY'
import hashlib, json, pathlib, sys
target = pathlib.Path(sys.argv[1])
entries = []
for name in ("vega", "vega-lite", "vega-embed", "vega-interpreter", "swagger-ui"):
    package = json.loads(pathlib.Path(name, "package.json").read_text())
    file = target / f"{name}.min.js"
    entries.append({
        "name": name,
        "version": package["version"],
        "licence": package["license"],
        "licence_file": f"{name}.LICENSE.txt",
        "file": file.name if file.exists() else None,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None,
        "note": "" if file.exists() else "part of vega-embed.min.js",
    })
(target / "vendor.json").write_text(json.dumps(entries, indent=1) + "\n")
PY
ls -l "$target"
