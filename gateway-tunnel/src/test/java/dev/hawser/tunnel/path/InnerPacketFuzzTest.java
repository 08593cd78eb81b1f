// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A peer that holds valid keys seals anything at all. It may break its own packets, never leave its bounds: what is written comes from
 * its ranges, goes to what is open to it, and is counted. An ordinary test run replays the committed inputs; {@code make long} looks
 * for new ones.
 */
class InnerPacketFuzzTest {
    private static final int MOST_PACKETS = 40;
    private static final int LENGTH_MASK = 0x7ff;

    /** Input: packets, each behind its length in two bytes. */
    @FuzzTest(maxDuration = "10m")
    void keepsAPeerWithinItsBounds(byte[] data) {
        List<byte[]> packets = packets(data);
        LoopPair pair = LoopPair.fresh();

        pair.a.sendRaw(packets);

        List<OffloadingDevice.Written> written = pair.b.packets.written();
        written.forEach(each -> Delivered.check(each.packet()));
        assertThat(pair.b.receivedOrDropped()).isEqualTo(packets.size());
        if (packets.stream().allMatch(Delivered::isSound)) {
            assertThat(written).allMatch(each -> Delivered.isSound(each.packet()));
        }
    }

    private static List<byte[]> packets(byte[] data) {
        List<byte[]> packets = new ArrayList<>();
        ByteBuffer input = ByteBuffer.wrap(data);
        while (input.remaining() > 2 && packets.size() < MOST_PACKETS) {
            int length = Math.min(input.getShort() & LENGTH_MASK, input.remaining());
            // Nothing to open is a keepalive, which is no packet.
            if (length > 0) {
                packets.add(Arrays.copyOfRange(data, input.position(), input.position() + length));
                input.position(input.position() + length);
            }
        }
        return packets;
    }
}
