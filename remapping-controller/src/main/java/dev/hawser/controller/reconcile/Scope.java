// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import java.time.Duration;

/**
 * Where the controller works. Immutable.
 *
 * @param namespace where our objects are
 * @param peersNamespace where the identities of peers and the Advertisements are
 * @param nodeNamespace where the gateway is
 * @param identity who we are among the replicas
 * @param version our version, told to peers
 * @param addressCoolDown for how long an address is kept for an IP that was deleted
 * @param blockCoolDown for how long the name of a peer's range is kept after its Peering was deleted, or the range left it
 * @param rangeOverlap for how long a range that a peer has left is served beside the one that came instead
 */
public record Scope(
        String namespace,
        String peersNamespace,
        String nodeNamespace,
        String identity,
        String version,
        Duration addressCoolDown,
        Duration blockCoolDown,
        Duration rangeOverlap) {}
