#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Unpacks the proxies that ours is measured beside into the cache (see ../../lab/node/unpacked.sh). The only line on
# standard output is the folder, with bin/ and lib/ in it and a file "versions".
set -euo pipefail

readonly wanted=(squid squid-common squid-langpack tinyproxy-bin haproxy)
# shellcheck source=../../lab/node/unpacked.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../lab/node/unpacked.sh"

# Those that would have to be installed with the programs.
libraries() {
  apt-get -q --simulate install --no-install-recommends squid tinyproxy-bin haproxy \
    | sed -n 's/^Inst \(lib[a-z0-9.+-]*\).*/\1/p' | grep -v perl
}

arrange() {
  local program library
  for program in squid tinyproxy haproxy; do link_program "$program"; done
  library=$(cd "$new" && find root -name 'libecap.so*' -print -quit)
  [[ -n $library ]] || library=root/usr/lib/none
  ln -s "${library%/*}" "$new/lib"
}

unpacked proxies "6 MB" "the bench needs"
