/**
 * The Linux adapters of the ports: TUN device and UDP sockets by raw file descriptors through {@code java.lang.foreign}.
 *
 * <p>{@link dev.hawser.tunnel.linux.SystemCalls} holds every binding; {@link dev.hawser.tunnel.linux.LinuxPacketDevice} and
 * {@link dev.hawser.tunnel.linux.LinuxUdpPort} are built on it. Descriptors belong to the network namespace of the thread
 * that opens them. Nothing here knows sessions, routes or Kubernetes.
 */
@NullMarked
package dev.hawser.tunnel.linux;

import org.jspecify.annotations.NullMarked;
