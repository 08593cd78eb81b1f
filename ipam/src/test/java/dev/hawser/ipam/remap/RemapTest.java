// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.remap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemapTest {
    @ParameterizedTest
    @CsvSource({
        "10.200.0.0/16, 10.71.0.0/16, 10.200.7.9, 10.71.7.9",
        "10.70.0.0/16, 10.81.0.0/16, 10.70.0.3, 10.81.0.3",
        "10.0.0.0/13, 172.24.0.0/13, 10.7.255.254, 172.31.255.254",
        "fd00:1::/64, fd00:2::/64, fd00:1::7:9, fd00:2::7:9",
        "fd00:1::/33, fd00:2::/33, fd00:1:7fff::9, fd00:2:7fff::9",
    })
    void keepsHostBits(Cidr from, Cidr to, IpAddress address, IpAddress mapped) {
        Remap remap = new Remap(from, to);

        assertThat(remap.apply(address)).isEqualTo(mapped);
        assertThat(remap.inverse().apply(mapped)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/16, 10.1.0.0/17", "10.0.0.0/16, fd00::/16"})
    void refusesRangesOfDifferentLengthOrFamily(Cidr from, Cidr to) {
        assertThatThrownBy(() -> new Remap(from, to)).isInstanceOf(AddressException.class);
    }

    @Test
    void refusesAddressOutsideItsRange() {
        Remap remap = new Remap(Cidr.parse("10.200.0.0/16"), Cidr.parse("10.71.0.0/16"));

        assertThat(remap.covers(IpAddress.parse("10.201.0.1"))).isFalse();
        assertThatThrownBy(() -> remap.apply(IpAddress.parse("10.201.0.1"))).isInstanceOf(AddressException.class);
    }

    @Test
    void equalRangesHaveNoDelta() {
        Cidr cidr = Cidr.parse("10.200.0.0/16");

        assertThat(new Remap(cidr, cidr).checksumDelta()).isZero();
    }
}
