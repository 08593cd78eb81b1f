// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.admission;

import dev.hawser.ipam.address.IpAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The counts of {@link Admission}, by peer and by source. A source is kept while it holds a place, and for a while after
 * that because of its rate; of those at most {@link #IDLE}, the one that has been idle longest going first. Not safe for
 * several threads.
 */
final class Tally {
    /** A peer with at least one source in the table. */
    static final class Peer {
        final String name;
        int tunnels;
        int sources;

        Peer(String name) {
            this.name = name;
        }
    }

    /** An address. */
    static final class Source {
        final IpAddress address;
        Peer peer;
        int tunnels;
        int dials;
        /** When its next connect is due at the steady rate; it may be early by the burst (the generic cell rate algorithm of ITU-T I.371). */
        long due;

        Source(IpAddress address, Peer peer, long due) {
            this.address = address;
            this.peer = peer;
            this.due = due;
        }
    }

    /** As many sources without a place are remembered. */
    static final int IDLE = 4096;

    private final Map<IpAddress, Source> busy = new HashMap<>();
    private final LinkedHashMap<IpAddress, Source> idle = new LinkedHashMap<>();
    private final Map<String, Peer> peers = new HashMap<>();
    int tunnels;
    int dials;

    /** The source of an address, new if need be; it belongs to the peer that is named now. */
    Source source(IpAddress address, String peerName, long now) {
        Source source = busy.get(address);
        if (source == null) {
            source = idle.get(address);
        }
        if (source == null) {
            source = new Source(address, peer(peerName), now);
            source.peer.sources++;
            idle.put(address, source);
            forgetOldest();
        } else if (!source.peer.name.equals(peerName) && source.tunnels == 0) {
            // Its range changed hands. Tunnels that are open stay on the account they were opened on.
            leave(source);
            source.peer = peer(peerName);
            source.peer.sources++;
        }
        return source;
    }

    void take(Source source) {
        if (source.tunnels == 0) {
            idle.remove(source.address);
            busy.put(source.address, source);
        }
        source.tunnels++;
        source.peer.tunnels++;
        tunnels++;
    }

    void give(Source source) {
        source.tunnels--;
        source.peer.tunnels--;
        tunnels--;
        if (source.tunnels == 0) {
            busy.remove(source.address);
            idle.put(source.address, source);
            forgetOldest();
        }
    }

    int size() {
        return busy.size() + idle.size();
    }

    private Peer peer(String name) {
        return peers.computeIfAbsent(name, Peer::new);
    }

    private void forgetOldest() {
        if (idle.size() > IDLE) {
            Map.Entry<IpAddress, Source> oldest = idle.firstEntry();
            idle.remove(oldest.getKey());
            leave(oldest.getValue());
        }
    }

    private void leave(Source source) {
        Peer peer = source.peer;
        peer.sources--;
        if (peer.sources == 0) {
            peers.remove(peer.name);
        }
    }
}
