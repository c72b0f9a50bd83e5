#!/bin/sh
# Prints build.h: what meta.json says of the commit, the tool chain and the libraries.
# From the environment: CC, VARIANT, FLAGS (of the cells).
# SPDX-License-Identifier: MIT

json() { # one C string literal with JSON text inside
	printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'
}

commit=$(git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
compiler=$($CC --version | head -n 1 | tr -d '\042\134')
# shellcheck disable=SC2153 # FLAGS comes from the Makefile
flags=$(printf '%s' "$FLAGS" | tr -d '\042\134')
libraries=
for name in hwloc numa liburcu benchmark jansson; do
	version=$(pkg-config --modversion "$name" 2>/dev/null || echo unknown)
	libraries="$libraries${libraries:+, }\"$name\": \"$version\""
done

cat <<END
#define BUILD_COMMIT "$commit"
#define BUILD_TOOLCHAIN "$(json "[{\"variant\": \"$VARIANT\", \"compiler\": \"$compiler\", \"flags\": \"$flags\"}]")"
#define BUILD_LIBRARIES "$(json "{$libraries}")"
END
