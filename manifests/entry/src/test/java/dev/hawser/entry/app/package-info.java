/** Tests of what the training run practises with. */
@NullMarked
package dev.hawser.entry.app;

import org.jspecify.annotations.NullMarked;
