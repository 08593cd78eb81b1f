// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** The metrics registry of a process, with what every process shows: memory, threads, descriptors, CPU, uptime. */
public final class ProcessMetrics {
    private ProcessMetrics() {}

    /** A fresh registry. The caller closes it. */
    public static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Build build = Build.current();
        Gauge.builder("hawser.build", () -> 1)
                .description("1; the labels name the build that runs")
                .tags("version", build.version(), "build", build.id())
                .register(registry);
        return registry;
    }
}
