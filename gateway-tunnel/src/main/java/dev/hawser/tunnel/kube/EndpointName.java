// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.IpAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An endpoint as objects spell it: {@code host:port}, with brackets around an IPv6 address. */
record EndpointName(String host, int port) {
    private static final Pattern TEXT = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^:\\[\\]\\s]+)):(\\d{1,5})");
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9]([-A-Za-z0-9]{0,62})(\\.[A-Za-z0-9]([-A-Za-z0-9]{0,62}))*\\.?");

    /** @throws IllegalArgumentException with the reason */
    static EndpointName parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "endpoint \"" + text + "\" is not host:port; write 203.0.113.7:51820 or [2001:db8::7]:51820");
        }
        int port = Integer.parseInt(matcher.group(3));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("endpoint \"" + text + "\" has no port from 1 to 65535");
        }
        EndpointName name = new EndpointName(matcher.group(1) == null ? matcher.group(2) : matcher.group(1), port);
        if (name.address().isEmpty() && !HOST_NAME.matcher(name.host()).matches()) {
            throw new IllegalArgumentException("endpoint \"" + text + "\" names neither an address nor a host");
        }
        return name;
    }

    /** Whether the text is an endpoint that needs no looking up. */
    static boolean isAddress(String text) {
        try {
            return parse(text).address().isPresent();
        } catch (IllegalArgumentException noEndpoint) {
            return false;
        }
    }

    /** The address, unless it is a name to be looked up. */
    Optional<IpAddress> address() {
        try {
            return Optional.of(IpAddress.parse(host));
        } catch (AddressException aName) {
            return Optional.empty();
        }
    }
}
