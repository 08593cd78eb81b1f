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

    private static <T> Optional<T> read(Function<String, T> reader, String text) {
        try {
            return Optional.of(reader.apply(text));
        } catch (AddressException refused) {
            assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(1_000);
            return Optional.empty();
        }
    }
}
