// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A program that talks to API servers.
 *
 * @param name with its version
 * @param how it speaks where it upgrades a connection
 * @param features what it has, each with a trial that says what came of it, or fails
 * @param notes why it has not the others, or not all of one
 */
public record Client(String name, String how, Map<Feature, Callable<String>> features, Map<Feature, String> notes)
        implements Candidate {
    public Client {
        features = Map.copyOf(features);
        notes = Map.copyOf(notes);
        for (Feature feature : Feature.values()) {
            if (!features.containsKey(feature) && !notes.containsKey(feature)) {
                throw new IllegalArgumentException(
                        name + " is not tried with " + feature.title() + ", and nothing says why");
            }
        }
    }
}
