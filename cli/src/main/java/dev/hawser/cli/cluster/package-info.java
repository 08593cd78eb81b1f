/**
 * One cluster as a user's kubeconfig opens it, and what the objects of Hawser in it say.
 *
 * <p>Main types: {@link dev.hawser.cli.cluster.ClusterAccess} (the connection), {@link
 * dev.hawser.cli.cluster.ClusterFacts} (what a peering needs to know), {@link dev.hawser.cli.cluster.PeerStatus} (how
 * the peers do). The only room of the command line, besides the demo, that talks to an API server.
 */
@NullMarked
package dev.hawser.cli.cluster;

import org.jspecify.annotations.NullMarked;
