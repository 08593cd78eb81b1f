// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import java.util.stream.Stream;

/**
 * What the link between the nodes takes off their hands. A veth pair hands trains of datagrams over whole, which flatters
 * whoever sends them; many real links do not.
 */
public enum Offloads {
    /** As a veth pair is made: trains pass whole. */
    ALL("on", "off"),
    /** Trains are cut by the sender's kernel; the receiver's joins them again. */
    JOINED_ONLY("off", "on"),
    /** Every datagram travels alone. */
    NONE("off", "off");

    private final String segmentation;
    private final String joining;

    Offloads(String segmentation, String joining) {
        this.segmentation = segmentation;
        this.joining = joining;
    }

    String[] command(String device) {
        Stream<String> cutting =
                Stream.of("tso", "gso", "tx-udp-segmentation").flatMap(each -> Stream.of(each, segmentation));
        return Stream.of(Stream.of("ethtool", "-K", device), cutting, Stream.of("gro", joining))
                .flatMap(each -> each)
                .toArray(String[]::new);
    }
}
