// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.port.Arrival;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import dev.hawser.tunnel.port.UdpPorts;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A port that reaches nobody: stands in until the first listen ports are known. */
final class NoUdpPort implements UdpPort {
    private final UdpPorts ports;
    private final List<Semaphore> wakeups = new ArrayList<>();

    /** @param ports opens what comes after this one */
    NoUdpPort(UdpPorts ports, int queues) {
        this.ports = ports;
        for (int queue = 0; queue < queues; queue++) {
            wakeups.add(new Semaphore(0));
        }
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
    public int receive(int queue, MemorySegment buffer, long offset, int capacity, Arrival arrival) {
        return -1;
    }

    @Override
    public void await(int queue, int timeoutMillis) {
        Semaphore mine = wakeups.get(queue);
        try {
            if (timeoutMillis < 0) {
                mine.acquire();
            } else if (!mine.tryAcquire(timeoutMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
            mine.drainPermits();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public UdpPort reopen(List<Integer> listenPorts) {
        return ports.open(listenPorts, wakeups.size());
    }

    @Override
    public void wake() {
        wakeups.forEach(Semaphore::release);
    }

    @Override
    public void close() {
        wake();
    }
}
