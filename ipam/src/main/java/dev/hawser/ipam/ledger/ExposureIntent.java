// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.IpAddress;

/**
 * An external address that is decided and written into its external Network, but perhaps not yet into its object. A
 * promise to one object, for the reason given at {@link Intent}. Immutable.
 *
 * @param uid the object that shall record it, see {@link ObjectRef#uid}
 * @param target the local address it stands for
 * @param address the address in the external CIDR
 */
public record ExposureIntent(String uid, IpAddress target, IpAddress address) {}
