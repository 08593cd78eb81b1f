// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Links, addresses, routes, rules and nftables rulesets of a host at one moment, without what changes by itself (counters,
 * lifetimes); an immutable value.
 *
 * @param things lines in order, by what they are
 */
public record HostSnapshot(Map<String, List<String>> things) {
    private static final Map<String, List<String>> QUESTIONS = questions();
    private static final String RULESET = "nft ruleset";

    public HostSnapshot {
        Map<String, List<String>> copy = new TreeMap<>();
        things.forEach((what, lines) -> copy.put(what, List.copyOf(lines)));
        things = Map.copyOf(copy);
    }

    static HostSnapshot take(Host host) {
        Map<String, List<String>> things = new TreeMap<>();
        QUESTIONS.forEach((what, command) ->
                things.put(what, steady(host.run(command.toArray(String[]::new)).stdout())));
        things.put(RULESET, inContext(steady(host.run("nft", "list", "ruleset").stdout())));
        return new HostSnapshot(things);
    }

    /** What came (+) and what went (-) since {@code before}, as lines for people; empty if nothing did. */
    public List<String> differences(HostSnapshot before) {
        List<String> all = new ArrayList<>();
        new TreeMap<>(things).forEach((what, now) -> {
            List<String> then = before.things.getOrDefault(what, List.of());
            beyond(now, then).forEach(line -> all.add("+ " + what + ": " + line));
            beyond(then, now).forEach(line -> all.add("- " + what + ": " + line));
        });
        return all;
    }

    /** Each line that is more often in {@code lines} than in {@code others}. */
    private static List<String> beyond(List<String> lines, List<String> others) {
        List<String> rest = new ArrayList<>(lines);
        others.forEach(rest::remove);
        return rest;
    }

    private static List<String> steady(String output) {
        return output.lines()
                .map(line -> line.replaceAll("(valid_lft|preferred_lft|expires) \\S+", "")
                        .replaceAll("packets \\d+ bytes \\d+", "")
                        .stripTrailing())
                .toList();
    }

    /** Rules that stand in several chains read the same: each line gets the names of what it stands in. */
    private static List<String> inContext(List<String> ruleset) {
        Deque<String> context = new ArrayDeque<>();
        List<String> lines = new ArrayList<>();
        for (String raw : ruleset) {
            String line = raw.strip();
            if (line.endsWith("{")) {
                context.addLast(line.substring(0, line.length() - 1).strip());
                lines.add(String.join(" / ", context));
            } else if (line.equals("}")) {
                context.pollLast();
            } else if (!line.isEmpty()) {
                lines.add(String.join(" / ", context) + ": " + line);
            }
        }
        return lines;
    }

    private static Map<String, List<String>> questions() {
        Map<String, List<String>> questions = new LinkedHashMap<>();
        questions.put("links", List.of("ip", "-o", "link", "show"));
        questions.put("addresses", List.of("ip", "-o", "address", "show"));
        questions.put("routes", List.of("ip", "route", "show", "table", "all"));
        questions.put("IPv6 routes", List.of("ip", "-6", "route", "show", "table", "all"));
        questions.put("rules", List.of("ip", "rule", "show"));
        questions.put("IPv6 rules", List.of("ip", "-6", "rule", "show"));
        return questions;
    }
}
