# Applies the replacements of a step (first file) to a text (second file), to stdout: its lines -OLD
# and +NEW. Each block of OLD is to stand in the text exactly once.
# SPDX-License-Identifier: MIT

function apply(    at, rest)
{
	if (old == "")
		return
	at = index(text, old)
	rest = substr(text, at + length(old))
	if (!at || index(rest, old)) {
		printf "%s: stands %s in %s: %s", step, at ? "more than once" : "nowhere", FILENAME,
			old > "/dev/stderr"
		exit failed = 1
	}
	text = substr(text, 1, at - 1) new rest
	old = new = ""
}

NR == FNR {
	step = FILENAME
	lines[NR] = $0
	nr_lines = NR
	next
}

{ text = text $0 "\n" }

END {
	if (failed)
		exit 1
	for (i = 1; i <= nr_lines; i++) {
		if (lines[i] ~ /^-/) {
			if (new != "")
				apply()
			old = old substr(lines[i], 2) "\n"
		} else if (lines[i] ~ /^\+/) {
			new = new substr(lines[i], 2) "\n"
		}
	}
	apply()
	printf "%s", text
}
