// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.process;

/** A Linux signal that tests and demos send by process id. */
public enum Signal {
    /** Please end. */
    TERM(15),
    /** End at once, without a chance to clean up. */
    KILL(9),
    /** Interrupt, as Ctrl-C does. */
    INT(2),
    /** Freeze until {@link #CONT}. */
    STOP(19),
    /** Go on after {@link #STOP}. */
    CONT(18);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** As kill(2) takes it. */
    public int number() {
        return number;
    }
}
