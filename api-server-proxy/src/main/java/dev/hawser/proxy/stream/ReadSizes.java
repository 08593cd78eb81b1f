// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * How much is read at once: more and more from who has much to say, less again when it becomes less, and never more than
 * there is memory for. A few reads at a time, so that the others of the loop get their turn. Each connection's handle is
 * confined to its event loop.
 */
final class ReadSizes extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int AT_A_TIME = 4;
    private static final int STEP = 4;

    private final HeldBytes held;

    ReadSizes(HeldBytes held) {
        super(AT_A_TIME);
        this.held = held;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty has no other type for it.
    public Handle newHandle() {
        return new Sizes();
    }

    private final class Sizes extends MaxMessageHandle {
        private int size = HeldBytes.LEAST;
        private boolean wasLess;

        @Override
        public int guess() {
            return Math.min(size, held.share());
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (bytes > 0) {
                if (bytes == attemptedBytesRead()) {
                    size = Math.min(size * STEP, HeldBytes.MOST);
                    wasLess = false;
                } else if (bytes < size / STEP) {
                    // Once is an accident.
                    size = wasLess ? Math.max(size / 2, HeldBytes.LEAST) : size;
                    wasLess = !wasLess;
                }
            }
            super.lastBytesRead(bytes);
        }
    }
}
