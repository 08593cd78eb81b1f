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
 */
public record Client(String name, String how, Map<Feature, Callable<String>> features) {
    public Client {
        features = Map.copyOf(features);
    }
}
