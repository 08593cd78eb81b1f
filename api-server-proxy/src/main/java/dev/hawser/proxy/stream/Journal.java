// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.admission.Sources;
import dev.hawser.proxy.http.Authority;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The book about all streams: metrics as things happen, and one log line when a request is refused or its stream ends.
 * Safe for any thread.
 *
 * <p>Nothing in a line is text of the client's choice except the target, which the parser has reduced to letters,
 * digits, dots, hyphens, underscores and brackets.
 */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger("dev.hawser.proxy.access");
    private static final String OTHER = "other";
    // As many peers have metrics of their own; the rest share those of the others.
    private static final int PEERS = 1000;
    // From a dial within the node to one that is given up.
    private static final Duration[] DIALS = {
        Duration.ofNanos(250_000),
        Duration.ofMillis(1),
        Duration.ofMillis(4),
        Duration.ofMillis(16),
        Duration.ofMillis(64),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    /** What one peer has open and has moved. */
    static final class Account {
        private final String label;
        private final LongAdder streams = new LongAdder();
        private final LongAdder toTarget = new LongAdder();
        private final LongAdder toClient = new LongAdder();
        private final Journal journal;

        private Account(String label, Journal journal) {
            this.label = label;
            this.journal = journal;
        }

        void toTarget(long count) {
            toTarget.add(count);
            journal.toTarget.add(count);
        }

        void toClient(long count) {
            toClient.add(count);
            journal.toClient.add(count);
        }
    }

    private final MeterRegistry registry;
    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Map<Reason, Counter> reasons = new EnumMap<>(Reason.class);
    private final LongAdder open = new LongAdder();
    private final LongAdder toTarget = new LongAdder();
    private final LongAdder toClient = new LongAdder();
    private final Timer dials;
    private final LineBudget denials = new LineBudget();
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, List<Meter>> meters = new HashMap<>();
    private final Account others;

    public Journal(MeterRegistry registry) {
        this.registry = registry;
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(
                    outcome,
                    Counter.builder("hawser.proxy.connects")
                            .description("Requests by what became of them")
                            .tag("outcome", outcome.label())
                            .register(registry));
        }
        for (Reason reason : Reason.values()) {
            reasons.put(
                    reason,
                    Counter.builder("hawser.proxy.refusals")
                            .description("Refused requests and clients by why")
                            .tag("reason", reason.label())
                            .register(registry));
        }
        Gauge.builder("hawser.proxy.streams", open, LongAdder::sum)
                .description("Streams open now")
                .register(registry);
        String bytes = "Bytes copied, heads and answers of the proxy itself not counted";
        counter("hawser.proxy.bytes", bytes, toTarget, "direction", "to_target");
        counter("hawser.proxy.bytes", bytes, toClient, "direction", "to_client");
        dials = Timer.builder("hawser.proxy.dial")
                .description("From a request to its target's answer")
                .serviceLevelObjectives(DIALS)
                .register(registry);
        others = new Account(OTHER, this);
        show(others);
    }

    /** Sets who is a peer: each has metrics of its own, which go when it goes. */
    public synchronized void peers(Set<String> names) {
        accounts.entrySet().removeIf(entry -> {
            boolean gone =
                    !names.contains(entry.getKey()) && entry.getValue().streams.sum() == 0;
            if (gone) {
                meters.getOrDefault(entry.getKey(), List.of()).forEach(registry::remove);
                meters.remove(entry.getKey());
            }
            return gone;
        });
        for (String name : names) {
            if (!name.equals(OTHER) && !accounts.containsKey(name) && accounts.size() < PEERS) {
                Account account = new Account(name, this);
                accounts.put(name, account);
                show(account);
            }
        }
    }

    /** Shows what streams hold for sides that do not read. */
    public void show(HeldBytes held) {
        Gauge.builder("hawser.proxy.held.bytes", held, HeldBytes::sum)
                .description("Memory held for sides that do not read")
                .register(registry);
    }

    /** The number of streams open now. */
    public int openStreams() {
        return (int) open.sum();
    }

    void refused(
            @Nullable SocketAddress client, String peer, @Nullable Authority target, Reason reason, String detail) {
        count(reason);
        LOG.atInfo()
                .addKeyValue("peer", label(peer))
                .addKeyValue("client", text(client))
                .addKeyValue("target", target == null ? "-" : target)
                .addKeyValue("outcome", reason.outcome().label())
                .addKeyValue("reason", reason.label())
                .addKeyValue("detail", detail)
                .log("refused");
    }

    /** Somebody who got no place: counted, and logged as long as that are not too many. */
    void denied(@Nullable SocketAddress client, String peer, Reason reason) {
        count(reason);
        long omitted = denials.line(System.nanoTime());
        if (omitted == LineBudget.NONE) {
            return;
        }
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("peer", label(peer))
                .addKeyValue("client", text(client))
                .addKeyValue("outcome", reason.outcome().label())
                .addKeyValue("reason", reason.label());
        (omitted == 0 ? line : line.addKeyValue("omitted", omitted)).log("denied");
    }

    /** A client that went away without a request: a port check, most of the time, so not worth a line. */
    void abandoned(@Nullable SocketAddress client, @Nullable Authority target) {
        count(Outcome.ABANDONED);
        LOG.debug("{} left before its request for {} was answered", text(client), target == null ? "-" : target);
    }

    void dialled(long nanos) {
        dials.record(nanos, TimeUnit.NANOSECONDS);
    }

    Account opened(String peer) {
        count(Outcome.CONNECTED);
        open.increment();
        Account account = account(peer);
        account.streams.increment();
        return account;
    }

    void ended(Stream stream, Account account, Ending ending) {
        open.decrement();
        account.streams.decrement();
        Stream.Opening opening = stream.opening();
        LOG.atInfo()
                .addKeyValue("peer", label(opening.place().peer()))
                .addKeyValue("client", text(opening.client()))
                .addKeyValue("target", opening.target())
                .addKeyValue("outcome", Outcome.CONNECTED.label())
                .addKeyValue("ending", ending.label())
                .addKeyValue("to_target", stream.toTarget())
                .addKeyValue("to_client", stream.toClient())
                .addKeyValue("seconds", seconds(stream.nanos()))
                .log("ended");
    }

    private synchronized Account account(String peer) {
        return accounts.getOrDefault(peer, others);
    }

    private void count(Outcome outcome) {
        Counter counter = outcomes.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    private void count(Reason reason) {
        count(reason.outcome());
        Counter counter = reasons.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    private void show(Account account) {
        String bytes = "Bytes copied for one peer";
        meters.put(
                account.label,
                List.of(
                        Gauge.builder("hawser.proxy.peer.streams", account.streams, LongAdder::sum)
                                .description("Streams of one peer open now")
                                .tag("peer", account.label)
                                .register(registry),
                        counter(
                                "hawser.proxy.peer.bytes",
                                bytes,
                                account.toTarget,
                                "peer",
                                account.label,
                                "direction",
                                "to_target"),
                        counter(
                                "hawser.proxy.peer.bytes",
                                bytes,
                                account.toClient,
                                "peer",
                                account.label,
                                "direction",
                                "to_client")));
    }

    private FunctionCounter counter(String name, String description, LongAdder value, String... tags) {
        return FunctionCounter.builder(name, value, LongAdder::sum)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static String label(String peer) {
        return peer.equals(Sources.OTHER) ? OTHER : peer;
    }

    private static String seconds(long nanos) {
        long millis = nanos / 1_000_000;
        // Once per tunnel, where a formatter's own cost would show.
        return millis / 1000 + "." + Long.toString(1000 + millis % 1000).substring(1);
    }

    private static String text(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            IpAddress client = IpAddress.ofBytes(inet.getAddress().getAddress());
            String host = client.family() == Family.IPV6 ? "[" + client + "]" : client.toString();
            return host + ":" + inet.getPort();
        }
        return "-";
    }
}
