// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hawser.proxy.http.HeadParser.Progress;

/** Runs its corpus in every build; with JAZZER_FUZZ=1 it looks for more. */
class HeadParserFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void endsEveryInputInADecisionOrWantsMore(byte[] input) {
        HeadParser parser = new HeadParser(HeadLimits.DEFAULT);
        Progress progress = HeadParser.MORE;
        int taken = 0;
        while (taken < input.length && progress instanceof Progress.More) {
            progress = parser.push(input[taken]);
            taken++;
        }
        if (progress instanceof Progress.More && taken > HeadLimits.DEFAULT.headBytes()) {
            throw new IllegalStateException("took " + taken + " bytes without a decision");
        }
        if (progress instanceof Progress.Complete(ConnectRequest request)
                && !Authority.parse(request.target().toString()).orElseThrow().equals(request.target())) {
            throw new IllegalStateException(request.target() + " does not mean itself");
        }
    }
}
