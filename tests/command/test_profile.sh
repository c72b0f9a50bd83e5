#!/bin/sh
# The profile command as a user meets it: refusals, and where perf can sample, real profiles.
# SPDX-License-Identifier: MIT

set -u
what=profile
# shellcheck source=tests/command/checks.sh
. "$(dirname "$0")/checks.sh"

refused 'the nearest is getput' profile getptu+refcount
refused 'the nearest is refcount' profile getput/refcout
refused 'is no cell' profile getput
refused 'takes one cell' profile getput+refcount getput+cas
refused 'takes one cell' profile --diff getput+refcount
refused 'takes one cell' profile
refused 'is a hole in the setting churn: it counts nothing' profile queue_rcu+hazptr --setting churn
refused '--setting: getput has no setting churn' profile getput+refcount --setting churn
refused '--setting: "both"' profile getput+refcount --setting both
refused 'only with 1' profile getput+plain --threads 2
refused 'works in pairs' profile handoff_queue+refcount --threads 3
refused 'is of one point' profile getput+refcount --threads 1,2
refused 'takes a cell and no' profile getput+refcount --filter x
refused 'takes a cell and no' profile getput+refcount --quick
refused '--variant: "tcc"' profile getput+refcount@tcc
refused '60 s at most' profile getput+refcount --budget 61s
run --diff --quick
[ "$code" = 2 ] && grep -qF -- '--diff and --setting are options of profile' "$scratch/err"
check "--diff without profile (exit $code)" $?

if ! command -v perf >/dev/null 2>&1; then
	echo "  SKIP   profile: perf is not here"
	finish
fi
run profile getput+refcount --threads 1 --budget 1s --out "$scratch/a 'quoted' <folder>"
if [ "$code" = 77 ]; then
	[ "$(wc -l <"$scratch/err")" = 1 ] && [ ! -s "$scratch/out" ]
	check "where it is not possible it says why in a line" $?
	echo "  SKIP   profile: $(cat "$scratch/err")"
	finish
fi
page="$scratch/a 'quoted' <folder>/profile.html"
[ "$code" = 0 ] && [ "$(tail -n 1 "$scratch/out")" = "profile: $page" ] && [ -s "$page" ]
check "a profile (exit $code)" $?
case $(uname -m) in
x86_64) atomic='lock xadd' ;;
*) atomic='(ldadd|stxr|ldxr|amoadd)' ;;
esac
grep -A 1 -E "^ +[0-9.]+% +[0-9.]+ +$atomic" "$scratch/out" |
	grep -qE 'kref/strategies/refcount.h:[0-9]+.*kref_get < '
check 'the atomic instruction is named, with its line' $?
# Each sample counts once.
awk '/where the time of an op goes/ { on = 1; next } on && /%/ { sum += $1 } on && !/%/ { exit }
	END { exit !(sum > 99 && sum < 101) }' "$scratch/out"
check 'the kinds of time make the whole' $?
[ "$(grep -c '<folder>' "$page")" = 0 ] && grep -q '&lt;folder&gt;' "$page"
check 'the page has no markup of ours in it' $?
grep -qE '^Cache lines that moved|sampled loads of its cache line|No cache line' "$scratch/out"
check 'cache lines are told of, or why not' $?

run profile --diff queue_mutex+refcount queue_mutex/mutex --threads 2 --budget 1s --out "$scratch/two"
[ "$code" = 0 ] && grep -q '^A: queue_mutex/refcount@' "$scratch/out" &&
	grep -q '^B: queue_mutex/mutex@' "$scratch/out" && grep -q 'locks, and waiting' "$scratch/out" &&
	[ -s "$scratch/two/a/perf.data" ] && [ -s "$scratch/two/b/samples.csv" ]
check "a difference (exit $code)" $?

# Frees that come late, and threads beside the workers.
run profile queue_rcu+refcount --setting churn --threads 2 --budget 1s --out "$scratch/churn"
[ "$code" = 0 ] && grep -q '/churn/' "$scratch/out" && grep -qE '^ .* RCU$' "$scratch/out"
check "a profile of churn (exit $code)" $?

# Without perf: run.sh would install it, the program says so.
mkdir "$scratch/bin"
PATH="$scratch/bin" build/krefbench profile getput+refcount --out "$scratch/none" \
	>"$scratch/out" 2>"$scratch/err"
code=$?
[ "$code" = 77 ] && [ "$(wc -l <"$scratch/err")" = 1 ] && [ ! -s "$scratch/out" ] &&
	grep -q 'perf is not here: .* linux-perf' "$scratch/err" && [ ! -e "$scratch/none" ]
check "without perf (exit $code)" $?
finish
