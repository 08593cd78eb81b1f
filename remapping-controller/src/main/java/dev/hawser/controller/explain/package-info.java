// SPDX-License-Identifier: Apache-2.0
/**
 * Answers to people: what an address is, who reaches it how, and how full the ranges are.
 *
 * <p>{@link dev.hawser.controller.explain.Explainer} reads {@link dev.hawser.controller.plan.ClusterObjects} and gives an
 * {@link dev.hawser.controller.explain.Explanation}; {@link dev.hawser.controller.explain.Fill} counts. Names are
 * computed by the remaps that the gateway applies, and by the plans that the controller carries out: nothing here has an
 * opinion of its own.
 *
 * <p>Pure: knows no Kubernetes client, no clock and no terminal.
 */
@NullMarked
package dev.hawser.controller.explain;

import org.jspecify.annotations.NullMarked;
