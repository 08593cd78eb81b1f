// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The proxy as a process of its own, as it runs in a cluster. */
@Timeout(60)
class ProxyMainTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                ProxyMain.class.getName()));
        builder.environment().keySet().removeIf(name -> name.startsWith("KUBERNETES_"));
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true).start();
    }

    private static int portIn(BufferedReader output, Pattern pattern) throws IOException {
        String line = output.readLine();
        while (line != null) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
            line = output.readLine();
        }
        throw new IOException("the process ended before it said " + pattern);
    }

    private static HttpResponse<String> get(HttpClient client, int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void servesReportsAndEnds(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.yaml"), """
                sources: {admitted: [127.0.0.0/8], peers: [{clusterID: lisbon, cidrs: [127.0.0.1/32]}]}
                drain: {delay: 50ms, grace: 50ms}
                """);
        try (ServerSocket apiServer = new ServerSocket(0);
                HttpClient http = HttpClient.newHttpClient()) {
            Process process = start(Map.of(
                    "KUBERNETES_SERVICE_HOST", "127.0.0.1",
                    "KUBERNETES_SERVICE_PORT", String.valueOf(apiServer.getLocalPort()),
                    "HAWSER_PROXY_ADDRESS", "127.0.0.1:0",
                    "HAWSER_PROXY_CONFIG", config.toString(),
                    "HAWSER_HEALTH_ADDRESS", "127.0.0.1:0"));
            BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            int port = portIn(output, Pattern.compile("serving CONNECT on \\S*:(\\d+)"));
            int health = portIn(output, Pattern.compile("health and metrics on \\S+ port (\\d+)"));

            assertThat(get(http, health, "/readyz").statusCode()).isEqualTo(200);
            try (Socket client = new Socket(LOOPBACK, port)) {
                client.getOutputStream()
                        .write("CONNECT kubernetes:443 HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(client.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
            }
            showsEveryMetric(get(http, health, "/metrics").body());
            Files.writeString(config, "sources: {admitted: [nowhere]}");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> get(http, health, "/metrics").body().contains("hawser_proxy_config_valid 0.0"));

            process.toHandle().destroy();
            List<String> rest = output.lines().toList();
            assertThat(rest).anyMatch(line -> line.contains("stopped proxy"));
            assertThat(rest)
                    .anyMatch(line -> line.contains("peer=\"lisbon\"")
                            && line.contains("target=\"kubernetes:443\"")
                            && line.contains("seconds=\""));
            assertThat(rest).anyMatch(line -> line.contains("sources.admitted[0] is no range"));
            assertThat(process.waitFor()).isEqualTo(143);
        }
    }

    private static void showsEveryMetric(String metrics) {
        assertThat(metrics)
                .contains("hawser_proxy_connects_total{outcome=\"connected\"} 1.0")
                .contains("hawser_proxy_connects_total{outcome=\"refused_target\"} 0.0")
                .contains("hawser_proxy_streams ")
                .contains("hawser_proxy_bytes_total{direction=\"to_client\"} 0.0")
                .contains("hawser_proxy_config_valid 1.0")
                .contains("hawser_proxy_dial_seconds_bucket{le=\"0.016\"}")
                .contains("hawser_proxy_refusals_total{reason=\"rate\"} 0.0")
                .contains("hawser_proxy_peer_streams{peer=\"lisbon\"}")
                .contains("hawser_proxy_peer_bytes_total{direction=\"to_target\",peer=\"lisbon\"} 0.0")
                .contains("hawser_proxy_peer_streams{peer=\"other\"} 0.0");
    }

    @Test
    void isNotReadyWhileTheApiServerCannotBeDialled() throws Exception {
        int gone;
        try (ServerSocket socket = new ServerSocket(0)) {
            gone = socket.getLocalPort();
        }
        DialCheck check = new DialCheck(new InetSocketAddress(LOOPBACK, gone), System::nanoTime);

        assertThat(check.check().passed()).isFalse();
        assertThat(check.check().reason()).contains("cannot be dialled at /127.0.0.1:" + gone);
    }

    @Test
    void doesNotStartWithAFileThatSaysNothingUsable(@TempDir Path folder) throws Exception {
        Process process = start(Map.of(
                "KUBERNETES_SERVICE_HOST",
                "10.95.0.1",
                "HAWSER_PROXY_CONFIG",
                folder.resolve("absent").toString()));

        assertThat(process.inputReader(StandardCharsets.UTF_8).lines().toList())
                .last()
                .asString()
                .startsWith("hawser proxy: HAWSER_PROXY_CONFIG names a file that cannot be used");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void keepsDescriptorsForItself() {
        String line = "Max open files            %s               20000                files     ";

        assertThat(Descriptors.tunnels(List.of("Limit  Soft Limit", line.formatted("20000"))))
                .isEqualTo(9744);
        assertThat(Descriptors.tunnels(List.of(line.formatted("100")))).isEqualTo(25);
        assertThat(Descriptors.tunnels(List.of(line.formatted("unlimited")))).isEqualTo(1 << 20);
        assertThat(Descriptors.tunnels()).isPositive();
    }

    @Test
    void endsWithOneSentenceWhenTheApiServerIsGivenByName() throws Exception {
        Process process = start(Map.of("KUBERNETES_SERVICE_HOST", "api.example.com"));

        List<String> output =
                process.inputReader(StandardCharsets.UTF_8).lines().toList();

        assertThat(output)
                .containsExactly(
                        "hawser proxy: KUBERNETES_SERVICE_HOST is \"api.example.com\", which is not an address, "
                                + "and this proxy resolves no names; set it to the ClusterIP of Service default/kubernetes.");
        assertThat(process.waitFor()).isEqualTo(2);
    }
}
