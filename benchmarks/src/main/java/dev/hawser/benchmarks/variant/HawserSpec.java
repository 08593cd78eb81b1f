// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

/**
 * Which of our gateways a variant has.
 *
 * @param name as it stands in the results
 * @param aead what {@code HAWSER_AEAD} is set to
 * @param plain whether the pods have addresses of a second range besides, which differ between the clusters and need no
 *     other name: what remapping costs is told within the same two processes, because two pairs that do the same differ
 *     by more (up to 8 % of throughput was seen, either way, from what each JVM compiled)
 * @param peers how many are configured; all but one are never there
 */
record HawserSpec(String name, String aead, boolean plain, int peers) {
    /** First two numbers of the pods' range in both clusters, and of its name in the other. */
    static final String PODS = "10.200";

    static final String PODS_ELSEWHERE = "10.71";
    /** The same of the external range. */
    static final String EXTERNALS = "10.70";

    static final String EXTERNALS_ELSEWHERE = "10.81";
    /** The ranges that need no other name. */
    static final String PLAIN_LEFT = "10.207";

    static final String PLAIN_RIGHT = "10.208";
}
