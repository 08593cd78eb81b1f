// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.engine.TunnelConfig;
import dev.hawser.tunnel.kube.KeyMaterial.Rotation;
import dev.hawser.tunnel.node.NodeNetwork;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.Exposure;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.route.PortFilter;
import dev.hawser.tunnel.route.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
    private static final Random RANDOM = new Random(7);
    private static final PrivateKey KEY = PrivateKey.generate(RANDOM);
    private static final PrivateKey NEXT = PrivateKey.generate(RANDOM);
    private static final PrivateKey PEER = PrivateKey.generate(RANDOM);
    private static final PresharedKey SECRET = PresharedKey.generate(RANDOM);
    private static final Tai64n LABEL = new Tai64n(0x4000_0000_6000_0000L, 5);

    @TempDir
    private Path folder;

    @Test
    void readsWhatWasKept() {
        Checkpoint checkpoint = checkpoint(new Rotation.Introducing(NEXT));
        file("a").keep(checkpoint);

        assertThat(file("a").read()).contains(checkpoint);
    }

    @Test
    void movesTheLabelOnForWhoeverStartsNext() {
        file("a").keep(checkpoint(new Rotation.None()));

        Tai64n first = file("a").read().orElseThrow().timestamp().orElseThrow();
        Tai64n second = file("a").read().orElseThrow().timestamp().orElseThrow();

        assertThat(first).isEqualTo(LABEL);
        assertThat(second).isGreaterThan(first);
    }

    @Test
    void forgetsThatAKeyIsBeingRetiredAsTheSecretDoes() {
        file("a").keep(checkpoint(new Rotation.Retiring(NEXT)));

        assertThat(file("a").read().orElseThrow().keys().rotation()).isEqualTo(new Rotation.None());
    }

    @Test
    void isReadableForItsOwnerOnly() throws IOException {
        file("a").keep(checkpoint(new Rotation.None()));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        try (var entries = Files.list(folder)) {
            assertThat(entries).containsExactly(path());
        }
    }

    @Test
    void doesNotBelieveAnotherBuild() {
        file("a").keep(checkpoint(new Rotation.None()));

        assertThat(file("b").read()).isEmpty();
    }

    @Test
    void startsWithoutWhatIsDamagedAtAnyPlace() throws IOException {
        file("a").keep(checkpoint(new Rotation.Introducing(NEXT)));
        byte[] whole = Files.readAllBytes(path());
        for (int length = 0; length < whole.length; length++) {
            Files.write(path(), Arrays.copyOf(whole, length));

            assertThat(file("a").read()).isEmpty();
        }
    }

    @Test
    void keepsNothingWithoutAPlace() {
        CheckpointFile none = new CheckpointFile(Optional.empty(), "a");
        none.keep(checkpoint(new Rotation.None()));

        assertThat(none.read()).isEmpty();
    }

    private CheckpointFile file(String build) {
        return new CheckpointFile(Optional.of(path()), build);
    }

    private Path path() {
        return folder.resolve("checkpoint");
    }

    private static Checkpoint checkpoint(Rotation rotation) {
        KeyMaterial keys = new KeyMaterial(KEY, rotation, 3, Map.of("lisbon", SECRET));
        PeerConfig lisbon = new PeerConfig(
                "lisbon",
                List.of(PEER.publicKey()),
                List.of(UdpEndpoint.of(IpAddress.parse("2001:db8::7"), 51_820)),
                Optional.of(SECRET),
                25,
                List.of(remap("10.200.0.0/16", "10.71.0.0/16"), remap("fd00:1::/48", "fd00:2::/48")),
                List.of(remap("10.70.0.0/16", "10.81.0.0/16")));
        Exposure proxy = new Exposure(
                "hawser/api-server-proxy",
                IpAddress.parse("10.95.0.10"),
                IpAddress.parse("10.70.0.2"),
                List.of(new PortFilter(Protocol.TCP, 8118)),
                Set.of("lisbon", "porto"));
        LocalSide local = new LocalSide(
                List.of(Cidr.parse("10.200.0.0/16")), List.of(Cidr.parse("10.70.0.0/16")), List.of(proxy));
        NodeNetwork node = new NodeNetwork(
                1408,
                local.gatewayAddresses(),
                local.podCidrs(),
                List.of(Cidr.parse("10.71.0.0/16")),
                List.of(IpAddress.parse("10.95.0.10")));
        TunnelConfig tunnel = new TunnelConfig(keys.staticKeys(), List.of(51_820, 443), local, List.of(lisbon));
        GatewayPlan plan = new GatewayPlan(
                Optional.of(tunnel),
                node,
                List.of(new PeerPlan.Served("lisbon", 4, lisbon), new PeerPlan.Waiting("porto", 1, "a reason")),
                List.of("a problem"),
                Set.of("a name"));
        return new Checkpoint(plan, keys, Optional.of(LABEL));
    }

    private static Remap remap(String from, String to) {
        return new Remap(Cidr.parse(from), Cidr.parse(to));
    }
}
