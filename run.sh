#!/bin/sh
# Builds what is missing and runs krefbench; the options are in docs/usage.txt (--help).
# SPDX-License-Identifier: MIT

set -u
unset MAKEFLAGS	# of a make that this is run from
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
install=
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
jobs=$(nproc 2>/dev/null || echo 1)
# The light program refuses, lists and reports; it leaves with 78 when there is something to measure.
make -s -C "$here" -j "$jobs" light >&2 || exit 77
"$here/build/krefbench-light" "$@" 9>&-
code=$?
[ "$code" = 78 ] || exit "$code"
make -C "$here" -j "$jobs" all >&2 || exit 77
exec "$here/build/krefbench" "$@" 9>&-
