// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The proxy as a process, as small and under the flags that it has in a cluster. Its API server is a port of this machine's
 * loopback.
 */
final class ProxyProcess implements AutoCloseable {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    /** The request for the API server that every client sends. */
    static final String CONNECT = "CONNECT kubernetes:443 HTTP/1.1\r\nHost: kubernetes:443\r\n\r\n";

    private static final Pattern SERVING = Pattern.compile("serving CONNECT on \\S*:(\\d+)");
    private static final Pattern HEALTH = Pattern.compile("health and metrics on \\S+ port (\\d+)");
    /** The image's own, seen from this module. Under others memory behaves otherwise: it was measured. */
    private static final Path FLAGS = Path.of("../manifests/image/src/main/resources/dev/hawser/image/jvm.options");

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;
    private final int port;
    private final URI health;

    private ProxyProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        // The health server starts last.
        await().atMost(SOON)
                .until(() -> !process.isAlive() || HEALTH.matcher(log()).find());
        this.port = number(SERVING);
        this.health = URI.create("http://127.0.0.1:" + number(HEALTH));
    }

    /**
     * Starts one and waits until it serves.
     *
     * @param apiServer port of the loopback that is its API server
     * @param config text of its configuration file
     */
    static ProxyProcess start(int apiServer, String config) throws IOException {
        Path log = Files.createTempFile("hawser-proxy", ".log");
        Path file = Files.writeString(log.resolveSibling(log.getFileName() + ".yaml"), config);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "@" + FLAGS,
                "-XX:MaxRAM=192m",
                "-cp",
                System.getProperty("java.class.path"),
                ProxyMain.class.getName()));
        builder.environment().keySet().removeIf(name -> name.startsWith("KUBERNETES_"));
        builder.environment()
                .putAll(Map.of(
                        "MALLOC_ARENA_MAX", "1",
                        "KUBERNETES_SERVICE_HOST", "127.0.0.1",
                        "KUBERNETES_SERVICE_PORT", String.valueOf(apiServer),
                        "HAWSER_PROXY_ADDRESS", "127.0.0.1:0",
                        "HAWSER_PROXY_CONFIG", file.toString(),
                        "HAWSER_HEALTH_ADDRESS", "127.0.0.1:0",
                        "HAWSER_STOP_TIMEOUT", "60s"));
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        return new ProxyProcess(process, log);
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** A connection to the proxy on which nothing has been said. */
    Socket connect() throws IOException {
        return connectFrom("127.0.0.1");
    }

    /** The same from an address of the loopback that is not everybody's: to the proxy, somebody else. */
    Socket connectFrom(String source) throws IOException {
        Socket client = new Socket();
        client.bind(new InetSocketAddress(source, 0));
        client.setTcpNoDelay(true);
        client.setSoTimeout(Math.toIntExact(SOON.toMillis()));
        client.connect(new InetSocketAddress(LOOPBACK, port));
        return client;
    }

    /** A tunnel to the API server. */
    Socket tunnel() throws IOException {
        return tunnel(connect());
    }

    /** The same over a connection on which nothing has been said. */
    Socket tunnel(Socket client) throws IOException {
        client.getOutputStream().write(CONNECT.getBytes(StandardCharsets.US_ASCII));
        String answer = head(client);
        if (!answer.startsWith("HTTP/1.1 200 ")) {
            client.close();
            throw new IOException("no tunnel but " + answer);
        }
        return client;
    }

    /** What the proxy answers, up to the empty line or the end. */
    static String head(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = client.getInputStream().read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** The status of a path of its health server. */
    int status(String path) throws IOException {
        return get(path).statusCode();
    }

    /** The sum of all metrics whose line begins like this. */
    double metric(String prefix) throws IOException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** How many files it has open. */
    int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(pid()), "fd"))) {
            return Math.toIntExact(open.count());
        }
    }

    /** Resident memory in KiB. */
    long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end, as the kubelet does. */
    void terminate() {
        process.destroy();
    }

    /** Whether it has ended within so long. */
    boolean ended(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            Files.delete(log);
            Files.delete(log.resolveSibling(log.getFileName() + ".yaml"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(health.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private int number(Pattern pattern) {
        Matcher matcher = pattern.matcher(log());
        if (!matcher.find()) {
            throw new IllegalStateException("the proxy ended before it served; it said: " + log());
        }
        return Integer.parseInt(matcher.group(1));
    }
}
