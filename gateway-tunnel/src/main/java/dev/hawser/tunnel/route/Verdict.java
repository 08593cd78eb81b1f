// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a decision: a peer and the rewrites to apply, or a reason to drop.
 *
 * <p>Mutable and reused so that nothing is allocated per packet; confined to one thread. The getters beside
 * {@link #drop} and {@link #peer} have a meaning only while {@code drop()} is null.
 */
public final class Verdict {
    private @Nullable DropReason drop = DropReason.NO_ROUTE;
    private @Nullable PeerRoutes peer;
    private AddressRewrite source = AddressRewrite.NONE;
    private AddressRewrite destination = AddressRewrite.NONE;
    private AddressRewrite quotedSource = AddressRewrite.NONE;
    private AddressRewrite quotedDestination = AddressRewrite.NONE;

    void reset() {
        drop = null;
        peer = null;
        source = AddressRewrite.NONE;
        destination = AddressRewrite.NONE;
        quotedSource = AddressRewrite.NONE;
        quotedDestination = AddressRewrite.NONE;
    }

    void dropped(DropReason reason) {
        drop = reason;
    }

    void belongsTo(PeerRoutes owner) {
        peer = owner;
    }

    void rewrite(AddressRewrite ofSource, AddressRewrite ofDestination) {
        source = ofSource;
        destination = ofDestination;
    }

    void rewriteQuoted(AddressRewrite ofSource, AddressRewrite ofDestination) {
        quotedSource = ofSource;
        quotedDestination = ofDestination;
    }

    /** Why to drop, or null to forward. */
    public @Nullable DropReason drop() {
        return drop;
    }

    /** The peer concerned; also set on a drop where the destination named one. */
    public @Nullable PeerRoutes peer() {
        return peer;
    }

    /** What to do with the source address. */
    public AddressRewrite source() {
        return source;
    }

    /** What to do with the destination address. */
    public AddressRewrite destination() {
        return destination;
    }

    /** What to do with the source of the packet quoted in an ICMP error. */
    public AddressRewrite quotedSource() {
        return quotedSource;
    }

    /** What to do with the destination of the packet quoted in an ICMP error. */
    public AddressRewrite quotedDestination() {
        return quotedDestination;
    }
}
