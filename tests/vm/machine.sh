# An emulated machine, for the scripts that describe one: what it is made of, starting it with a job,
# and checks of what the job left. The script sets $machine, its name, and is given the build folder.
# shellcheck shell=sh
# SPDX-License-Identifier: MIT

# Ten times what it takes with nothing else to do.
READY_LIMIT_S=100

# shellcheck disable=SC2154 # the script's
home=$(realpath "$1")/vm/$machine
fetched=$home/fetched
work=$home/work
qemu=
failed=0
trap '[ -z "$qemu" ] || kill "$qemu" 2>/dev/null' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$work"
mkdir -p "$work"
: >"$work/console"

skip() { # why
	echo "skipped: $machine: $1"
	exit 77
}

fail() { # what, the file that tells why
	echo "FAILED   $machine: $1"
	tail -n 4 "$2" | sed 's/^/    /'
	# shellcheck disable=SC2034 # the script exits with it
	failed=1
}

fetch() { # as tests/vm/fetch is told, without the folder
	arch=$1
	shift
	why=$(tests/vm/fetch "$arch" "$fetched" "$@") || skip "$why"
	tests/vm/initrd "$fetched" "$work/initrd" || exit 1
}

# Programs for the job: build/krefbench, with the scripts that it finds from there.
bring() {
	mkdir "$work/build" && cp "$@" "$work/build" && cp -r plots "$work" || exit 1
}

# Starts the machine. The job reads $1 as /, and can write $work, by the same path.
start() { # root, time limit, the kernel's further words, QEMU and its words
	root=$1 limit_s=$2 append=$3
	shift 3
	mkdir -p "$root/dev" "$root/proc" "$root/sys" "$root$work"
	# Whatever becomes of this script, QEMU ends at the limit.
	timeout -k 5 "$limit_s" "$@" -nodefaults -no-user-config -display none -no-reboot \
		-virtfs "local,path=$root,mount_tag=root,security_model=none,readonly=on,multidevs=remap" \
		-virtfs "local,path=$work,mount_tag=work,security_model=none,multidevs=remap" \
		-kernel "$(echo "$fetched"/kernel/boot/vmlinuz-*)" -initrd "$work/initrd" \
		-append "$append quiet panic=-1 work=$work" -serial stdio \
		</dev/null >"$work/console" 2>&1 &
	qemu=$!
}

is_ready() {
	waited_s=0
	until grep -q '^vm: ready' "$work/console"; do
		if [ "$waited_s" -ge "$READY_LIMIT_S" ] || ! kill -0 "$qemu" 2>/dev/null; then
			return 1
		fi
		sleep 1
		waited_s=$((waited_s + 1))
	done
}

stop() {
	kill "$qemu" 2>/dev/null
	wait "$qemu"
	qemu=
}

# Runs the job, tests/vm/$machine.job; the words are those of start. A boot fails now and then: once
# more. Without the end of the job nothing can be checked.
run_job() {
	cp "tests/vm/$machine.job" "$work/job"
	start "$@"
	if ! is_ready; then
		stop
		start "$@"
	fi
	if ! is_ready; then
		fail 'the machine starts' "$work/console"
		exit 1
	fi
	wait "$qemu"
	qemu=
	if [ "$(cat "$work/job.code" 2>/dev/null)" != 0 ]; then
		cat "$work/job.log" >>"$work/console" 2>/dev/null
		fail 'the job runs to its end' "$work/console"
		exit 1
	fi
}

check() { # what, the run that it is about, a command that succeeds where it is so
	what=$1 run=$2
	shift 2
	if "$@" >"$work/check" 2>&1; then
		echo "ok       $machine: $what"
	else
		grep '^krefbench:' "$work/$run.out" | tail -n 2 >>"$work/check"
		fail "$what" "$work/check"
	fi
}

# --- commands for check, about its run -----------------------------------------------------------

# It ended with this exit code, and its last line on stdout names the report.
ended() { # code
	[ "$(cat "$work/$run.code")" = "$1" ] && tail -n 1 "$work/$run.out" | grep '^report: ' &&
		[ -s "$work/$run/report.html" ]
}

# It is complete, and jq finds this in its meta.json.
meta() { # expression, its value
	found=$(jq -c "if .status == \"complete\" then $1 else .status end" "$work/$run/meta.json")
	echo "$1 is $found, not $2"
	[ "$found" = "$2" ]
}

# awk says that this is true of each row: is("node", 1) where the column node holds that, of("node") for
# what it holds.
rows() { # file, condition
	awk -F, 'function of(name) { return $at[name] }
		function is(name, value) { return name in at && of(name) "" == value "" }
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		!('"$2"') && !wrong++ { print "not so: " $0 }
		END { exit wrong || NR < 2 }' "$work/$run/$1"
}
