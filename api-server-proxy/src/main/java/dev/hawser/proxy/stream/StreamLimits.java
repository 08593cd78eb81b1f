// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.http.HeadLimits;
import java.time.Duration;

/**
 * What one client, and all of them together, may take.
 *
 * @param head the size of a request head
 * @param headTime from the accepted connection to the end of the head
 * @param dialTime from the end of the head to the connected target
 * @param idle how long an open stream may carry nothing; longer than the API server keeps any watch open
 * @param halfClosedIdle the same for a stream of which one side has already said its last
 * @param clients connections of clients at once, whatever their state; each takes up to two descriptors
 * @param buffered bytes held for a side that does not read before the other is no longer read
 */
public record StreamLimits(
        HeadLimits head,
        Duration headTime,
        Duration dialTime,
        Duration idle,
        Duration halfClosedIdle,
        int clients,
        int buffered) {
    /** What the proxy runs with unless told otherwise. */
    public static final StreamLimits DEFAULT = new StreamLimits(
            HeadLimits.DEFAULT,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            4096,
            128 * 1024);
}
