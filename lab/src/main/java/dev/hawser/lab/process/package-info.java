/**
 * Programs as children that never outlive this JVM.
 *
 * <p>{@link dev.hawser.lab.process.Command} says what to run, {@link dev.hawser.lab.process.ProcessParent} starts it,
 * {@link dev.hawser.lab.process.ChildProcess} is what runs, {@link dev.hawser.lab.process.Output} what a finished one
 * said, {@link dev.hawser.lab.process.JavaProgram} a main class of our own class path. Knows nothing of networks: who
 * wants a child inside a namespace puts {@code nsenter} in front of the command.
 */
@NullMarked
package dev.hawser.lab.process;

import org.jspecify.annotations.NullMarked;
