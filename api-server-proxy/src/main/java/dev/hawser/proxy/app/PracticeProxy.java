// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.config.ConfigText;
import dev.hawser.proxy.stream.HeldBytes;
import dev.hawser.proxy.stream.Journal;
import dev.hawser.proxy.stream.ProxyServer;
import dev.hawser.proxy.stream.Transport;
import dev.hawser.proxy.target.NameLookup;
import dev.hawser.proxy.target.Targets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Tunnels on the loopback address, from which the build's training run learns what a proxy does with a client: enough of them
 * that the class cache knows what is worth compiling well, which a proxy would otherwise find out at its clients' expense.
 */
public final class PracticeProxy {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int TUNNELS = 3000;
    private static final int BACKLOG = 50;
    private static final String UNLIMITED = "limits: {connectsPerSecondPerSource: 1000000, connectBurst: 1000000}";

    private PracticeProxy() {}

    /** Serves, and is its own client, until the tunnels are closed. */
    public static void run() throws IOException {
        try (ServerSocket target = new ServerSocket(0, BACKLOG, LOOPBACK)) {
            Journal journal = new Journal(new SimpleMeterRegistry());
            Configured configured = new Configured(
                    ConfigText.parse(UNLIMITED),
                    Targets.apiServer(IpAddress.parse("127.0.0.1"), target.getLocalPort()),
                    journal,
                    BACKLOG);
            var wiring = new ProxyServer.Wiring(
                    journal, configured.admission(), NameLookup.SYSTEM, Optional.empty(), HeldBytes.ofThisProcess(), 1);
            // Not closed: that takes as long as a drain, and the JVM ends anyhow.
            ProxyServer proxy = ProxyServer.start(
                    new InetSocketAddress(LOOPBACK, 0), Transport.best(), configured.policy(), wiring);
            for (int i = 0; i < TUNNELS; i++) {
                talk(proxy.port(), target);
            }
        }
    }

    private static void talk(int port, ServerSocket target) throws IOException {
        try (Socket client = new Socket(LOOPBACK, port)) {
            client.getOutputStream()
                    .write("CONNECT kubernetes:443 HTTP/1.1\r\nHost: kubernetes:443\r\n\r\nhello"
                            .getBytes(StandardCharsets.US_ASCII));
            try (Socket behind = target.accept()) {
                behind.getOutputStream().write(behind.getInputStream().readNBytes(5));
            }
            client.getInputStream().readAllBytes();
        }
    }
}
