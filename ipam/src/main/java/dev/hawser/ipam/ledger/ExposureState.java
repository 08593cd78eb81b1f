// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.List;

/**
 * Everything that a decision about the addresses of exposures depends on. Immutable; the order of the lists does not
 * matter.
 *
 * @param external the external CIDR; addresses of the other family need a ledger of their own
 * @param grants what the objects record
 * @param intents what the external Network records as under way
 * @param formers addresses that are cooling down
 */
public record ExposureState(
        Cidr external, List<ExposureGrant> grants, List<ExposureIntent> intents, List<ExposureFormer> formers) {
    public ExposureState {
        grants = List.copyOf(grants);
        intents = List.copyOf(intents);
        formers = List.copyOf(formers);
    }
}
