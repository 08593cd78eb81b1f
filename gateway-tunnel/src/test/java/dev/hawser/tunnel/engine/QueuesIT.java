// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.session.StaticKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two gateways with several queues each, which a gateway has where the machine has the processors for them. */
@RequiresLab
class QueuesIT {
    private static final int QUEUES = 2;
    private static final int STREAMS = 12;
    private static final long BYTES = 16_000_000;
    private static final Duration SOON = Duration.ofSeconds(45);
    /** Each leads to a queue by lot, at both ends: all to one, once in 16,000 runs. */
    private static final int MOVES = 15;

    /** A queue that no flow leaves by has read 15 times: what a kernel says to its neighbours, and probes. */
    private static final int LEAVING = 1_000;

    /** One stay brings more. */
    private static final int ARRIVING = 50;

    private static final long BYTES_BETWEEN_MOVES = STREAMS * BYTES / (2 * MOVES);

    /**
     * The streams leave by all queues. Where they arrive is the kernel's choice by the peer's address and port, and each side takes
     * other ports again and again: so packets of one session arrive in another queue while the last are still in the first.
     */
    @Test
    void carryStreamsWhileThePeersMoveFromQueueToQueue() throws Exception {
        try (NetworkLab lab = NetworkLab.open("queues");
                LabGateway right = new LabGateway(lab.host("right"), QUEUES);
                LabGateway left = new LabGateway(lab.host("left"), QUEUES);
                ExecutorService threads = Executors.newFixedThreadPool(2 * STREAMS)) {
            lab.link(left.host(), "eth0", right.host(), "eth0");
            left.host().address("eth0", "192.0.2.1/24");
            right.host().address("eth0", "192.0.2.2/24");
            right.startBeside(left, "10.72", List.of());
            left.startBeside(right, "10.71", List.of(UdpEndpoint.of(IpAddress.parse("192.0.2.2"), LabGateway.PORT)));
            left.awaitPhase("right", PeerStatus.Phase.CONNECTED, SOON);
            right.awaitPhase("left", PeerStatus.Phase.CONNECTED, SOON);

            List<Future<TcpTransfer>> transfers = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                transfers.add(threads.submit(transfer(left.host(), "10.71.0.5", right.host())));
                transfers.add(threads.submit(transfer(right.host(), "10.72.0.5", left.host())));
            }
            move(left, right);

            for (Future<TcpTransfer> transfer : transfers) {
                TcpTransfer done = transfer.get(SOON.toSeconds(), TimeUnit.SECONDS);
                assertThat(done.received()).isEqualTo(done.sent());
            }
            assertUsed(left, "right");
            assertUsed(right, "left");
        }
    }

    private static Callable<TcpTransfer> transfer(Host from, String dialled, Host to) {
        return () -> TcpTransfer.run(from, "10.200.0.5", dialled, to, "10.200.0.5", BYTES);
    }

    /** Each move comes when data has come in after the one before, so that both know where the other is. */
    private static void move(LabGateway left, LabGateway right) {
        for (int i = 1; i <= MOVES; i++) {
            long next = received(left) + BYTES_BETWEEN_MOVES;
            LabGateway.await(
                    () -> received(left) >= next, SOON, () -> left.peer("right").toString());
            LabGateway moving = i % 2 == 0 ? left : right;
            moving.apply(listening(moving, i));
        }
    }

    private static long received(LabGateway gateway) {
        return gateway.peer("right").traffic().rxBytes();
    }

    private static TunnelConfig listening(LabGateway gateway, int shift) {
        TunnelConfig now = gateway.config();
        return new TunnelConfig(
                StaticKeys.only(gateway.key()), List.of(LabGateway.PORT + 10 * shift), now.local(), now.peers());
    }

    private static void assertUsed(LabGateway gateway, String peer) {
        TunnelStatus status = gateway.engine().status();
        System.out.println("OUT: " + gateway.host() + " " + status.queues() + " "
                + gateway.peer(peer).traffic());
        assertThat(status.queues()).hasSize(QUEUES).allSatisfy(queue -> {
            assertThat(queue.egressReads()).isGreaterThan(LEAVING);
            assertThat(queue.ingressReads()).isGreaterThan(ARRIVING);
        });
        // What comes to a port that is closed is lost there; what a kernel says to its neighbours goes nowhere.
        Map<DropReason, Long> drops = gateway.peer(peer).traffic().drops();
        assertThat(drops.keySet()).isSubsetOf(DropReason.SEND_FAILED);
        assertThat(status.drops().keySet()).isSubsetOf(DropReason.LINK_SCOPED);
    }
}
