/**
 * Two clusters with the same addresses on one machine, joined by Hawser: {@code hawser demo}.
 *
 * <p>{@link dev.hawser.cli.demo.Supervisor} is the process in the background that owns everything; {@link
 * dev.hawser.cli.demo.Topology} its networks, {@link dev.hawser.cli.demo.Site} one of its clusters. Commands find it
 * through the {@link dev.hawser.cli.demo.DemoFolder}. What the demo promises is checked by {@code demo.check} from
 * outside. The processes under it are the product's own mains; this package knows how to start them, not what they do.
 */
@NullMarked
package dev.hawser.cli.demo;

import org.jspecify.annotations.NullMarked;
