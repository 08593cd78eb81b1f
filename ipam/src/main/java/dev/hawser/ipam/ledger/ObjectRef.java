// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

/**
 * An object as it was created once. Immutable.
 *
 * @param name what a person looks up: {@code Network wild-frog-pod-0}
 * @param uid which of all objects that ever had this name; an object that is created again has another
 */
public record ObjectRef(String name, String uid) {
    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
