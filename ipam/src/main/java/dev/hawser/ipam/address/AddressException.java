// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.address;

import java.io.Serial;

/** The refusal of a text or a number that is no address, CIDR or pair of them; the message says why and what to write. */
public final class AddressException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    public AddressException(String message) {
        super(message);
    }
}
