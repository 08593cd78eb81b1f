// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.IpAddress;

/**
 * An external address that was given back and is cooling down: nobody else gets it yet, and an object of the same name
 * gets it again. Immutable. Whether the cool-down is over is the caller's to say, by leaving it out.
 *
 * @param object the object whose it was, by namespace and name
 * @param address the address
 */
public record ExposureFormer(String object, IpAddress address) {}
