#!/bin/sh
# Opens a short run's report in headless Chromium: it renders, says nothing on the console, shows each
# figure, and asks no network. Leaves screenshots at 1280 and 400 pixels. $1: a folder for them.
# SPDX-License-Identifier: MIT

set -eu
cd "$(dirname "$0")/../.."
out=$1
if ! command -v chromium >/dev/null; then
	echo 'SKIP: chromium is not here'
	exit 77
fi
rm -rf "$out"
mkdir -p "$out"
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT

# No name resolves and no proxy answers: a page that asks the network shows it.
browse() {
	chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync \
		--host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$profile" \
		--enable-logging=stderr "$@" "file://$(realpath "$out")/run/report.html"
}

./run.sh --quick --filter 'getput|handoff_queue/' --out "$out/run" >/dev/null 2>&1
browse --dump-dom >"$out/dom.html" 2>"$out/console"
if grep 'CONSOLE' "$out/console"; then
	echo 'FAIL: the page writes to the console'
	exit 1
fi
figures=$(find "$out/run/plots" -name '*.svg' | wc -l)
shown=$(grep -o '<svg' "$out/dom.html" | wc -l)
drawn=$(grep -o '<path' "$out/dom.html" | wc -l)
if [ "$figures" -lt 4 ] || [ "$shown" -ne "$figures" ] || [ "$drawn" -lt $((figures * 10)) ]; then
	echo "FAIL: $figures figures, $shown shown, $drawn paths in them"
	exit 1
fi
for width in 1280 400; do
	browse --hide-scrollbars --screenshot="$out/report-$width.png" \
		--window-size="$width,6000" >/dev/null 2>&1
	[ "$(wc -c <"$out/report-$width.png")" -gt 50000 ]
done
echo "browser: $figures figures shown; screenshots in $out"
