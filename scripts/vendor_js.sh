#!/bin/sh
# Remake src/overstap/publish/assets/vendor/: the chart libraries and the page of the API, minified, with their licences.
# Needs npm, tar and python3. Versions are pinned here; vendor.json records the digest of what is shipped.
set -eu
target="$(cd "$(dirname "$0")/.." && pwd)/src/overstap/publish/assets/vendor"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
entry="$(cd "$(dirname "$0")" && pwd)/vega_entry.js"
cd "$work"
cp "$entry" .
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund --save-exact \
  vega@6.4.0 vega-lite@6.4.3 vega-interpreter@2.3.2 esbuild@0.25.0 >/dev/null
npm pack --silent swagger-ui-dist@5.35.0 >/dev/null
mkdir -p "$target"
rm -f "$target"/*
for name in vega vega-lite vega-interpreter; do
  cp "node_modules/$name/LICENSE" "$target/$name.LICENSE.txt"
done
# Vega-Lite asks Vega for nothing but what vega-util holds.
npx esbuild vega_entry.js --bundle --minify --format=iife --global-name=vega --alias:vega=vega-util --target=es2022 \
  --legal-comments=none --log-level=warning --metafile=parts.json --outfile="$target/vega.min.js"
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
for name in ("vega", "vega-lite", "vega-interpreter", "swagger-ui"):
    package = json.loads((pathlib.Path("node_modules", name) if name != "swagger-ui" else pathlib.Path(name)).joinpath("package.json").read_text())
    file = target / f"{name}.min.js"
    entries.append({
        "name": name,
        "version": package["version"],
        "licence": package["license"],
        "licence_file": f"{name}.LICENSE.txt",
        "file": file.name if file.exists() else None,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None,
        "note": "" if file.exists() else "part of vega.min.js",
    })
parts = sorted({path.split("node_modules/")[-1].split("/")[0] for path in json.load(open("parts.json"))["inputs"] if "node_modules/" in path})
others = [pathlib.Path("node_modules", part) for part in parts if not part.startswith("vega")]
texts = [(part, next(part.glob("LICEN[SC]E*"), None)) for part in others]
if lacking := [part.name for part, file in texts if file is None]:
    sys.exit(f"no licence file: {', '.join(lacking)}")
(target / "vega-parts.LICENSE.txt").write_text(
    "What vega.min.js holds beside Vega, Vega-Lite and vega-interpreter, with the licence of each.\n"
    + "".join(f"\n== {part.name} ==\n\n{file.read_text().strip()}\n" for part, file in texts)
)
(target / "vendor.json").write_text(json.dumps(entries, indent=1) + "\n")
PY
ls -l "$target"
