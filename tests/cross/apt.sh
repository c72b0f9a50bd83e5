# apt with a state of its own, since the system's knows one architecture and is root's. For scripts that
# set $arch, as Debian names it, and $state, an empty folder: apt get WORD..., apt cache WORD..., and
# apt_update first, which tells what it does in $state/log.
# shellcheck shell=sh
# SPDX-License-Identifier: MIT

# shellcheck disable=SC2154 # they set both
chmod 755 "$state"	# apt reads and writes as a user of its own
mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
: >"$state/status"
apt() {
	tool=$1
	shift
	"apt-$tool" -qq -o APT::Architecture="$arch" -o APT::Architectures="$arch" \
		-o Dir::State="$state" -o Dir::State::status="$state/status" \
		-o Dir::Cache="$state/cache" -o APT::Sandbox::User=root "$@"
}

# 404: a server that has other architectures only.
apt_update() {
	apt get -o APT::Update::Error-Mode=any update >>"$state/log" 2>&1 ||
		grep -q ' 404 ' "$state/log"
}
