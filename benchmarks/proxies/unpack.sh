#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Unpacks the proxies that ours is measured beside (squid, tinyproxy, haproxy) out of packages of Debian or Ubuntu into
# the cache, once per release of the system and state of this script. They are never installed: no service starts, no
# user is added, and what the machine has of them stays what it is. Progress goes to standard error; the only line on
# standard output is the folder, with bin/ and lib/ in it and a file "versions".
#
# HAWSER_CACHE   where the folder is kept, default ${XDG_CACHE_HOME:-~/.cache}/hawser
set -euo pipefail

readonly cache=${HAWSER_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set: set HAWSER_CACHE to a folder for binaries}/.cache}/hawser}
readonly wanted=(squid squid-common squid-langpack tinyproxy-bin haproxy)

say() { printf 'proxies: [%3d s] %s\n' "$SECONDS" "$*" >&2; }
die() { printf 'proxies: %s\n' "$*" >&2; exit 1; }

# Prints the libraries that would have to be installed with the programs.
libraries() {
  apt-get -q --simulate install --no-install-recommends squid tinyproxy-bin haproxy \
    | sed -n 's/^Inst \(lib[a-z0-9.+-]*\).*/\1/p' | grep -v perl
}

download() {
  local libs
  libs=$(libraries) || return 1
  # shellcheck disable=SC2086
  (cd "$new/packages" && apt-get -q download "${wanted[@]}" $libs) >"$new/log" 2>&1
}

# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "$ID-${VERSION_ID:-rolling}")
hash=$(sha256sum <"${BASH_SOURCE[0]}" | cut -c 1-12)
readonly release hash folder=$cache/proxies/$release-$hash

if [[ ! -d $folder ]]; then
  mkdir -p "$cache/proxies"
  exec 9>"$cache/proxies/.lock"
  flock -n 9 || { say "somebody else unpacks them; waiting"; flock 9; }
fi
if [[ ! -d $folder ]]; then
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null \
    || die "${wanted[*]} come out of packages of Debian or Ubuntu, and this system has no apt-get and dpkg-deb."
  new=$(mktemp -d "$cache/proxies/.new-XXXXXX")
  trap 'rm -rf "$new"' EXIT
  mkdir "$new/packages" "$new/bin"
  # Readable for the user that apt-get becomes to download.
  chmod 755 "$new" && chmod 777 "$new/packages"
  say "fetching ${wanted[*]} (6 MB)"
  download || { apt-get -q update >"$new/log" 2>&1 && download; } || {
    tail -n 10 "$new/log" >&2
    die "the packages could not be fetched, see above; \`apt-get download ${wanted[*]}\` must work as root."
  }
  for package in "$new"/packages/*.deb; do
    dpkg-deb -x "$package" "$new/root"
    dpkg-deb -f "$package" Package Version | sed 's/^.*: //' | paste -sd ' ' >>"$new/versions"
  done
  for program in squid tinyproxy haproxy; do
    name=$(cd "$new" && find root -path "*bin/$program" -type f -print -quit)
    [[ -n $name ]] || die "the packages of $release contain no $program; this system is not supported yet"
    ln -s "../$name" "$new/bin/$program"
  done
  library=$(cd "$new" && find root -name 'libecap.so*' -print -quit)
  [[ -n $library ]] || library=root/usr/lib/none
  ln -s "${library%/*}" "$new/lib"
  rm -rf "$new/packages" "$new/log"
  # The folder appears complete or not at all.
  mv -T "$new" "$folder"
  say "unpacked $(du -sm "$folder" | cut -f 1) MB"
fi
echo "$folder"
