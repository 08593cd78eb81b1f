// SPDX-License-Identifier: Apache-2.0
/**
 * What the image starts: one program that becomes gateway, controller or proxy by its first argument, and the training
 * run for the AOT cache that is made once for all three.
 *
 * <p>Main types: {@link dev.hawser.entry.app.Main}. It only starts programs; whatever they do stays in their modules, and
 * how an image is built is the business of {@code dev.hawser.image}.
 */
@NullMarked
package dev.hawser.entry.app;

import org.jspecify.annotations.NullMarked;
