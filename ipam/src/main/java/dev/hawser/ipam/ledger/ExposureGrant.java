// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.IpAddress;

/**
 * An external address that an object records. Immutable.
 *
 * @param object the object whose it is, named by namespace and name: {@code hawser/api-server-proxy}
 * @param target the local address it stands for, as last recorded
 * @param address the address in the external CIDR
 */
public record ExposureGrant(ObjectRef object, IpAddress target, IpAddress address) {}
