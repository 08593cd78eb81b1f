// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hawser.benchmarks.ipam.Step;

/** The program of one step of {@code bench ipam}: its values go to standard output as JSON. */
public final class IpamStepMain {
    private IpamStepMain() {}

    /** Takes the name of the step. */
    public static void main(String[] arguments) throws JsonProcessingException {
        System.out.println(JsonMapper.builder()
                .build()
                .writeValueAsString(Step.valueOf(arguments[0]).measure()));
    }
}
