/**
 * The demo under sabotage from outside: what it promises must be seen to fail, by name, when somebody breaks it.
 *
 * <p>No product code knows of these tests.
 */
@NullMarked
package dev.hawser.e2e.demo;

import org.jspecify.annotations.NullMarked;
