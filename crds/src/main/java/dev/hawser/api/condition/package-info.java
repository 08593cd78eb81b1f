// SPDX-License-Identifier: Apache-2.0
/**
 * Arithmetic on conditions in the form of {@code metav1.Condition}: setting one keeps the transition time unless its
 * status changes, so {@code kubectl wait} and people see when something really changed.
 *
 * <p>Knows no clock: the time of a change is an argument.
 */
@NullMarked
package dev.hawser.api.condition;

import org.jspecify.annotations.NullMarked;
