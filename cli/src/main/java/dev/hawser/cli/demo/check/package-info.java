/**
 * What the demo promises, as checks that can fail.
 *
 * <p>{@link dev.hawser.cli.demo.check.DemoChecks} runs them all against a demo that another process owns and knows only
 * what that process wrote down: everything else is looked at from outside, with kubectl, curl, ping, sockets and the
 * kernel's counters. No check relies on another, and each has a name by which a failure is told.
 */
@NullMarked
package dev.hawser.cli.demo.check;

import org.jspecify.annotations.NullMarked;
