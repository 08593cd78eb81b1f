// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import dev.hawser.proxy.admission.Admission;
import dev.hawser.proxy.config.ConfigFile;
import dev.hawser.proxy.config.Limits;
import dev.hawser.proxy.config.ProxyConfig;
import dev.hawser.proxy.http.HeadLimits;
import dev.hawser.proxy.stream.Journal;
import dev.hawser.proxy.stream.Policy;
import dev.hawser.proxy.stream.ProxyServer;
import dev.hawser.proxy.stream.StreamLimits;
import dev.hawser.proxy.stream.TlsFront;
import dev.hawser.proxy.target.Targets;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxy's parts and the file that says how they are to work: what changes there is brought to each of them. */
final class Configured implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Configured.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Targets apiServer;
    private final Admission admission;
    private final Journal journal;
    private final int capacity;
    private volatile Policy policy;
    private volatile boolean closed;

    /**
     * Parts that work as the file says now.
     *
     * @param capacity tunnels for which there are descriptors
     */
    Configured(ProxyConfig first, Targets apiServer, Journal journal, int capacity) {
        this.apiServer = apiServer;
        this.journal = journal;
        this.capacity = capacity;
        this.admission = new Admission(first.rules(capacity));
        this.policy = policy(first);
        journal.peers(first.sources().names());
        tell(first);
    }

    Admission admission() {
        return admission;
    }

    Policy policy() {
        return policy;
    }

    /** Follows the files from now on, once a second: the kubelet brings a change within a minute anyhow. */
    void follow(Optional<ConfigFile> file, Optional<TlsFront> tls, ProxyServer server) {
        if (file.isEmpty() && tls.isEmpty()) {
            return;
        }
        Thread.ofPlatform().name("config").daemon().start(() -> {
            try {
                while (!closed) {
                    Thread.sleep(PERIOD);
                    file.flatMap(ConfigFile::poll).ifPresent(config -> apply(config, server));
                    tls.ifPresent(TlsFront::poll);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
    }

    private void apply(ProxyConfig config, ProxyServer server) {
        admission.rules(config.rules(capacity));
        policy = policy(config);
        server.policy(policy);
        journal.peers(config.sources().names());
        tell(config);
    }

    private void tell(ProxyConfig config) {
        int wanted = config.limits().rules().tunnels();
        LOG.info(
                "sources: {}; {} further targets; {} tunnels",
                config.sources().everybody()
                        ? "everybody"
                        : config.sources().names().size() + " known peers",
                config.targets().size(),
                Math.min(wanted, capacity));
        if (wanted > capacity) {
            LOG.warn(
                    "limits.tunnels is {}, but there are descriptors for {} only; raise the limit of open files",
                    wanted,
                    capacity);
        }
    }

    private Policy policy(ProxyConfig config) {
        Limits limits = config.limits();
        HeadLimits usual = HeadLimits.DEFAULT;
        HeadLimits head = new HeadLimits(
                limits.headBytes(), Math.min(usual.requestLineBytes(), limits.headBytes()), usual.fields());
        return new Policy(
                new StreamLimits(
                        head,
                        limits.headTime(),
                        limits.dialTime(),
                        limits.idle(),
                        limits.halfClosedIdle(),
                        limits.lifetime()),
                apiServer.and(config.targets()),
                config.drain().delay(),
                config.drain().grace());
    }
}
