/**
 * The process: reads settings, makes the Kubernetes client, starts one
 * {@link dev.hawser.controller.reconcile.FabricController} and serves its health. Nothing is decided here.
 */
@NullMarked
package dev.hawser.controller.app;

import org.jspecify.annotations.NullMarked;
