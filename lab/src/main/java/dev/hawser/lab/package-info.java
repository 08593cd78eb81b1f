/**
 * Whole clusters on one machine: network namespaces, processes that die with their parent, real control planes.
 *
 * <p>The demo and the tests of every module build on it. This package holds what the parts share: {@link
 * dev.hawser.lab.LabException}. Nothing here knows Hawser's own processes, custom resources or data path.
 */
@NullMarked
package dev.hawser.lab;

import org.jspecify.annotations.NullMarked;
