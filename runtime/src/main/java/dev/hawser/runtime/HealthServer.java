// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The small HTTP server for probes and scrapes: {@code /healthz} (the process answers), {@code /readyz} (every check
 * passes; 503 and the reasons otherwise) and {@code /metrics} (Prometheus text). GET and HEAD only. It runs on threads
 * of its own, so that it answers while everything else is busy; both suppliers are called on those, several times at once
 * if several ask, and must not block for long.
 *
 * <p>Bounded: 64 connections, 10 s to send a request, 10 s to take the answer.
 */
public final class HealthServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    static {
        // The JDK's server takes its limits only this way and has none unless told; a value given by hand stays.
        limit("jdk.httpserver.maxConnections", "64");
        limit("sun.net.httpserver.maxReqTime", "10");
        limit("sun.net.httpserver.maxRspTime", "10");
        limit("sun.net.httpserver.idleInterval", "10");
    }

    private record Answer(int status, String type, String body) {}

    private final HttpServer server;
    private final ExecutorService threads;
    private final Supplier<String> metrics;
    private final Supplier<List<Check>> readiness;

    private HealthServer(HttpServer server, Supplier<String> metrics, Supplier<List<Check>> readiness) {
        this.server = server;
        this.metrics = metrics;
        this.readiness = readiness;
        // One virtual thread for each of at most 64 connections: a slow client occupies nobody's place but its own.
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    /**
     * Starts a server.
     *
     * @param metrics what a scrape is answered
     * @param readiness what must hold for the process to be ready
     * @throws SettingsException when the address cannot be bound
     */
    public static HealthServer start(
            InetSocketAddress address, Supplier<String> metrics, Supplier<List<Check>> readiness) {
        HttpServer http;
        try {
            http = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new SettingsException("Cannot serve health at %s: %s; set HAWSER_HEALTH_ADDRESS to a free one"
                    .formatted(address, e.getMessage()));
        }
        HealthServer health = new HealthServer(http, metrics, readiness);
        http.setExecutor(health.threads);
        http.createContext("/", health::handle);
        http.start();
        LOG.info("health and metrics on {} port {}", address.getAddress().getHostAddress(), health.port());
        return health;
    }

    /** The port that is served, also where port 0 was asked for. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            boolean head = method.equals("HEAD");
            Answer answer = head || method.equals("GET")
                    ? answer(exchange.getRequestURI().getPath())
                    : new Answer(405, TEXT, "only GET and HEAD\n");
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            if (answer.status() == 405) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            }
            exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answer answer(String path) {
        return switch (path) {
            case "/healthz" -> new Answer(200, TEXT, "ok\n");
            case "/readyz" -> readyz();
            case "/metrics" -> new Answer(200, PROMETHEUS, metrics.get());
            default -> new Answer(404, TEXT, "there are /healthz, /readyz and /metrics\n");
        };
    }

    private Answer readyz() {
        List<Check> checks;
        try {
            checks = readiness.get();
        } catch (RuntimeException e) {
            LOG.warn("a readiness check failed to answer", e);
            checks = List.of(Check.fail("readiness", "the check itself failed: " + e));
        }
        StringBuilder body = new StringBuilder();
        boolean ready = true;
        for (Check check : checks) {
            ready &= check.passed();
            body.append(check.passed() ? "ok   " : "FAIL ")
                    .append(check.name())
                    .append(": ")
                    .append(check.reason())
                    .append('\n');
        }
        return new Answer(
                ready ? 200 : 503,
                TEXT,
                body.append(ready ? "ready\n" : "not ready\n").toString());
    }

    private static void limit(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
