// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TerminationTest {
    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

    @Test
    void closesInReverseOrderOfRegistration() throws Exception {
        Termination termination = Termination.detached(Duration.ofSeconds(5));
        termination.onStop("first", () -> closed.add("first"));
        termination.onStop("second", () -> closed.add("second"));

        termination.close();
        termination.await();

        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void goesOnWhenAPartFailsOrHangs() {
        Termination termination = Termination.detached(Duration.ofMillis(50));
        CountDownLatch never = new CountDownLatch(1);
        termination.onStop("first", () -> closed.add("first"));
        termination.onStop("hangs", never::await);
        termination.onStop("fails", () -> {
            throw new IllegalStateException("no");
        });

        termination.close();

        assertThat(closed).containsExactly("first");
        never.countDown();
    }

    @Test
    void closesAtOnceWhatIsRegisteredAfterTheEnd() {
        Termination termination = Termination.detached(Duration.ofSeconds(5));
        termination.close();

        termination.onStop("late", () -> closed.add("late"));

        assertThat(closed).containsExactly("late");
    }
}
