// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.net.Host;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;

/** Calls from one host to another. */
final class Calls {
    private Calls() {}

    static void ping(Host from, String address) {
        from.run("ping", "-c", "2", "-i", "0.2", "-W", "2", address);
    }

    /** Connects and says what address the server saw; the connection must come about within a second. */
    static String sourceSeenBy(Host client, Host server, String address, int port) throws Exception {
        try (ServerSocket listener = server.call(() -> new ServerSocket(port));
                Socket socket = client.call(() -> {
                    Socket fresh = new Socket();
                    try {
                        fresh.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), 1_000);
                        return fresh;
                    } catch (IOException e) {
                        fresh.close();
                        throw e;
                    }
                });
                Socket accepted = listener.accept()) {
            assertThat(socket.isConnected()).isTrue();
            return IpAddress.ofBytes(accepted.getInetAddress().getAddress()).toString();
        }
    }

    static String metrics(Host node) {
        try {
            return node.call(() -> {
                URLConnection scrape =
                        URI.create("http://127.0.0.1:9101/metrics").toURL().openConnection();
                // A connection kept alive would be used again for the other host, whose address is the same.
                scrape.setRequestProperty("Connection", "close");
                try (InputStream body = scrape.getInputStream()) {
                    return new String(body.readAllBytes(), StandardCharsets.UTF_8);
                }
            });
        } catch (Exception e) {
            throw new AssertionError("no metrics from " + node.name(), e);
        }
    }
}
