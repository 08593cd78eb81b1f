// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import org.jspecify.annotations.Nullable;

/**
 * An object as it was observed: its spec, its status if it has one, and which version of it that was.
 *
 * @param <S> spec
 * @param <T> status
 */
public record Seen<S, T>(
        String uid, long generation, S spec, @Nullable T status) {}
