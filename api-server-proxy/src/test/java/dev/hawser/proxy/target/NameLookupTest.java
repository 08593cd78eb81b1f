// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameLookupTest {
    @Test
    void takesTheFirstAddressThatANameMayLeadTo() throws IOException {
        NameLookup names =
                _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("10.1.2.3")};

        assertThat(names.find("a.example", 443).getAddress()).isEqualTo(InetAddress.ofLiteral("10.1.2.3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "::1",
                "169.254.169.254",
                "fe80::1",
                "224.0.0.1",
                "ff02::1",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "::127.0.0.1",
                "64:ff9b::169.254.169.254",
                "fd00:ec2::254",
                "100.100.100.200",
                "168.63.129.16",
                "255.255.255.255",
                "fec0::1"
            })
    void leadsNowhereNearTheProxyItself(String address) {
        NameLookup names = _ -> new InetAddress[] {InetAddress.ofLiteral(address)};

        assertThatThrownBy(() -> names.find("rebound.example", 443)).isInstanceOf(NameLookup.ProhibitedException.class);
    }

    @Test
    void seesThroughAddressesInAddresses() {
        assertThat(Prohibited.contains(new IpAddress(Family.IPV6, 0, 0xffff_7f00_0001L)))
                .isTrue();
        assertThat(Prohibited.contains(IpAddress.parse("10.0.0.1"))).isFalse();
        assertThat(Prohibited.contains(IpAddress.parse("2001:db8::1"))).isFalse();
    }
}
