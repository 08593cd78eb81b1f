// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people write, what is read, and what they are told. */
class AddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "10.0.0.1, 10.0.0.1",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "2001:DB8::1, 2001:db8::1",
        "2001:0db8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "64:ff9b::a00:1, 64:ff9b::a00:1",
        "::2:a00:1, ::2:a00:1",
    })
    void readsAddressesAndWritesThemCanonically(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|is empty",
                "010.0.0.1|leading zero",
                "10.00.0.1|leading zero",
                "10.0.0.01|leading zero",
                "10.1|has 2 of the 4 numbers",
                "10|has 1 of the 4 numbers",
                "167772161|has 1 of the 4 numbers",
                "10.0.0.0.1|has 5 of the 4 numbers",
                "10.0.0.256|at most 255",
                "10.0.0.99999999999999999999|at most 255",
                "0x0a000001|hexadecimal mark",
                "0x0a.0.0.1|hexadecimal mark",
                "a.b.c.d|mixes hex groups",
                "10..0.1|mixes hex groups",
                "10.0.0.1.|mixes hex groups",
                "' 10.0.0.1'|white space",
                "'10.0.0.1 '|white space",
                "'10.0.0.1\n'|white space",
                "'10.0.0.1\u00a0'|white space",
                "10.0.*.1|pattern or a range",
                "10.0.0.1-3|pattern or a range",
                "10.0.0.1,2|pattern or a range",
                "*|pattern or a range",
                "10.0.0.1/24|prefix length where a single address",
                "/24|prefix length where a single address",
                "fe80::1%eth0|zone",
                "fe80::1%|zone",
                "[::1]|brackets",
                "::ffff:a00:1|IPv4-mapped",
                "::ffff:10.0.0.1|mixes hex groups",
                "::10.0.0.1|mixes hex groups",
                "1:2:3:4:5:6:7|no IP address",
                "1:2:3:4:5:6:7:8:9|no IP address",
                "1::2::3|no IP address",
                ":::|no IP address",
                ":1|no IP address",
                "2001:db8::00001|no IP address",
                "2001:db8::12345|no IP address",
                "localhost|no address has",
                "+10.0.0.1|no address has",
                "\uff11.0.0.1|no address has",
                "4)+k&C#VzJ4br>0wv%Yp|no address has",
            })
    void refusesAddressesThatProgramsReadDifferently(String text, String reason) {
        assertThatThrownBy(() -> IpAddress.parse(text))
                .isInstanceOf(AddressException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32", "::/0", "2001:db8::/32", "fd00::1/128"})
    void readsCidrs(String text) {
        assertThat(Cidr.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.1.2.3/16|10.1.2.3/16 has host bits set; did you mean 10.1.0.0/16?",
                "2001:db8::1/64|2001:db8::1/64 has host bits set; did you mean 2001:db8::/64?",
                "10.0.0.0|write 10.0.0.0/32 for this one",
                "1.2.3.4/255.255.0.0|no decimal prefix length",
                "10.0.0.0/|no decimal prefix length",
                "10.0.0.0/08|no decimal prefix length",
                "10.0.0.0/+8|no decimal prefix length",
                "10.0.0.0/-1|no decimal prefix length",
                "10.0.0.0/8/8|no decimal prefix length",
                "10.0.0.0/ 8|no decimal prefix length",
                "10.0.0.0/1000|no decimal prefix length",
                "10.0.0.0/33|impossible prefix length",
                "2001:db8::/129|impossible prefix length",
                "010.0.0.0/8|leading zero",
                "10/8|has 1 of the 4 numbers",
                "/8|is empty",
                "''|is empty",
                "::ffff:a00:0/104|IPv4-mapped",
                "fe80::%eth0/64|zone",
            })
    void refusesCidrsWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(AddressException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void quotesHostileTextShortAndPrintable() {
        String hostile = "\u001b[31m" + "A".repeat(10_000);

        assertThatThrownBy(() -> IpAddress.parse(hostile))
                .isInstanceOf(AddressException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .hasSizeLessThan(300)
                        .contains("\\u{1b}[31m")
                        .doesNotContain("\u001b"));
    }
}
