// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import dev.hawser.lab.LabException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counters of what passes a hook of a host's kernel, by class of packet; they accept all and change nothing.
 *
 * <p>Each packet counts once: in the first class that matches it, else as {@link #OTHER}.
 */
public final class TrafficCount {
    /** The class of everything that no given class matches. */
    public static final String OTHER = "other";

    private static final Pattern COUNTER =
            Pattern.compile("counter (\\w+) \\{\\s*packets (\\d+) bytes (\\d+)", Pattern.MULTILINE);

    private final Host host;
    private final String table;

    private TrafficCount(Host host, String table) {
        this.host = host;
        this.table = table;
    }

    static TrafficCount install(Host host, Hook hook, Map<String, String> classes) {
        TrafficCount count = of(host, hook);
        StringBuilder counters = new StringBuilder();
        StringBuilder rules = new StringBuilder();
        classes.forEach((name, match) -> {
            counters.append("  counter ").append(name).append(" { }\n");
            rules.append("    ")
                    .append(match)
                    .append(" counter name ")
                    .append(name)
                    .append(" accept\n");
        });
        // Before every other chain of the hook, so that packets which somebody drops are counted too.
        host.nft("""
                table inet %1$s
                delete table inet %1$s
                table inet %1$s {
                %2$s  counter %5$s { }
                  chain count {
                    type filter hook %3$s priority raw; policy accept;
                %4$s    counter name %5$s
                  }
                }
                """.formatted(count.table, counters, hook.nft(), rules, OTHER));
        return count;
    }

    static TrafficCount of(Host host, Hook hook) {
        return new TrafficCount(host, "lab_count_" + hook.nft());
    }

    /** The counts so far, by class. */
    public Map<String, Traffic> read() {
        Map<String, Traffic> counts = new TreeMap<>();
        Matcher counter = COUNTER.matcher(
                host.run("nft", "list", "counters", "table", "inet", table).stdout());
        while (counter.find()) {
            counts.put(
                    counter.group(1), new Traffic(Long.parseLong(counter.group(2)), Long.parseLong(counter.group(3))));
        }
        return counts;
    }

    /** The count of one class so far. */
    public Traffic read(String name) {
        Traffic traffic = read().get(name);
        if (traffic == null) {
            throw new LabException(
                    host + " counts no class \"" + name + "\" in table " + table + "; did somebody flush its rules?");
        }
        return traffic;
    }

    /** Where in the kernel packets are counted. */
    public enum Hook {
        /** Packets for this host itself. */
        INPUT,
        /** Packets that this host passes on. */
        FORWARD,
        /** Packets that this host sends. */
        OUTPUT;

        private String nft() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Packets, and the bytes in them from the IP header on. */
    public record Traffic(long packets, long bytes) {}
}
