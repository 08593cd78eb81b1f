// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.api.ipam.IP;
import dev.hawser.cli.demo.DemoState;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The Service of the proxy is deleted and made again, under another cluster address. */
final class ServiceCheck {
    private static final Duration FOLLOWED = Duration.ofSeconds(10);
    private static final Duration REACHED = Duration.ofSeconds(10);
    private static final int PROXY_PORT = 8118;

    private final RunningDemo demo;
    private final Direction direction;
    private final DemoState.Cluster cluster;

    /**
     * @param direction to the cluster whose Service is deleted
     */
    ServiceCheck(RunningDemo demo, Direction direction) {
        this.demo = demo;
        this.direction = direction;
        this.cluster = direction.to();
    }

    Check check() {
        return new Check(
                "service-made-again",
                "the proxy's IP follows a Service that is deleted and made again; its external address stays",
                "Service hawser/api-server-proxy of " + cluster.id(),
                Look.describe(cluster, "ip", "api-server-proxy"),
                this::again);
    }

    private String again() throws Exception {
        direction.learn();
        IP before = ip();
        Path service = demo.scratch("service-" + cluster.id() + ".yaml", withoutAddress());
        demo.kubectl(cluster, "delete", "service", "-n", "hawser", "api-server-proxy");
        demo.kubectl(cluster, "apply", "--server-side", "-f", service.toString());
        String address = demo.kubectl(
                cluster, "get", "service", "-n", "hawser", "api-server-proxy", "-o", "jsonpath={.spec.clusterIP}");
        unless(!address.equals(local(before)), "the new Service got the old address " + address + "; repeat the check");
        long made = System.nanoTime();
        Duration followed =
                Patience.await("IP api-server-proxy follows", made, FOLLOWED, () -> local(ip()), address::equals);
        unlessEqual(String.valueOf(external(before)), String.valueOf(external(ip())), "external address");
        Duration reached = Patience.await("the peer reaches the proxy", made, REACHED, this::reached, yes -> yes);
        return local(before) + " became " + address + ", followed after " + Patience.seconds(followed) + ", "
                + external(before) + " stayed, the peer reached it after " + Patience.seconds(reached);
    }

    /** The Service as its manifest has it: what the API server added stays out. */
    private String withoutAddress() {
        Service service = demo.get(cluster, Service.class, "hawser", "api-server-proxy");
        return Serialization.asYaml(new ServiceBuilder()
                .withNewMetadata()
                .withName(service.getMetadata().getName())
                .withNamespace(service.getMetadata().getNamespace())
                .withLabels(service.getMetadata().getLabels())
                .endMetadata()
                .withNewSpec()
                .withSelector(service.getSpec().getSelector())
                .withPorts(service.getSpec().getPorts())
                .endSpec()
                .build());
    }

    private IP ip() {
        return demo.get(cluster, IP.class, "hawser", "api-server-proxy");
    }

    private static @Nullable String local(IP ip) {
        return ip.getStatus() == null ? null : ip.getStatus().ip();
    }

    private static @Nullable String external(IP ip) {
        return ip.getStatus() == null ? null : ip.getStatus().externalIP();
    }

    private boolean reached() throws Exception {
        try {
            String address = String.valueOf(direction.apiServer().address());
            return demo.exchange(direction.caller("pod-1").host(), address, PROXY_PORT, "GET / HTTP/1.0\r\n\r\n")
                    .startsWith("HTTP/1");
        } catch (ConnectException | SocketTimeoutException e) {
            return false;
        }
    }
}
