// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.ipam.address.IpAddress;

/** What an IP object points at, after its Service or text was looked up. */
public sealed interface Target {
    /** An address. */
    record Found(IpAddress address) implements Target {}

    /** Nothing yet; it may come. */
    record Absent(String reason, String message) implements Target {}
}
