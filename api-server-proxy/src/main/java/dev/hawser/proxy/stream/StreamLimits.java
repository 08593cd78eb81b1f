// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.http.HeadLimits;
import java.time.Duration;

/**
 * How long and how large things may be. Zero means without end where a duration may be zero.
 *
 * @param head the size of a request head
 * @param headTime from the accepted connection to the end of the head
 * @param dialTime from the end of the head to the connected target
 * @param idle how long an open stream may carry nothing, or zero
 * @param halfClosedIdle the same for a stream of which one side has already said its last, or zero
 * @param lifetime of an open stream, whatever it carries, or zero
 */
public record StreamLimits(
        HeadLimits head,
        Duration headTime,
        Duration dialTime,
        Duration idle,
        Duration halfClosedIdle,
        Duration lifetime) {
    /** What is usual; a watch may be silent for as long as it lives, and dead peers are found by keepalive. */
    public static final StreamLimits DEFAULT = new StreamLimits(
            HeadLimits.DEFAULT,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ofMinutes(5),
            Duration.ZERO);
}
