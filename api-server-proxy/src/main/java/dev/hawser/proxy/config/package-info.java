// SPDX-License-Identifier: Apache-2.0
/**
 * The file that says who may come, where to, how much, and how the proxy ends.
 *
 * <p>{@link dev.hawser.proxy.config.ProxyConfig} is what stands in it, {@link dev.hawser.proxy.config.ConfigText} reads it,
 * {@link dev.hawser.proxy.config.ConfigFile} watches it. YAML, and so JSON too; nothing unknown is passed over, and a file that
 * is wrong changes nothing.
 *
 * <p>It must not know sockets, nor what becomes of the values.
 */
@NullMarked
package dev.hawser.proxy.config;

import org.jspecify.annotations.NullMarked;
