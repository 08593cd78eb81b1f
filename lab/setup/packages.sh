#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs Debian/Ubuntu packages that are missing; silent and instantaneous if none is.
# Usage: packages.sh PACKAGE[=PROGRAM]...   With PROGRAM, a program of that name on PATH counts as the package.
set -euo pipefail

say() { printf 'packages: [%3d s] %s\n' "$SECONDS" "$*" >&2; }
die() { printf 'packages: %s\n' "$*" >&2; exit 1; }

installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

PATH=$PATH:/usr/sbin:/sbin
missing=()
for wanted in "$@"; do
  package=${wanted%%=*} program=''
  if [[ $wanted == *=* ]]; then program=${wanted#*=}; fi
  if [[ -n $program ]] && command -v "$program" >/dev/null; then continue; fi
  installed "$package" || missing+=("$package")
done
if ((${#missing[@]} == 0)); then exit 0; fi

remedy="install them by hand: ${missing[*]}"
command -v apt-get >/dev/null || die "this machine has no apt-get to install what is missing; $remedy"
[[ $(id -u) == 0 ]] || die "packages are missing and only root may install them; run: sudo apt-get install ${missing[*]}"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" </dev/null >>"$log" 2>&1
}
say "installing ${missing[*]}"
# A sleep of its own would outlive the loop that is killed while it waits.
(trap 'kill $!; exit' TERM; while sleep 10 & wait $!; do say "still installing: $(tail -n 1 "$log" | cut -c 1-100)"; done) &
ticker=$!
# The lists of a fresh machine are empty or old; those of a machine in use mostly serve.
status=0
apt install --no-install-recommends "${missing[@]}" || {
  apt update && apt install --no-install-recommends "${missing[@]}"
} || status=$?
kill "$ticker" 2>/dev/null || true
wait "$ticker" 2>/dev/null || true
if ((status != 0)); then
  tail -n 15 "$log" >&2
  die "apt-get failed, see above; $remedy"
fi
say "installed ${missing[*]}"
