#!/bin/sh
# What the harness costs and whether it tells the truth, as ratios: twins, plain loop, time measured.
# Nothing else may run meanwhile. $1: the build folder. Fails where a ratio is missing, where the
# harness finds a difference between a cell and itself (A/A) of 2 percent, or where it takes itself
# half a percent of the time that it measures.
# SPDX-License-Identifier: MIT

set -eu
build=$1
out=$build/bench
rm -rf "$out"

"$build/tests/plain_loop_atomic"
"$build/tests/plain_loop_refcount"

"$build/krefbench" --filter 'getput/(atomic|refcount|empty)@.*/work_ns:0/threads:1$' --threads 1 --work 0 \
	--budget 60s --out "$out" >/dev/null 2>&1
case $(uname -m) in
x86_64) wanted=3 ;;
*) wanted=1 ;;	# no asm twins
esac
awk -F, -v wanted="$wanted" '
	# A pair with the baseline has it as b, whichever of the two is the twin.
	{ strategy = substr($6, 1, index($6, "@") - 1); same = $7 ~ "^" strategy "@" }
	same && $7 ~ /@asm$/ && $6 !~ /@aa$/ { tell("cell / asm twin", $9, $10, $11) }
	same && $6 ~ /@asm$/ && $7 !~ /@aa$/ { tell("cell / asm twin", 1 / $9, 1 / $11, 1 / $10) }
	same && $6 ~ /@aa$/ && $7 !~ /@asm$/ { tell("A/A", $9, $10, $11) }
	function tell(what, ratio, low, high) {
		printf "%-10s %s: %.4f [%.4f, %.4f]\n", strategy, what, ratio, low, high
		told++
		differs += what == "A/A" && (low < 0.98 || high > 1.02)
	}
	END {
		if (told != wanted)
			print "bench: " told + 0 " ratios of " wanted > "/dev/stderr"
		if (differs)
			print "bench: a cell differs from itself" > "/dev/stderr"
		exit told != wanted || differs
	}' "$out/ratios.csv"
# Of the empty cell an op is a batch; of the others a batch is 20 us.
awk -F, '$2 == "empty" && $4 == "compact" {
		printf "a batch costs %.1f ns, %.2f%% of its 20 us\n", $10, $10 / 200
		told = 1
		dear = $10 > 100
	}
	END {
		if (dear)
			print "bench: a batch costs too much" > "/dev/stderr"
		exit !told || dear
	}' "$out/summary.csv"

rm -rf "$out"
"$build/krefbench" --quick --out "$out" >/dev/null 2>&1
awk -F'[:,]' '/"measured_s"/ { measured = $2 } /"measuring_s"/ { printf \
	"inside windows: %.0f of 100 s of measuring (whole matrix, --quick)\n", 100 * measured / $2
	told = 1 }
	END { exit !told }' "$out/meta.json"
