// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.runtime.Launch;
import dev.hawser.tunnel.node.Commands;
import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.PacketDevice;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The gateway as it starts for the run that trains the AOT cache: all of it but the device, which only root may open, and
 * the changes to the node, which nobody wants then. It plans, opens its port and dials its peers.
 */
public final class PracticeGateway {
    private PracticeGateway() {}

    /** Runs until the JVM ends. */
    public static void run() {
        Launch.run(
                "gateway",
                (settings, termination) -> GatewayMain.start(
                        settings, termination, SilentDevice::new, (input, words) -> new Commands.Result(0, "", "")));
    }

    /** An interface through which no packet ever comes, and which takes none. */
    private static final class SilentDevice implements PacketDevice {
        private final Semaphore wakeups = new Semaphore(0);

        @Override
        public String name() {
            return "practice";
        }

        @Override
        public int mtu() {
            return GatewayMain.MTU;
        }

        @Override
        public int maxRead() {
            return GatewayMain.MTU;
        }

        @Override
        public boolean hasOffloads() {
            return false;
        }

        @Override
        public int headroom() {
            return 0;
        }

        @Override
        public int read(MemorySegment buffer, long offset, Offload offload) {
            return 0;
        }

        @Override
        public boolean write(MemorySegment buffer, long offset, int length, Offload offload) {
            return false;
        }

        @Override
        public void await(int timeoutMillis) {
            try {
                if (timeoutMillis < 0) {
                    wakeups.acquire();
                } else if (wakeups.tryAcquire(timeoutMillis, TimeUnit.MILLISECONDS)) {
                    wakeups.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
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
}
