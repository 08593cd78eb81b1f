// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class RoomsTest {
    private static final String[] NATIVE_ROOMS = {
        "dev.hawser.tunnel.linux..", "dev.hawser.tunnel.crypto.nativeaead..", "dev.hawser.lab.."
    };

    @Test
    void foreignFunctionsStayInTheirRooms() {
        noClasses()
                .that()
                .resideOutsideOfPackages(NATIVE_ROOMS)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Linker.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(SymbolLookup.class)
                .orShould()
                .callMethodWhere(target(owner(rawTypeIs(MemorySegment.class))).and(target(name("reinterpret"))))
                .check(House.CLASSES);
    }

    @Test
    void purePackagesReadNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(House.PURE)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(House.CLASSES);
    }

    @Test
    void purePackagesDrawNoRandomNumbers() {
        noClasses()
                .that()
                .resideInAnyPackage(House.PURE)
                .should()
                .callConstructor(SecureRandom.class)
                .orShould()
                .callConstructor(Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class)
                .check(House.CLASSES);
    }

    @Test
    void purePackagesDoNoInputOrOutput() {
        noClasses()
                .that()
                .resideInAnyPackage(House.PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.net.http..",
                        "io.netty.channel..",
                        "io.fabric8.kubernetes.client.dsl..",
                        "org.slf4j..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.Socket")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .check(House.CLASSES);
    }

    @Test
    void everyPackageIsNullMarkedAndDescribed() {
        TreeSet<String> undocumented = new TreeSet<>();
        for (JavaClass type : House.CLASSES) {
            if (!House.CLASSES.contain(type.getPackageName() + ".package-info")
                    || !House.CLASSES
                            .get(type.getPackageName() + ".package-info")
                            .isAnnotatedWith(NullMarked.class)) {
                undocumented.add(type.getPackageName());
            }
        }

        assertThat(undocumented)
                .as("packages without a package-info.java that says @NullMarked")
                .isEmpty();
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Common")
                .orShould()
                .resideInAnyPackage("..util..", "..common..", "..helper..")
                .check(House.CLASSES);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> rawTypeIs(Class<?> type) {
        return JavaClass.Predicates.equivalentTo(type);
    }
}
