// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The product's classes, read once for all rules. */
final class House {
    /** Every class of the product; no tests. */
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.hawser");

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
        "dev.hawser.controller.plan..",
    };

    private House() {}
}
