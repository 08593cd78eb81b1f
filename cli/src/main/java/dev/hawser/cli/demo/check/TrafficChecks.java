// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.lab.net.Host;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Pod to pod under remapped addresses, in one direction. */
final class TrafficChecks {
    private static final String POD = "10.200.1.5";
    private static final long TCP_BYTES = 200_000_000;
    private static final int DATAGRAMS = 10_000;
    private static final int DATAGRAMS_PER_SECOND = 2_000;
    private static final int LEAST_RECEIVED = 9_990;
    private static final int GATEWAY_HEALTH_PORT = 9101;
    private static final Pattern RTT = Pattern.compile("= [\\d.]+/([\\d.]+)/");

    private final RunningDemo demo;
    private final Direction direction;
    private final Host sender;
    private final Host receiver;

    TrafficChecks(RunningDemo demo, Direction direction) {
        this.demo = demo;
        this.direction = direction;
        // The same pod address on both sides, to leave no doubt about who is meant.
        this.sender = demo.host(direction.from(), "pod-1");
        this.receiver = demo.host(direction.to(), "pod-1");
    }

    /** What takes all of a processor while it lasts. */
    Stream<Check> inTurn() {
        return Stream.of(
                new Check(direction.named("ping"), this::ping), new Check(direction.named("tcp-200MB"), this::tcp));
    }

    /** A stream at a steady, modest rate. */
    Check steady() {
        return new Check(direction.named("udp-10000"), true, this::udp);
    }

    private String ping() {
        String address = direction.nameOf(POD);
        Output answer = sender.run(Command.of("ping", "-n", "-c", "5", "-i", "0.1", "-W", "1", address));
        unless(answer.succeeded(), "ping " + address + ": " + answer.stdout().strip());
        unless(answer.stdout().contains(" 0% packet loss"), "ping " + address + " loses packets");
        Matcher rtt = RTT.matcher(answer.stdout());
        return address + (rtt.find() ? " answers in " + rtt.group(1) + " ms" : " answers");
    }

    private String tcp() throws Exception {
        String address = direction.nameOf(POD);
        Counted before = counted();
        TcpTransfer transfer = TcpTransfer.run(sender, receiver, address, TCP_BYTES);
        unlessEqual(transfer.sent(), transfer.received(), "SHA-256 of what arrived");
        unlessEqual(direction.seenAs(POD), transfer.source(), "the source that the receiver sees");
        counted().requireMoreBy(TCP_BYTES, before);
        return String.format(
                Locale.ROOT,
                "%.2f Gbit/s, SHA-256 equal, from %s to %s",
                transfer.gigabits(),
                transfer.source(),
                address);
    }

    private String udp() throws Exception {
        String address = direction.nameOf(POD);
        Counted before = counted();
        UdpTransfer transfer = UdpTransfer.run(sender, receiver, address, DATAGRAMS, DATAGRAMS_PER_SECOND);
        unless(
                transfer.received() >= LEAST_RECEIVED,
                transfer.received() + " of " + transfer.sent() + " datagrams arrived");
        unlessEqual(0, transfer.duplicates(), "number of datagrams that arrived twice");
        unlessEqual(direction.seenAs(POD), String.valueOf(transfer.source()), "the source that the receiver sees");
        counted().requireMoreBy((long) transfer.received() * UdpTransfer.SIZE, before);
        return transfer.received() + " of " + transfer.sent() + " once each, from " + transfer.source();
    }

    private Counted counted() throws Exception {
        return new Counted(
                demo.metrics(direction.from(), GATEWAY_HEALTH_PORT)
                        .sum(
                                "hawser_gateway_peer_tx_bytes_total",
                                "peer",
                                direction.to().id()),
                demo.metrics(direction.to(), GATEWAY_HEALTH_PORT)
                        .sum(
                                "hawser_gateway_peer_rx_bytes_total",
                                "peer",
                                direction.from().id()));
    }

    /** Inner bytes that the sending gateway counted for its peer, and the receiving one for its own. */
    private record Counted(long sent, long received) {
        void requireMoreBy(long payload, Counted before) {
            unless(
                    sent - before.sent >= payload,
                    "the sending gateway counted " + (sent - before.sent) + " bytes for a payload of " + payload);
            unless(
                    received - before.received >= payload,
                    "the receiving gateway counted " + (received - before.received) + " bytes for a payload of "
                            + payload);
        }
    }
}
