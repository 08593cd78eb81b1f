/**
 * How the command line speaks: progress lines with elapsed seconds, tables, JSON, failures with a hint.
 *
 * <p>Main types: {@link dev.hawser.cli.terminal.Progress}, {@link dev.hawser.cli.terminal.Table}, {@link
 * dev.hawser.cli.terminal.CliException}. Standard output carries what a command answers, standard error how it gets
 * there. This package knows neither Kubernetes nor Hawser.
 */
@NullMarked
package dev.hawser.cli.terminal;

import org.jspecify.annotations.NullMarked;
