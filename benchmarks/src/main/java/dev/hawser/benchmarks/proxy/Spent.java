// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

/**
 * CPU seconds of the three that share the machine's cores. What the kernel does for an incoming packet, it does in the
 * time of whoever sent it.
 */
record Spent(double proxy, double client, double target) {
    Spent since(Spent before) {
        return new Spent(proxy - before.proxy, client - before.client, target - before.target);
    }
}
