/**
 * The remap: the 1:1 swap of one prefix for another that gives a peer's range a name which is free here.
 *
 * <p>{@link dev.hawser.ipam.remap.Remap} keeps host bits and works for both families in the same 128-bit frame. It is
 * the reference that the packet path's compiled form is tested against.
 *
 * <p>Knows addresses only; not who granted the ranges, nor what a packet looks like.
 */
@NullMarked
package dev.hawser.ipam.remap;

import org.jspecify.annotations.NullMarked;
