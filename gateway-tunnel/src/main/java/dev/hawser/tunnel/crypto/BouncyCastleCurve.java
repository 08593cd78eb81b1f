// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import org.bouncycastle.math.ec.rfc7748.X25519;

/** X25519 in Java. */
final class BouncyCastleCurve implements Curve25519 {
    @Override
    public String name() {
        return "bouncycastle";
    }

    @Override
    public byte[] publicKey(byte[] scalar) {
        byte[] point = new byte[KeyBytes.LENGTH];
        X25519.scalarMultBase(scalar, 0, point, 0);
        return point;
    }

    @Override
    public boolean agree(byte[] scalar, byte[] ownPoint, byte[] point, byte[] shared) {
        return X25519.calculateAgreement(scalar, 0, point, 0, shared, 0);
    }
}
