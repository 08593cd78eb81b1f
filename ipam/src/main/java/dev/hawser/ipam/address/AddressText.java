// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.address;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;
import java.util.regex.Pattern;

/**
 * The one reader of address text. Four plain numbers leave nothing to interpret; IPv6 is read by the IPAddress library,
 * set to its strictest, and what it would still bend (or refuse without a helpful word) is refused before, with the
 * reason.
 */
final class AddressText {
    private static final IPAddressStringParameters STRICT = strict();
    private static final Pattern DOTTED_NUMBERS = Pattern.compile("[0-9]+(\\.[0-9]+)*");
    private static final Pattern ADDRESS_CHARACTERS = Pattern.compile("[0-9a-fA-F:.]+");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final long MAPPED_MARK = 0xffffL;
    private static final int QUOTED_CHARACTERS = 64;

    private AddressText() {}

    static IpAddress address(String text) {
        requireAddressCharacters(text);
        if (DOTTED_NUMBERS.matcher(text).matches()) {
            return dottedQuad(text);
        }
        if (text.indexOf('.') >= 0) {
            throw refused(
                    text,
                    "mixes hex groups with dotted numbers; write an IPv4 address as 10.0.0.1 and an IPv6"
                            + " address in hex groups only, as in 64:ff9b::a00:1");
        }
        IpAddress address;
        try {
            address = IpAddress.ofBytes(
                    new IPAddressString(text, STRICT).toAddress().getBytes());
        } catch (AddressStringException | IncompatibleAddressException e) {
            throw refused(
                    text,
                    "is no IP address; write four numbers from 0 to 255 as in 10.0.0.1, or at most eight"
                            + " hex groups as in 2001:db8::1");
        }
        if (address.high() == 0 && address.low() >>> 32 == MAPPED_MARK) {
            throw refused(
                    text,
                    "is an IPv4-mapped IPv6 address, which programs disagree about; write "
                            + IpAddress.ofIpv4((int) address.low()));
        }
        return address;
    }

    static Cidr cidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            IpAddress single = address(text);
            throw refused(
                    text,
                    "is an address without a prefix length; write " + Cidr.host(single) + " for this one, or"
                            + " the length of the block you mean");
        }
        IpAddress network = address(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (!LENGTH.matcher(length).matches()) {
            throw refused(
                    text,
                    "has no decimal prefix length after the slash (a netmask, a sign or a leading zero is not"
                            + " read); write for example " + network + "/"
                            + network.family().bits());
        }
        return Cidr.of(network, Integer.parseInt(length));
    }

    private static void requireAddressCharacters(String text) {
        if (text.isEmpty()) {
            throw refused(text, "is empty; write an address such as 10.0.0.1 or 2001:db8::1");
        }
        if (ADDRESS_CHARACTERS.matcher(text).matches()) {
            return;
        }
        String reason = reasonAgainst(text.codePoints()
                .filter(c -> !ADDRESS_CHARACTERS.matcher(Character.toString(c)).matches())
                .findFirst()
                .orElseThrow());
        throw refused(text, reason);
    }

    private static String reasonAgainst(int character) {
        if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
            return "contains white space; write the address alone";
        }
        return switch (character) {
            case '%' -> "has a zone, which means something on one host only; write the address without it";
            case '*', '-', '_', ',' -> "is a pattern or a range; write one address, or a CIDR where a block is meant";
            case '/' -> "has a prefix length where a single address is meant; write the address alone";
            case 'x', 'X' -> "has a hexadecimal mark; write the numbers in decimal, as in 10.0.0.1";
            case '[', ']' -> "has brackets; write the IPv6 address alone, as in 2001:db8::1";
            default ->
                "contains a character that no address has (U+%04X); names are not resolved here, write the address"
                        .formatted(character);
        };
    }

    private static IpAddress dottedQuad(String text) {
        String[] numbers = text.split("\\.", -1);
        if (numbers.length != 4) {
            throw refused(
                    text,
                    "has " + numbers.length + " of the 4 numbers of an IPv4 address, and programs disagree"
                            + " about the missing ones; write all four, as in 10.0.0.1");
        }
        int bits = 0;
        for (String number : numbers) {
            if (number.length() > 1 && number.startsWith("0")) {
                throw refused(
                        text,
                        "has a leading zero, which some programs read as octal and some as decimal; write "
                                + "the number without it");
            }
            if (number.length() > 3 || Integer.parseInt(number) > 255) {
                throw refused(text, "has the number " + quoted(number) + "; each of the four is at most 255");
            }
            bits = bits << Byte.SIZE | Integer.parseInt(number);
        }
        return IpAddress.ofIpv4(bits);
    }

    private static AddressException refused(String text, String reason) {
        return new AddressException("\"" + quoted(text) + "\" " + reason);
    }

    /** What may stand in a message or a status: short, and without control characters of somebody's making. */
    private static String quoted(String text) {
        var quoted = new StringBuilder();
        text.codePoints().limit(QUOTED_CHARACTERS).forEach(c -> {
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                quoted.appendCodePoint(c);
            } else {
                quoted.append("\\u{%x}".formatted(c));
            }
        });
        return text.codePointCount(0, text.length()) > QUOTED_CHARACTERS ? quoted + "..." : quoted.toString();
    }

    private static IPAddressStringParameters strict() {
        var all = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowPrefix(false)
                .allowMask(false)
                .allowPrefixOnly(false)
                .allowWildcardedSeparator(false)
                .allow_inet_aton(false)
                .setRangeOptions(RangeParameters.NO_RANGE);
        all.getIPv4AddressParametersBuilder()
                .allowLeadingZeros(false)
                .allowUnlimitedLeadingZeros(false)
                .allowBinary(false);
        all.getIPv6AddressParametersBuilder()
                .allowZone(false)
                .allowMixed(false)
                .allowBase85(false)
                .allowUnlimitedLeadingZeros(false)
                .allowBinary(false);
        return all.toParams();
    }
}
