#!/bin/sh
# Looks for what building, measuring or testing needs, and installs what is missing through apt.
#
#   deps.sh run|profile|strategy|test|cross|vm [--install-deps]
#
# As root it installs at once; otherwise through sudo after asking (--install-deps answers yes). Where
# it cannot it prints the one command to type and exits 77. With nothing missing it does nothing.
# SPDX-License-Identifier: MIT

set -u
CC=${CC:-gcc}
CXX=${CXX:-g++}
missing=
libraries=

need() { # package, what it is elsewhere
	missing="$missing $1"
	libraries="$libraries${libraries:+, }$2"
}

need_command() { # command, package
	command -v "$1" >/dev/null 2>&1 || need "$2" "$1"
}

need_header() { # header, package, library's name elsewhere
	printf '#include <%s>\n' "$1" | $CC -E - >/dev/null 2>&1 || need "$2" "$3"
}

# Debian's packages of compilers are named as these are: gcc, gcc-14, clang, clang-19; g++, but clang.
need_compiler() { # variable's name, command, its command's name without the version
	command -v "$2" >/dev/null 2>&1 && return
	case $2 in
	"$3" | "$3"-[0-9]*) need "$2" "$2" ;;
	clang++*) need "clang${2#clang++}" "$2" ;;
	clang | clang-[0-9]*) need "$2" "$2" ;;
	*)
		echo "krefbench: $1: $2 is not here" >&2
		exit 77
		;;
	esac
}

need_run() {
	need_compiler CC "${CC%% *}" gcc
	need_compiler CXX "${CXX%% *}" g++
	for variant in ${VARIANTS:-}; do
		case $variant in gcc | clang) need_command "$variant" "$variant" ;; esac
	done
	need_command make make
	need_command pkg-config pkg-config
	need_command gnuplot gnuplot-nox
	need_header hwloc.h libhwloc-dev hwloc
	need_header numa.h libnuma-dev libnuma
	need_header urcu/urcu-memb.h liburcu-dev liburcu
	need_header ck_hp.h libck-dev "Concurrency Kit"
	need_header jansson.h libjansson-dev jansson
	need_header perfmon/pfmlib_perf_event.h libpfm4-dev libpfm4
	printf '#include <benchmark/benchmark.h>\n' | $CXX -x c++ -E - >/dev/null 2>&1 ||
		need libbenchmark-dev "Google Benchmark"
}

# perf is called by nothing else. Its version need not be the kernel's.
need_profile() {
	need_run
	need_command perf linux-perf
	need_command objdump binutils
	need_command addr2line binutils
}

# What the tests of a strategy need.
need_strategy() {
	need_run
	need_header cmocka.h libcmocka-dev cmocka
}

need_test() {
	need_strategy
	need_command objdump binutils
	need_header sys/sdt.h systemtap-sdt-dev "sys/sdt.h of SystemTap"
	[ -e /usr/include/relacy/relacy.hpp ] || need relacy-dev "the Relacy race detector"
}

# Compilers for other processors, with their C library, and what runs their programs.
need_cross() {
	need_command make make
	need_command qemu-aarch64-static qemu-user-static
	need_target aarch64-linux-gnu arm64
	need_target riscv64-linux-gnu riscv64
}

# Emulated machines, and what builds for one of them and reads what ran there. Their kernels and
# libraries are fetched by tests/vm/fetch.
need_vm() {
	need_run
	need_command qemu-system-x86_64 qemu-system-x86
	need_command qemu-system-aarch64 qemu-system-arm
	need_command aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
	need_command aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
	need_command cpio cpio
	need_command xz xz-utils
	need_command jq jq
	[ -x /sbin/modprobe ] || need kmod modprobe
}

need_target() { # triplet, Debian's name of the architecture
	need_command "$1-gcc" "gcc-$1"
	printf '#include <stdio.h>\n' | "$1-gcc" -E - >/dev/null 2>&1 ||
		need "libc6-dev-$2-cross" "a C library for $2"
}

case ${1:-run} in
cross) need_cross ;;
profile) need_profile ;;
strategy) need_strategy ;;
test) need_test ;;
vm) need_vm ;;
*) need_run ;;
esac
if [ -z "$missing" ]; then
	[ "${1:-run}" != cross ] || exit 0
	pkg-config --atleast-version=2.5 hwloc && exit 0
	echo "krefbench: needs hwloc 2.5 or later, here is $(pkg-config --modversion hwloc)" >&2
	exit 77
fi

if ! command -v apt-get >/dev/null 2>&1; then
	echo "krefbench: missing here: $libraries; please install them (with headers)" >&2
	exit 77
fi
install="apt-get install -y --no-install-recommends$missing"
echo "krefbench: missing here:$missing" >&2
if [ "$(id -u)" = 0 ]; then
	become=
elif ! command -v sudo >/dev/null 2>&1; then
	echo "krefbench: as root: $install" >&2
	exit 77
else
	if [ "${2:-}" != --install-deps ]; then
		if [ ! -t 0 ]; then
			echo "krefbench: sudo $install" >&2
			exit 77
		fi
		printf 'Install them with "sudo %s"? [y/N] ' "$install" >&2
		read -r answer
		case $answer in
		[yY]*) ;;
		*) exit 77 ;;
		esac
	fi
	become=sudo
fi
# A fresh machine has no package lists yet.
# shellcheck disable=SC2086 # words of a command
if { $become apt-get update && $become env DEBIAN_FRONTEND=noninteractive $install; } >&2; then
	exit 0
fi
echo "krefbench: apt could not install:$missing" >&2
exit 77
