// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import java.util.Collection;

/**
 * The addresses of one external CIDR: which exposure has which, and who gets the next. One external address per local
 * address and one local address per external address, so that replies need no state. The lowest free address is given.
 * Immutable and a pure function of its state.
 *
 * <p>To be used as {@link Ledger} is, with the external Network in place of the pool: read the Network and after it the
 * IP objects from the API server, decide, write the Network's intents by compare-and-swap, then each object. Before an
 * object goes, its address is written into the Network as a former one, by the same compare-and-swap: whoever read the
 * Network earlier still finds the object, or fails to write.
 */
public final class ExposureLedger {
    private final ExposureState state;

    private ExposureLedger(ExposureState state) {
        this.state = state;
    }

    /** The ledger of this state. Contradictions inside it are no error: they come out as conflicts of their requests. */
    public static ExposureLedger of(ExposureState state) {
        return new ExposureLedger(state);
    }

    /**
     * Decides all requests: first those that keep what they have, then the others by object name.
     *
     * @param requests those of all objects that may have an address, whether they record one already or not: an intent for
     *     an object that is neither among them nor {@link ExposureState#living} is abandoned
     * @throws dev.hawser.ipam.address.AddressException if the external CIDR has no room for a gateway address
     */
    public ExposureRound decide(Collection<ExposureRequest> requests) {
        ExposureDraft draft = new ExposureDraft(state, requests);
        var decisions = draft.inOrder(requests).stream().map(draft::decide).toList();
        return new ExposureRound(decisions, draft.intents());
    }
}
