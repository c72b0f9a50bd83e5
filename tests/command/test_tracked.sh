#!/bin/sh
# docs/debugging.md and the README show what handoff.c says with tracked: it does say that, also where
# AddressSanitizer would see freed memory touched, and nothing when it is right. CC: the compiler.
# SPDX-License-Identifier: MIT

set -u
cd "$(dirname "$0")/../kref" || exit 1
cc=${CC:-gcc}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
failed=0

# What is wrong or right with it, how it is compiled: to $scratch/said, indented as in the documents.
say() {
	variant=$1
	shift
	$cc -std=c11 "$@" -I../.. '-DKREF_STRATEGY_HEADER="strategies/tracked.h"' "-D$variant" \
		-o "$scratch/handoff" handoff.c -pthread &&
		"$scratch/handoff" 2>"$scratch/plain"
	code=$?
	sed 's/^/    /' "$scratch/plain" >"$scratch/said"
	return $code
}

check() { # what, condition's exit code
	[ "$2" = 0 ] && return
	failed=1
	echo "  FAIL   tracked: $1"
	cat "$scratch/said"
}

# Whether the lines of $1 stand in the file $2 as one block.
stands() {
	awk 'NR == FNR { block = block $0 "\n"; next } { text = text $0 "\n" }
		END { exit !(block != "" && index(text, block)) }' "$1" "$2"
}

for variant in BAD LEAK; do
	say $variant && stands "$scratch/said" ../../docs/debugging.md
	check "docs/debugging.md does not have what handoff.c says with $variant" $?
done
say BAD && head -n 3 "$scratch/said" >"$scratch/head" && stands "$scratch/head" ../../README.md
check 'the README does not have what handoff.c says with BAD' $?
grep -n 'after the hand-off \*/' handoff.c | grep -q "^$(sed -n 's/.*this get: handoff.c:\([0-9]*\) .*/\1/p' \
	"$scratch/said"):"
check 'the get is not the one that is late' $?
say BAD -g -fsanitize=address && stands "$scratch/said" ../../docs/debugging.md
check 'freed memory is touched' $?
say GOOD && [ ! -s "$scratch/said" ]
check 'something is said of the right hand-off' $?
[ $failed = 0 ] && echo 'tracked: says what the documents show'
exit $failed
