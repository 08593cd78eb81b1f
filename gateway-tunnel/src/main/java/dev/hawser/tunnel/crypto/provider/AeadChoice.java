// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.provider;

import dev.hawser.tunnel.crypto.AeadProvider;
import java.util.List;

/**
 * The provider in use, and why faster ones are not.
 *
 * @param provider the one that passed its self-test
 * @param rejections one sentence for each that was tried before it
 */
public record AeadChoice(AeadProvider provider, List<String> rejections) {}
