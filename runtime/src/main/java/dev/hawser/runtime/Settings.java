// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Typed view of a process's environment variables. Immutable; safe for any thread.
 *
 * <p>A variable that is empty or blank counts as not set: a container template that leaves a value out writes an empty
 * one. Everything else that cannot be understood throws {@link SettingsException}; nothing is ever guessed.
 */
public final class Settings {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^:]+)):(\\d{1,5})");
    private static final int SHOWN = 80;

    private final Map<String, String> environment;

    private Settings(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Settings out of the given variables, usually {@link System#getenv()}. */
    public static Settings of(Map<String, String> environment) {
        return new Settings(environment);
    }

    /** The value of a variable without surrounding blanks, or nothing where it is not set. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** The value of a variable, or the fallback where it is not set. */
    public String text(String name, String fallback) {
        return text(name).orElse(fallback);
    }

    /**
     * The value of a variable that has no sensible fallback.
     *
     * @param why what it is needed for, completing the sentence "it is needed to ..."
     */
    public String required(String name, String why) {
        return text(name)
                .orElseThrow(() ->
                        new SettingsException("%s is not set; it is needed to %s, so set it".formatted(name, why)));
    }

    /** A TCP or UDP port, 1 to 65535. */
    public int port(String name, int fallback) {
        return number(name, fallback, 1, 65_535);
    }

    /** A whole number between {@code least} and {@code most}, both included. */
    public int number(String name, int fallback, int least, int most) {
        return text(name).map(value -> number(name, value, least, most)).orElse(fallback);
    }

    /** A span of time such as {@code 500ms}, {@code 10s}, {@code 2m} or {@code 1h}. */
    public Duration duration(String name, Duration fallback) {
        return text(name).map(value -> duration(name, value)).orElse(fallback);
    }

    /** The parts of a comma-separated value; empty parts are left out. */
    public List<String> list(String name, List<String> fallback) {
        return text(name)
                .map(value -> Arrays.stream(value.split(",", -1))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList())
                .orElse(List.copyOf(fallback));
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String name, boolean fallback) {
        return text(name).map(value -> flag(name, value)).orElse(fallback);
    }

    /** One constant of an enum, written in lower case with {@code -} for {@code _}. */
    public <E extends Enum<E>> E choice(String name, E fallback) {
        return text(name)
                .map(value -> choice(name, value, fallback.getDeclaringClass()))
                .orElse(fallback);
    }

    /**
     * A socket address written as {@code 127.0.0.1:9102} or {@code [::1]:9102}. The host must be an address: a process
     * that waits for DNS before it can say that it is alive helps nobody. Port 0 asks the kernel for a free one.
     */
    public InetSocketAddress address(String name, String fallback) {
        String value = text(name, fallback);
        Matcher matcher = HOST_AND_PORT.matcher(value);
        if (!matcher.matches()) {
            throw wrong(name, value, "an address and a port", "127.0.0.1:9102 or [::1]:9102");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        int port = number(name, matcher.group(3), 0, 65_535);
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(host), port);
        } catch (IllegalArgumentException notAnAddress) {
            throw wrong(name, value, "an address and a port", "127.0.0.1:9102 or [::1]:9102");
        }
    }

    private static int number(String name, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, like a number out of range.
        }
        throw wrong(name, value, "a whole number", "one from %d to %d".formatted(least, most));
    }

    private static Duration duration(String name, String value) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw wrong(name, value, "a span of time", "500ms, 10s, 2m or 1h");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static boolean flag(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, value, "a yes or no", "true or false");
        };
    }

    private static <E extends Enum<E>> E choice(String name, String value, Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> written(constant).equals(value))
                .findFirst()
                .orElseThrow(() -> wrong(
                        name,
                        value,
                        "one of the choices",
                        Arrays.stream(type.getEnumConstants())
                                .map(Settings::written)
                                .collect(Collectors.joining(", "))));
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static SettingsException wrong(String name, String value, String expected, String remedy) {
        String shown = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
        return new SettingsException(
                "%s is \"%s\", which is not %s; write %s".formatted(name, shown, expected, remedy));
    }
}
