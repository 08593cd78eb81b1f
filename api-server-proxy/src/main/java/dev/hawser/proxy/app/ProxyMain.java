// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.stream.Journal;
import dev.hawser.proxy.stream.ProxyServer;
import dev.hawser.proxy.stream.StreamLimits;
import dev.hawser.proxy.stream.Transport;
import dev.hawser.proxy.target.Targets;
import dev.hawser.runtime.Check;
import dev.hawser.runtime.HealthServer;
import dev.hawser.runtime.Launch;
import dev.hawser.runtime.ProcessMetrics;
import dev.hawser.runtime.Settings;
import dev.hawser.runtime.SettingsException;
import dev.hawser.runtime.Termination;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * The API server proxy: HTTP CONNECT to the API server of its own cluster, for every peer. It holds no credential and
 * needs no permission; who may do what is decided by the API server behind it.
 */
public final class ProxyMain {
    private static final String HOST = "KUBERNETES_SERVICE_HOST";
    private static final int PORT = 8118;

    private ProxyMain() {}

    public static void main(String[] args) {
        Launch.run("proxy", ProxyMain::start);
    }

    private static void start(Settings settings, Termination termination) {
        IpAddress host = serviceHost(settings);
        int port = settings.port("KUBERNETES_SERVICE_PORT", 443);
        PrometheusMeterRegistry registry = ProcessMetrics.registry();
        termination.onStop("metrics", registry::close);
        DialCheck apiServer = new DialCheck(Targets.dialled(host, port), System::nanoTime);
        ProxyServer proxy = serve(settings, Targets.apiServer(host, port), new Journal(registry));
        HealthServer health = HealthServer.start(
                settings.address("HAWSER_HEALTH_ADDRESS", "127.0.0.1:9102"),
                registry::scrape,
                () -> List.of(listening(proxy), apiServer.check()));
        // The last one goes first: while open streams drain, readiness already says no and liveness still yes.
        termination.onStop("health", health);
        termination.onStop("proxy", proxy);
    }

    private static ProxyServer serve(Settings settings, Targets targets, Journal journal) {
        // Unless told otherwise every address of every family that the pod has.
        InetSocketAddress address = settings.text("HAWSER_PROXY_ADDRESS", "").isEmpty()
                ? new InetSocketAddress(PORT)
                : settings.address("HAWSER_PROXY_ADDRESS", "");
        ProxyServer.Wiring wiring = new ProxyServer.Wiring(
                journal,
                Runtime.getRuntime().availableProcessors(),
                settings.duration("HAWSER_PROXY_DRAIN", Duration.ofSeconds(5)));
        try {
            return ProxyServer.start(address, Transport.best(), limits(settings), targets, wiring);
        } catch (IOException e) {
            throw new SettingsException(e.getMessage() + "; set HAWSER_PROXY_ADDRESS to a free one");
        }
    }

    private static StreamLimits limits(Settings settings) {
        StreamLimits usual = StreamLimits.DEFAULT;
        return new StreamLimits(
                usual.head(),
                settings.duration("HAWSER_PROXY_HEAD_TIME", usual.headTime()),
                settings.duration("HAWSER_PROXY_DIAL_TIME", usual.dialTime()),
                settings.duration("HAWSER_PROXY_IDLE", usual.idle()),
                usual.halfClosedIdle(),
                settings.number("HAWSER_PROXY_CLIENTS", usual.clients(), 1, 1_000_000),
                usual.buffered());
    }

    private static Check listening(ProxyServer proxy) {
        return proxy.accepting()
                ? Check.pass("listener", "accepts on port " + proxy.port())
                : Check.fail("listener", "accepts no more clients");
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
