#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs Maven with the JDK that fits and shows where it is; the whole output is shown if it fails.
# Usage: maven.sh ARGUMENT...
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$here/packages.sh" maven=mvn git=git
JAVA_HOME=$("$here/jdk.sh")
export JAVA_HOME
log=$(mktemp)
trap 'rm -f "$log"' EXIT

progress() {
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    case $line in
      *'] Building Hawser'* | *'Tests run:'*'-- in'* | *SKIPPED:* | *'BUILD SUCCESS'*)
        line=${line#'[INFO] '}
        printf 'maven: [%3d s] %s\n' "$SECONDS" "${line%%  *}" >&2
        ;;
    esac
  done
}

cd "$here/../.."
status=0
mvn -B -ntp -Dstyle.color=never "$@" 2>&1 | progress || status=$?
if ((status != 0)); then
  grep -nE '^\[(ERROR|WARNING)\]|FAIL' "$log" | cut -c 1-400 | tail -n 120 >&2
  echo "maven: failed, see above; for the whole output: mvn $*" >&2
  exit 1
fi
