// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks;

/** A measurement that could not be made; the message is one sentence that says what failed and what to do. */
public final class BenchmarkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BenchmarkException(String message) {
        super(message);
    }

    public BenchmarkException(String message, Throwable cause) {
        super(message, cause);
    }
}
