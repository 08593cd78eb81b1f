// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Any text is read exactly or refused with the declared exception. An ordinary test run replays the committed inputs;
 * {@code make long} looks for new ones.
 */
class AddressFuzzTest {
    private static final Pattern STRICT_IPV4 =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern STRICT_LENGTH = Pattern.compile("/(0|[1-9][0-9]{0,2})");

    @FuzzTest(maxDuration = "1m")
    void readsAddressesExactlyOrRefuses(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);

        Optional<IpAddress> address = read(IpAddress::parse, text);

        assertThat(address.map(IpAddress::family).filter(Family.IPV4::equals).isPresent())
                .isEqualTo(STRICT_IPV4.matcher(text).matches());
        assertThat(address.map(IpAddress::family).filter(Family.IPV6::equals).isPresent())
                .isEqualTo(isIpv6(text) && !isMapped(text));
        address.ifPresent(read -> {
            assertThat(IpAddress.parse(read.toString())).isEqualTo(read);
            assertThat(IpAddress.ofBytes(read.toBytes())).isEqualTo(read);
        });
    }

    @FuzzTest(maxDuration = "1m")
    void readsCidrsExactlyOrRefuses(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);

        read(Cidr::parse, text).ifPresent(cidr -> {
            int slash = text.indexOf('/');
            assertThat(IpAddress.parse(text.substring(0, slash))).isEqualTo(cidr.network());
            assertThat(text.substring(slash)).matches(STRICT_LENGTH).isEqualTo("/" + cidr.prefixLength());
            assertThat(Cidr.parse(cidr.toString())).isEqualTo(cidr);
            assertThat(Cidr.enclosing(cidr.last(), cidr.prefixLength())).isEqualTo(cidr);
        });
    }

    /** RFC 4291 section 2.2, forms 1 and 2, by counting. */
    private static boolean isIpv6(String text) {
        String[] halves = text.split("::", -1);
        int groups = 0;
        for (String half : halves) {
            for (String group : half.isEmpty() && halves.length == 2 ? new String[0] : half.split(":", -1)) {
                if (!group.matches("[0-9a-fA-F]{1,4}")) {
                    return false;
                }
                groups++;
            }
        }
        return halves.length == 2 ? groups <= 7 : halves.length == 1 && groups == 8;
    }

    private static boolean isMapped(String text) {
        try {
            IpAddress.parse(text);
            return false;
        } catch (AddressException refused) {
            return String.valueOf(refused.getMessage()).contains("is an IPv4-mapped IPv6 address");
        }
    }

    private static <T> Optional<T> read(Function<String, T> reader, String text) {
        try {
            return Optional.of(reader.apply(text));
        } catch (AddressException refused) {
            assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(1_000);
            return Optional.empty();
        }
    }
}
