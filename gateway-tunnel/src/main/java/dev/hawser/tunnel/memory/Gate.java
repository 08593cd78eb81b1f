// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.memory;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What an event descriptor is to the kernel: a wait that one opening ends, remembered if nobody waits. */
final class Gate {
    private final Semaphore openings = new Semaphore(0);

    void open() {
        openings.release();
    }

    void await(int timeoutMillis) {
        try {
            if (timeoutMillis < 0) {
                openings.acquire();
            } else if (!openings.tryAcquire(timeoutMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
            openings.drainPermits();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
