// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import java.util.Locale;

/** What a range is to the cluster it belongs to. The order is the order of granting. Immutable. */
public enum Role {
    POD,
    EXTERNAL,
    SERVICE,
    NODE,
    RESERVED;

    /** The word as it stands in an owner reference: {@code pod}, {@code external} and so on. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role of a word.
     *
     * @throws IllegalArgumentException for any other word, naming those that exist
     */
    public static Role ofWord(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new IllegalArgumentException(
                "\"" + word + "\" is no role of a range; write pod, external, service, node or reserved");
    }
}
