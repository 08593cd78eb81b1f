// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.port.Arrival;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import dev.hawser.tunnel.port.UdpPorts;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A port that reaches nobody: stands in until the first listen ports are known. */
final class NoUdpPort implements UdpPort {
    private final UdpPorts ports;
    private final Semaphore wakeups = new Semaphore(0);

    /** @param ports opens what comes after this one */
    NoUdpPort(UdpPorts ports) {
        this.ports = ports;
    }

    @Override
    public List<Integer> localPorts() {
        return List.of();
    }

    @Override
    public int maxSegments() {
        return 1;
    }

    @Override
    public Outcome send(MemorySegment buffer, long offset, int length, int segmentSize, UdpEndpoint to) {
        return Outcome.UNREACHABLE;
    }

    @Override
    public int receive(MemorySegment buffer, long offset, int capacity, Arrival arrival) {
        return -1;
    }

    @Override
    public void await(int timeoutMillis) {
        try {
            if (timeoutMillis < 0) {
                wakeups.acquire();
            } else if (!wakeups.tryAcquire(timeoutMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
            wakeups.drainPermits();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public UdpPort reopen(List<Integer> listenPorts) {
        return ports.open(listenPorts);
    }

    @Override
    public void wake() {
        wakeups.release();
    }

    @Override
    public void close() {
        wake();
    }
}
