// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.lab.net.FaultLink;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.engine.PeerStatus;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Two clusters with the same ranges, a gateway and a pod each, and between the gateways a wire that can be bad. */
final class FaultPair implements AutoCloseable {
    static final String GENOA = "198.51.100.1";
    static final String LISBON = "198.51.100.2";
    static final String LISBON_LATER = "198.51.100.3";

    /** How each of the two names the other's pods and external range. */
    static final String PODS = "10.71.0.0/16";

    static final String EXTERNAL = "10.81.0.0/16";

    private static final String POD = "10.200.1.5";
    private static final String POD_FROM_AFAR = "10.71.1.5";
    private static final String PODS6 = "fd00:10:71::/64";
    private static final String EXTERNAL6 = "fd00:10:81::/112";
    private static final String POD6 = "fd00:10:200::5";
    private static final String POD6_FROM_AFAR = "fd00:10:71::5";
    private static final int IPV6_LEAST = 1280;
    private static final String GENOA6 = "2001:db8::1";
    private static final String LISBON6 = "2001:db8::2";

    private final NetworkLab lab;
    private final FaultLink link;
    private final FaultNode genoa;
    private final FaultNode lisbon;
    private final String before;
    private final EchoFlow flow;
    private final EchoFlow flow6;

    private FaultPair(NetworkLab lab, long seed, boolean six) throws Exception {
        this.lab = lab;
        Host left = lab.host("genoa");
        Host right = lab.host("lisbon");
        this.link = lab.faultLink(left, "eth0", right, "eth0", seed);
        left.address("eth0", GENOA + "/24");
        right.address("eth0", LISBON + "/24");
        left.address("eth0", GENOA6 + "/64");
        right.address("eth0", LISBON6 + "/64");
        Host leftPod = pod(left);
        Host rightPod = pod(right);
        this.genoa = new FaultNode(left, "lisbon");
        this.lisbon = new FaultNode(right, "genoa");
        this.before = genoa.kernelState() + lisbon.kernelState();
        genoa.configure(toLisbon(lisbon.key().publicKey(), Optional.empty(), six ? LISBON6 : LISBON));
        lisbon.configure(toGenoa(
                genoa.key().publicKey(),
                List.of(endpoint(six ? GENOA6 : GENOA)),
                Optional.empty(),
                FaultNode.EXTERNAL_CIDR));
        lisbon.start();
        genoa.start();
        this.flow = EchoFlow.start(leftPod, rightPod, POD_FROM_AFAR, GatewayMain.MTU - 28);
        this.flow6 = EchoFlow.start(leftPod, rightPod, POD6_FROM_AFAR, IPV6_LEAST - 48);
    }

    /**
     * Opens a laboratory of its own and waits until data flows.
     *
     * @param six whether the gateways know each other's IPv6 address instead of the other
     */
    static FaultPair open(String name, long seed, boolean six) throws Exception {
        NetworkLab lab = NetworkLab.open("fault-" + name);
        try {
            FaultPair pair = new FaultPair(lab, seed, six);
            long start = System.nanoTime();
            boolean up = await(Duration.ofSeconds(30), () -> pair.isConnected() && pair.flowsSince(start));
            if (!up) {
                throw new AssertionError(name + ": not connected at first: " + pair.genoa.status() + ", "
                        + pair.lisbon.status() + ", " + pair.silence());
            }
            return pair;
        } catch (Exception | Error e) {
            lab.close();
            throw e;
        }
    }

    private Host pod(Host node) {
        Host pod = lab.host(node.name() + "-pod");
        lab.link(node, "pod", pod, "eth0");
        node.address("pod", "10.200.0.1/16");
        pod.address("eth0", POD + "/16");
        pod.route("default", "10.200.0.1");
        node.address("pod", "fd00:10:200::1/64");
        pod.address("eth0", POD6 + "/64");
        pod.route("::/0", "fd00:10:200::1");
        node.forward(true);
        return pod;
    }

    PeerConfig toLisbon(PublicKey key, Optional<PresharedKey> psk, String... addresses) {
        return new PeerConfig(
                "lisbon",
                List.of(key),
                List.of(addresses).stream().map(FaultPair::endpoint).toList(),
                psk,
                0,
                List.of(remap(FaultNode.POD_CIDR, PODS), remap(FaultNode.POD_CIDR6, PODS6)),
                List.of(remap(FaultNode.EXTERNAL_CIDR, EXTERNAL), remap(FaultNode.EXTERNAL_CIDR6, EXTERNAL6)));
    }

    /** @param external what lisbon takes for genoa's external range */
    PeerConfig toGenoa(PublicKey key, Optional<PresharedKey> psk, String external) {
        return toGenoa(key, List.of(endpoint(GENOA)), psk, external);
    }

    /** Lisbon as one that does not know where genoa is, and waits for its call. */
    PeerConfig toSilentGenoa() {
        return toGenoa(genoa.key().publicKey(), List.of(), Optional.empty(), FaultNode.EXTERNAL_CIDR);
    }

    private static PeerConfig toGenoa(
            PublicKey key, List<UdpEndpoint> endpoints, Optional<PresharedKey> psk, String external) {
        return new PeerConfig(
                "genoa",
                List.of(key),
                endpoints,
                psk,
                0,
                List.of(remap(FaultNode.POD_CIDR, PODS), remap(FaultNode.POD_CIDR6, PODS6)),
                List.of(remap(external, EXTERNAL), remap(FaultNode.EXTERNAL_CIDR6, EXTERNAL6)));
    }

    private static Remap remap(String from, String to) {
        return new Remap(Cidr.parse(from), Cidr.parse(to));
    }

    private static UdpEndpoint endpoint(String address) {
        return UdpEndpoint.of(IpAddress.parse(address), FaultNode.PORT);
    }

    FaultLink link() {
        return link;
    }

    FaultNode genoa() {
        return genoa;
    }

    FaultNode lisbon() {
        return lisbon;
    }

    /** Whether what was sent after a time comes back steadily, over both families. */
    boolean flowsSince(long nanos) {
        boolean four = flow.flowsSince(nanos);
        return flow6.flowsSince(nanos) && four;
    }

    /** For how long nothing has come back. */
    String silence() {
        return "IPv4 silent for " + flow.silence() + ", IPv6 for " + flow6.silence();
    }

    boolean isConnected() {
        return genoa.status()
                .filter(status -> status.phase() == PeerStatus.Phase.CONNECTED)
                .isPresent();
    }

    /** Whether it came true in time. */
    static boolean await(Duration limit, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(20_000_000);
        }
        return true;
    }

    /** What of the kernel's differs from the beginning after both gateways have ended; empty if all is as it was. */
    String remains() {
        flow.close();
        flow6.close();
        genoa.stop();
        lisbon.stop();
        String after = genoa.kernelState() + lisbon.kernelState();
        return after.equals(before) ? "" : after;
    }

    @Override
    public void close() {
        lab.close();
    }
}
