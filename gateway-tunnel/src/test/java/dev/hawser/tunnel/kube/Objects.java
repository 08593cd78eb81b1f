// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.ObjectName;
import dev.hawser.api.ipam.PortRule;
import dev.hawser.api.ipam.Protocol;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewaySpec;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.ConfigurationSpec;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.LocalRanges;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.api.networking.RemoteRanges;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects of the acceptance case: both clusters use 10.200.0.0/16 for pods and 10.70.0.0/16 for what they expose. */
final class Objects {
    static final String POD_CIDR = "10.200.0.0/16";
    static final String EXTERNAL_CIDR = "10.70.0.0/16";

    private Objects() {}

    static ClusterGateway gateway(String clusterId, String... endpoints) {
        ClusterGateway gateway = new ClusterGateway();
        gateway.setMetadata(meta("this"));
        gateway.setSpec(new ClusterGatewaySpec(
                clusterId,
                List.of(POD_CIDR),
                List.of("10.95.0.0/16"),
                List.of(EXTERNAL_CIDR),
                null,
                List.of(),
                List.of(endpoints),
                null,
                null,
                null,
                Map.of(),
                List.of()));
        return gateway;
    }

    static Configuration configuration(String peer, String remappedPods, String remappedExternal) {
        Configuration configuration = ungranted(peer);
        configuration.setStatus(new ConfigurationStatus(
                new RemappedRanges(
                        List.of(new RemappedRange(POD_CIDR, remappedPods)),
                        List.of(new RemappedRange(EXTERNAL_CIDR, remappedExternal))),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                1L));
        return configuration;
    }

    static Configuration ungranted(String peer) {
        Configuration configuration = new Configuration();
        configuration.setMetadata(meta(peer));
        configuration.setSpec(new ConfigurationSpec(
                new LocalRanges(List.of(POD_CIDR), List.of(EXTERNAL_CIDR)),
                new RemoteRanges(peer, List.of(POD_CIDR), List.of(EXTERNAL_CIDR))));
        return configuration;
    }

    static Connection connection(String peer, List<String> keys, List<String> endpoints) {
        return connection(peer, new ConnectionSpec(peer, keys, endpoints, null, null));
    }

    static Connection connection(String name, ConnectionSpec spec) {
        Connection connection = new Connection();
        connection.setMetadata(meta(name));
        connection.setSpec(spec);
        return connection;
    }

    static IP proxy(@Nullable String external, String... peers) {
        IP ip = new IP();
        ip.setMetadata(meta("api-server-proxy"));
        ip.setSpec(new IPSpec(
                null, "10.95.245.141", null, List.of(new PortRule(Protocol.TCP, 8118)), List.of(peers), null));
        ip.setStatus(new IPStatus("10.95.245.141", List.of(), external, List.of(), Map.of(), List.of(), List.of(), 1L));
        return ip;
    }

    /** A dual-stack Service, open to all peers, that hides the sources of its callers. */
    static IP dualStack() {
        IP ip = new IP();
        ip.setMetadata(meta("web"));
        ip.setSpec(new IPSpec(new ObjectName("web"), null, null, List.of(), List.of("*"), true));
        ip.setStatus(new IPStatus(
                "10.95.245.7",
                List.of("10.95.245.7", "fd00:10:95::7"),
                "10.70.0.4",
                List.of("10.70.0.4", "fd00:10:70::4"),
                Map.of(),
                List.of(),
                List.of(),
                1L));
        return ip;
    }

    private static ObjectMeta meta(String name) {
        return new ObjectMetaBuilder()
                .withNamespace("hawser")
                .withName(name)
                .withUid("uid-" + name)
                .withGeneration(1L)
                .build();
    }
}
