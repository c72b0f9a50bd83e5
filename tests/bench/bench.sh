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
# Both ways round: which of a pair stands first follows the registry.
awk -F, '$6 ~ /^(atomic|refcount)@/ && $7 ~ /@asm$/ && substr($6, 1, index($6, "@")) == \
	substr($7, 1, index($7, "@")) && $6 !~ /@aa$/ {
	printf "%-10s cell / asm twin: %.4f [%.4f, %.4f], noise floor %.4f\n",
		substr($6, 1, index($6, "@") - 1), $9, $10, $11, $16 }' "$out/ratios.csv"
awk -F, '$4 == 1 && $6 ~ /^refcount@/ && $7 == "refcount@aa" || $7 ~ /^refcount@(gcc|clang)$/ && \
	$6 == "refcount@aa" { printf "%-10s A/A: %.4f [%.4f, %.4f]\n", "refcount", $9, $10, $11 }' \
	"$out/ratios.csv"

rm -rf "$out"
"$build/krefbench" --quick --out "$out" >/dev/null 2>&1
awk -F'[:,]' '/"measured_s"/ { measured = $2 } /"measuring_s"/ { printf \
	"inside windows: %.0f of 100 s of measuring (whole matrix, --quick)\n", 100 * measured / $2 }' \
	"$out/meta.json"
