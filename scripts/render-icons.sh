#!/usr/bin/env bash
# Renders icons/icon.svg to the sizes that tauri.conf.json names. The results are committed: run it after a change.
set -euo pipefail
cd "$(dirname "$0")/../icons"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

# By the browser that the tests use, so that no other renderer is needed.
printf '<!doctype html><style>html,body{margin:0}img{display:block;width:1024px;height:1024px}</style><img src="icon.svg">' \
  >"$scratch/icon.html"
cp icon.svg "$scratch/"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --default-background-color=00000000 \
  --window-size=1024,1024 --screenshot="$scratch/icon.png" "file://$scratch/icon.html" >/dev/null 2>&1

size() { convert "$scratch/icon.png" -filter Lanczos -resize "$1x$1" -strip "PNG32:$2"; }
size 32 32x32.png
size 128 128x128.png
size 256 128x128@2x.png
size 512 icon.png
for edge in 16 24 32 48 64 256; do size "$edge" "$scratch/$edge.png"; done
convert "$scratch"/{16,24,32,48,64,256}.png icon.ico
