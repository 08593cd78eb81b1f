/**
 * Networks out of anonymous Linux network namespaces.
 *
 * <p>{@link dev.hawser.lab.net.NetworkLab} owns {@link dev.hawser.lab.net.Host}s and the links between them; {@link
 * dev.hawser.lab.net.TrafficCount} tells what a host forwards, takes in or sends, {@link
 * dev.hawser.lab.net.HostSnapshot} how it is set up. Nothing appears in the root namespace
 * or in {@code /run/netns}, and the kernel takes everything back when the JVM dies. This package knows no Kubernetes
 * and no Hawser.
 */
@NullMarked
package dev.hawser.lab.net;

import org.jspecify.annotations.NullMarked;
