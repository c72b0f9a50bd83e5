# Lists the mutants of the memory orders in the headers given: one a line, fields by tabs:
#	name, file, line, which order on that line, its new word
# name is file:function:operation:from>to, with .failure for the second order of a compare-exchange
# and #2 for the second such one in the function.
# What has an order and no memory_order_ word for it would have no mutant, and is refused. (Operators
# of an atomic type do not compile in the model.)
# SPDX-License-Identifier: MIT

function fail(what)
{
	print FILENAME ":" FNR ": " what > "/dev/stderr"
	failed = 1
}

# The orders weaker by one step, by the kind of the operation.
function weaker(kind, order)
{
	if (order == "seq_cst")
		return kind == "load" ? "acquire" : kind == "store" ? "release" : "acq_rel"
	if (order == "acq_rel")
		return "acquire release"
	return "relaxed"
}

# A compare-exchange's first order is of a read-modify-write, its second one of a load.
function site(order, nth,    name, kind, to, n, i)
{
	if (depth == 0 || operation[depth] == "") {
		fail("memory_order_" order " in no operation")
		return
	}
	name = operation[depth]
	kind = name
	seen[depth]++
	if (name ~ /^compare_exchange/ && seen[depth] == 2) {
		name = name ".failure"
		kind = "load"
	}
	# A signal fence orders nothing between threads.
	if (order == "relaxed" || name == "signal_fence")
		return
	name = file ":" function_name ":" name
	n = ++sites[name]
	if (n > 1)
		name = name "#" n
	n = split(weaker(kind, order), to, " ")
	for (i = 1; i <= n; i++)
		printf "%s:%s>%s\t%s\t%d\t%d\t%s\n", name, order, to[i], FILENAME, FNR, nth, to[i]
}

# A line's operations that have an order without a word, but for those known; a builtin's order is
# to stand on its line.
function refuse(line,    token)
{
	while (match(line, operations)) {
		token = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		sub(/^[^a-z_]/, "", token)
		sub(/[^a-z_].*/, "", token)
		if (token ~ /_explicit$/ || token == "atomic_signal_fence" || file ":" token in known)
			continue
		if (token ~ /^__atomic_/ && line ~ /__ATOMIC_RELAXED/ &&
		    line !~ /__ATOMIC_([^R]|RELE)/)
			continue
		fail(token ": an order that has no mutant")
	}
}

# The line without comments, which go on from line to line; columns do not matter.
function code(line,    out, at)
{
	while (line != "") {
		if (in_comment) {
			at = index(line, "*/")
			if (!at)
				return out
			line = substr(line, at + 2)
			in_comment = 0
		} else {
			at = index(line, "/*")
			if (!at)
				return out line
			out = out substr(line, 1, at - 1)
			line = substr(line, at + 2)
			in_comment = 1
		}
	}
	return out
}

BEGIN {
	operations = "(^|[^a-z_])((__)?atomic_[a-z_]+\\(|__sync_[a-z_]+|" \
		"(__)?asm(__)?[ \t]*(volatile|goto|\\())"
	known["atomic.h:__asm__"]		# a hint that this thread spins
	known["strategies/none.h:__asm__"]	# for the compiler: nothing is counted
	known["strategies/flags.h:__asm__"]	# has steps of its own
	known["strategies/urcu_ref.h:__sync_val_compare_and_swap"]	# liburcu's, shown to TSan
	known["strategies/urcu_ref.h:__sync_sub_and_fetch"]
}

FNR == 1 {
	file = FILENAME
	sub(/^kref\//, "", file)
	depth = 0
	in_comment = 0
	function_name = "?"
}

# Names, not operations.
/^using std::/ { next }

{
	line = code($0)
	if (line ~ /^[a-z#A-Z].*(kref|KREF)_[A-Za-z0-9_]+\(/) {
		match(line, /(kref|KREF)_[A-Za-z0-9_]+\(/)
		function_name = substr(line, RSTART, RLENGTH - 1)
	}
	refuse(line)
	nth = 0
	while (match(line, /atomic_[a-z_]+\(|memory_order_[a-z_]+|[()]/)) {
		token = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		if (token == ")") {
			depth--
		} else if (token ~ /\($/) {
			depth++
			seen[depth] = 0
			operation[depth] = depth > 1 ? operation[depth - 1] : ""
			if (token ~ /^atomic_/) {
				sub(/^atomic_/, "", token)
				sub(/(_explicit)?\($/, "", token)
				operation[depth] = token
			}
		} else {
			site(substr(token, length("memory_order_") + 1), ++nth)
		}
	}
}

END { exit failed }
