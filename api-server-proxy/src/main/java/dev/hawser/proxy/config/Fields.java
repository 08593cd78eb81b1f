// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.config;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A mapping of the file with its path, read field by field. Not safe for several threads. */
final class Fields {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int SHOWN = 80;

    private final String path;
    private final Map<?, ?> values;

    private Fields(String path, Map<?, ?> values) {
        this.path = path;
        this.values = values;
    }

    /** A mapping that has no other fields than the named ones; what is absent counts as empty. */
    static Fields of(String path, @Nullable Object value, Set<String> known) {
        if (value == null) {
            return new Fields(path, Map.of());
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(path, value, "a mapping");
        }
        for (Object key : map.keySet()) {
            if (!(key instanceof String name) || !known.contains(name)) {
                throw new ConfigException("%s has a field \"%s\", which nobody knows; it may have %s"
                        .formatted(path.isEmpty() ? "the file" : path, shown(key), String.join(", ", known)));
            }
        }
        return new Fields(path, map);
    }

    boolean has(String name) {
        return values.get(name) != null;
    }

    Fields fields(String name, Set<String> known) {
        return of(at(name), values.get(name), known);
    }

    /** The elements of a list, each with its path; none where the field is absent. */
    List<Element> list(String name) {
        Object value = values.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(at(name), value, "a list");
        }
        List<Element> elements = new ArrayList<>();
        for (Object each : list) {
            elements.add(new Element(at(name) + "[" + elements.size() + "]", each));
        }
        return Collections.unmodifiableList(elements);
    }

    int number(String name, int fallback, int least, int most) {
        Object value = values.get(name);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Integer number && number >= least && number <= most) {
            return number;
        }
        throw wrong(at(name), value, "a whole number from %d to %d".formatted(least, most));
    }

    /** A span of time; what nobody would wait for is a mistake. */
    Duration duration(String name, Duration fallback) {
        Object value = values.get(name);
        if (value == null) {
            return fallback;
        }
        Matcher matcher = DURATION.matcher(value instanceof String text ? text : "");
        if (!matcher.matches()) {
            throw wrong(at(name), value, "a span of time such as 500ms, 10s, 2m or 1h");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    Duration positive(String name, Duration fallback) {
        Duration duration = duration(name, fallback);
        if (duration.isZero()) {
            throw wrong(at(name), "0", "a span of time longer than nothing");
        }
        return duration;
    }

    /** A DNS label such as a cluster ID: it goes into lines and labels, where anything else could pretend to be more. */
    String label(String name) {
        Object value = values.get(name);
        if (value instanceof String text && LABEL.matcher(text).matches()) {
            return text;
        }
        throw wrong(at(name), value, "a DNS label");
    }

    List<Cidr> cidrs(String name) {
        return list(name).stream().map(Element::cidr).toList();
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static ConfigException wrong(String path, @Nullable Object value, String expected) {
        return new ConfigException("%s is \"%s\", which is not %s; correct it"
                .formatted(path.isEmpty() ? "the file" : path, shown(value), expected));
    }

    private static String shown(@Nullable Object value) {
        String text = String.valueOf(value).replaceAll("[^ -~]", "?");
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** One element of a list, and where it stands. */
    record Element(String path, @Nullable Object value) {
        String text() {
            if (value instanceof String text) {
                return text;
            }
            throw wrong(path, value, "a text");
        }

        Cidr cidr() {
            try {
                return Cidr.parse(text());
            } catch (AddressException e) {
                throw new ConfigException(path + " is no range: " + e.getMessage());
            }
        }
    }
}
