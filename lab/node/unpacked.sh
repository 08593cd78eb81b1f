# SPDX-License-Identifier: Apache-2.0
#
# Sourced by scripts that unpack programs out of packages of Debian or Ubuntu into the cache, once per release of the system and
# state of those scripts. They are never installed: no service starts, no user is added, and what the machine has of them
# stays what it is. Progress goes to standard error.
#
#   unpacked AREA SIZE PURPOSE   prints the folder
#
# The caller has an array "wanted" of packages, a function "libraries" that prints which others are needed, and a function
# "arrange" that makes out of root/ in the folder $new what is to be found there.
#
# HAWSER_CACHE   where folders are kept, default ${XDG_CACHE_HOME:-~/.cache}/hawser

readonly cache=${HAWSER_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set: set HAWSER_CACHE to a folder for binaries}/.cache}/hawser}
# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "$ID-${VERSION_ID:-rolling}")
readonly release

say() { printf '%s: [%3d s] %s\n' "$area" "$SECONDS" "$*" >&2; }
die() { printf '%s: %s\n' "$area" "$*" >&2; exit 1; }

# Links a program by its name, from wherever its package has put it.
link_program() {
  local name
  name=$(cd "$new" && find root -path "*bin/$1" -type f -print -quit)
  [[ -n $name ]] || die "the packages of $release contain no $1; this system is not supported yet"
  ln -s "../$name" "$new/bin/$1"
}

unpacked() {
  local size=$2 purpose=$3 hash folder
  area=$1
  hash=$(printf "%s\n" "$(<"$0")" "$(<"${BASH_SOURCE[0]}")" | sha256sum | cut -c 1-12)
  folder=$cache/$area/$release-$hash
  if [[ ! -d $folder ]]; then
    mkdir -p "$cache/$area"
    exec 9>"$cache/$area/.lock"
    flock -n 9 || { say "somebody else unpacks them; waiting"; flock 9; }
  fi
  [[ -d $folder ]] || unpack
  echo "$folder"
}

unpack() {
  local package
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null \
    || die "$purpose ${wanted[*]} out of packages of Debian or Ubuntu, and this system has no apt-get and dpkg-deb."
  new=$(mktemp -d "$cache/$area/.new-XXXXXX")
  trap 'rm -rf "$new"' EXIT
  mkdir "$new/packages" "$new/bin"
  # Readable for the user that apt-get becomes to download.
  chmod 755 "$new" && chmod 777 "$new/packages"
  say "fetching ${wanted[*]} ($size)"
  download || { apt-get -q update >"$new/log" 2>&1 && download; } || {
    tail -n 10 "$new/log" >&2
    die "the packages could not be fetched, see above; \`apt-get download ${wanted[*]}\` must work as root."
  }
  for package in "$new"/packages/*.deb; do
    dpkg-deb -x "$package" "$new/root"
    dpkg-deb -f "$package" Package Version | sed 's/^.*: //' | paste -sd ' ' >>"$new/versions"
  done
  arrange
  rm -rf "$new/packages" "$new/log"
  # The folder appears complete or not at all.
  mv -T "$new" "$folder"
  say "unpacked $(du -sm "$folder" | cut -f 1) MB"
}

download() {
  local libs
  libs=$(libraries) || return 1
  # shellcheck disable=SC2086
  (cd "$new/packages" && apt-get -q download "${wanted[@]}" $libs) >"$new/log" 2>&1
}
