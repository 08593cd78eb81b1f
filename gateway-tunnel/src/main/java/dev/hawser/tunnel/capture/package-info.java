// SPDX-License-Identifier: Apache-2.0
/**
 * Packets in files, to be looked at: from either side of the remap.
 *
 * <p>{@link dev.hawser.tunnel.capture.Capture} puts itself around the device (packets as local pods see them) and around the
 * AEAD (packets as they are in the tunnel), so the packet path neither knows nor pays for it while nothing is captured. {@link
 * dev.hawser.tunnel.capture.PacketFile} is a file that never grows beyond a bound. Must not know peers or routes.
 */
@NullMarked
package dev.hawser.tunnel.capture;

import org.jspecify.annotations.NullMarked;
