/** Tests of commands, and of the scripts that prepare a machine. */
@NullMarked
package dev.hawser.lab.process;

import org.jspecify.annotations.NullMarked;
