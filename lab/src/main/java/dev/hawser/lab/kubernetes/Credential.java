// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

/**
 * A certificate and its private key, both as PEM text.
 *
 * @param key in the form that names its curve ({@code EC PRIVATE KEY}), from which clients learn the algorithm
 */
public record Credential(String certificate, String key) {}
