// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.70.0.0/16, 10.70.0.1, 10.70.255.255",
        "10.70.0.0/30, 10.70.0.1, 10.70.0.3",
        "fd00:70::/64, fd00:70::1, fd00:70::ffff:ffff:ffff:ffff",
    })
    void gatewayAddressIsTheOneAfterTheNetworkAddress(Cidr cidr, IpAddress gateway, IpAddress last) {
        assertThat(cidr.firstUsable()).isEqualTo(gateway);
        assertThat(cidr.last()).isEqualTo(last);
        assertThat(cidr.usable(gateway)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"10.70.0.0/31", "10.70.0.0/32", "fd00::/127"})
    void refusesGatewayAddressInABlockTooSmall(Cidr cidr) {
        assertThatThrownBy(cidr::firstUsable)
                .isInstanceOf(AddressException.class)
                .hasMessageContaining("too small");
    }

    @Test
    void refusesHostBitsInNumbersToo() {
        assertThatThrownBy(() -> Cidr.of(IpAddress.parse("10.0.0.1"), 24))
                .isInstanceOf(AddressException.class)
                .hasMessage("10.0.0.1/24 has host bits set; did you mean 10.0.0.0/24?");
    }

    @Test
    void familiesNeverMeet() {
        Cidr all4 = Cidr.parse("0.0.0.0/0");
        Cidr all6 = Cidr.parse("::/0");

        assertThat(all4.overlaps(all6)).isFalse();
        assertThat(all6.contains(IpAddress.parse("0.0.0.1"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true, false, false, false",
        "128.0.0.1, false, false, false, false",
        "169.254.169.254, false, true, false, false",
        "224.0.0.1, false, false, true, false",
        "0.0.0.0, false, false, false, true",
        "::1, true, false, false, false",
        "fe80::1, false, true, false, false",
        "febf::1, false, true, false, false",
        "fec0::1, false, false, false, false",
        "ff02::1, false, false, true, false",
        "::, false, false, false, true",
    })
    void knowsTheSpecialRanges(
            IpAddress address, boolean loopback, boolean linkLocal, boolean multicast, boolean unspecified) {
        assertThat(address.isLoopback()).isEqualTo(loopback);
        assertThat(address.isLinkLocal()).isEqualTo(linkLocal);
        assertThat(address.isMulticast()).isEqualTo(multicast);
        assertThat(address.isUnspecified()).isEqualTo(unspecified);
    }

    @Test
    void refusesFrameBitsAnIpv4AddressCannotHave() {
        assertThatThrownBy(() -> new IpAddress(Family.IPV4, 0, -1L)).isInstanceOf(AddressException.class);
        assertThatThrownBy(() -> IpAddress.ofBytes(new byte[5])).isInstanceOf(AddressException.class);
        assertThatThrownBy(() -> IpAddress.parse("::1").ipv4Bits()).isInstanceOf(AddressException.class);
    }
}
