#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Unpacks the packages of a lab node (containerd, runc, CNI plugins, iptables, busybox) into the cache, once per release
# of the system and state of this script. They are never installed: a container engine of the user's stays what it is.
# Progress goes to standard error; the only line on standard output is the folder, with bin/, cni/ and lib/ in it.
#
# HAWSER_CACHE   where the folder is kept, default ${XDG_CACHE_HOME:-~/.cache}/hawser
set -euo pipefail

readonly cache=${HAWSER_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set: set HAWSER_CACHE to a folder for binaries}/.cache}/hawser}
readonly wanted=(containerd runc containernetworking-plugins iptables busybox-static)

say() { printf 'node: [%3d s] %s\n' "$SECONDS" "$*" >&2; }
die() { printf 'node: %s\n' "$*" >&2; exit 1; }

# Prints the libraries that the wanted programs need, but for those that every system has.
libraries() {
  apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
    "${wanted[@]}" | sed -n 's/^\(lib[a-z0-9.+-]*\).*/\1/p' | sort -u | grep -vE '^(libc6|libgcc-s1|libcrypt1)$'
}

download() {
  local libs
  libs=$(libraries) || return 1
  # shellcheck disable=SC2086
  (cd "$new/packages" && apt-get -q download "${wanted[@]}" $libs) >"$new/log" 2>&1
}

# Links programs by the names they are called by; what a package's own scripts would have linked is missing otherwise.
link_programs() {
  local program name
  for program in containerd containerd-shim-runc-v2 ctr runc busybox xtables-nft-multi; do
    name=$(cd "$new" && find root -path "*bin/$program" -type f -print -quit)
    [[ -n $name ]] || die "the packages of $release contain no $program; this system is not supported yet"
    ln -s "../$name" "$new/bin/$program"
  done
  for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -s xtables-nft-multi "$new/bin/$name"
  done
}

# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "$ID-${VERSION_ID:-rolling}")
hash=$(sha256sum <"${BASH_SOURCE[0]}" | cut -c 1-12)
readonly release hash folder=$cache/node/$release-$hash

if [[ ! -d $folder ]]; then
  mkdir -p "$cache/node"
  exec 9>"$cache/node/.lock"
  flock -n 9 || { say "somebody else unpacks them; waiting"; flock 9; }
fi
if [[ ! -d $folder ]]; then
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null \
    || die "a node needs ${wanted[*]} out of packages of Debian or Ubuntu, and this system has no apt-get and dpkg-deb."
  new=$(mktemp -d "$cache/node/.new-XXXXXX")
  trap 'rm -rf "$new"' EXIT
  mkdir "$new/packages" "$new/bin"
  # Readable for the user that apt-get becomes to download.
  chmod 755 "$new" && chmod 777 "$new/packages"
  say "fetching ${wanted[*]} (50 MB)"
  download || { apt-get -q update >"$new/log" 2>&1 && download; } || {
    tail -n 10 "$new/log" >&2
    die "the packages could not be fetched, see above; \`apt-get download ${wanted[*]}\` must work as root."
  }
  for package in "$new"/packages/*.deb; do dpkg-deb -x "$package" "$new/root"; done
  link_programs
  plugins=$(cd "$new" && find root -type f -name host-local -print -quit)
  ln -s "${plugins%/*}" "$new/cni"
  library=$(cd "$new" && find root -name 'libxtables.so*' -print -quit)
  ln -s "${library%/*}" "$new/lib"
  rm -rf "$new/packages" "$new/log" "$new/root/usr/share"
  # Libraries that their package puts into /lib, beside the others.
  if [[ -d $new/root/lib ]]; then
    find "$new/root/lib" -name '*.so.[0-9]*' -exec cp -a -t "$new/lib/" {} +
  fi
  # The folder appears complete or not at all.
  mv -T "$new" "$folder"
  say "unpacked $(du -sm "$folder" | cut -f 1) MB"
fi
echo "$folder"
