#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds wireguard-go, which our gateway is measured against, from its Go module in the version that go.mod beside this
# script names, once per version. Progress goes to standard error; the only line on standard output is the path of the
# program. A file "version" beside it says what it was built from, and with what.
#
# HAWSER_CACHE   where binaries are kept, default ${XDG_CACHE_HOME:-~/.cache}/hawser
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly cache=${HAWSER_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set: set HAWSER_CACHE to a folder for binaries}/.cache}/hawser}
readonly module=golang.zx2c4.com/wireguard

say() { printf 'wireguard-go: [%3d s] %s\n' "$SECONDS" "$*" >&2; }
die() { printf 'wireguard-go: %s\n' "$*" >&2; exit 1; }

version=$(sed -n "s|^\t$module \(v[^ ]*\).*|\1|p" "$here/go.mod")
[[ -n $version ]] || die "$here/go.mod names no version of $module"
folder=$cache/wireguard-go/$version
readonly version folder

if [[ ! -x $folder/wireguard-go ]]; then
  go=$("$here/../../lab/kubebox/build.sh" --go) || die "it cannot be built, and nothing else is what we compare with: no Go 1.25 here"
  say "building $version with $go"
  mkdir -p "$cache/wireguard-go"
  new=$(mktemp -d "$cache/wireguard-go/.new-XXXXXX")
  trap 'rm -rf "$new"' EXIT
  (cd "$here" && CGO_ENABLED=0 GOWORK=off GOFLAGS=-mod=readonly GOTOOLCHAIN=auto \
    "$go" build -trimpath -buildvcs=false -o "$new/wireguard-go" "$module" >&2) \
    || die "$version cannot be built, see above (the Go module proxy is needed), and nothing else is what we compare with"
  echo "$version, $(cd / && GOTOOLCHAIN=auto "$go" env GOVERSION)" >"$new/version"
  chmod 755 "$new"
  # The folder appears complete or not at all; another build may have been faster.
  mv -T "$new" "$folder" 2>/dev/null || [[ -x $folder/wireguard-go ]]
fi
echo "$folder/wireguard-go"
