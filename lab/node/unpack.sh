#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Unpacks the packages of a lab node (containerd, runc, CNI plugins, iptables, busybox) into the cache (see
# unpacked.sh): a container engine of the user's stays what it is. The only line on standard output is the folder,
# with bin/, cni/ and lib/ in it.
set -euo pipefail

readonly wanted=(containerd runc containernetworking-plugins iptables busybox-static)
# shellcheck source=unpacked.sh
source "$(dirname "${BASH_SOURCE[0]}")/unpacked.sh"

# Those that the wanted programs need, but for those that every system has.
libraries() {
  apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
    "${wanted[@]}" | sed -n 's/^\(lib[a-z0-9.+-]*\).*/\1/p' | sort -u | grep -vE '^(libc6|libgcc-s1|libcrypt1)$'
}

# What a package's own scripts would have linked is missing otherwise.
arrange() {
  local program name plugins library
  for program in containerd containerd-shim-runc-v2 ctr runc busybox xtables-nft-multi; do link_program "$program"; done
  for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -s xtables-nft-multi "$new/bin/$name"
  done
  plugins=$(cd "$new" && find root -type f -name host-local -print -quit)
  ln -s "${plugins%/*}" "$new/cni"
  library=$(cd "$new" && find root -name 'libxtables.so*' -print -quit)
  ln -s "${library%/*}" "$new/lib"
  rm -rf "$new/root/usr/share"
  # Libraries that their package puts into /lib, beside the others.
  if [[ -d $new/root/lib ]]; then
    find "$new/root/lib" -name '*.so.[0-9]*' -exec cp -a -t "$new/lib/" {} +
  fi
}

unpacked node "50 MB" "a node needs"
