// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Checks that may run at the same time because none disturbs what another looks at.
 *
 * @param lanes run beside each other, the checks of each one after the other
 */
record Stage(List<List<Check>> lanes) {
    Stage {
        lanes = lanes.stream().map(List::copyOf).toList();
    }

    @SafeVarargs
    static Stage of(Stream<Check>... lanes) {
        List<List<Check>> all = new ArrayList<>();
        for (Stream<Check> lane : lanes) {
            all.add(lane.toList());
        }
        return new Stage(all);
    }

    /** The same without the checks that nobody wants. */
    Stage only(Predicate<String> wanted) {
        return new Stage(lanes.stream()
                .map(lane ->
                        lane.stream().filter(check -> wanted.test(check.name())).toList())
                .filter(lane -> !lane.isEmpty())
                .toList());
    }
}
