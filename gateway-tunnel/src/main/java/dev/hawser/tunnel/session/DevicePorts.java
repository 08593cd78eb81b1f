// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.Curve25519;
import java.util.random.RandomGenerator;

/**
 * What a device needs from outside.
 *
 * @param aead the packet path's AEAD
 * @param curve what keys are agreed on with
 * @param random for keys, indices and jitter; cryptographically strong outside of tests
 * @param outbox the way out for handshake messages and keepalives
 * @param events who is told of sessions
 * @param queues in how many queues packets are sealed, and in how many they are opened, each by a thread of its own
 */
public record DevicePorts(
        AeadProvider aead, Curve25519 curve, RandomGenerator random, Outbox outbox, SessionEvents events, int queues) {}
