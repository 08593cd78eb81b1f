// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    private final InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private final HttpClient client = HttpClient.newHttpClient();
    private final PrometheusMeterRegistry registry = ProcessMetrics.registry();
    private volatile List<Check> checks = List.of();
    private HealthServer server = HealthServer.start(anyPort, registry::scrape, () -> checks);

    @BeforeEach
    void count() {
        registry.counter("hawser.test").increment(3);
    }

    @AfterEach
    void close() {
        server.close();
        client.close();
        registry.close();
    }

    private HttpResponse<String> call(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void answersLiveness() throws Exception {
        assertThat(call("GET", "/healthz").statusCode()).isEqualTo(200);
        assertThat(call("HEAD", "/healthz").body()).isEmpty();
    }

    @Test
    void namesTheCheckThatFails() throws Exception {
        checks = List.of(Check.pass("listener", "open"), Check.fail("api", "dial refused"));

        HttpResponse<String> answer = call("GET", "/readyz");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("ok   listener: open", "FAIL api: dial refused", "not ready");
    }

    @Test
    void isReadyWhenAllChecksPass() throws Exception {
        checks = List.of(Check.pass("listener", "open"));

        assertThat(call("GET", "/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void isNotReadyWhenTheCheckItselfThrows() throws Exception {
        server.close();
        server = HealthServer.start(anyPort, registry::scrape, () -> {
            throw new IllegalStateException("boom");
        });

        HttpResponse<String> answer = call("GET", "/readyz");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("boom");
    }

    @Test
    void writesMetricsAsPrometheusText() throws Exception {
        HttpResponse<String> answer = call("GET", "/metrics");

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body()).contains("hawser_test_total 3.0", "jvm_memory_used_bytes", "process_uptime_seconds");
    }

    @Test
    void refusesOtherMethodsAndPaths() throws Exception {
        HttpResponse<String> posted = call("POST", "/healthz");

        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("Allow")).hasValue("GET, HEAD");
        assertThat(call("GET", "/healthzz").statusCode()).isEqualTo(404);
    }

    @Test
    void saysWhatToDoWhenTheAddressIsTaken() {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());

        assertThatThrownBy(() -> HealthServer.start(taken, registry::scrape, List::of))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("HAWSER_HEALTH_ADDRESS");
    }
}
