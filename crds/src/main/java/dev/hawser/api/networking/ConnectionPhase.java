// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

/**
 * How a tunnel does. Connected means that probes return, not that a handshake once succeeded.
 */
public enum ConnectionPhase {
    Connecting,
    Connected,
    Degraded,
    Error
}
