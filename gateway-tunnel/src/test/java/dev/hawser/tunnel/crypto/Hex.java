// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import java.util.HexFormat;

/** Test vectors as the RFCs print them. */
public final class Hex {
    private Hex() {}

    public static byte[] bytes(String... lines) {
        return HexFormat.of().parseHex(String.join("", lines).replace(" ", ""));
    }

    public static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
