// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The optional TLS between clients and the proxy itself. */
@Timeout(60)
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void certify() throws Exception {
        for (String name : new String[] {"one", "two"}) {
            KeyStore keys = keys(name);
            Files.writeString(
                    folder.resolve(name + ".crt"),
                    pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
            Files.writeString(
                    folder.resolve(name + ".key"),
                    pem("PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded()));
        }
    }

    private static KeyStore keys(String name) throws Exception {
        return keys(name, "EC");
    }

    private static KeyStore keys(String name, String algorithm) throws Exception {
        Path file = folder.resolve(name + ".p12");
        if (!Files.exists(file)) {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            name,
                            "-keyalg",
                            algorithm,
                            "-dname",
                            "CN=" + name,
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            new String(PASSWORD),
                            "-keystore",
                            file.toString())
                    .inheritIO()
                    .start();
            assertThat(keytool.waitFor()).isZero();
        }
        return KeyStore.getInstance(file.toFile(), PASSWORD);
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder().encodeToString(bytes)
                + "\n-----END " + what + "-----\n";
    }

    /** A client that trusts what is given, and shows what is given if anything. */
    private static SSLSocket client(Rig rig, String trusted, Optional<String> shown) throws Exception {
        SSLSocket socket =
                (SSLSocket) context(trusted, shown).getSocketFactory().createSocket(Rig.LOOPBACK, rig.proxy.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static SSLContext context(String trusted, Optional<String> shown) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("proxy", keys(trusted).getCertificate(trusted));
        TrustManagerFactory trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trust);
        KeyManagerFactory shows = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        shows.init(shown.isPresent() ? keys(shown.get()) : null, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shows.getKeyManagers(), trusts.getTrustManagers(), null);
        return context;
    }

    private static TlsFront front(Optional<Path> authority) throws IOException {
        return new TlsFront(folder.resolve("one.crt"), folder.resolve("one.key"), authority);
    }

    @Test
    void carriesATunnelAndClosesItsHalves() throws Exception {
        try (Rig rig = new Rig(front(Optional.empty()), socket -> {
                    byte[] question = socket.getInputStream().readAllBytes();
                    Rig.send(socket, "you said " + new String(question, StandardCharsets.UTF_8));
                });
                SSLSocket client = client(rig, "one", Optional.empty())) {
            Rig.send(client, Rig.CONNECT + "a");
            assertThat(Rig.head(client)).startsWith("HTTP/1.1 200 ");
            Rig.send(client, "b");
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("you said ab");
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.admission.tunnels() == 0);
        }
    }

    @Test
    void passesACutOnAsACut() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Rig rig = new Rig(front(Optional.empty()), socket -> {
                    try {
                        seen.add("read " + socket.getInputStream().read());
                        seen.add("read " + socket.getInputStream().read());
                    } catch (IOException e) {
                        seen.add("cut");
                    }
                });
                Socket raw = rig.client()) {
            SSLSocket client = (SSLSocket)
                    context("one", Optional.empty()).getSocketFactory().createSocket(raw, "proxy", 1, false);
            Rig.send(client, Rig.CONNECT + "a");
            assertThat(Rig.head(client)).startsWith("HTTP/1.1 200 ");
            // An end below TLS: without close_notify nobody may take it for one.
            raw.shutdownOutput();

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(seen).containsExactly("read 97", "cut"));
        }
    }

    @Test
    void saysRefusalsToTheEnd() throws Exception {
        try (Rig rig = new Rig(front(Optional.empty()), Rig::echo);
                SSLSocket client = client(rig, "one", Optional.empty())) {
            Rig.send(client, "GET / HTTP/1.1\r\n\r\n");

            assertThat(client.getInputStream().readAllBytes())
                    .asString()
                    .startsWith("HTTP/1.1 405 Method Not Allowed")
                    .endsWith("CONNECT only.\n");
        }
    }

    @Test
    void asksForACertificateWhereItMust() throws Exception {
        try (Rig rig = new Rig(front(Optional.of(folder.resolve("two.crt"))), Rig::echo);
                SSLSocket known = client(rig, "one", Optional.of("two"));
                SSLSocket unknown = client(rig, "one", Optional.empty())) {
            Rig.send(known, Rig.CONNECT);
            assertThat(Rig.head(known)).startsWith("HTTP/1.1 200 ");

            assertThatThrownBy(() -> {
                        Rig.send(unknown, Rig.CONNECT);
                        Rig.head(unknown);
                    })
                    .isInstanceOf(IOException.class);
            assertThat(rig.journal.openStreams()).isEqualTo(1);
        }
    }

    /** An RSA key in PKCS 1; an EC key in SEC 1, behind the parameters that OpenSSL writes in front of it. */
    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void readsKeysAsCertificateManagersWriteThem(String algorithm, @TempDir Path written) throws Exception {
        KeyStore keys = keys(algorithm, algorithm);
        Key key = keys.getKey(algorithm, PASSWORD);
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        ASN1Encodable parameters = info.getPrivateKeyAlgorithm().getParameters();
        String text = key instanceof ECPrivateKey elliptic
                ? pem("EC PARAMETERS", der(parameters))
                        + pem(
                                "EC PRIVATE KEY",
                                der(new org.bouncycastle.asn1.sec.ECPrivateKey(
                                        elliptic.getParams().getOrder().bitLength(), elliptic.getS(), parameters)))
                : pem("RSA PRIVATE KEY", der(info.parsePrivateKey()));
        Path certificate = Files.writeString(
                written.resolve("tls.crt"),
                pem("CERTIFICATE", keys.getCertificate(algorithm).getEncoded()));
        Path file = Files.writeString(written.resolve("tls.key"), text);
        try (Rig rig = new Rig(new TlsFront(certificate, file, Optional.empty()), Rig::echo)) {
            assertThat(name(rig, algorithm)).isEqualTo("CN=" + algorithm);
        }
    }

    private static byte[] der(ASN1Encodable value) throws IOException {
        return value.toASN1Primitive().getEncoded();
    }

    @Test
    void takesAnotherCertificateWithoutANewStart(@TempDir Path changing) throws Exception {
        Path certificate = Files.copy(folder.resolve("one.crt"), changing.resolve("tls.crt"));
        Path key = Files.copy(folder.resolve("one.key"), changing.resolve("tls.key"));
        TlsFront front = new TlsFront(certificate, key, Optional.empty());
        try (Rig rig = new Rig(front, Rig::echo)) {
            replace(certificate, "two.crt", 1);
            front.poll();
            assertThat(name(rig, "one")).as("a certificate without its key").isEqualTo("CN=one");
            replace(key, "two.key", 2);
            front.poll();

            assertThat(name(rig, "two")).isEqualTo("CN=two");
            assertThatThrownBy(() -> name(rig, "one")).isInstanceOf(SSLException.class);
        }
    }

    private static void replace(Path file, String by, int seconds) throws IOException {
        Files.writeString(file, Files.readString(folder.resolve(by)));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
    }

    private static String name(Rig rig, String trusted) throws Exception {
        try (SSLSocket client = client(rig, trusted, Optional.empty())) {
            client.startHandshake();
            return ((X509Certificate) client.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }
}
