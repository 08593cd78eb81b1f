// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * The target of a CONNECT in authority-form (RFC 9112 section 3.2.3): host and port, both always present. Two spellings
 * of one target are equal: the host is in canonical form.
 */
public record Authority(Host host, int port) {
    // RFC 1035 section 3.1, in text form.
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;
    private static final boolean[] EDGE = Characters.of("_", false);
    private static final boolean[] INNER = Characters.of("_-", false);
    private static final boolean[] HEX = hex();

    public Authority {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
    }

    /** Parses {@code host:port}; nothing where it is anything else. */
    public static Optional<Authority> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return Optional.empty();
        }
        int port = port(text.substring(colon + 1));
        if (port == 0) {
            return Optional.empty();
        }
        return host(text.substring(0, colon)).map(host -> new Authority(host, port));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }

    private static Optional<Host> host(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return address(text.substring(1, text.length() - 1), Family.IPV6);
        }
        String lower = text.toLowerCase(Locale.ROOT);
        String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        if (name.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        if (endsNumeric(name)) {
            return address(text, Family.IPV4);
        }
        return isName(name) ? Optional.of(new Host.Name(name)) : Optional.empty();
    }

    /** Labels as of DNS, which underscores may stand in. */
    private static boolean isName(String text) {
        int begin = 0;
        while (true) {
            int dot = text.indexOf('.', begin);
            int end = dot < 0 ? text.length() : dot;
            boolean label = end > begin
                    && end - begin <= LONGEST_LABEL
                    && Characters.all(EDGE, text, begin, begin + 1)
                    && Characters.all(INNER, text, begin, end)
                    && Characters.all(EDGE, text, end - 1, end);
            if (!label || dot < 0) {
                return label;
            }
            begin = dot + 1;
        }
    }

    /**
     * Forms such as 10.1 or 0x7f.1, which some resolvers take for addresses. A host that ends in such a label is an address
     * in full or nothing at all; else two readers could understand it in two ways.
     */
    private static boolean endsNumeric(String text) {
        String label = text.substring(text.lastIndexOf('.') + 1);
        if (label.startsWith("0x")) {
            return Characters.all(HEX, label, 2, label.length());
        }
        return !label.isEmpty() && label.chars().allMatch(each -> Characters.isDigit((char) each));
    }

    private static boolean[] hex() {
        boolean[] set = new boolean[128];
        "0123456789abcdef".chars().forEach(each -> set[each] = true);
        return set;
    }

    private static Optional<Host> address(String text, Family family) {
        try {
            IpAddress address = IpAddress.parse(text);
            return address.family() == family ? Optional.of(new Host.Address(address)) : Optional.empty();
        } catch (AddressException notAnAddress) {
            return Optional.empty();
        }
    }

    /** The port, or 0 where the text is none. Integer.parseInt would take signs, leading zeros and foreign digits. */
    private static int port(String text) {
        if (text.isEmpty() || text.length() > 5 || text.charAt(0) == '0') {
            return 0;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            port = port * 10 + digit;
        }
        return port <= 65_535 ? port : 0;
    }
}
