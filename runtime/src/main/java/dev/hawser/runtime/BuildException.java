// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

/** Code that is not of the build it was delivered with. The message is one sentence for whoever starts the process. */
public final class BuildException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BuildException(String message) {
        super(message);
    }
}
