// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PinnedThreadTest {
    private final PinnedThread pinned = PinnedThread.start("pinned");

    @AfterEach
    void close() {
        pinned.close();
    }

    @Test
    void runsEveryTaskOnTheSameThread() throws Exception {
        Thread first = pinned.call(Thread::currentThread);

        assertThat(pinned.call(Thread::currentThread)).isSameAs(first).isNotSameAs(Thread.currentThread());
        assertThat(pinned.call(() -> pinned.call(Thread::currentThread))).isSameAs(first);
    }

    @Test
    void handsOnFailuresAndGoesOn() throws Exception {
        assertThatThrownBy(() -> pinned.call(() -> {
                    throw new IOException("as thrown");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("as thrown");
        assertThat(pinned.call(() -> "still here")).isEqualTo("still here");
    }

    @Test
    void survivesAnInterrupt() throws Exception {
        Thread thread = pinned.call(Thread::currentThread);

        thread.interrupt();

        assertThat(pinned.call(Thread::currentThread)).isSameAs(thread);
    }

    @Test
    void refusesTasksAfterItsEnd() throws Exception {
        Thread thread = pinned.call(Thread::currentThread);

        pinned.close();

        assertThat(thread.isAlive()).isFalse();
        assertThatThrownBy(() -> pinned.call(() -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void keepsVirtualThreadsOutOfNamespaces() throws Exception {
        Thread[] failed = new Thread[1];
        Thread virtual = Thread.ofVirtual().unstarted(SystemCalls::unshareNetwork);
        virtual.setUncaughtExceptionHandler((thread, failure) -> failed[0] = thread);

        virtual.start();
        virtual.join();

        assertThat(failed[0]).isSameAs(virtual);
    }
}
