/** Tests of the JUnit extensions. */
@NullMarked
package dev.hawser.lab.junit;

import org.jspecify.annotations.NullMarked;
