/** Tests of the thread that tasks are pinned to. */
@NullMarked
package dev.hawser.lab.linux;

import org.jspecify.annotations.NullMarked;
