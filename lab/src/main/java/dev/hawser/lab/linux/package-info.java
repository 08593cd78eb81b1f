/**
 * What the laboratory needs of Linux and Java has no name for.
 *
 * <p>{@link dev.hawser.lab.linux.SystemCalls} are the few system calls, through java.lang.foreign; {@link
 * dev.hawser.lab.linux.ControlGroup} is a cgroup as the files it is made of. Everything else of Linux goes through its
 * own programs ({@code ip}, {@code nft}, {@code nsenter}, {@code setpriv}). This package knows neither hosts nor
 * Kubernetes.
 */
@NullMarked
package dev.hawser.lab.linux;

import org.jspecify.annotations.NullMarked;
