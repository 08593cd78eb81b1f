#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Names what stays on this machine after the demo and the tests, with its size. Removes the cgroups of laboratories that
# were killed: the kernel keeps them for nobody.
set -euo pipefail

readonly cache=${HAWSER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hawser}

size() { du -sh "$1" 2>/dev/null | cut -f 1; }

for group in /sys/fs/cgroup/{,*/}hawser-lab-*-*; do
  owner=${group##*/hawser-lab-}
  if [[ -d $group && ! -d /proc/${owner%%-*} ]]; then
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || echo "in use though process ${owner%%-*} is gone: $group" >&2
  fi
done

echo "What stays here (remove it if you like):"
for folder in "$cache" "$HOME/.m2/repository"; do
  if [[ -d $folder ]]; then printf '  %6s  %s\n' "$(size "$folder")" "$folder"; fi
done
go=$(command -v go || echo /usr/local/go/bin/go)
if [[ -x $go ]]; then
  for folder in "$(cd / && "$go" env GOMODCACHE)" "$(cd / && "$go" env GOCACHE)"; do
    if [[ -d $folder ]]; then printf '  %6s  %s\n' "$(size "$folder")" "$folder"; fi
  done
fi
packages=(maven git curl iproute2 nftables iputils-ping util-linux procps ca-certificates wireguard-go wireguard-tools iperf3)
present=$(dpkg-query -W -f='${db:Status-Status} ${Package} ${Installed-Size}\n' "${packages[@]}" 2>/dev/null \
  | awk '$1 == "installed" {names = names " " $2; kib += $3} END {printf "%5dM  packages:%s", kib / 1024, names}') || true
printf '  %s\n' "$present"
