// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.route.Routes;
import java.math.BigInteger;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Sums the packet's words as one long number modulo 65535, which is what a ones' complement sum is. */
class ProbePacketTest {
    private static final BigInteger ALL_ONES = BigInteger.valueOf(0xffff);

    @Test
    void isASoundIpv4PacketThatMustNotBeFragmented() {
        byte[] packet = ProbePacket.of(
                IpAddress.parse("10.70.0.1"), IpAddress.parse("10.70.0.1"), Routes.PROBE_PORT, 1341, new byte[44]);

        assertThat(packet).hasSize(1341);
        assertThat(packet[6] & 0xff).isEqualTo(0x40);
        assertThat(sum(packet, 0, 20)).isZero();
        assertThat(sum(packet, 12, packet.length)
                        .add(BigInteger.valueOf(17 + packet.length - 20))
                        .mod(ALL_ONES))
                .isZero();
    }

    @Test
    void isASoundIpv6Packet() {
        byte[] packet = ProbePacket.of(
                IpAddress.parse("fd00:10:70::1"),
                IpAddress.parse("fd00:10:70::1"),
                Routes.PROBE_PORT,
                1280,
                new byte[44]);

        assertThat(packet).hasSize(1280);
        assertThat(packet[0] >> 4).isEqualTo(6);
        assertThat(sum(packet, 8, packet.length)
                        .add(BigInteger.valueOf(17 + packet.length - 40))
                        .mod(ALL_ONES))
                .isZero();
    }

    private static BigInteger sum(byte[] packet, int from, int to) {
        // An odd last byte counts as if a zero followed.
        byte[] words = Arrays.copyOfRange(packet, from, to + (to - from) % 2);
        return new BigInteger(1, words).mod(ALL_ONES);
    }
}
