#!/bin/sh
# For ./run.sh ab: lays out the tree of --rev and prints what make is to know of variant b, one word a
# line. Exits 2 with one line where that cannot be.
# SPDX-License-Identifier: MIT

set -u
rev='' cc='' cflags='' given=''

refuse() {
	echo "krefbench: ab: $1" >&2
	exit 2
}

while [ $# -gt 0 ]; do
	case $1 in
	--rev | --cc | --cflags)
		[ $# -ge 2 ] || refuse "$1: needs a value (--help lists the options)"
		given=$1=$2
		shift
		;;
	--rev=* | --cc=* | --cflags=*) given=$1 ;;
	--variant | --variant=*) refuse '--variant: it has two of its own, what is here and b' ;;
	*) given='' ;;
	esac
	case $given in
	--rev=*) rev=${given#*=} ;;
	--cc=*) cc=${given#*=} ;;
	--cflags=*) cflags=${given#*=} ;;
	esac
	shift
done
case $rev$cc$cflags in
'') refuse 'needs --rev COMMIT, --cc COMPILER or --cflags FLAGS' ;;
*[\'\"\$\\]*) refuse 'make cannot take quotes, $ or \ in a value' ;;
esac

if [ -n "$cc" ]; then
	command -v "${cc%% *}" >/dev/null || refuse "--cc: ${cc%% *} is not here"
	cxx=$(printf '%s\n' "$cc" | sed 's/clang/clang++/; t; s/gcc/g++/')
	command -v "${cxx%% *}" >/dev/null || refuse "--cc: its C++ compiler, ${cxx%% *}, is not here"
	printf 'AB_CC=%s\nAB_CXX=%s\n' "$cc" "$cxx"
fi
if [ -n "$cflags" ]; then
	# shellcheck disable=SC2086 # words of a command
	printf 'int unused;\n' | ${cc:-${CC:-gcc}} $cflags -x c -c -o /dev/null - 2>/dev/null ||
		refuse "--cflags: the compiler does not take $cflags"
	printf 'AB_CFLAGS=%s\n' "$cflags"
fi
[ -n "$rev" ] || exit 0

[ -e .git ] || refuse '--rev: this tree is no clone of the repository: it has no commits'
commit=$(git rev-parse --verify --quiet "$rev^{commit}") || refuse "--rev: there is no commit \"$rev\""
tree=build/ab/$commit
if [ ! -d "$tree" ]; then
	rm -rf "$tree.new"
	mkdir -p "$tree.new" || refuse "--rev: cannot lay out $rev"
	git archive "$commit" kref workloads | tar -x -C "$tree.new" || refuse "--rev: cannot lay out $rev"
	mv "$tree.new" "$tree" || refuse "--rev: cannot lay out $rev"
fi
# But for comments.
interface() {
	${CC:-gcc} -x c -E -P "$1/workloads/workload.h"
}
[ "$(interface .)" = "$(interface "$tree")" ] ||
	refuse "--rev: the cells of $rev have another interface (workloads/workload.h): measure it in a \
clone, and use compare"
printf 'AB_REV=%s\nAB_TREE=%s\n' "$commit" "$tree"
