// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.hawser.api.ipam.IP;
import dev.hawser.benchmarks.app.BenchmarkMain;
import dev.hawser.cli.Main;
import dev.hawser.controller.app.ControllerMain;
import dev.hawser.image.ImageBuild;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.proxy.app.ProxyMain;
import dev.hawser.runtime.Settings;
import dev.hawser.tunnel.app.GatewayMain;
import java.util.List;

/** The product's classes, read once for all rules. */
final class House {
    /** Every class of the product; no tests. */
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // What JMH makes of a benchmark is nobody's style.
            .withImportOption(location -> !location.contains("jmh_generated"))
            .importPackages("dev.hawser");

    /** One class of every module: if one is missing, the rules look past that module. */
    static final List<Class<?>> LANDMARKS = List.of(
            IP.class,
            Cidr.class,
            Settings.class,
            NetworkLab.class,
            ProxyMain.class,
            GatewayMain.class,
            ControllerMain.class,
            dev.hawser.entry.app.Main.class,
            ImageBuild.class,
            Main.class,
            BenchmarkMain.class);

    /** Packages that only compute: no I/O, no clock, no random source. */
    static final String[] PURE = {
        "dev.hawser.api..",
        "dev.hawser.ipam..",
        "dev.hawser.tunnel.wire..",
        "dev.hawser.tunnel.crypto",
        "dev.hawser.tunnel.session..",
        "dev.hawser.tunnel.route..",
        "dev.hawser.tunnel.probe..",
        "dev.hawser.proxy.http..",
        "dev.hawser.proxy.admission..",
        "dev.hawser.controller.plan..",
        "dev.hawser.controller.explain..",
    };

    private House() {}
}
