#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The first process of a lab node, in mount, pid, UTS and IPC namespaces of its own. It arranges the file system so that
# every daemon finds its usual paths and none reaches the machine's, then runs containerd and the kubelet. Killing it
# takes all with it: daemons, shims, containers and their mounts.
#
# Usage: boot.sh FOLDER GROUP NAME KUBELET [ARGUMENT]...
#   FOLDER    holds containerd.toml and images/*.tar; data and logs of the daemons go there
#   GROUP     name of the node's cgroup in every hierarchy; the daemons join its child "daemons"
#   NAME      host name
#   KUBELET   the kubelet, started as soon as FOLDER/start-kubelet exists
set -euo pipefail

readonly folder=$1 group=$2 name=$3
shift 3

die() { printf 'node: %s\n' "$*" >&2; exit 1; }

# What the kubelet demands of the kernel, and would set for the whole machine: no namespace has these of its own.
readonly kernel=(vm.overcommit_memory=1 vm.panic_on_oom=0 kernel.panic=10 kernel.panic_on_oops=1
  kernel.keys.root_maxkeys=1000000 kernel.keys.root_maxbytes=25000000)

arrange_files() {
  local data
  cd "$folder"
  mkdir -p data/{kubelet,containerd,cni} data/log/{pods,containers} kernel
  mount -t tmpfs -o mode=755 run /run
  if [[ ! -e $folder/containerd.toml ]]; then
    # The folder lies below /run: bring it back from where we stand in the old one.
    mkdir -p "$folder"
    mount --no-canonicalize --bind . "$folder"
    cd "$folder"
  fi
  # Folders that daemons make for themselves vanish with this mount instead of staying on the machine.
  mkdir -p /run/lock /run/netns /run/lib/{new,work}
  mount -t overlay -o lowerdir=/var/lib,upperdir=/run/lib/new,workdir=/run/lib/work lib /var/lib
  for data in kubelet containerd cni; do
    mkdir -p "/var/lib/$data"
    mount --bind "data/$data" "/var/lib/$data"
  done
  if [[ $(stat -f -c %T data) == overlayfs ]]; then
    # Overlays of containers cannot lie on one.
    mount -t tmpfs containerd /var/lib/containerd
  fi
  mount --bind data/log /var/log
}

shield_kernel() {
  local setting file
  for setting in "${kernel[@]}"; do
    file=/proc/sys/$(tr . / <<<"${setting%%=*}")
    [[ -e $file ]] || continue
    echo "${setting#*=}" >"kernel/${setting%%=*}"
    mount --bind "kernel/${setting%%=*}" "$file"
  done
}

join_group() {
  local members joined=0
  for members in /sys/fs/cgroup/{,*/}"$group"/daemons/cgroup.procs; do
    # One hierarchy of version 2, or several of version 1 in folders of their own.
    if [[ -e $members ]]; then
      echo 0 >"$members"
      joined=1
    fi
  done
  ((joined)) || die "there is no cgroup $group/daemons below /sys/fs/cgroup; is it mounted?"
}

# Waits for a file, as long as a process lives.
await() {
  until [[ -e $1 ]]; do
    kill -0 "$2" 2>/dev/null || die "containerd has ended, see $folder/containerd.log"
    sleep 0.03
  done
}

arrange_files
shield_kernel
join_group
echo "$name" >/proc/sys/kernel/hostname
# Pods may ask for mounts that propagate.
mount --make-rshared /

containerd --config containerd.toml >>containerd.log 2>&1 &
containerd=$!
await /run/containerd/containerd.sock "$containerd"
for image in images/*.tar; do
  ctr --namespace k8s.io images import "$image" >>import.log 2>&1 || die "$image cannot be imported, see $folder/import.log"
done
await start-kubelet "$containerd"
"$@" >>kubelet.log 2>&1 &
wait -n || true
tail -n 5 containerd.log kubelet.log >&2
die "containerd or the kubelet has ended, see above and in $folder"
