// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

/**
 * What came of one feature of one client.
 *
 * @param good whether it did what it should
 * @param said what was done, or what went wrong
 * @param tunnels that the peer's proxy connected meanwhile
 */
record Outcome(boolean good, String said, long tunnels) {
    private static final int LONGEST = 200;

    /** A cell of a table, in Markdown. */
    String cell() {
        if (good) {
            return said;
        }
        String line = said.strip().replaceAll("\\s+", " ").replace('|', '/');
        return "**no**: " + (line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line);
    }
}
