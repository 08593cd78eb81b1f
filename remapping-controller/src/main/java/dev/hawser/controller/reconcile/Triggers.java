// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Peering;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;

/** The bell of each loop: rings for an object because something it depends on changed. Safe for any thread. */
final class Triggers {
    private final SimpleInboundEventSource<ClusterGateway> gateways = new SimpleInboundEventSource<>("gateways");
    private final SimpleInboundEventSource<Network> networks = new SimpleInboundEventSource<>("networks");
    private final SimpleInboundEventSource<IP> ips = new SimpleInboundEventSource<>("ips");
    private final SimpleInboundEventSource<Peering> peerings = new SimpleInboundEventSource<>("peerings");
    private final String namespace;

    Triggers(String namespace) {
        this.namespace = namespace;
    }

    SimpleInboundEventSource<ClusterGateway> gateways() {
        return gateways;
    }

    SimpleInboundEventSource<Network> networks() {
        return networks;
    }

    SimpleInboundEventSource<IP> ips() {
        return ips;
    }

    SimpleInboundEventSource<Peering> peerings() {
        return peerings;
    }

    void gateway(String name) {
        gateways.propagateEvent(new ResourceID(name, namespace));
    }

    void network(String name) {
        networks.propagateEvent(new ResourceID(name, namespace));
    }

    void ip(String ipNamespace, String name) {
        ips.propagateEvent(new ResourceID(name, ipNamespace));
    }

    void peering(String peerID) {
        peerings.propagateEvent(new ResourceID(peerID, namespace));
    }
}
