#!/bin/sh
# make dist gives the same tarball from any clone, and what is in it builds without git.
# SPDX-License-Identifier: MIT

set -u
what=dist
# shellcheck source=tests/command/checks.sh
. "$(dirname "$0")/checks.sh"
if [ ! -e .git ] || ! command -v git >/dev/null; then
	echo '  SKIP   dist: takes a clone of the repository, and git'
	exit 0
fi
unset MAKEFLAGS GIT_DIR GIT_WORK_TREE
version=$(make -s print-VERSION)
name=krefbench-$version
# What is changed and not committed is part of it, so that this tree's make is tried.
commit=$(git -c user.name=dist -c user.email=dist stash create 2>/dev/null)
commit=${commit:-$(git rev-parse HEAD)}
objects=$(cd "$(git rev-parse --git-common-dir)" && pwd)/objects

clone() { # folder, git's settings...
	folder=$1
	shift
	git init -q "$folder" && echo "$objects" >"$folder/.git/objects/info/alternates" || return
	for setting; do
		git -C "$folder" config "${setting%%=*}" "${setting#*=}" || return
	done
	git -C "$folder" checkout -q "$commit"
}

sum() {
	cksum <"$1/build/$name.tar.gz"
}

(umask 022 && clone "$scratch/a" && make -s -C "$scratch/a" dist) >"$scratch/out" 2>"$scratch/err" &&
	tail -n 1 "$scratch/out" | grep -qx "build/$name.tar.gz"
check 'a clone makes it' $?
mkdir "$scratch/elsewhere"
(umask 077 && clone "$scratch/elsewhere/b" tar.umask=0 core.autocrlf=true &&
	find "$scratch/elsewhere/b" -name '*.[ch]' -exec touch -d 2001-02-03 {} + &&
	GZIP=-1 TZ=Asia/Kolkata LC_ALL=C.UTF-8 make -s -C "$scratch/elsewhere/b" dist) \
	>"$scratch/out" 2>"$scratch/err"
check 'another clone makes it, with other modes, times and line ends' $?
[ "$(sum "$scratch/a")" = "$(sum "$scratch/elsewhere/b")" ]
check 'both are the same' $?

# A git that is there and not to be called; the tree lies in another's repository.
mkdir "$scratch/bin" "$scratch/other" && git init -q "$scratch/other" &&
	git -C "$scratch/other" -c user.name=dist -c user.email=dist commit -q --allow-empty -m other
printf '#!/bin/sh\necho "$*" >>"%s"\nexit 1\n' "$scratch/called" >"$scratch/bin/git" && chmod +x "$scratch/bin/git"
tar -xzf "$scratch/a/build/$name.tar.gz" -C "$scratch/other"
tree=$scratch/other/$name
PATH=$scratch/bin:$PATH make -s -C "$tree" build/build.h build/tests/runfile >"$scratch/out" 2>"$scratch/err" &&
	(cd "$tree" && build/tests/runfile) >"$scratch/out" 2>&1
check 'it builds without git, and a test passes' $?
grep -qx "#define BUILD_COMMIT \"$version\"" "$tree/build/build.h"
check 'its commit is the version' $?
[ ! -e "$scratch/called" ]
check 'git is not asked' $?
rm -rf "$tree/build"
make -s -C "$scratch/a" print-SCRIPTS >"$scratch/out" 2>"$scratch/err"
make -s -C "$tree" print-SCRIPTS 2>"$scratch/err" | cmp -s - "$scratch/out" && [ -s "$scratch/out" ]
check 'the same scripts are found for lint' $?

finish
