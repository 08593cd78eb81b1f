// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.provider;

import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.nativeaead.OpenSslCurve;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The choice of X25519: OpenSSL's, where it is and is right; else the one in Java. */
public final class Curves {
    private static final Logger LOG = LoggerFactory.getLogger(Curves.class);
    private static final HexFormat HEX = HexFormat.of();

    // RFC 7748, section 6.1.
    private static final byte[] SCALAR =
            HEX.parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    private static final byte[] POINT =
            HEX.parseHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    private static final byte[] OTHER =
            HEX.parseHex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    private static final byte[] SHARED =
            HEX.parseHex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");

    private Curves() {}

    /** The fastest that works. */
    public static Curve25519 choose() {
        return choose(OpenSslCurve::load);
    }

    static Curve25519 choose(Supplier<Curve25519> candidate) {
        try {
            Curve25519 curve = candidate.get();
            if (isRight(curve)) {
                return curve;
            }
            LOG.warn("X25519 of {} gives other results than RFC 7748; it is not used", curve.name());
        } catch (CryptoException e) {
            LOG.info("X25519 in Java: {}", e.getMessage());
        }
        return Curve25519.BOUNCY_CASTLE;
    }

    private static boolean isRight(Curve25519 curve) {
        byte[] scalar = SCALAR.clone();
        scalar[0] &= (byte) 0xF8;
        scalar[31] &= 0x7F;
        scalar[31] |= 0x40;
        byte[] shared = new byte[SHARED.length];
        return Arrays.equals(curve.publicKey(scalar), POINT)
                && curve.agree(scalar, POINT, OTHER, shared)
                && Arrays.equals(shared, SHARED)
                && !curve.agree(scalar, POINT, new byte[POINT.length], shared);
    }
}
