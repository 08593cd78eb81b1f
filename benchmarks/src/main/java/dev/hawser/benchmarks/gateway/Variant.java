// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.machine.ProcessStat;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.process.ChildProcess;
import java.util.List;

/**
 * One way from a pod to a pod, ready for traffic.
 *
 * @param name as it stands in the results
 * @param client the pod that calls
 * @param server the pod that answers
 * @param serverAddress how the client knows the server
 * @param gateways the processes that carry the packets; none if the kernel does
 */
record Variant(String name, Host client, Host server, String serverAddress, List<ChildProcess> gateways)
        implements AutoCloseable {
    Variant {
        gateways = List.copyOf(gateways);
    }

    /** CPU time of all gateways so far. */
    double cpuSeconds() {
        return gateways.stream()
                .map(Variant::alive)
                .map(gateway -> ProcessStat.of(gateway.pid()))
                .mapToDouble(stat -> stat.ownSeconds() + stat.reapedSeconds())
                .sum();
    }

    /** Memory of the larger gateway now. */
    double residentMegabytes() {
        return gateways.stream()
                .map(Variant::alive)
                .mapToDouble(gateway -> ProcessStat.residentMegabytes(gateway.pid()))
                .max()
                .orElse(0);
    }

    private static ChildProcess alive(ChildProcess gateway) {
        if (!gateway.alive()) {
            throw new BenchmarkException(
                    gateway.name() + " ended while it was being measured; it said: " + gateway.logTail(10));
        }
        return gateway;
    }

    /** Lets the gateways end in good order: wireguard-go leaves a socket in the file system otherwise. */
    @Override
    public void close() {
        gateways.forEach(ChildProcess::stop);
    }
}
