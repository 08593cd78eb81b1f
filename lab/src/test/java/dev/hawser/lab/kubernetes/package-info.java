/** Tests of real control planes; they need root and the built programs. */
@NullMarked
package dev.hawser.lab.kubernetes;

import org.jspecify.annotations.NullMarked;
