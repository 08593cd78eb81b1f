// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;

/** What comes of an {@link ExposureRequest}. Immutable. */
public sealed interface ExposureDecision {
    /** What was asked. */
    ExposureRequest request();

    /**
     * The address is the object's and an intent protects it; the object must be written once the intents are.
     *
     * @param request what was asked
     * @param address the external address
     */
    record Granted(ExposureRequest request, IpAddress address) implements ExposureDecision {}

    /**
     * The object records the address; only its target may have to be brought up to date.
     *
     * @param request what was asked
     * @param address the external address
     */
    record AlreadyGranted(ExposureRequest request, IpAddress address) implements ExposureDecision {}

    /**
     * The target has an external address already, or the object records an address that is another's or nobody's.
     *
     * @param request what was asked
     * @param obstacle with whom it collides, and what to do
     */
    record Conflict(ExposureRequest request, Obstacle obstacle) implements ExposureDecision {}

    /**
     * Every usable address of the external CIDR is taken or cooling down.
     *
     * @param request what was asked
     * @param external the external CIDR
     * @param used addresses that are taken
     * @param cooling addresses that are free again after their cool-down
     */
    record Exhausted(ExposureRequest request, Cidr external, int used, int cooling) implements ExposureDecision {
        /** The whole sentence, with the next step. */
        public String reason() {
            return "no free address for " + request.target() + " in the external CIDR " + external + ": " + used
                    + " used, " + cooling
                    + " cooling down; delete IP objects that nobody needs or add an external CIDR";
        }
    }
}
