// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.admission;

/**
 * What an admitted client holds, and gives back exactly once, however often it says so. Safe for any thread.
 */
public final class Place implements Verdict {
    private final Admission admission;
    final Tally.Source source;
    boolean dialling;
    boolean released;

    Place(Admission admission, Tally.Source source) {
        this.admission = admission;
        this.source = source;
    }

    /** Whom the client belongs to: a cluster ID, or {@link Sources#OTHER}. */
    public String peer() {
        return source.peer.name;
    }

    /** Asks for leave to dial; every true is to be followed by {@link #dialled} or {@link #release}. */
    public boolean dial() {
        return admission.dial(this);
    }

    /** The dial came to an end, whichever. */
    public void dialled() {
        admission.dialled(this);
    }

    /** Gives the place back. */
    public void release() {
        admission.release(this);
    }
}
