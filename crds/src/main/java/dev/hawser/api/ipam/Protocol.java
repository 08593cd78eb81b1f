// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

/**
 * A transport protocol that a port filter can name.
 */
public enum Protocol {
    TCP,
    UDP,
    SCTP
}
