// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.config.ConfigFile;
import dev.hawser.proxy.config.ProxyConfig;
import dev.hawser.proxy.stream.HeldBytes;
import dev.hawser.proxy.stream.Journal;
import dev.hawser.proxy.stream.ProxyServer;
import dev.hawser.proxy.stream.TlsFront;
import dev.hawser.proxy.stream.Transport;
import dev.hawser.proxy.target.NameLookup;
import dev.hawser.proxy.target.Targets;
import dev.hawser.runtime.Check;
import dev.hawser.runtime.HealthServer;
import dev.hawser.runtime.Launch;
import dev.hawser.runtime.OldGeneration;
import dev.hawser.runtime.ProcessMetrics;
import dev.hawser.runtime.Settings;
import dev.hawser.runtime.SettingsException;
import dev.hawser.runtime.Termination;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The API server proxy: HTTP CONNECT to the API server of its own cluster, for every peer. It holds no credential and
 * needs no permission; who may do what is decided by the API server behind it.
 */
public final class ProxyMain {
    private static final String HOST = "KUBERNETES_SERVICE_HOST";
    private static final String CONFIG = "HAWSER_PROXY_CONFIG";
    private static final String TLS = "HAWSER_PROXY_TLS_";
    private static final int PORT = 8118;

    private ProxyMain() {}

    public static void main(String[] args) {
        Launch.run("proxy", ProxyMain::start);
    }

    private static void start(Settings settings, Termination termination) {
        IpAddress host = serviceHost(settings);
        int port = settings.port("KUBERNETES_SERVICE_PORT", 443);
        Optional<ConfigFile> file = settings.text(CONFIG).map(Path::of).map(ConfigFile::new);
        ProxyConfig config = file.map(ProxyMain::first).orElse(ProxyConfig.DEFAULT);
        PrometheusMeterRegistry registry = ProcessMetrics.registry();
        termination.onStop("metrics", registry::close);
        Gauge.builder(
                        "hawser.proxy.config.valid",
                        () -> file.map(ConfigFile::valid).orElse(true) ? 1 : 0)
                .description("1 while what holds is what the file says")
                .register(registry);
        DialCheck apiServer = new DialCheck(Targets.dialled(host, port), System::nanoTime);
        Journal journal = new Journal(registry);
        Configured configured = new Configured(config, Targets.apiServer(host, port), journal, Descriptors.tunnels());
        Optional<TlsFront> tls = tls(settings);
        ProxyServer proxy = serve(settings, configured, journal, tls);
        configured.follow(file, tls, proxy);
        HealthServer health = HealthServer.start(
                settings.address("HAWSER_HEALTH_ADDRESS", "127.0.0.1:9102"),
                registry::scrape,
                () -> List.of(listening(proxy), apiServer.check()));
        // The last one goes first: while open streams drain, readiness already says no and liveness still yes.
        termination.onStop("health", health);
        termination.onStop("configuration", configured);
        termination.onStop("proxy", proxy);
        OldGeneration.watch();
    }

    /** At the start there is nothing that held before: a proxy that cannot tell whom to admit admits nobody. */
    private static ProxyConfig first(ConfigFile file) {
        return file.poll()
                .orElseThrow(() -> new SettingsException(
                        CONFIG + " names a file that cannot be used, for the reason logged above; correct it"));
    }

    private static ProxyServer serve(
            Settings settings, Configured configured, Journal journal, Optional<TlsFront> tls) {
        HeldBytes held = HeldBytes.ofThisProcess();
        journal.show(held);
        // Unless told otherwise every address of every family that the pod has.
        InetSocketAddress address = settings.text("HAWSER_PROXY_ADDRESS", "").isEmpty()
                ? new InetSocketAddress(PORT)
                : settings.address("HAWSER_PROXY_ADDRESS", "");
        ProxyServer.Wiring wiring = new ProxyServer.Wiring(
                journal,
                configured.admission(),
                NameLookup.SYSTEM,
                tls,
                held,
                Runtime.getRuntime().availableProcessors());
        try {
            return ProxyServer.start(address, Transport.best(), configured.policy(), wiring);
        } catch (IOException e) {
            throw new SettingsException(e.getMessage() + "; set HAWSER_PROXY_ADDRESS to a free one");
        }
    }

    private static Optional<TlsFront> tls(Settings settings) {
        Optional<Path> certificate = settings.text(TLS + "CERT").map(Path::of);
        if (certificate.isEmpty()) {
            return Optional.empty();
        }
        Path key = Path.of(settings.required(TLS + "KEY", "speak TLS with the certificate in " + TLS + "CERT"));
        try {
            return Optional.of(new TlsFront(
                    certificate.get(), key, settings.text(TLS + "CLIENT_CA").map(Path::of)));
        } catch (IOException e) {
            throw new SettingsException(String.valueOf(e.getMessage()));
        }
    }

    private static Check listening(ProxyServer proxy) {
        return proxy.accepting()
                ? Check.pass("listener", "accepts on port " + proxy.port())
                : Check.fail("listener", "is about to end");
    }

    private static IpAddress serviceHost(Settings settings) {
        String text = settings.required(HOST, "know where the API server is; Kubernetes sets it in every pod");
        try {
            return IpAddress.parse(text);
        } catch (AddressException e) {
            throw new SettingsException(
                    "%s is \"%s\", which is not an address, and this proxy resolves no names; set it to the ClusterIP of Service default/kubernetes"
                            .formatted(HOST, text));
        }
    }
}
