// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.config;

import dev.hawser.proxy.admission.Rules;
import dev.hawser.proxy.admission.Sources;
import java.time.Duration;

/**
 * How much is admitted, and for how long. Zero for {@code idle} and {@code lifetime} means without end.
 *
 * @param rules the numbers; their sources stand elsewhere in the file
 * @param headTime from the accepted connection to the end of the request's head
 * @param headBytes the head's size
 * @param dialTime from the end of the head to the connected target
 * @param idle how long a tunnel may carry nothing; a watch carries nothing for as long as nothing changes
 * @param halfClosedIdle the same for a tunnel of which one side has already said its last
 * @param lifetime of a tunnel, whatever it carries
 */
public record Limits(
        Rules rules,
        Duration headTime,
        int headBytes,
        Duration dialTime,
        Duration idle,
        Duration halfClosedIdle,
        Duration lifetime) {
    /**
     * What holds unless the file says otherwise. Tunnels take two descriptors and some kilobytes each; the rate is many
     * times what a busy controller needs, and a tenth of what the proxy manages.
     */
    public static final Limits DEFAULT = new Limits(
            new Rules(Sources.EVERYBODY, 4096, 4096, 4096, 100, 200, 256),
            Duration.ofSeconds(10),
            8192,
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ofMinutes(5),
            Duration.ZERO);
}
