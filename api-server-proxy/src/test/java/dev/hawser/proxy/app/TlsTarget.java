// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A small API server: TLS on this machine's loopback, one answer of 2 KiB to each request, as {@code kubectl get} causes. And
 * what its clients do.
 */
final class TlsTarget implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final int BACKLOG = 1024;
    private static final String REQUEST = "GET /api HTTP/1.1\r\nHost: kubernetes\r\nConnection: close\r\n\r\n";
    private static final String BODY = "{\"kind\":\"APIVersions\"}\n".repeat(89);
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: " + BODY.length() + "\r\nConnection: close\r\n\r\n" + BODY;

    private final SSLContext context;
    private final SSLServerSocket listener;

    private TlsTarget(SSLContext context) throws IOException {
        this.context = context;
        this.listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, BACKLOG, ProxyProcess.LOOPBACK);
    }

    static TlsTarget start() throws Exception {
        TlsTarget target = new TlsTarget(context());
        Thread.ofPlatform().daemon().name("tls-target").start(target::accept);
        return target;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What a kubectl does: a tunnel through the proxy, TLS, a request and its answer. */
    void request(ProxyProcess proxy, Socket connected) throws IOException {
        try (Socket tunnel = proxy.tunnel(connected);
                SSLSocket tls =
                        (SSLSocket) context.getSocketFactory().createSocket(tunnel, "kubernetes", port(), true)) {
            tls.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(tls.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!answer.equals(ANSWER)) {
                throw new IOException("half an answer: " + answer.length() + " of " + ANSWER.length() + " bytes");
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = listener.accept();
                Thread.ofVirtual().start(() -> answer(caller));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private static void answer(Socket caller) {
        try (caller) {
            InputStream input = caller.getInputStream();
            if (input.readNBytes(REQUEST.length()).length == REQUEST.length()) {
                caller.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException gone) {
            // The client says what it missed.
        }
    }

    /** With a key that the JDK's own tool makes, which both ends trust. */
    private static SSLContext context() throws IOException, GeneralSecurityException, InterruptedException {
        Path folder = Files.createTempDirectory("hawser-tls");
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=kubernetes",
                        "-alias",
                        "kubernetes",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool makes no key");
        }
        KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        Files.delete(file);
        Files.delete(folder);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
