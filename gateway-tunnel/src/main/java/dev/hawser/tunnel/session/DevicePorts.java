// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.AeadProvider;
import java.util.random.RandomGenerator;

/**
 * What a device needs from outside.
 *
 * @param aead the packet path's AEAD
 * @param random for keys, indices and jitter; cryptographically strong outside of tests
 * @param outbox the way out for handshake messages and keepalives
 * @param events who is told of sessions
 */
public record DevicePorts(AeadProvider aead, RandomGenerator random, Outbox outbox, SessionEvents events) {}
