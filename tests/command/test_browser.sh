#!/bin/sh
# Opens reports in headless Chromium, that of a short run and that of a made one of 256 threads, 30
# strategies and a host with a name like a script: see tests/report/check_report.py. Leaves screenshots
# at 1280 and 400 pixels. $1: a folder for them.
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
./run.sh --quick --filter 'getput|handoff_queue/' --out "$out/run" >/dev/null 2>&1
tests/report/make_run.py "$out/large" --threads 1,2,4,8,16,32,64,128,192,256 --strategies 30 --counters \
	--boundaries 16:L3,64:package --host '<script>alert(1)</script>'
build/krefbench-light report "$out/large" >/dev/null 2>"$out/large.log"
tests/report/make_run.py "$out/tiny" --threads 1 --strategies 5 --launches 3
build/krefbench-light report "$out/tiny" >/dev/null 2>"$out/tiny.log"
tests/report/check_report.py "$out/run/report.html" "$out/screenshots" 4
tests/report/check_report.py "$out/large/report.html" "$out/screenshots-large" 100
tests/report/check_report.py "$out/tiny/report.html" "$out/screenshots-tiny" 4
