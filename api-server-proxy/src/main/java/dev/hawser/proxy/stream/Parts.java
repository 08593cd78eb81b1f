// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.admission.Admission;
import dev.hawser.proxy.target.Dialer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What every client's handlers share. Safe for any thread.
 *
 * @param policy what holds for whoever comes now
 * @param held what streams hold for sides that do not read
 * @param told clients without a place that are being told so
 */
record Parts(
        Admission admission,
        Dialer dialer,
        Journal journal,
        Supplier<Policy> policy,
        HeldBytes held,
        AtomicInteger told) {}
