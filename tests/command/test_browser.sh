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

# Side by side: four machines of 8 to 256 threads, of which two have one name; eight with long names; three
# with one thread.
make_run() {
	name=$1
	shift
	tests/report/make_run.py "$out/$name" "$@"
}
beside() {
	name=$1
	shift
	build/krefbench-light report "$@" --out "$out/$name" >/dev/null 2>"$out/$name.log"
}
make_run a --threads 1,2,4,8 --strategies 18 --host desk
make_run b --threads 1,2,4,8,16,32,48,96 --strategies 16 --host server --seed 8 --speed 1.3 \
	--cpu 'Another Processor 96'
make_run c --threads 1,2,4,8,16,32,64,128,192,256 --strategies 20 --host '<script>alert(1)</script>' \
	--seed 9 --speed 0.8 --variants clang
make_run d --threads 1,2,4,8,16,32,64 --strategies 12 --host desk --seed 10 --launches 3 --quick \
	--workloads getput,queue_rcu --started 2026-11-23T08:00:00Z
beside machines "$out/a" "$out/b" "$out/c" "$out/d"
tests/report/check_report.py "$out/machines/report.html" "$out/screenshots-machines" 40
for i in 1 2 3 4 5 6 7 8; do
	make_run "m$i" --threads "1,2,4,$((1 << i + 2))" --strategies $((4 + i)) --seed "$i" \
		--host a-machine-with-a-long-name --workloads getput,queue_mutex_free_outside
	make_run "s$i" --threads 1 --strategies $((3 + i)) --seed "$i" --host "s$i" --workloads getput
done
beside eight "$out"/m[1-8]
tests/report/check_report.py "$out/eight/report.html" "$out/screenshots-eight" 6
beside single "$out"/s[1-3]
tests/report/check_report.py "$out/single/report.html" "$out/screenshots-single" 2
