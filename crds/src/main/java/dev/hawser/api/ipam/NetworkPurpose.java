// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

/**
 * What a block of addresses is for.
 */
public enum NetworkPurpose {
    Pod,
    External,
    Service,
    Node,
    Reserved,
    Remapped
}
