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
jobs=$(nproc 2>/dev/null || echo 1)
# The light program refuses, lists and reports; it leaves with 78 when there is something to measure.
make -s -C "$here" -j "$jobs" light >&2 || exit 1
"$here/build/krefbench-light" "$@"
code=$?
[ "$code" = 78 ] || exit "$code"
make -C "$here" -j "$jobs" all >&2 || exit 1
exec "$here/build/krefbench" "$@"
