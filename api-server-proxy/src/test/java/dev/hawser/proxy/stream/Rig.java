// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.admission.Admission;
import dev.hawser.proxy.admission.Rules;
import dev.hawser.proxy.admission.Sources;
import dev.hawser.proxy.target.NameLookup;
import dev.hawser.proxy.target.Targets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A proxy on loopback with a target behind it, both on real sockets; the target is what the test makes of it. */
final class Rig implements AutoCloseable {
    /** What the target does with one connection; the socket is closed afterwards. */
    @FunctionalInterface
    interface Conversation {
        void hold(Socket socket) throws IOException;
    }

    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    static final String CONNECT =
            "CONNECT kubernetes.default.svc:443 HTTP/1.1\r\nHost: kubernetes.default.svc:443\r\n\r\n";

    /** What the tests of streams are not about: they come from one address, and many at once. */
    static final Rules RULES = new Rules(Sources.EVERYBODY, 4096, 4096, 4096, 100_000, 100_000, 1000);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Journal journal = new Journal(registry);
    final HeldBytes held;
    final ServerSocket target;
    final Admission admission;
    final ProxyServer proxy;

    Rig(Transport transport, Conversation conversation) throws IOException {
        this(transport, limits -> limits, conversation);
    }

    Rig(Transport transport, UnaryOperator<StreamLimits> limits, Conversation conversation) throws IOException {
        this(transport, RULES, limits.apply(StreamLimits.DEFAULT), new ServerSocket(0, 512, LOOPBACK));
        Thread.ofVirtual().start(() -> accept(conversation));
    }

    Rig(Transport transport, Rules rules, Conversation conversation) throws IOException {
        this(transport, rules, StreamLimits.DEFAULT, new ServerSocket(0, 512, LOOPBACK));
        Thread.ofVirtual().start(() -> accept(conversation));
    }

    /** A rig whose target accepts nothing by itself. */
    Rig(Transport transport, Rules rules, StreamLimits limits, ServerSocket target) throws IOException {
        this(transport, rules, limits, target, Optional.empty());
    }

    /** A rig that speaks TLS with its clients. */
    Rig(TlsFront tls, Conversation conversation) throws IOException {
        this(Transport.best(), RULES, StreamLimits.DEFAULT, new ServerSocket(0, 512, LOOPBACK), Optional.of(tls));
        Thread.ofVirtual().start(() -> accept(conversation));
    }

    /** A rig with so much memory for sides that do not read. */
    Rig(Transport transport, HeldBytes held, Conversation conversation) throws IOException {
        this(transport, RULES, StreamLimits.DEFAULT, new ServerSocket(0, 512, LOOPBACK), Optional.empty(), held);
        Thread.ofVirtual().start(() -> accept(conversation));
    }

    private Rig(Transport transport, Rules rules, StreamLimits limits, ServerSocket target, Optional<TlsFront> tls)
            throws IOException {
        this(transport, rules, limits, target, tls, HeldBytes.ofThisProcess());
    }

    private Rig(
            Transport transport,
            Rules rules,
            StreamLimits limits,
            ServerSocket target,
            Optional<TlsFront> tls,
            HeldBytes held)
            throws IOException {
        this.held = held;
        this.target = target;
        this.admission = new Admission(rules);
        this.proxy = ProxyServer.start(
                new InetSocketAddress(LOOPBACK, 0),
                transport,
                policy(limits, target.getLocalPort()),
                new ProxyServer.Wiring(journal, admission, NameLookup.SYSTEM, tls, held, 2));
    }

    static Policy policy(StreamLimits limits, int targetPort) {
        return new Policy(
                limits,
                Targets.apiServer(IpAddress.parse("127.0.0.1"), targetPort),
                Duration.ofMillis(50),
                Duration.ofMillis(200));
    }

    private void accept(Conversation conversation) {
        while (!target.isClosed()) {
            try {
                Socket socket = target.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        conversation.hold(socket);
                    } catch (IOException e) {
                        // The other side went away, which some tests want.
                    }
                });
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Ends the target. Its thread is still in accept() for a moment, during which the kernel takes connections for it. */
    void endTarget() throws IOException {
        target.close();
        while (true) {
            try (Socket taken = new Socket(LOOPBACK, target.getLocalPort())) {
                taken.setSoLinger(true, 0);
            } catch (ConnectException refused) {
                return;
            } catch (SocketException reset) {
                // Taken, and ended with the listener.
            }
        }
    }

    /** A client that has not said anything yet; it gives up after 20 s rather than hang a build. */
    Socket client() throws IOException {
        Socket socket = new Socket(LOOPBACK, proxy.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** A client whose stream is open. */
    Socket connected() throws IOException {
        Socket socket = client();
        send(socket, CONNECT);
        String answer = head(socket);
        if (!answer.equals("HTTP/1.1 200 Connection established\r\n\r\n")) {
            throw new IOException("expected 200, got " + answer);
        }
        return socket;
    }

    /** Everything the proxy answers to the given bytes, until it closes. */
    String exchange(String request) throws IOException {
        try (Socket socket = client()) {
            send(socket, request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    long count(Outcome outcome) {
        return (long) registry.get("hawser.proxy.connects")
                .tag("outcome", outcome.label())
                .counter()
                .count();
    }

    long refusals(Reason reason) {
        return (long) registry.get("hawser.proxy.refusals")
                .tag("reason", reason.label())
                .counter()
                .count();
    }

    long bytes(String direction) {
        return (long) registry.get("hawser.proxy.bytes")
                .tag("direction", direction)
                .functionCounter()
                .count();
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads up to and including the first empty line, not a byte more. */
    static String head(Socket socket) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        target.close();
        if (held.sum() != 0) {
            throw new IllegalStateException(held.sum() + " bytes are counted as held by streams that have ended");
        }
    }
}
