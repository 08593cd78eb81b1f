#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes this machine ready for `make demo`, `make test` or `make bench-*`: packages, those of a lab node in the cache, the
# Kubernetes binaries (Go) and, for demo and bench, their programs (Maven), the two builds beside each other. Instantaneous
# if nothing is to be done.
# Usage: prepare.sh demo|test|bench
set -euo pipefail

readonly purpose=${1:?demo, test or bench}
readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly root=$(cd "$here/../.." && pwd)
module=cli
if [[ $purpose == bench ]]; then module=benchmarks; fi
readonly module built=$root/$module/target/hawser/complete

die() { printf 'prepare: %s\n' "$*" >&2; exit 1; }

[[ $(id -u) == 0 ]] || die "network namespaces need root; run make as root, for example: sudo make demo"
[[ $(uname -s) == Linux ]] || die "network namespaces need Linux; use a Debian or Ubuntu machine"
command -v apt-get >/dev/null || echo "prepare: this is neither Debian nor Ubuntu: going on with what is installed" >&2

packages=(maven=mvn git=git curl=curl iproute2=ip nftables=nft iputils-ping=ping util-linux=nsenter procps=ps ca-certificates)
if [[ $purpose == test ]]; then packages+=(wireguard-go=wireguard-go wireguard-tools=wg android-libboringssl); fi
if [[ $purpose == bench ]]; then packages+=(wireguard-tools=wg iperf3=iperf3 ethtool=ethtool android-libboringssl); fi
if ! command -v go >/dev/null && [[ ! -x /usr/local/go/bin/go ]]; then packages+=(python3-pip=pip3); fi
"$here/packages.sh" "${packages[@]}"
"$here/jdk.sh" >/dev/null

if [[ $purpose != bench ]]; then "$root/lab/node/unpack.sh" >/dev/null; fi
"$root/lab/kubebox/build.sh" >/dev/null &
go_build=$!
trap 'kill "$go_build" 2>/dev/null || true' EXIT

# Whether a source is newer than what was built from it.
stale() {
  [[ ! -e $built ]] || [[ -n $(find "$root"/pom.xml "$root"/manifests "$root"/*/pom.xml "$root"/*/src/main -name target -prune -o \
    -newer "$built" -type f -print -quit) ]]
}

if [[ $purpose != test ]] && stale; then
  rm -rf "$root/$module/target/hawser"
  # The gates (format, style, dependencies) belong to `make test`.
  "$here/maven.sh" package -pl "$module" -am -DskipTests -Dspotless.check.skip -Dcheckstyle.skip -Dmdep.analyze.skip
  touch "$built"
fi
wait "$go_build" || die "the Kubernetes binaries could not be built, see above"
trap - EXIT
