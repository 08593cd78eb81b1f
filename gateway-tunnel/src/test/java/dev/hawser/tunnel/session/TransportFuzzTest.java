// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hawser.tunnel.crypto.HandshakeAead;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.wire.MessageType;
import dev.hawser.tunnel.wire.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A session meets any sequence of packets: authentic ones with any counter, and ones with changed bytes, over any time. It opens
 * each authentic one once and nothing else; a slow record of what was seen says which.
 *
 * <p>Each step of an input: a byte that says what, then its arguments; what is missing at the end is zero.
 */
class TransportFuzzTest {
    private static final int INDEX = 0x0102_0304;
    private static final int LARGEST = 64;
    private static final int NONCE_LENGTH = 12;
    private static final PeerSession PEER = new Party(new Network(1), "genoa", 1, PrivateKey.generate(new Random(1)))
            .knows(new Party(new Network(1), "3rd-lisbon", 2, PrivateKey.generate(new Random(2))));
    private static final byte[] KEY = new byte[32];

    /** One session and what it must have seen. */
    private static final class Run {
        private final ByteBuffer input;
        private final MemorySegment buffer;
        private final TransportSession session = new TransportSession(
                PEER,
                PEER.settings().publicKey(),
                new TransportSession.Indices(INDEX, INDEX, true),
                Party.silent(),
                new TransportKeys(new byte[32], KEY.clone()),
                0);
        private final Set<Long> seen = new HashSet<>();
        private long greatest;
        private long now;

        Run(byte[] data, Arena arena) {
            input = ByteBuffer.wrap(data);
            buffer = arena.allocate(2048);
        }

        void steps() {
            while (input.hasRemaining()) {
                int kind = next() & 3;
                switch (kind) {
                    case 0 -> packet(number(), 0);
                    case 1 -> packet(greatest + (byte) next(), 0);
                    case 2 -> packet(greatest + 1, next() & 7);
                    default -> now += TimeUnit.SECONDS.toNanos(next());
                }
            }
            session.close();
        }

        private void packet(long counter, int changes) {
            int length = next() % LARGEST;
            int datagram = length + Transport.OVERHEAD;
            Transport.writeHeader(buffer, 0, INDEX, counter);
            byte[] sealed = sealed(counter, length);
            MemorySegment.copy(sealed, 0, buffer, ValueLayout.JAVA_BYTE, Transport.HEADER, sealed.length);
            byte[] authentic = buffer.asSlice(0, datagram).toArray(ValueLayout.JAVA_BYTE);
            for (int i = 0; i < changes; i++) {
                int at = next() % datagram;
                buffer.set(ValueLayout.JAVA_BYTE, at, (byte) (buffer.get(ValueLayout.JAVA_BYTE, at) ^ next()));
            }
            if (MessageType.of(buffer, 0, datagram) == MessageType.TRANSPORT
                    && Transport.receiver(buffer, 0) == INDEX) {
                open(authentic, datagram, length);
            }
        }

        private static byte[] sealed(long counter, int length) {
            byte[] plaintext = new byte[length];
            Arrays.fill(plaintext, (byte) counter);
            byte[] nonce = ByteBuffer.allocate(NONCE_LENGTH)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(NONCE_LENGTH - Long.BYTES, counter)
                    .array();
            return HandshakeAead.CHACHA20_POLY1305.seal(KEY, nonce, plaintext, new byte[0]);
        }

        private void open(byte[] authentic, int datagram, int length) {
            boolean unchanged = MemorySegment.ofArray(authentic).mismatch(buffer.asSlice(0, datagram)) < 0;
            long counter = Transport.counter(buffer, 0);

            int opened = session.open(0, now, buffer, 0, datagram, buffer, Transport.HEADER);

            assertThat(opened).isEqualTo(expected(counter, unchanged, length));
            for (int i = 0; i < opened; i++) {
                assertThat(buffer.get(ValueLayout.JAVA_BYTE, Transport.HEADER + i))
                        .isEqualTo((byte) counter);
            }
        }

        private int expected(long counter, boolean unchanged, int length) {
            if (now >= ProtocolLimits.REJECT_AFTER
                    || Long.compareUnsigned(counter, ProtocolLimits.REJECT_AFTER_MESSAGES) >= 0) {
                return TransportSession.EXPIRED;
            }
            if (!unchanged) {
                return TransportSession.UNAUTHENTIC;
            }
            boolean tooOld = Long.compareUnsigned(counter, greatest) < 0
                    && Long.compareUnsigned(greatest - counter, ReplayWindow.SIZE) >= 0;
            if (tooOld || !seen.add(counter)) {
                return TransportSession.REPLAYED;
            }
            greatest = Long.compareUnsigned(counter, greatest) > 0 ? counter : greatest;
            return length;
        }

        private int next() {
            return input.hasRemaining() ? Byte.toUnsignedInt(input.get()) : 0;
        }

        private long number() {
            long number = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                number = number << 8 | next();
            }
            return number;
        }
    }

    @FuzzTest(maxDuration = "10m")
    void opensEveryAuthenticPacketOnceAndNothingElse(byte[] data) {
        try (Arena arena = Arena.ofConfined()) {
            new Run(data, arena).steps();
        }
    }
}
