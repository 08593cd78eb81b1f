// SPDX-License-Identifier: Apache-2.0
/**
 * Who may come in now: which sources are peers, how many tunnels and how many connects each may have, and who has to wait
 * when there is not enough for all.
 *
 * <p>{@link dev.hawser.proxy.admission.Sources} says whose an address is; {@link dev.hawser.proxy.admission.Admission} counts
 * and decides; a {@link dev.hawser.proxy.admission.Place} is what an admitted client holds until it goes.
 *
 * <p>Pure: time is an argument, there is no socket, no thread, no log. It must not know what HTTP is.
 */
@NullMarked
package dev.hawser.proxy.admission;

import org.jspecify.annotations.NullMarked;
