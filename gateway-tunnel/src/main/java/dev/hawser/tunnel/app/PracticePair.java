// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.engine.EngineParts;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.engine.TunnelConfig;
import dev.hawser.tunnel.engine.TunnelEngine;
import dev.hawser.tunnel.linux.KernelProbePort;
import dev.hawser.tunnel.memory.MemoryNetwork;
import dev.hawser.tunnel.memory.MemoryPacketDevice;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.probe.ProbePacket;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.session.InitiationClock;
import dev.hawser.tunnel.session.StaticKeys;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Two gateways in memory that shake hands and carry packets, both with the same ranges: so that the AOT cache knows the way
 * from a restart to the first packet, and how often it is taken.
 */
final class PracticePair {
    private static final int PORT = 51_820;
    private static final int PACKETS = 20_000;
    private static final int LENGTH = 1_000;
    private static final long PATIENCE_MILLIS = 5_000;
    private static final Cidr PODS = Cidr.parse("10.200.0.0/16");
    private static final Cidr EXTERNALS = Cidr.parse("10.70.0.0/16");
    private static final Cidr PODS_ELSEWHERE = Cidr.parse("10.71.0.0/16");
    private static final Cidr EXTERNALS_ELSEWHERE = Cidr.parse("10.81.0.0/16");

    private final MemoryNetwork network = new MemoryNetwork();
    private final SecureRandom random = new SecureRandom();
    private final AeadProvider aead;
    private final Curve25519 curve;

    private PracticePair(AeadProvider aead, Curve25519 curve) {
        this.aead = aead;
        this.curve = curve;
    }

    /** Carries packets from one to the other; a moment. Returns how many arrived. */
    static int carry(AeadProvider aead, Curve25519 curve) throws InterruptedException {
        return new PracticePair(aead, curve).carry();
    }

    private int carry() throws InterruptedException {
        IpAddress left = IpAddress.parse("198.51.100.1");
        IpAddress right = IpAddress.parse("198.51.100.2");
        PrivateKey leftKey = PrivateKey.generate(random);
        PrivateKey rightKey = PrivateKey.generate(random);
        MemoryPacketDevice in = new MemoryPacketDevice("practice0", GatewayMain.MTU);
        MemoryPacketDevice out = new MemoryPacketDevice("practice1", GatewayMain.MTU);
        byte[] packet =
                ProbePacket.of(IpAddress.parse("10.200.1.5"), IpAddress.parse("10.71.1.5"), PORT, LENGTH, new byte[16]);
        try (TunnelEngine one = engine(in, left, leftKey, peer("right", rightKey, right));
                TunnelEngine other = engine(out, right, rightKey, peer("left", leftKey, left))) {
            int arrived = 0;
            for (int i = 0; i < PACKETS; i++) {
                in.send(packet);
                if (out.take(i == 0 ? PATIENCE_MILLIS : 1) != null) {
                    arrived++;
                }
            }
            one.status();
            other.view();
            return arrived;
        }
    }

    private TunnelEngine engine(MemoryPacketDevice device, IpAddress address, PrivateKey key, PeerConfig peer) {
        EngineParts parts = new EngineParts(
                List.of(device),
                (ports, queues) -> network.open(address, ports, queues),
                KernelProbePort::open,
                aead,
                curve,
                random,
                System::nanoTime,
                new InitiationClock(Instant.now(), System.nanoTime(), Optional.empty()),
                failure -> {});
        LocalSide local = new LocalSide(List.of(PODS), List.of(EXTERNALS), List.of());
        return TunnelEngine.start(parts, new TunnelConfig(StaticKeys.only(key), List.of(PORT), local, List.of(peer)));
    }

    private static PeerConfig peer(String id, PrivateKey key, IpAddress address) {
        return new PeerConfig(
                id,
                List.of(key.publicKey()),
                List.of(UdpEndpoint.of(address, PORT)),
                Optional.empty(),
                0,
                List.of(new Remap(PODS, PODS_ELSEWHERE)),
                List.of(new Remap(EXTERNALS, EXTERNALS_ELSEWHERE)));
    }
}
