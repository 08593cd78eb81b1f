// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

/** Programs of the node: the seam between the plumbing and the operating system. */
@FunctionalInterface
public interface Commands {
    /**
     * Runs a program to its end.
     *
     * @param input what it reads from standard input; may be empty
     * @param words the program and its arguments
     * @throws NodeException when it cannot be started or does not end
     */
    Result run(String input, String... words);

    /**
     * How it ended.
     *
     * @param exit 0 for success
     * @param output standard output
     * @param errors standard error
     */
    record Result(int exit, String output, String errors) {}
}
