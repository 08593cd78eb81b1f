/**
 * The command line {@code hawser}.
 *
 * <p>{@link dev.hawser.cli.Main} is the program; each other type here is one command and only reads its options, calls
 * the room that does the work ({@code cluster}, {@code peer}, {@code demo}) and prints. Exit codes are those of {@link
 * dev.hawser.cli.terminal.ExitCode}.
 */
@NullMarked
package dev.hawser.cli;

import org.jspecify.annotations.NullMarked;
