# shellcheck shell=sh
# For the tests of commands: counts checks, and runs run.sh. Read with "." by a script in this folder that has
# set what, its name, and is then in the project's folder with a folder of its own for scratch.
# SPDX-License-Identifier: MIT

cd "$(dirname "$0")/../.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0
: >"$scratch/out"
: >"$scratch/err"

check() { # what, condition's exit code
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "  FAIL   ${what:?}: $1"
		sed 's/^/    /' "$scratch/out" "$scratch/err"
	fi
}

# shellcheck disable=SC2034 # code is the caller's
run() { # arguments of run.sh; sets code
	./run.sh "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	code=$?
}

# A refusal: exit 2, one line on stderr that holds the text, nothing on stdout.
refused() { # text, arguments...
	text=$1
	shift
	run "$@"
	[ "$code" = 2 ] && [ "$(wc -l <"$scratch/err")" = 1 ] && [ ! -s "$scratch/out" ] &&
		grep -qF -- "$text" "$scratch/err"
	check "$* is refused (exit $code)" $?
}

finish() {
	echo "$what: $passed passed, $failed failed"
	[ "$failed" = 0 ]
	exit
}
