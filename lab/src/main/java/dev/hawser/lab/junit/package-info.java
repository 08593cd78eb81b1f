/**
 * The laboratory for JUnit tests: skip or fail where it cannot run, share what is dear.
 *
 * <p>{@link dev.hawser.lab.junit.RequiresLab} guards a test class. Nothing else of the laboratory knows JUnit, which is an
 * optional dependency.
 */
@NullMarked
package dev.hawser.lab.junit;

import org.jspecify.annotations.NullMarked;
