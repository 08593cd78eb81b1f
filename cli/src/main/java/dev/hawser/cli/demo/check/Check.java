// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import java.util.concurrent.Callable;

/**
 * One promise.
 *
 * @param name tells what does not hold if it fails; unique
 * @param beside whether it mostly waits, so that all such checks run at the same time
 * @param body returns what was seen, for people; any exception is a failure
 */
record Check(String name, boolean beside, Callable<String> body) {
    Check(String name, Callable<String> body) {
        this(name, false, body);
    }
}
