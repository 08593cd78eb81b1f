// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

/** An image or installation that cannot be made. The message says what, why and what to do. */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ImageException(String message) {
        super(message);
    }

    public ImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
