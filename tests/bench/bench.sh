#!/bin/sh
# What the harness costs and whether it tells the truth, as ratios: twins, plain loop, time measured.
# Nothing else may run meanwhile. $1: the build folder.
# SPDX-License-Identifier: MIT

set -eu
build=$1
out=$build/bench
rm -rf "$out"

"$build/tests/plain_loop_atomic"
"$build/tests/plain_loop_refcount"

"$build/krefbench" --filter 'getput/(atomic|refcount)@.*/work_ns:0/threads:1$' --threads 1 --work 0 \
	--budget 60s --out "$out" >/dev/null 2>&1
awk -F, '
	# A pair with the baseline has it as b, whichever of the two is the twin.
	{ strategy = substr($6, 1, index($6, "@") - 1); same = $7 ~ "^" strategy "@" }
	same && $7 ~ /@asm$/ && $6 !~ /@aa$/ { tell("cell / asm twin", $9, $10, $11) }
	same && $6 ~ /@asm$/ && $7 !~ /@aa$/ { tell("cell / asm twin", 1 / $9, 1 / $11, 1 / $10) }
	same && $6 ~ /@aa$/ && $7 !~ /@asm$/ { tell("A/A", $9, $10, $11) }
	function tell(what, ratio, low, high) {
		printf "%-10s %s: %.4f [%.4f, %.4f]\n", strategy, what, ratio, low, high
	}' "$out/ratios.csv"

rm -rf "$out"
"$build/krefbench" --quick --out "$out" >/dev/null 2>&1
awk -F'[:,]' '/"measured_s"/ { measured = $2 } /"measuring_s"/ { printf \
	"inside windows: %.0f of 100 s of measuring (whole matrix, --quick)\n", 100 * measured / $2 }' \
	"$out/meta.json"
