// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

/**
 * Which of our gateways a variant has.
 *
 * @param name as it stands in the results
 * @param aead what {@code HAWSER_AEAD} is set to
 * @param reference whether others are compared with it: by a second range of the pods, whose addresses differ between
 *     the clusters and need no other name, and by many more peers. What that costs is told within the same two processes,
 *     because two pairs that do the same differ by more (up to 8 % of throughput was seen, either way, from what each JVM
 *     compiled). They do nothing else: to be told of peers and rid of them leaves its traces in a process
 */
record HawserSpec(String name, String aead, boolean reference) {
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
