// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS with the proxy itself: its certificate and key, and the authority of its clients' certificates if they must have
 * some. The files are read again when they change; what cannot be used leaves what was in use. Safe for any thread.
 *
 * <p>TLS is not what keeps a peer's traffic secret: that goes through the tunnel, and with TLS end to end inside. It is for
 * those who must have it on every hop.
 */
public final class TlsFront {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFront.class);

    private final Path certificate;
    private final Path key;
    private final Optional<Path> clientAuthority;
    private List<FileTime> stamp;
    private @Nullable String lastTrouble;
    private volatile SslContext context;

    /**
     * A front from PEM files.
     *
     * @param clientAuthority whose certificates clients must show; with none they show nothing
     * @throws IOException where they cannot be used; the message names the file
     */
    public TlsFront(Path certificate, Path key, Optional<Path> clientAuthority) throws IOException {
        this.certificate = certificate;
        this.key = key;
        this.clientAuthority = clientAuthority;
        this.stamp = stamp();
        this.context = read();
    }

    /** Looks whether the files have changed. */
    public synchronized void poll() {
        try {
            List<FileTime> now = stamp();
            if (!now.equals(stamp)) {
                context = read();
                stamp = now;
                lastTrouble = null;
                LOG.info("read {} again", certificate);
            }
        } catch (IOException e) {
            String trouble = String.valueOf(e.getMessage());
            if (!trouble.equals(lastTrouble)) {
                lastTrouble = trouble;
                LOG.warn("{}; what was in use stays in use", trouble);
            }
        }
    }

    /** What holds for whoever comes now. */
    SslContext context() {
        return context;
    }

    private List<FileTime> stamp() throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Path path : files()) {
            times.add(Files.getLastModifiedTime(path));
        }
        return List.copyOf(times);
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>(List.of(certificate, key));
        clientAuthority.ifPresent(files::add);
        return files;
    }

    private SslContext read() throws IOException {
        try {
            Identity identity = Identity.read(certificate, key);
            SslContextBuilder builder = SslContextBuilder.forServer(identity.key(), identity.chain())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1));
            if (clientAuthority.isPresent()) {
                builder.trustManager(clientAuthority.get().toFile()).clientAuth(ClientAuth.REQUIRE);
            }
            return builder.build();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "%s, %s%s cannot be used for TLS (%s); write PEM files that belong together"
                            .formatted(
                                    certificate,
                                    key,
                                    clientAuthority.map(path -> " and " + path).orElse(""),
                                    e.getMessage()),
                    e);
        }
    }
}
