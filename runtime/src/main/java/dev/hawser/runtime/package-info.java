/**
 * The skeleton of every Hawser process: settings from the environment, logging, health and metrics, orderly end.
 *
 * <p>A {@code main} calls {@link dev.hawser.runtime.Launch#run}, which reads {@link dev.hawser.runtime.Settings}, sets
 * up {@link dev.hawser.runtime.Logging}, lets the process start its parts and waits in
 * {@link dev.hawser.runtime.Termination}. {@link dev.hawser.runtime.HealthServer} answers probes and scrapes.
 *
 * <p>Only {@code *.app} packages may use this one. It knows nothing of clusters, tunnels or Kubernetes.
 */
@NullMarked
package dev.hawser.runtime;

import org.jspecify.annotations.NullMarked;
