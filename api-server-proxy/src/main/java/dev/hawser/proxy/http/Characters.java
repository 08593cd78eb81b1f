// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

/** Sets of ASCII characters as tables. */
final class Characters {
    private static final int ASCII = 128;

    private Characters() {}

    /** Digits, small letters, large ones if they are wanted, and the given others. */
    static boolean[] of(String others, boolean large) {
        boolean[] set = new boolean[ASCII];
        for (char each = '0'; each <= '9'; each++) {
            set[each] = true;
        }
        for (char each = 'a'; each <= 'z'; each++) {
            set[each] = true;
            set[Character.toUpperCase(each)] |= large;
        }
        others.chars().forEach(each -> set[each] = true);
        return set;
    }

    /** Whether every character from one index to before another is in the set. */
    static boolean all(boolean[] set, String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char each = text.charAt(i);
            if (each >= ASCII || !set[each]) {
                return false;
            }
        }
        return true;
    }

    static boolean isDigit(char each) {
        return each >= '0' && each <= '9';
    }
}
