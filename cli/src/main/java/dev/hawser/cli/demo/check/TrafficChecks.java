// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.ipam.address.Family;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Pod to pod under remapped addresses, in one direction and one family. */
final class TrafficChecks {
    private static final String POD = "pod-1";
    private static final int DATAGRAMS_PER_SECOND = 2_000;
    /** Of so many datagrams one may be lost. */
    private static final int LOSS = 1_000;

    private static final Duration PUBLISHED = Duration.ofSeconds(3);
    private static final Pattern RTT = Pattern.compile("= [\\d.]+/([\\d.]+)/");

    private final RunningDemo demo;
    private final Direction direction;
    private final Amount amount;
    private final DemoPod sender;
    private final DemoPod receiver;

    /**
     * How much is sent.
     *
     * @param megabytes over TCP
     * @param datagrams over UDP
     */
    private record Amount(Family family, int megabytes, int datagrams) {
        /** IPv4 needs no mention. */
        String name(String check) {
            return family == Family.IPV4 ? check : check + "-ipv6";
        }
    }

    private TrafficChecks(RunningDemo demo, Direction direction, Amount amount) {
        this.demo = demo;
        this.direction = direction;
        this.amount = amount;
        // Both have the same address in their own cluster, to leave no doubt about who is meant.
        this.sender = direction.caller(POD);
        this.receiver = direction.called(POD);
    }

    static TrafficChecks ipv4(RunningDemo demo, Direction direction) {
        return new TrafficChecks(demo, direction, new Amount(Family.IPV4, 200, 10_000));
    }

    static TrafficChecks ipv6(RunningDemo demo, Direction direction) {
        return new TrafficChecks(demo, direction, new Amount(Family.IPV6, 100, 4_000));
    }

    /** What takes all of a processor while it lasts. */
    Stream<Check> inTurn() {
        return Stream.of(
                check("ping", "a pod answers to its remapped address", this::ping),
                check(
                        "tcp-" + amount.megabytes() + "MB",
                        "bytes over TCP arrive as they were sent, from the remapped source",
                        this::tcp));
    }

    /** A stream at a steady, modest rate. */
    Stream<Check> steady() {
        return Stream.of(
                check("udp-" + amount.datagrams(), "datagrams arrive, each once, from the remapped source", this::udp));
    }

    private Check check(String name, String what, Callable<String> body) {
        String next =
                Look.describe(direction.from(), "connection", direction.to().id());
        return direction.check(amount.name(name), what, POD, next, body);
    }

    /** Where the sender finds the receiver. */
    private String there() {
        return direction.nameOf(receiver.address(amount.family()));
    }

    /** How the receiver sees the sender. */
    private String source() {
        return direction.seenAs(sender.address(amount.family()));
    }

    private String ping() {
        String address = there();
        Output answer = sender.host().run(Command.of("ping", "-n", "-c", "5", "-i", "0.1", "-W", "1", address));
        unless(answer.succeeded(), "ping " + address + ": " + answer.stdout().strip());
        unless(answer.stdout().contains(" 0% packet loss"), "ping " + address + " loses packets");
        Matcher rtt = RTT.matcher(answer.stdout());
        return address + (rtt.find() ? " answers in " + rtt.group(1) + " ms" : " answers");
    }

    private String tcp() throws Exception {
        String address = there();
        Counted before = counted();
        long bytes = amount.megabytes() * 1_000_000L;
        TcpTransfer.Outcome transfer = TcpTransfer.run(sender.host(), receiver.host(), address, bytes);
        unlessEqual(transfer.sent(), transfer.received(), "SHA-256 of what arrived");
        unlessEqual(source(), transfer.source(), "the source that the receiver sees");
        requireCounted(bytes, before);
        return String.format(
                Locale.ROOT,
                "%.2f Gbit/s, SHA-256 equal, from %s to %s",
                transfer.gigabits(),
                transfer.source(),
                address);
    }

    private String udp() throws Exception {
        String address = there();
        Counted before = counted();
        UdpTransfer transfer =
                UdpTransfer.run(sender.host(), receiver.host(), address, amount.datagrams(), DATAGRAMS_PER_SECOND);
        unless(
                transfer.received() >= amount.datagrams() - amount.datagrams() / LOSS,
                transfer.received() + " of " + transfer.sent() + " datagrams arrived");
        unlessEqual(0, transfer.duplicates(), "number of datagrams that arrived twice");
        unlessEqual(source(), String.valueOf(transfer.source()), "the source that the receiver sees");
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
