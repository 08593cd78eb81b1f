// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the node sends packets for reasons that are not ours: bridges of containers, tunnels, routes of an administrator.
 * A name in one of these ranges would take packets away from them. Looked at rarely, for it concerns new names only.
 *
 * <p><b>Threads:</b> confined to one. A look takes some milliseconds.
 */
public final class HostRoutes {
    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();
    /** What leads to no host elsewhere, in the first column of {@code ip route show}. */
    private static final Set<String> NO_UNICAST = Set.of(
            "default", "unreachable", "blackhole", "prohibit", "throw", "broadcast", "local", "multicast", "anycast");

    private static final Logger LOG = LoggerFactory.getLogger(HostRoutes.class);

    private final String device;
    private final Commands commands;
    private Optional<List<HostRoute>> known = Optional.empty();
    private long lookedAt;
    private boolean failed;

    /**
     * A route of somebody else.
     *
     * @param device where packets leave
     * @param via the next station; empty if the range lies on the device's own link
     */
    public record HostRoute(Cidr destination, String device, Optional<IpAddress> via) {}

    /**
     * Routes that nobody has looked at yet.
     *
     * @param device of the tunnel, whose routes are ours
     */
    public HostRoutes(String device, Commands commands) {
        this.device = device;
        this.commands = commands;
    }

    /**
     * The routes of the main table as they were seen within the last minute; nothing while they cannot be read.
     *
     * @param now nanoseconds of the monotonic clock
     */
    public Optional<List<HostRoute>> known(long now) {
        boolean fresh = (known.isPresent() || failed) && now - lookedAt < INTERVAL;
        if (!fresh) {
            lookedAt = now;
            look();
        }
        return known;
    }

    private void look() {
        try {
            List<HostRoute> routes = new ArrayList<>();
            for (Family family : Family.values()) {
                routes.addAll(parse(show(family), device));
            }
            known = Optional.of(List.copyOf(routes));
            failed = false;
        } catch (NodeException e) {
            if (!failed) {
                LOG.warn(
                        "the routes of the node cannot be read, so names may be granted over them: {}", e.getMessage());
            }
            failed = true;
        }
    }

    private String show(Family family) {
        Commands.Result result =
                commands.run("", "ip", family == Family.IPV4 ? "-4" : "-6", "route", "show", "table", "main");
        // A kernel without IPv6 has no routes of it, and says so in many ways.
        if (result.exit() != 0 && family == Family.IPV4) {
            throw new NodeException("ip route show: " + result.errors().strip());
        }
        return result.output();
    }

    /** Reads what {@code ip route show} prints; a route with several stations goes on in lines that begin with white space. */
    static List<HostRoute> parse(String output, String ownDevice) {
        List<String> lines = new ArrayList<>();
        for (String line : output.lines().toList()) {
            boolean goesOn = !line.isEmpty() && Character.isWhitespace(line.charAt(0)) && !lines.isEmpty();
            if (goesOn) {
                lines.add(lines.removeLast() + " " + line.strip());
            } else {
                lines.add(line);
            }
        }
        return lines.stream()
                .flatMap(line -> route(line, ownDevice).stream())
                .distinct()
                .toList();
    }

    private static Optional<HostRoute> route(String line, String ownDevice) {
        List<String> words = Arrays.asList(line.strip().split("\\s+"));
        String first = words.getFirst();
        Optional<String> out = after(words, "dev");
        boolean ours = out.filter(ownDevice::equals).isPresent()
                || after(words, "proto")
                        .filter(String.valueOf(NodeRoute.PROTOCOL)::equals)
                        .isPresent();
        if (ours || out.isEmpty() || NO_UNICAST.contains(first)) {
            return Optional.empty();
        }
        try {
            Cidr destination = first.contains("/") ? Cidr.parse(first) : Cidr.host(IpAddress.parse(first));
            boolean elsewhere = !destination.network().isLinkLocal()
                    && !destination.network().isMulticast();
            return elsewhere ? Optional.of(new HostRoute(destination, out.get(), via(words))) : Optional.empty();
        } catch (AddressException noRoute) {
            return Optional.empty();
        }
    }

    /** The next station; of an IPv4 route over IPv6 the family stands before it. */
    private static Optional<IpAddress> via(List<String> words) {
        return after(words, "via")
                .flatMap(word -> word.startsWith("inet") ? after(words, word) : Optional.of(word))
                .map(IpAddress::parse);
    }

    private static Optional<String> after(List<String> words, String word) {
        int at = words.indexOf(word);
        return at < 0 || at + 1 >= words.size() ? Optional.empty() : Optional.of(words.get(at + 1));
    }
}
