// SPDX-License-Identifier: Apache-2.0
/**
 * The rules of docs/architecture.md that a compiler does not know: which way the arrows between modules and packages
 * point, which packages are pure, and where foreign functions and the Kubernetes client may be used.
 */
@NullMarked
package dev.hawser.e2e.architecture;

import org.jspecify.annotations.NullMarked;
