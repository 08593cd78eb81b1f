// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.target;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.http.Authority;
import dev.hawser.proxy.http.Host;
import dev.hawser.proxy.http.ProxyError;
import dev.hawser.proxy.http.Refusal;
import dev.hawser.proxy.http.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The allow list: every authority that may be asked for, and the address it is dialled at. Immutable. */
public final class Targets {
    /** The answer to everything that is not on the list. */
    public static final Refusal REFUSED = new Refusal(
            Status.FORBIDDEN,
            ProxyError.HTTP_REQUEST_DENIED,
            "This proxy connects to the API server of its own cluster only, as kubernetes.default.svc:443.");

    private static final int HTTPS = 443;
    private static final List<String> API_SERVER_NAMES = List.of(
            "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local");

    private final Map<Authority, InetSocketAddress> allowed;

    private Targets(Map<Authority, InetSocketAddress> allowed) {
        this.allowed = Map.copyOf(allowed);
    }

    /**
     * The local API server: its in-cluster names at port 443, and its Service's address and port as such.
     *
     * @param address what Kubernetes calls KUBERNETES_SERVICE_HOST
     * @param port what Kubernetes calls KUBERNETES_SERVICE_PORT
     */
    public static Targets apiServer(IpAddress address, int port) {
        InetSocketAddress dialled = dialled(address, port);
        Map<Authority, InetSocketAddress> allowed = new HashMap<>();
        allowed.put(new Authority(new Host.Address(address), port), dialled);
        for (String name : API_SERVER_NAMES) {
            allowed.put(new Authority(new Host.Name(name), HTTPS), dialled);
        }
        return new Targets(allowed);
    }

    /**
     * These and more, each named by somebody. One given by name is looked up at every dial, and leads nowhere near the proxy
     * itself (see {@link NameLookup}); one given as an address is dialled there, whatever it is. Names of the API server stay
     * what they are.
     */
    public Targets and(List<Authority> more) {
        Map<Authority, InetSocketAddress> all = new HashMap<>();
        for (Authority authority : more) {
            all.put(
                    authority,
                    switch (authority.host()) {
                        case Host.Address(IpAddress address) -> dialled(address, authority.port());
                        case Host.Name(String name) -> InetSocketAddress.createUnresolved(name, authority.port());
                    });
        }
        all.putAll(allowed);
        return new Targets(all);
    }

    /** The address to dial for an authority, a name that is still to be looked up, or nothing where it is not allowed. */
    public Optional<InetSocketAddress> find(Authority authority) {
        return Optional.ofNullable(allowed.get(authority));
    }

    /** The socket address of an address and a port, with no name in it that could be looked up. */
    public static InetSocketAddress dialled(IpAddress address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of 4 or 16 bytes was refused", impossible);
        }
    }
}
