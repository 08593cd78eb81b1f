// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.http.Authority;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The book about all streams: metrics as things happen, and one log line when a request is refused or its stream ends.
 * Safe for any thread.
 *
 * <p>Nothing in a line is text of the client's choice except the target, which the parser has reduced to letters,
 * digits, dots, hyphens, underscores and brackets.
 */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger("dev.hawser.proxy.access");

    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final AtomicInteger open = new AtomicInteger();
    private final Counter toTarget;
    private final Counter toClient;

    public Journal(MeterRegistry registry) {
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(
                    outcome,
                    Counter.builder("hawser.proxy.connects")
                            .description("Requests by what became of them")
                            .tag("outcome", outcome.label())
                            .register(registry));
        }
        Gauge.builder("hawser.proxy.streams", open, AtomicInteger::get)
                .description("Streams open now")
                .register(registry);
        toTarget = bytes(registry, "to_target");
        toClient = bytes(registry, "to_client");
    }

    /** The number of streams open now. */
    public int openStreams() {
        return open.get();
    }

    void refused(@Nullable SocketAddress client, @Nullable Authority target, Outcome outcome, String detail) {
        count(outcome);
        LOG.atInfo()
                .addKeyValue("client", text(client))
                .addKeyValue("target", target == null ? "-" : target)
                .addKeyValue("outcome", outcome.label())
                .addKeyValue("detail", detail)
                .log("refused");
    }

    /** A client that went away without a request: a port check, most of the time, so not worth a line. */
    void abandoned(@Nullable SocketAddress client, @Nullable Authority target) {
        count(Outcome.ABANDONED);
        LOG.debug("{} left before its request for {} was answered", text(client), target == null ? "-" : target);
    }

    void opened() {
        count(Outcome.CONNECTED);
        open.incrementAndGet();
    }

    void toTarget(int count) {
        toTarget.increment(count);
    }

    void toClient(int count) {
        toClient.increment(count);
    }

    void ended(StreamRecord stream) {
        open.decrementAndGet();
        LOG.atInfo()
                .addKeyValue("client", text(stream.client()))
                .addKeyValue("target", stream.target())
                .addKeyValue("outcome", Outcome.CONNECTED.label())
                .addKeyValue("ending", stream.ending().label())
                .addKeyValue("to_target", stream.toTarget())
                .addKeyValue("to_client", stream.toClient())
                .addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(stream.nanos()))
                .log("ended");
    }

    private void count(Outcome outcome) {
        Counter counter = outcomes.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    private static Counter bytes(MeterRegistry registry, String direction) {
        return Counter.builder("hawser.proxy.bytes")
                .description("Bytes copied, heads and answers of the proxy itself not counted")
                .tag("direction", direction)
                .register(registry);
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
