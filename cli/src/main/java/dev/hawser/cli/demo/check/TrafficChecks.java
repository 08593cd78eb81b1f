// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Pod to pod under remapped addresses, in one direction. */
final class TrafficChecks {
    private static final String POD = "pod-1";
    private static final long TCP_BYTES = 200_000_000;
    private static final int DATAGRAMS = 10_000;
    private static final int DATAGRAMS_PER_SECOND = 2_000;
    private static final int LEAST_RECEIVED = 9_990;
    private static final Duration PUBLISHED = Duration.ofSeconds(3);
    private static final Pattern RTT = Pattern.compile("= [\\d.]+/([\\d.]+)/");

    private final RunningDemo demo;
    private final Direction direction;
    private final DemoPod sender;
    private final DemoPod receiver;

    TrafficChecks(RunningDemo demo, Direction direction) {
        this.demo = demo;
        this.direction = direction;
        // Both have the same address in their own cluster, to leave no doubt about who is meant.
        this.sender = direction.caller(POD);
        this.receiver = direction.called(POD);
    }

    /** What takes all of a processor while it lasts. */
    Stream<Check> inTurn() {
        return Stream.of(
                check("ping", "a pod answers to its remapped address", this::ping),
                check("tcp-200MB", "bytes over TCP arrive as they were sent, from the remapped source", this::tcp));
    }

    /** A stream at a steady, modest rate. */
    Stream<Check> steady() {
        return Stream.of(check("udp-10000", "datagrams arrive, each once, from the remapped source", this::udp));
    }

    private Check check(String name, String what, Callable<String> body) {
        String next =
                Look.describe(direction.from(), "connection", direction.to().id());
        return direction.check(name, what, POD, next, body);
    }

    private String ping() {
        String address = direction.nameOf(receiver.address());
        Output answer = sender.host().run(Command.of("ping", "-n", "-c", "5", "-i", "0.1", "-W", "1", address));
        unless(answer.succeeded(), "ping " + address + ": " + answer.stdout().strip());
        unless(answer.stdout().contains(" 0% packet loss"), "ping " + address + " loses packets");
        Matcher rtt = RTT.matcher(answer.stdout());
        return address + (rtt.find() ? " answers in " + rtt.group(1) + " ms" : " answers");
    }

    private String tcp() throws Exception {
        String address = direction.nameOf(receiver.address());
        Counted before = counted();
        TcpTransfer.Outcome transfer = TcpTransfer.run(sender.host(), receiver.host(), address, TCP_BYTES);
        unlessEqual(transfer.sent(), transfer.received(), "SHA-256 of what arrived");
        unlessEqual(direction.seenAs(sender.address()), transfer.source(), "the source that the receiver sees");
        requireCounted(TCP_BYTES, before);
        return String.format(
                Locale.ROOT,
                "%.2f Gbit/s, SHA-256 equal, from %s to %s",
                transfer.gigabits(),
                transfer.source(),
                address);
    }

    private String udp() throws Exception {
        String address = direction.nameOf(receiver.address());
        Counted before = counted();
        UdpTransfer transfer =
                UdpTransfer.run(sender.host(), receiver.host(), address, DATAGRAMS, DATAGRAMS_PER_SECOND);
        unless(
                transfer.received() >= LEAST_RECEIVED,
                transfer.received() + " of " + transfer.sent() + " datagrams arrived");
        unlessEqual(0, transfer.duplicates(), "number of datagrams that arrived twice");
        unlessEqual(
                direction.seenAs(sender.address()),
                String.valueOf(transfer.source()),
                "the source that the receiver sees");
        requireCounted((long) transfer.received() * UdpTransfer.SIZE, before);
        return transfer.received() + " of " + transfer.sent() + " once each, from " + transfer.source();
    }

    /** Both gateways counted the payload; they publish their counts now and then. */
    private void requireCounted(long payload, Counted before) throws Exception {
        Patience.await(
                "bytes that the gateways counted for a payload of " + payload,
                System.nanoTime(),
                PUBLISHED,
                () -> counted().since(before),
                more -> more.sent() >= payload && more.received() >= payload);
    }

    private Counted counted() throws Exception {
        return new Counted(
                demo.gatewayMetrics(direction.from())
                        .sum(
                                "hawser_gateway_peer_tx_bytes_total",
                                "peer",
                                direction.to().id()),
                demo.gatewayMetrics(direction.to())
                        .sum(
                                "hawser_gateway_peer_rx_bytes_total",
                                "peer",
                                direction.from().id()));
    }

    /** Inner bytes that the sending gateway counted for its peer, and the receiving one for its own. */
    private record Counted(long sent, long received) {
        Counted since(Counted before) {
            return new Counted(sent - before.sent, received - before.received);
        }
    }
}
