// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code hawser ip} prints: answers of {@code controller.explain} and {@code controller.plan} as text for people and
 * as records for programs.
 *
 * <p>Each report has a version in its field {@code schema}. Decides nothing, and knows no API server.
 */
@NullMarked
package dev.hawser.cli.ip;

import org.jspecify.annotations.NullMarked;
