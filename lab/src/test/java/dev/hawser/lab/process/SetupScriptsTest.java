// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupScriptsTest {
    private static final Path SETUP = Path.of("setup").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void takesTheJdkOfJavaHome() throws Exception {
        Path jdk = jdk("25.0.3");

        assertThat(run(SETUP.resolve("jdk.sh"), Map.of("JAVA_HOME", jdk.toString())))
                .isEqualTo(new Output("jdk.sh", 0, jdk + "\n", ""));
    }

    @Test
    void passesOverAJdkThatIsTooOld() throws Exception {
        Path old = jdk("17.0.9");

        // The JDK of this test is on PATH, so that the script has one to find and nothing to install.
        String path = Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH");
        Output output = run(SETUP.resolve("jdk.sh"), Map.of("JAVA_HOME", old.toString(), "PATH", path));

        assertThat(output.stdout()).isNotBlank().doesNotContain(old.toString());
    }

    @Test
    void asksForNothingThatIsThere() throws Exception {
        assertThat(run(SETUP.resolve("packages.sh"), Map.of(), "no-such-package=bash"))
                .isEqualTo(new Output("packages.sh", 0, "", ""));
    }

    @Test
    void saysInOneSentenceWhatToInstallWithoutApt() throws Exception {
        Path programs = Files.createDirectory(folder.resolve("bin"));
        executable(programs.resolve("bash"));

        Output output =
                run(SETUP.resolve("packages.sh"), Map.of("PATH", programs.toString()), "no-such-package", "bash=bash");

        assertThat(output.exit()).isEqualTo(1);
        assertThat(output.stderr())
                .isEqualTo("packages: this machine has no apt-get to install what is missing;"
                        + " install them by hand: no-such-package\n");
    }

    @Test
    void saysInOneSentenceWhatANodeNeedsWithoutApt() throws Exception {
        Path programs = Files.createDirectory(folder.resolve("bin"));
        for (String program : List.of("dirname", "sha256sum", "cut", "mkdir", "flock")) {
            executable(programs.resolve(program));
            Files.writeString(programs.resolve(program), "#!/bin/sh\nexec /usr/bin/" + program + " \"$@\"\n");
        }

        Output output = run(
                Path.of("node/unpack.sh").toAbsolutePath(),
                Map.of("PATH", programs.toString(), "HAWSER_CACHE", folder.toString()));

        assertThat(output.exit()).isEqualTo(1);
        assertThat(output.stderr())
                .isEqualTo(
                        "node: a node needs containerd runc containernetworking-plugins iptables busybox-static out of"
                                + " packages of Debian or Ubuntu, and this system has no apt-get and dpkg-deb.\n");
    }

    private Path jdk(String version) throws IOException {
        Path jdk = folder.resolve("jdk");
        Path compiler = Files.createDirectories(jdk.resolve("bin")).resolve("javac");
        executable(compiler);
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private static void executable(Path file) throws IOException {
        Files.writeString(file, "");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Output run(Path script, Map<String, String> environment, String... arguments) throws Exception {
        Path errors = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", script.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        Process process = builder.redirectError(errors.toFile()).start();
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(script.getFileName().toString(), process.waitFor(), stdout, Files.readString(errors));
    }
}
