/**
 * The few system calls of the laboratory that Java has no name for, through java.lang.foreign.
 *
 * <p>Main type: {@link dev.hawser.lab.linux.SystemCalls}. Everything else of Linux goes through its own programs
 * ({@code ip}, {@code nft}, {@code nsenter}, {@code setpriv}). This package knows neither hosts nor processes.
 */
@NullMarked
package dev.hawser.lab.linux;

import org.jspecify.annotations.NullMarked;
