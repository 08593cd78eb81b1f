// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

/**
 * Which of our gateways a variant has.
 *
 * @param name as it stands in the results
 * @param aead what {@code HAWSER_AEAD} is set to
 * @param remapped whether both clusters have the same ranges, so that every packet is remapped
 * @param peers how many are configured; all but one are never there
 */
record HawserSpec(String name, String aead, boolean remapped, int peers) {
    /**
     * The ranges of one side, and the names that the other side has for them: the same if nothing is remapped.
     *
     * @param pods first two numbers of a range, as all of these
     */
    record Ranges(String pods, String podsElsewhere, String externals, String externalsElsewhere) {}

    Ranges left() {
        return remapped ? SAME : new Ranges("10.207", "10.207", "10.77", "10.77");
    }

    Ranges right() {
        return remapped ? SAME : new Ranges("10.208", "10.208", "10.78", "10.78");
    }

    private static final Ranges SAME = new Ranges("10.200", "10.71", "10.70", "10.81");
}
