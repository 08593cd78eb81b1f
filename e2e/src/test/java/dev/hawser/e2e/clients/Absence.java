// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

/**
 * A client that this machine does not have: not tried, and told as that.
 *
 * @param reason why it cannot be had
 */
record Absence(String name, String reason) implements Candidate {
    Absence {
        System.out.println("OUT: " + name + " is not tried: " + reason);
    }
}
