// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Optional;

/**
 * Has the old generation of the heap collected when it is half as large again as what the last collection left of it.
 *
 * <p>The serial collector enlarges it up to the heap's limit before it collects it once. So what lived for a minute and died,
 * such as thousands of tunnels, stays resident for hours: 14 MB for each 9,700 of them. A collection stops the process: that of
 * a gateway, of which 14 MB are left, for 40 to 240 ms while packets keep both of two cores busy. Hence only after so much has
 * grown old: once a minute in a gateway that was told of 99 peers or rid of them every ten seconds.
 */
public final class OldGeneration {
    private static final long LITTLE = 6 << 20;
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Optional<MemoryPoolMXBean> pool = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(each -> each.getName().equals("Tenured Gen"))
            .findFirst();

    /** Looks at once. Under another collector than the serial one it does nothing. */
    public void collectIfGrown() {
        if (pool.isPresent() && isGrown(pool.get())) {
            System.gc();
        }
    }

    private static boolean isGrown(MemoryPoolMXBean old) {
        MemoryUsage left = old.getCollectionUsage();
        long before = left == null ? 0 : left.getUsed();
        return old.getUsage().getUsed() > Math.max(before, LITTLE) * 3 / 2;
    }

    /** Looks every five seconds for as long as the process lives. */
    public static void watch() {
        OldGeneration generation = new OldGeneration();
        Thread.ofPlatform().daemon().name("hawser-heap").start(() -> {
            try {
                while (true) {
                    Thread.sleep(LOOK);
                    generation.collectIfGrown();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
