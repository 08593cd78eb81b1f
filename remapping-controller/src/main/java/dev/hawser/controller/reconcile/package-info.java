/**
 * The loops: each watches one kind, looks at what surrounds the object, asks {@code plan} what to do, and does it.
 *
 * <p>{@link dev.hawser.controller.reconcile.ClusterView} is the one set of caches;
 * {@link dev.hawser.controller.reconcile.Triggers} says which objects a change concerns. Grants go through
 * {@link dev.hawser.controller.reconcile.BlockLedger} and {@link dev.hawser.controller.reconcile.AddressLedger}, which read
 * the API server itself and write by compare-and-swap. Every loop may be run again at any time and then writes nothing.
 *
 * <p>Nothing here relies on finalizers, owner references or a controller manager: what a Peering that is gone leaves
 * behind is removed by {@link dev.hawser.controller.reconcile.GonePeers}.
 */
@NullMarked
package dev.hawser.controller.reconcile;

import org.jspecify.annotations.NullMarked;
