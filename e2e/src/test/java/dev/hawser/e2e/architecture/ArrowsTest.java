// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrowsTest {
    /** Module, and the packages of ours that it may use besides its own; its app may also use runtime. */
    @ParameterizedTest(name = "{0} uses only {1}")
    @CsvSource({
        "dev.hawser.api, ''",
        "dev.hawser.ipam, ''",
        "dev.hawser.runtime, ''",
        "dev.hawser.lab, ''",
        "dev.hawser.proxy, dev.hawser.ipam.address",
        "dev.hawser.tunnel, 'dev.hawser.ipam.address dev.hawser.ipam.remap dev.hawser.api..'",
        "dev.hawser.controller, 'dev.hawser.ipam.. dev.hawser.api..'",
        "dev.hawser.entry, 'dev.hawser.tunnel.app dev.hawser.tunnel.crypto.provider dev.hawser.proxy.app dev.hawser.controller.app'",
        "dev.hawser.image, ''",
        "dev.hawser.benchmarks, 'dev.hawser.lab.. dev.hawser.image dev.hawser.tunnel.. dev.hawser.ipam..'",
    })
    void modulesUseOnlyWhatStandsBelowThem(String module, String allowed) {
        List<String> packages = List.of((module + ".. " + allowed).strip().split(" "));

        noClasses()
                .that()
                .resideInAPackage(module + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.hawser..")
                        .and(not(resideInAnyPackage(packages.toArray(String[]::new))))
                        .and(not(resideInAnyPackage("dev.hawser.runtime.."))))
                .allowEmptyShould(true)
                .check(House.CLASSES);
    }

    @Test
    void onlyMainProgramsUseTheRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..app..", "dev.hawser.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.hawser.runtime..")
                .check(House.CLASSES);
    }

    @Test
    void onlyTheKubernetesSideOfTheTunnelKnowsCustomResources() {
        noClasses()
                .that()
                .resideInAPackage("dev.hawser.tunnel..")
                .and()
                .resideOutsideOfPackage("dev.hawser.tunnel.kube..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.hawser.api..")
                .check(House.CLASSES);
    }

    @Test
    void onlyTheRoomsForKubernetesUseItsClient() {
        classes()
                .that()
                .resideOutsideOfPackages(
                        "dev.hawser.tunnel.kube..", "dev.hawser.controller..", "dev.hawser.lab..", "dev.hawser.cli..")
                .and()
                .resideOutsideOfPackage("dev.hawser.api..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages("io.fabric8..", "io.javaoperatorsdk..")
                .check(House.CLASSES);
    }

    @Test
    void customResourceTypesUseOnlyTheShapesOfTheKubernetesClient() {
        noClasses()
                .that()
                .resideInAPackage("dev.hawser.api..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient")
                .check(House.CLASSES);
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("dev.hawser.(*)..").should().beFreeOfCycles().check(House.CLASSES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api",
                "ipam",
                "runtime",
                "lab",
                "proxy",
                "tunnel",
                "controller",
                "entry",
                "image",
                "cli",
                "benchmarks"
            })
    void packagesOfAModuleHaveNoCycles(String module) {
        slices().matching("dev.hawser." + module + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(House.CLASSES);
    }

    @Test
    void everyModuleIsLookedAt() {
        assertThat(House.LANDMARKS)
                .as("rules over an empty set of classes hold by accident")
                .allMatch(House.CLASSES::contain);
    }
}
