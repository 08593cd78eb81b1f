// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hawser.tunnel.port.Offload.Segmentation;
import dev.hawser.tunnel.route.DropReason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The device hands out anything at all, with any wish for segmentation and checksums: every packet is sent or counted as dropped, the
 * peer understands all that arrives, and what was sound stays so. An ordinary test run replays the committed inputs; {@code make
 * long} looks for new ones.
 */
class TunInputFuzzTest {
    private static final int HEAD = 6;
    private static final int PARTIAL = 4;
    private static final int SMALL_PATH = 8;

    /** A receiver refuses these for what a packet says; all else would be the sender's fault. */
    private static final Set<DropReason> RULES = EnumSet.of(
            DropReason.DESTINATION_NOT_EXPOSED,
            DropReason.PORT_FILTERED,
            DropReason.NOT_FOR_GATEWAY,
            DropReason.QUOTE_FOREIGN);

    /** Input: kind of segmentation and flags, segment size in two bytes, start and place of the checksum, a spare byte, packet. */
    @FuzzTest(maxDuration = "10m")
    void sendsOrCountsWhatTheDeviceGives(byte[] data) {
        if (data.length <= HEAD) {
            return;
        }
        ByteBuffer input = ByteBuffer.wrap(data);
        int flags = input.get();
        Segmentation kind = kind(flags);
        int segmentSize = Short.toUnsignedInt(input.getShort());
        int start = Byte.toUnsignedInt(input.get());
        int place = Byte.toUnsignedInt(input.get());
        byte[] packet = Arrays.copyOfRange(data, HEAD, data.length);
        LoopPair pair = LoopPair.fresh();
        pair.a.lane.mtu((flags & SMALL_PATH) != 0 ? 1296 : Integer.MAX_VALUE);
        pair.a.packets.feed(packet, offload -> {
            offload.segments(kind, 0, kind == Segmentation.NONE ? 0 : segmentSize);
            if ((flags & PARTIAL) != 0) {
                offload.partialChecksum(start, place);
            }
        });

        pair.a.send();

        List<OffloadingDevice.Written> written = pair.b.packets.written();
        written.forEach(each -> Delivered.check(each.packet()));
        // A checksum at a wrong place may make anything of what stands there.
        if ((flags & PARTIAL) == 0) {
            assertThat(RULES).containsAll(pair.b.ingressDrops());
        }
        assertThat(pair.b.receivedOrDropped()).isEqualTo(pair.a.sent());
        if (kind == Segmentation.NONE) {
            assertThat(pair.a.sentOrDropped()).isEqualTo(1);
            boolean sound = (flags & PARTIAL) == 0 && Delivered.isSound(packet);
            assertThat(written).allMatch(each -> !sound || Delivered.isSound(each.packet()));
        }
        assertThat(pair.a.packets.written()).allMatch(each -> Delivered.isSound(each.packet()));
    }

    private static Segmentation kind(int flags) {
        return switch (flags & 3) {
            case 1 -> Segmentation.TCP4;
            case 2 -> Segmentation.TCP6;
            case 3 -> Segmentation.UDP;
            default -> Segmentation.NONE;
        };
    }
}
