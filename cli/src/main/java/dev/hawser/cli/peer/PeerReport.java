// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

import java.util.List;

/**
 * What {@code hawser peer -o json} answers.
 *
 * @param schema version of this form
 * @param preflight what was found before anything was changed
 * @param dryRun whether nothing was changed
 * @param ready the Peerings that became Ready, as {@code CLUSTER/PEERING}
 */
public record PeerReport(String schema, PreflightReport preflight, boolean dryRun, List<String> ready) {
    /** The version that this program writes. */
    public static final String SCHEMA = "hawser.peer/v2";

    public PeerReport {
        ready = List.copyOf(ready);
    }
}
