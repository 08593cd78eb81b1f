// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Decides what becomes of each frame. The same seed decides the same for the same frames in the same order: a fault that was
 * found can be found again. Pure; confined to one thread.
 */
final class FaultDice {
    private static final long OVERTAKEN = Duration.ofMillis(20).toNanos();
    private static final int ETHERNET = 14;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int IPV4_LENGTH = ETHERNET + 2;
    private static final int IPV4_PROTOCOL = ETHERNET + 9;
    private static final int IPV6_LENGTH = ETHERNET + 4;
    private static final int IPV6_HEADER = 40;
    private static final int UDP = 17;
    private static final int UDP_CHECKSUM = 6;
    private static final int UDP_HEADER = 8;

    private final SplittableRandom random;
    private long lastRegular = Long.MIN_VALUE;

    FaultDice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** A frame as it arrives. */
    static final class Arrival {
        private final byte[] frame;
        private final long at;

        private Arrival(byte[] frame, long at) {
            this.frame = frame;
            this.at = at;
        }

        byte[] frame() {
            return frame;
        }

        /** When, in nanoseconds. */
        long at() {
            return at;
        }
    }

    /** What arrives of a frame that is sent now: nothing, it, or more than one. */
    List<Arrival> roll(LinkFaults faults, byte[] frame, long now) {
        // Every die is rolled for every frame, so that one fault does not change what another hits.
        boolean lost = random.nextDouble() < faults.loss();
        boolean twice = random.nextDouble() < faults.duplicates();
        boolean late = random.nextDouble() < faults.reordered();
        boolean bad = random.nextDouble() < faults.corrupted();
        double variation = random.nextDouble();
        int bit = random.nextInt(Integer.MAX_VALUE);
        if (lost || (faults.largest() > 0 && packetLength(frame) > faults.largest())) {
            return List.of();
        }
        long regular = now
                + faults.delay().toNanos()
                + (long) (variation * faults.jitter().toNanos());
        long at = late ? regular + OVERTAKEN : Math.max(regular, lastRegular + 1);
        lastRegular = late ? lastRegular : at;
        List<Arrival> arrivals = new ArrayList<>();
        arrivals.add(new Arrival(bad ? corrupted(frame, bit) : frame, at));
        if (twice) {
            arrivals.add(new Arrival(frame, at));
        }
        return arrivals;
    }

    /** Length of the IP packet in a frame; 0 for anything else. */
    static int packetLength(byte[] frame) {
        return switch (type(frame)) {
            case IPV4 -> word(frame, IPV4_LENGTH);
            case IPV6 -> IPV6_HEADER + word(frame, IPV6_LENGTH);
            default -> 0;
        };
    }

    /** The frame with one bit behind its UDP header turned over; others stay as they are. */
    private static byte[] corrupted(byte[] frame, int bit) {
        if (type(frame) != IPV4 || frame[IPV4_PROTOCOL] != UDP) {
            return frame;
        }
        int transport = ETHERNET + (frame[ETHERNET] & 0x0f) * Integer.BYTES;
        int payload = transport + UDP_HEADER;
        if (payload >= frame.length) {
            return frame;
        }
        byte[] changed = frame.clone();
        changed[transport + UDP_CHECKSUM] = 0;
        changed[transport + UDP_CHECKSUM + 1] = 0;
        changed[payload + bit / Byte.SIZE % (frame.length - payload)] ^= (byte) (1 << (bit % Byte.SIZE));
        return changed;
    }

    private static int type(byte[] frame) {
        return frame.length < ETHERNET + IPV6_HEADER / 2 ? 0 : word(frame, ETHERNET - Short.BYTES);
    }

    private static int word(byte[] frame, int at) {
        return Byte.toUnsignedInt(frame[at]) << Byte.SIZE | Byte.toUnsignedInt(frame[at + 1]);
    }
}
