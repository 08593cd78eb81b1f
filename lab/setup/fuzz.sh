#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes every target (a method with @FuzzTest, which says for how long), one after the other; `make test` only replays
# their corpora.
# An input that breaks something is written beside the target's corpus, where the next `make test` meets it again.
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly root=$(cd "$here/../.." && pwd)
export JAZZER_FUZZ=1

cd "$root"
targets=$(git grep -lE '@FuzzTest\(' -- '*FuzzTest.java')
[[ -n $targets ]] || { echo "fuzz: no target is left in the tree; this script or the tests are wrong" >&2; exit 1; }
for file in $targets; do
  module=${file%%/src/*} class=$(basename "$file" .java)
  while read -r method; do
    echo "fuzz: $class#$method" >&2
    "$here/maven.sh" test -pl "$module" -am -Dtest="$class#$method" -Dsurefire.failIfNoSpecifiedTests=false \
      -Dspotless.check.skip -Dcheckstyle.skip -Dmdep.analyze.skip
  done < <(grep -A 1 -F '@FuzzTest(' "$file" | sed -nE 's/^ +(public )?void ([A-Za-z0-9]+)\(.*/\2/p')
done
