// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.junit;

import dev.hawser.lab.net.Prerequisites;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that needs network namespaces.
 *
 * <p>Where there are none it is skipped and says why; with {@code HAWSER_REQUIRE_ALL=1} in the environment, as in CI, it
 * fails instead, so that no suite goes green by skipping itself.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresLab.Condition.class)
public @interface RequiresLab {
    /** Decides before a test class runs. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Optional<String> missing = Prerequisites.missing();
            if (missing.isEmpty()) {
                return ConditionEvaluationResult.enabled("a laboratory can be opened");
            }
            String reason = context.getDisplayName() + " cannot run: " + missing.get();
            if ("1".equals(System.getenv("HAWSER_REQUIRE_ALL"))) {
                throw new IllegalStateException(reason);
            }
            System.err.println("SKIPPED: " + reason);
            return ConditionEvaluationResult.disabled(reason);
        }
    }
}
