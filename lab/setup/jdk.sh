#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Prints the home of a JDK that can build and run Hawser: JAVA_HOME if it will do, else the lowest version that does
# from the usual folders, else a package of Debian or Ubuntu. Progress and failure go to standard error.
set -euo pipefail

readonly wanted=25
readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Prints the feature release of the JDK in a folder, or fails if there is no JDK (a runtime without compiler is none).
feature() {
  [[ -x $1/bin/javac && -r $1/release ]] || return 1
  local line
  line=$(grep -m 1 '^JAVA_VERSION=' "$1/release") || return 1
  [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# Prints the folder with the lowest sufficient release: the nearest to what Hawser is tested with.
find_jdk() {
  local home release best='' best_release=1000 on_path
  on_path=$(command -v javac || true)
  shopt -s nullglob
  local homes=(/usr/lib/jvm/* /usr/java/* /opt/java/* /opt/*jdk* /usr/local/*jdk* /usr/local/java/*)
  if [[ -n ${HOME:-} ]]; then homes+=("$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/*); fi
  shopt -u nullglob
  if [[ -n $on_path ]]; then homes=("$(dirname "$(dirname "$(readlink -f "$on_path")")")" "${homes[@]}"); fi
  for home in "${homes[@]}"; do
    release=$(feature "$home") || continue
    if ((release >= wanted && release < best_release)); then
      best=$home
      best_release=$release
    fi
  done
  [[ -n $best ]] && readlink -f "$best"
}

if [[ -n ${JAVA_HOME:-} ]] && release=$(feature "$JAVA_HOME") && ((release >= wanted)); then
  echo "$JAVA_HOME"
  exit 0
fi
find_jdk && exit 0
for release in 25 26 27; do
  package=openjdk-$release-jdk-headless
  if command -v apt-cache >/dev/null && [[ -n $(apt-cache search --names-only "^$package\$" 2>/dev/null) ]]; then
    "$here/packages.sh" "$package" && find_jdk && exit 0
  fi
done
echo "jdk: JDK $wanted or newer is needed and neither JAVA_HOME, the usual folders nor this system's packages have one;\
 unpack one from any vendor into /opt or /usr/lib/jvm, or set JAVA_HOME to it." >&2
exit 1
