/**
 * Measurements of the shipped programs beside what else there is, in one run, on networks of the laboratory.
 *
 * <p>{@code app} has the commands, {@code variant} what is measured, {@code gateway} how, {@code ipam} the address management by itself, {@code machine} reads the
 * kernel's counters, {@code result} turns samples into figures. Nothing of the product knows this module.
 */
@NullMarked
package dev.hawser.benchmarks;

import org.jspecify.annotations.NullMarked;
