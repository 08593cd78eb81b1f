// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.micro;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.path.PacketReader;
import dev.hawser.tunnel.path.PacketRewriter;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.route.PeerRanges;
import dev.hawser.tunnel.route.Routes;
import dev.hawser.tunnel.route.Verdict;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What happens to a packet between device and key: its headers are read, it is looked up, its addresses are replaced. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Rewrite {
    private static final int PACKETS = 64;
    private static final int ROOM = 2048;
    // From 10.200.1.5 to 10.71.1.5, and from fd00:10:200::5 to fd00:10:71::5; ports 4000 and 80.
    private static final String IPV4 = "450005780000400040%s00000ac801050a470105";
    private static final String IPV6 =
            "6000000005640640" + "fd000010020000000000000000000005" + "fd000010007100000000000000000005";
    private static final String TCP = "0fa00050000000010000000150100200abcd0000";
    private static final String UDP = "0fa0005005641234";

    /** What the packet is. */
    @Param({"tcp4", "udp4", "tcp6"})
    public String packet = "tcp4";

    private final MemorySegment buffer = Arena.ofAuto().allocate((long) PACKETS * ROOM, 64);
    private final PacketReader reader = new PacketReader();
    private final Verdict verdict = new Verdict();
    private Routes routes = Routes.none();
    private int next;

    /** The same packet many times, so that not all of it is in the first cache. */
    @Setup
    public void prepare() {
        routes = Routes.compile(
                new LocalSide(
                        List.of(Cidr.parse("10.200.0.0/16"), Cidr.parse("fd00:10:200::/64")),
                        List.of(Cidr.parse("10.70.0.0/16"), Cidr.parse("fd00:10:70::/64")),
                        List.of()),
                List.of(new PeerRanges(
                        "peer",
                        List.of(
                                remap("10.200.0.0/16", "10.71.0.0/16"),
                                remap("fd00:10:200::/64", "fd00:10:71::/64")))));
        byte[] bytes = HexFormat.of().parseHex(hex());
        for (int i = 0; i < PACKETS; i++) {
            MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, (long) i * ROOM, bytes.length);
        }
        if (decide() != null) {
            throw new IllegalStateException("the packet is dropped: " + verdict.drop());
        }
    }

    private static Remap remap(String from, String to) {
        return new Remap(Cidr.parse(from), Cidr.parse(to));
    }

    private String hex() {
        return switch (packet) {
            case "tcp4" -> IPV4.formatted("06") + TCP;
            case "udp4" -> IPV4.formatted("11") + UDP;
            default -> IPV6 + TCP;
        };
    }

    /** Reads the headers and looks the packet up. */
    @Benchmark
    public @Nullable DropReason decide() {
        long at = (next++ & (PACKETS - 1)) * (long) ROOM;
        DropReason malformed = reader.read(buffer, at, ROOM - PACKETS);
        if (malformed != null) {
            return malformed;
        }
        routes.egress(reader.headers(), reader.quoted(), verdict);
        return verdict.drop();
    }

    /** Writes the new addresses and updates the checksums of the packet that was looked up last. */
    @Benchmark
    public void rewrite() {
        PacketRewriter.rewrite(buffer, reader, verdict, false);
    }
}
