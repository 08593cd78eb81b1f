// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.target.Targets;
import java.time.Duration;

/**
 * What may change while the proxy runs. A stream lives by what held when its client came.
 *
 * @param drainDelay how long new streams are still opened once the server is told to end
 * @param drainGrace how long after that open streams may go on
 */
public record Policy(StreamLimits limits, Targets targets, Duration drainDelay, Duration drainGrace) {}
