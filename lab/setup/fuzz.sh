#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes every target (a method with @FuzzTest, which says for how long), one after the other; `make test` only replays
# their corpora.
#
# HAWSER_FUZZ_TIME   time for each target instead of its own, for example 30s
# HAWSER_FUZZ_ONLY   a part of a class name, for example TransportFuzz: only these targets
# An input that breaks something is written beside the target's corpus, where the next `make test` meets it again.
set -euo pipefail

readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly root=$(cd "$here/../.." && pwd)
export JAZZER_FUZZ=1
[[ -z ${HAWSER_FUZZ_TIME:-} ]] || export JAZZER_MAX_DURATION=$HAWSER_FUZZ_TIME

cd "$root"
targets=$(git grep -lE '@FuzzTest\(' -- "*${HAWSER_FUZZ_ONLY:-FuzzTest}*.java") ||
  { echo "fuzz: no class with @FuzzTest is called *${HAWSER_FUZZ_ONLY:-FuzzTest}*; name a part of one that is" >&2; exit 1; }
for file in $targets; do
  module=${file%%/src/*} class=$(basename "$file" .java)
  while read -r method; do
    echo "fuzz: $class#$method" >&2
    "$here/maven.sh" test -pl "$module" -am -Dtest="$class#$method" -Dsurefire.failIfNoSpecifiedTests=false \
      -Dspotless.check.skip -Dcheckstyle.skip -Dmdep.analyze.skip
  done < <(grep -A 1 -F '@FuzzTest(' "$file" | sed -nE 's/^ +(public )?void ([A-Za-z0-9]+)\(.*/\2/p')
done
