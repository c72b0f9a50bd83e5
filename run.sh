#!/bin/sh
# Builds what is missing and runs krefbench; the options are in docs/usage.txt (--help).
# SPDX-License-Identifier: MIT

set -u
unset MAKEFLAGS KREFBENCH_RESUMED	# of a make that this is run from, of another run
# A shell has one of its own where there is none, and what it starts has not.
export PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
# Called through a link, perhaps.
here=$(dirname -- "$(readlink -f -- "$0")") || exit 1
install=
# From here on: make runs elsewhere.
[ -z "${STRATEGY:-}" ] || STRATEGY=$(readlink -f -- "$STRATEGY" || echo "$STRATEGY")
export STRATEGY
for argument; do
	shift
	case $argument in
	-h | --help) exec cat "$here/docs/usage.txt" ;;
	--install-deps) install=--install-deps ;;
	*) set -- "$@" "$argument" ;;
	esac
done

sh "$here/harness/deps.sh" run $install || exit
if ! mkdir -p "$here/build" 2>/dev/null || [ ! -w "$here/build" ]; then
	echo "krefbench: $here/build cannot be written; use a clone of your own" >&2
	exit 77
fi
# Two runs may start at once: one builds, the other waits.
exec 9>"$here/build/.lock"
command -v flock >/dev/null 2>&1 && flock 9
if [ "${1:-}" = --resume ]; then
	# What was typed to begin the run, from its meta.json.
	(STRATEGY='' make -s -C "$here" light) >&2 || exit 77
	told=$("$here/build/krefbench-light" "$@" 9>&-) || exit
	KREFBENCH_RESUMED=$2
	export KREFBENCH_RESUMED
	eval "set -- $told"
	STRATEGY=$1
	shift
fi
jobs=$(nproc 2>/dev/null || echo 1)
[ -z "${STRATEGY:-}" ] || (cd "$here" && sh harness/strategy.sh $install) || exit
# What make is to know of variant b, one word a line.
ab=
if [ "${1:-}" = ab ]; then
	ab=$(cd "$here" && sh harness/ab.sh "$@") || exit
	set -- "$@" --variant "$(cd "$here" && make -s print-VARIANT),b"
fi
# The light program refuses, lists and reports. When there is something to measure it leaves with 78
# and tells what make is to know of it: the variants.
make -s -C "$here" -j "$jobs" light >&2 || exit 77
told=$("$here/build/krefbench-light" "$@" 9>&-)
code=$?
if [ "$code" != 78 ]; then
	[ -z "$told" ] || printf '%s\n' "$told" || exit 1
	exit "$code"
fi
mode=run
[ "${1:-}" != profile ] || mode=profile
VARIANTS=${told#VARIANTS=} sh "$here/harness/deps.sh" $mode $install || exit
newline='
'
( # the words end at line ends
	IFS=$newline
	set -f
	# shellcheck disable=SC2086
	make --no-print-directory -C "$here" -j "$jobs" all ${told:+"$told"} $ab >&2
) || exit 77
exec "$here/build/krefbench" "$@" 9>&-
