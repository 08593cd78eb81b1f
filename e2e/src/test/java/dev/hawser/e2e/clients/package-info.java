// SPDX-License-Identifier: Apache-2.0
/**
 * What talks to Kubernetes, through the remapped address of the other cluster's API server proxy: {@code PeerAccess} is the
 * way, each {@code Client} a program that takes it, and {@code ClientMatrixIT} writes down what works with which.
 */
@NullMarked
package dev.hawser.e2e.clients;

import org.jspecify.annotations.NullMarked;
