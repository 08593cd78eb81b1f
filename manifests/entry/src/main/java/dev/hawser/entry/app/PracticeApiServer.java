// SPDX-License-Identifier: Apache-2.0
package dev.hawser.entry.app;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An API server to practise with, on the loopback address and without TLS: every list is empty, every watch stays silent,
 * and what is written is kept and given back. For one training run; it lives as long as its JVM.
 */
final class PracticeApiServer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer http;
    private final Map<String, JsonNode> objects = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();
    // Renewing the lease goes on for ever and is no sign of life.
    private final AtomicLong lastNews = new AtomicLong(System.nanoTime());
    private volatile boolean led;

    private PracticeApiServer(HttpServer http) {
        this.http = http;
    }

    static PracticeApiServer start() throws IOException {
        PracticeApiServer server =
                new PracticeApiServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        server.http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.http.createContext("/", server::handle);
        server.http.start();
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/";
    }

    /** Waits until somebody leads and nothing new was asked for a while; gives false if that takes longer than the limit. */
    boolean awaitQuiet(Duration quiet, Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < limit.toNanos()) {
            if (led && System.nanoTime() - lastNews.get() > quiet.toNanos()) {
                return true;
            }
            Thread.sleep(50);
        }
        return false;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.contains("/leases")) {
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
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            // Never answered and never ended: nothing happens in this cluster.
            return;
        }
        switch (exchange.getRequestMethod()) {
            case "GET" -> read(exchange, path);
            case "DELETE" -> answer(exchange, 200, status(200));
            default -> write(exchange, path);
        }
    }

    private void read(HttpExchange exchange, String path) throws IOException {
        JsonNode object = objects.get(path);
        if (object != null) {
            answer(exchange, 200, object);
        } else if (path.equals("/version")) {
            answer(exchange, 200, JSON.createObjectNode().put("major", "1").put("minor", "35"));
        } else if (isCollection(path)) {
            ObjectNode list = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
            list.putObject("metadata").put("resourceVersion", "1");
            list.putArray("items");
            answer(exchange, 200, list);
        } else {
            answer(exchange, 404, status(404));
        }
    }

    private void write(HttpExchange exchange, String path) throws IOException {
        ObjectNode object;
        try {
            object = (ObjectNode) JSON.readTree(exchange.getRequestBody());
        } catch (JacksonException | ClassCastException e) {
            answer(exchange, 400, status(400));
            return;
        }
        ObjectNode metadata = object.withObject("/metadata");
        metadata.put("resourceVersion", String.valueOf(version.incrementAndGet()));
        metadata.put(
                "uid",
                UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)).toString());
        if (path.endsWith("/selfsubjectrulesreviews")) {
            // Whoever wants to lead first asks whether it may.
            ObjectNode status = object.putObject("status").put("incomplete", false);
            status.putArray("nonResourceRules");
            ObjectNode rule = status.putArray("resourceRules").addObject();
            rule.putArray("apiGroups").add("*");
            rule.putArray("resources").add("*");
            rule.putArray("verbs").add("*");
        }
        String own = isCollection(path) ? path + "/" + metadata.path("name").asText() : path;
        objects.put(own, object);
        answer(exchange, exchange.getRequestMethod().equals("POST") ? 201 : 200, object);
    }

    /** Behind the API group and the namespace stands one word for a collection, and a second for an object in it. */
    private static boolean isCollection(String path) {
        List<String> words = Arrays.asList(path.substring(1).split("/", -1));
        int resource = words.getFirst().equals("api") ? 2 : 3;
        if (words.size() > resource + 2 && words.get(resource).equals("namespaces")) {
            resource += 2;
        }
        return words.size() == resource + 1;
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
