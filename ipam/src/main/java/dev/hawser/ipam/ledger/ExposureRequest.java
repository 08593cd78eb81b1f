// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.IpAddress;

/**
 * A wish for an external address. Immutable.
 *
 * @param object the object that will record it, named by namespace and name
 * @param target the local address that it resolves to now; it may change, the external address stays
 */
public record ExposureRequest(ObjectRef object, IpAddress target) {}
