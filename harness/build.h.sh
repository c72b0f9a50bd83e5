#!/bin/sh
# Prints build.h: what meta.json says of the commit, the tool chains and the libraries.
#
#   build.h.sh STRATEGY [VARIANT COMPILER FLAGS]...    STRATEGY: the header from outside, or empty
#
# The commit of a tree without its repository, as `make dist` makes one, is VERSION of the environment: one
# above it would be another's.
# SPDX-License-Identifier: MIT

json() { # one C string literal with JSON text inside
	printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'
}

plain() { # without what would end a string of JSON
	printf '%s' "$1" | tr -d '\042\134'
}

commit=
[ ! -e .git ] || commit=$(git describe --always --dirty --abbrev=12 2>/dev/null)
commit=${commit:-${VERSION:-unknown}}
strategy=$1
shift
toolchain=
while [ $# -ge 3 ]; do
	# shellcheck disable=SC2086 # a command and its words
	compiler=$($2 --version | head -n 1)
	toolchain="$toolchain${toolchain:+, }{\"variant\": \"$1\", \"compiler\": \"$(plain "$compiler")\""
	# The compiler's own words are flags too.
	case $2 in *' '*) words="${2#* } " ;; *) words= ;; esac
	toolchain="$toolchain, \"flags\": \"$(plain "$words$3")\""
	[ "$1" != b ] || toolchain="$toolchain, \"commit\": \"${AB_REV:-$commit}\""
	toolchain="$toolchain}"
	shift 3
done
libraries=
for name in hwloc numa liburcu ck glib-2.0 benchmark jansson; do
	version=$(pkg-config --modversion "$name" 2>/dev/null || echo unknown)
	libraries="$libraries${libraries:+, }\"$name\": \"$version\""
done

cat <<END
#define BUILD_COMMIT "$commit"
#define BUILD_STRATEGY "$(json "$strategy")"
#define BUILD_TOOLCHAIN "$(json "[$toolchain]")"
#define BUILD_LIBRARIES "$(json "{$libraries}")"
END
