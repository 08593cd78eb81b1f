// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.http.Authority;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a stream when it has ended.
 *
 * @param toTarget bytes taken from the client for the target
 * @param toClient bytes taken from the target for the client
 * @param nanos from the answer 200 to the end
 */
record StreamRecord(
        @Nullable SocketAddress client, Authority target, Ending ending, long toTarget, long toClient, long nanos) {}
