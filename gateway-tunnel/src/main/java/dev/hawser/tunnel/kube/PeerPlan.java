// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.tunnel.engine.PeerConfig;

/** What is done about one Connection. */
public sealed interface PeerPlan {
    /** Name of the Connection. */
    String connection();

    /** Generation of its spec. */
    long generation();

    /** It is complete and goes to the tunnel. */
    record Served(String connection, long generation, PeerConfig config) implements PeerPlan {}

    /** Something that others will add is still missing. */
    record Waiting(String connection, long generation, String reason) implements PeerPlan {}

    /** It cannot be meant as it stands; somebody has to change it. */
    record Refused(String connection, long generation, String reason) implements PeerPlan {}
}
