/**
 * Addresses and CIDRs as values, and the only place where text becomes one.
 *
 * <p>{@link dev.hawser.ipam.address.IpAddress} and {@link dev.hawser.ipam.address.Cidr} hold IPv4 and IPv6 in the same
 * 128 bits, so that everything above is written once for both families. Parsing is strict: what two programs could
 * read differently is refused with an {@link dev.hawser.ipam.address.AddressException} that says what to write instead.
 *
 * <p>Knows nothing of pools, owners, Kubernetes or packets; no I/O, no clock, no name resolution.
 */
@NullMarked
package dev.hawser.ipam.address;

import org.jspecify.annotations.NullMarked;
