#!/bin/sh
# The static probes: there with KREF_PROBES, in each strategy; without it no trace of them; and what
# krefs.bt says of a program. CC: the compiler.
# SPDX-License-Identifier: MIT

set -u
what=probes
# shellcheck source=tests/command/checks.sh
. "$(dirname "$0")/checks.sh"
cc=${CC:-gcc}

skip() { # what, why
	printf '  SKIP   probes: %s: %s\n' "$1" "$2"
}

compile() { # strategy, the folder above kref/, then flags
	with=strategies/$1.h tree=$2
	shift 2
	$cc -std=c11 -D_GNU_SOURCE -O2 -I"$tree" "-DKREF_STRATEGY_HEADER=\"$with\"" "$@"
}

link() { # strategy: a program with its probes
	compile "$1" . -DKREF_PROBES -o "$scratch/program" tests/kref/probed.c -lurcu-memb \
		-lurcu-qsbr -lurcu-common -pthread
}

code() { # strategy, the folder above kref/
	compile "$1" "$2" -c -o "$scratch/object" tests/kref/probed.c &&
		objdump -d "$scratch/object"
}

# Their names in a program, each once.
probes() {
	LC_ALL=C readelf -n "$1" | awk '/Provider: kref$/ { ours = 1 }
		/Name:/ { if (ours) print $2; ours = 0 }' | sort -u | xargs
}

# --- they are there, or there is nothing of them ----------------------------------------------------

# The headers as they would be if nobody had ever thought of probes.
mkdir "$scratch/kref"
cp -r kref/* "$scratch/kref"
sed -i -e 's/KREF_RELEASE(\(.*\), \(.*\));/(\2)(\1);/' -e '/^[^#]*KREF_PROBE[A-Z_]*(.*);/d' \
	"$scratch"/kref/*.h "$scratch"/kref/strategies/*.h
! grep -rn 'KREF_PROBE(.*;\|KREF_RELEASE(.*;' "$scratch"/kref/strategies
check 'the copy of the headers has no probes left' $?

sdt=yes
printf '#include <sys/sdt.h>\n' | $cc -E - >/dev/null 2>&1 || sdt=
[ "$sdt" ] || skip 'their names' 'no <sys/sdt.h> (systemtap-sdt-dev)'
for strategy in $(MAKEFLAGS='' make -s print-STRATEGIES); do
	code "$strategy" . >"$scratch/as_is" && code "$strategy" "$scratch" >"$scratch/without" &&
		cmp -s "$scratch/as_is" "$scratch/without"
	check "$strategy: without KREF_PROBES the code is that of headers without probes" $?
	[ "$sdt" ] || continue
	case $strategy in
	none) expected='get get_unless_zero init put' ;;
	snzi) expected='get init put release' ;;
	*) expected='get get_unless_zero init put release' ;;
	esac
	link "$strategy"
	[ "$(probes "$scratch/program")" = "$expected" ]
	check "$strategy: has the probes $(probes "$scratch/program"), not $expected" $?
done

# --- krefs.bt -----------------------------------------------------------------------------------------

# 100 krefs, 3 gets and a lookup each, are at 100 addresses.
watch() {
	link refcount
	timeout 60 bpftrace -c "$scratch/program" kref/krefs.bt "$scratch/program" \
		>"$scratch/told" 2>"$scratch/err"
}

if [ -z "$sdt" ] || ! command -v bpftrace >/dev/null; then
	skip 'krefs.bt' 'needs <sys/sdt.h> and bpftrace'
elif ! watch; then
	skip 'krefs.bt' "bpftrace cannot attach here: $(tail -n 1 "$scratch/err")"
else
	[ "$(grep -c '^@gets\[0x[0-9a-f]*\]: 4$' "$scratch/told")" = 20 ]
	check 'krefs.bt tells 20 krefs of 4 references taken each' $?
	[ "$(awk '/^\]: / { sum += $2 } END { print sum }' "$scratch/told")" = 400 ]
	check 'krefs.bt tells who took the 400 references' $?
	[ "$(awk '/^[[(].*[])] .*\|/ { sub(/^.*[])] */, ""); sum += $1 } END { print sum }' \
		"$scratch/told")" = 100 ]
	check 'krefs.bt tells the lives of 100 krefs' $?
	[ "$failed" = 0 ] || sed 's/^/    /' "$scratch/told"
fi
finish
