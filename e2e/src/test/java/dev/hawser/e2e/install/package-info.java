// SPDX-License-Identifier: Apache-2.0
/**
 * The installation as users make it: the image, {@code kubectl apply -k} and {@code kubectl delete -k} on a whole cluster
 * with a kubelet that enforces what the manifests say.
 */
@NullMarked
package dev.hawser.e2e.install;

import org.jspecify.annotations.NullMarked;
