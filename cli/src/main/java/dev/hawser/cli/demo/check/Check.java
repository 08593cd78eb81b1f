// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import java.util.concurrent.Callable;

/**
 * One promise, and all that somebody needs who finds it broken.
 *
 * @param name short and unique; commands and tests select checks by it
 * @param what the promise, as a sentence
 * @param where it is looked at
 * @param next a command that leads on if it does not hold
 * @param body returns what was seen, for people; any exception is a failure and says why
 */
record Check(String name, String what, String where, String next, Callable<String> body) {}
