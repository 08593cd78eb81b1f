// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.terminal;

/** What {@code -o} may ask for; spelled in lower case on the command line. */
public enum OutputFormat {
    table,
    json
}
