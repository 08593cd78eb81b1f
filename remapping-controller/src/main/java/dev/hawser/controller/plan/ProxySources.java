// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who may come to the API server proxy: every address that a peer's is named by. What the ranges of the Pool contain is
 * admitted without a name, so that a new peer need not wait until the proxy has read of it; our own ranges are refused,
 * because nobody here has to take that way.
 *
 * @param admitted the Pool's ranges
 * @param refused our own, the addresses of the nodes among them
 * @param peers the granted ranges of each peer, by its cluster ID
 */
public record ProxySources(List<String> admitted, List<String> refused, SortedMap<String, Set<String>> peers) {
    private static final String SOURCES = "sources";

    public ProxySources {
        admitted = List.copyOf(admitted);
        refused = List.copyOf(refused);
    }

    /**
     * What follows from what is there.
     *
     * @param pool ranges that names are granted from
     * @param nodes addresses of the nodes, as ranges of one
     * @param networks all, those nobody needs any more left out
     */
    public static ProxySources of(List<String> pool, OwnCluster own, List<String> nodes, List<Network> networks) {
        Set<String> refused = new TreeSet<>(OwnCluster.texts(own.podCidrs()));
        refused.addAll(OwnCluster.texts(own.serviceCidrs()));
        refused.addAll(OwnCluster.texts(own.externalCidrs()));
        refused.addAll(nodes);
        SortedMap<String, Set<String>> peers = new TreeMap<>();
        for (Network network : networks) {
            OwnerReference owner = network.getSpec().owner();
            NetworkStatus status = network.getStatus();
            if (network.getSpec().purpose() == NetworkPurpose.Remapped
                    && owner != null
                    && status != null
                    && status.cidr() != null) {
                peers.computeIfAbsent(owner.clusterID(), _ -> new TreeSet<>()).add(status.cidr());
            }
        }
        return new ProxySources(pool, List.copyOf(refused), peers);
    }

    /**
     * The proxy's file with these sources in it, and everything else as it is.
     *
     * @param file the fields of the file as it stands
     */
    public Map<String, Object> in(Map<String, Object> file) {
        Map<String, Object> sources = new LinkedHashMap<>();
        sources.put("admitted", admitted);
        sources.put("refused", refused);
        List<Map<String, Object>> named = new ArrayList<>();
        peers.forEach((peerID, cidrs) -> {
            Map<String, Object> peer = new LinkedHashMap<>();
            peer.put("clusterID", peerID);
            peer.put("cidrs", List.copyOf(cidrs));
            named.add(peer);
        });
        sources.put("peers", named);
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put(SOURCES, sources);
        file.forEach((name, value) -> {
            if (!name.equals(SOURCES)) {
                whole.put(name, value);
            }
        });
        return whole;
    }
}
