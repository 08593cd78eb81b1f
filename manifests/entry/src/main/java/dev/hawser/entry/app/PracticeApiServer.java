// SPDX-License-Identifier: Apache-2.0
package dev.hawser.entry.app;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An API server to practise with, on the loopback address: what is written is kept, given back and told to whoever
 * watches; nobody is refused anything. For one training run; it lives as long as its JVM.
 */
final class PracticeApiServer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FIELD_NAME = Pattern.compile("fieldSelector=metadata\\.name=([^&]+)");
    private static final long NEVER = Long.MIN_VALUE;
    private static final Pattern VERSION = Pattern.compile("resourceVersion=(\\d+)");

    private final HttpsServer https;
    private final PracticeObjects objects;
    // Renewing the lease goes on for ever and is no sign of life.
    private final AtomicLong lastNews = new AtomicLong(NEVER);
    private volatile boolean led;

    private PracticeApiServer(HttpsServer https, PracticeObjects objects) {
        this.https = https;
        this.objects = objects;
    }

    static PracticeApiServer start(SSLContext tls, PracticeObjects objects) throws IOException {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        PracticeApiServer server = new PracticeApiServer(https, objects);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        https.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        https.createContext("/", server::handle);
        https.start();
        return server;
    }

    String url() {
        return "https://127.0.0.1:" + https.getAddress().getPort() + "/";
    }

    /** Waits until somebody leads; returns false if nobody does within the limit. */
    boolean awaitLeader(Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        while (!led && System.nanoTime() - begin < limit.toNanos()) {
            Thread.sleep(50);
        }
        return led;
    }

    /**
     * Waits until something was asked for, and then nothing new for a while.
     *
     * @param quiet how long is a while
     * @param enough how long to wait for quiet
     * @return false if nobody asks for anything within the limit
     */
    boolean awaitQuiet(Duration quiet, Duration enough, Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        while (lastNews.get() == NEVER) {
            if (System.nanoTime() - begin > limit.toNanos()) {
                return false;
            }
            Thread.sleep(50);
        }
        long since = System.nanoTime();
        while (System.nanoTime() - lastNews.get() <= quiet.toNanos() && System.nanoTime() - since <= enough.toNanos()) {
            Thread.sleep(50);
        }
        return true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        PracticePath path = PracticePath.parse(exchange.getRequestURI().getPath());
        if (path.resource().equals("leases")) {
            led |= exchange.getRequestMethod().equals("POST");
        } else {
            lastNews.set(System.nanoTime());
        }
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
            // No WebSocket here; the client asks again in the plain way (at once, which it does not after an error).
            answer(exchange, 200, status(200));
            return;
        }
        if (query.contains("watch=true")) {
            watch(exchange, path, query);
            return;
        }
        switch (exchange.getRequestMethod()) {
            case "GET" -> read(exchange, path, query);
            case "DELETE" -> {
                objects.delete(path);
                answer(exchange, 200, status(200));
            }
            default -> write(exchange, path);
        }
    }

    /** Tells changes for as long as anybody listens. */
    private void watch(HttpExchange exchange, PracticePath path, String query) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        String version = group(VERSION, query);
        long seen = version == null ? 0 : Long.parseLong(version);
        String name = group(FIELD_NAME, query);
        try {
            while (true) {
                PracticeObjects.Change change = objects.awaitAfter(seen);
                seen = change.version();
                if (path.holds(change.path())
                        && (name == null || name.equals(change.path().name()))) {
                    ObjectNode event = JSON.createObjectNode().put("type", change.type());
                    event.set("object", change.object());
                    exchange.getResponseBody().write((event + "\n").getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(HttpExchange exchange, PracticePath path, String query) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/version")) {
            answer(exchange, 200, JSON.createObjectNode().put("major", "1").put("minor", "35"));
        } else if (path.isCollection()) {
            answer(exchange, 200, objects.list(path, group(FIELD_NAME, query)));
        } else {
            JsonNode object = objects.get(path).orElse(null);
            answer(exchange, object == null ? 404 : 200, object == null ? status(404) : object);
        }
    }

    private void write(HttpExchange exchange, PracticePath path) throws IOException {
        ObjectNode written;
        try {
            written = (ObjectNode) JSON.readTree(exchange.getRequestBody());
        } catch (JacksonException | ClassCastException e) {
            answer(exchange, 400, status(400));
            return;
        }
        if (path.resource().equals("selfsubjectrulesreviews")) {
            answer(exchange, 201, allowEverything(written));
            return;
        }
        PracticePath object =
                path.isCollection() ? path.named(written.at("/metadata/name").asText("generated")) : path;
        String method = exchange.getRequestMethod();
        ObjectNode answer = objects.write(object, written, method.equals("PUT"));
        answer(exchange, method.equals("POST") ? 201 : 200, answer);
    }

    /** Whoever wants to lead first asks whether it may. */
    private static ObjectNode allowEverything(ObjectNode review) {
        ObjectNode status = review.putObject("status").put("incomplete", false);
        status.putArray("nonResourceRules");
        ObjectNode rule = status.putArray("resourceRules").addObject();
        Arrays.asList("apiGroups", "resources", "verbs")
                .forEach(each -> rule.putArray(each).add("*"));
        return review;
    }

    private static @Nullable String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static ObjectNode status(int code) {
        return JSON.createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", code == 200 ? "Success" : "Failure")
                .put("reason", code == 404 ? "NotFound" : "")
                .put("code", code);
    }

    private static void answer(HttpExchange exchange, int code, JsonNode body) throws IOException {
        try (exchange) {
            byte[] bytes = JSON.writeValueAsBytes(body);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
