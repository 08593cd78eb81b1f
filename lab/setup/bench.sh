#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds what a bench needs and runs it; results go to target/bench.
# Usage: bench.sh gateway [--rounds N] [--seconds N] [--only METRIC,...] [--variants VARIANT,...]
#        bench.sh gateway --profile PAGE [--variants VARIANT,...]
#        bench.sh ipam [--rounds N] [--page PAGE]
#        bench.sh proxy [--rounds N] [--only METRIC,...] [--variants VARIANT,...] [--page PAGE]
#        bench.sh proxy --profile PAGE [--variants VARIANT,...]
#        bench.sh micro [--only PATTERN] [--page PAGE]
#        bench.sh pages      put the last results into docs/benchmarks
set -euo pipefail

readonly bench=${1:?gateway, ipam, proxy, micro or pages}
shift
readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly root=$(cd "$here/../.." && pwd)

"$here/prepare.sh" bench
if [[ $bench == gateway ]]; then
  wireguard_go=$("$root/benchmarks/wireguard-go/build.sh")
  set -- --wireguard-go "$wireguard_go" "$@"
fi
if [[ $bench == proxy ]]; then
  proxies=$("$root/benchmarks/proxies/unpack.sh")
  set -- --proxies "$proxies" "$@"
fi
if [[ $bench == gateway || $bench == ipam || $bench == proxy ]]; then
  set -- --commit "$(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)" "$@"
fi
JAVA_HOME=$("$here/jdk.sh")
cd "$root"
exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xmx256m -cp "benchmarks/target/hawser/lib/*" \
  dev.hawser.benchmarks.app.BenchmarkMain "$bench" "$@"
