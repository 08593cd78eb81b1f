/**
 * The gateway process: {@link dev.hawser.tunnel.app.GatewayMain} puts the parts together and awaits the signal.
 *
 * <p>{@code ControlLoop} carries out what the objects ask for, {@code StatusLoop} tells them what became of it,
 * {@code GatewayMetrics} shows it to scrapers. Decides nothing itself: what to do stands in {@code kube}, how in
 * {@code engine} and {@code node}. Must not know custom resources or the Kubernetes client.
 */
@NullMarked
package dev.hawser.tunnel.app;

import org.jspecify.annotations.NullMarked;
