// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.config;

/** A file that says something which cannot be meant. The message says what stands where, and what to write. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }
}
