// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

/**
 * The id of the build, in code. Whoever makes an image puts a class of the same name in this one's place, whose
 * {@code id()} names that image's build.
 */
final class CompiledBuild {
    private CompiledBuild() {}

    static String id() {
        return Build.UNPACKAGED;
    }
}
