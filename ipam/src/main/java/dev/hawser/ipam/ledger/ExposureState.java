// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.List;
import java.util.Set;

/**
 * Everything that a decision about the addresses of exposures depends on. Immutable; the order of the lists does not
 * matter.
 *
 * @param external the external CIDR; addresses of the other family need a ledger of their own
 * @param living the uids of the objects that exist although they do not ask for an address now, perhaps only because this
 *     controller cannot see yet what they point at: an intent for one of them stands, because another controller may be
 *     about to write it
 * @param grants what the objects record
 * @param intents what the external Network records as under way
 * @param formers addresses that are cooling down
 */
public record ExposureState(
        Cidr external,
        Set<String> living,
        List<ExposureGrant> grants,
        List<ExposureIntent> intents,
        List<ExposureFormer> formers) {
    public ExposureState {
        living = Set.copyOf(living);
        grants = List.copyOf(grants);
        intents = List.copyOf(intents);
        formers = List.copyOf(formers);
    }

    /** A state in which every object that exists asks. */
    public ExposureState(
            Cidr external, List<ExposureGrant> grants, List<ExposureIntent> intents, List<ExposureFormer> formers) {
        this(external, Set.of(), grants, intents, formers);
    }
}
