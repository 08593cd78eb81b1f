// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import dev.hawser.runtime.Check;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The readiness check that dials the API server for real. At most once a second, whoever asks how often: the health
 * port must not become a way to make the proxy dial. Safe for any thread.
 */
final class DialCheck {
    private static final String NAME = "api-server";
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final InetSocketAddress target;
    private final LongSupplier nanos;
    private Check last = Check.fail(NAME, "not dialled yet");
    private long lastNanos;
    private boolean dialled;

    DialCheck(InetSocketAddress target, LongSupplier nanos) {
        this.target = target;
        this.nanos = nanos;
    }

    synchronized Check check() {
        if (!dialled || nanos.getAsLong() - lastNanos >= FRESH_NANOS) {
            last = dial();
            lastNanos = nanos.getAsLong();
            dialled = true;
        }
        return last;
    }

    private Check dial() {
        try (Socket socket = new Socket()) {
            socket.connect(target, Math.toIntExact(TIMEOUT.toMillis()));
            return Check.pass(NAME, "answers at " + target);
        } catch (IOException e) {
            return Check.fail(NAME, "cannot be dialled at " + target + ": " + e.getMessage());
        }
    }
}
