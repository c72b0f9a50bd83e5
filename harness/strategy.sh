#!/bin/sh
# Before STRATEGY, a header from outside the tree, is measured: checks it, and runs its tests.
# SPDX-License-Identifier: MIT

set -u
name=${STRATEGY##*/}
name=${name%.h}

refuse() {
	echo "krefbench: STRATEGY=$STRATEGY: $1" >&2
	exit 2
}

[ -f "$STRATEGY" ] || refuse "no such file"
case $STRATEGY in
*[\ \"\'\$\\]*) refuse "make cannot take a path with blanks, quotes, \$ or \\" ;;
*.h) ;;
*) refuse "is no header (NAME.h)" ;;
esac
case $name in
'' | [!a-z]* | *[!a-z0-9_]*) refuse "its name is to be of a-z, 0-9 and _, for symbols and rows" ;;
esac
for taken in $(STRATEGY='' make -s print-STRATEGIES print-FLOORS print-PEERS) empty; do
	[ "$name" != "$taken" ] || refuse "there is a strategy $name already"
done
sh harness/deps.sh strategy "$@" || exit
make -s -j "$(nproc 2>/dev/null || echo 1)" test-strategy >&2 && exit 0
echo "krefbench: STRATEGY=$STRATEGY: does not do what its KREF_CAPS claim, or does not compile" >&2
exit 1
