// SPDX-License-Identifier: Apache-2.0
package dev.hawser.entry.app;

import dev.hawser.controller.app.ControllerMain;
import dev.hawser.proxy.app.ProxyMain;
import dev.hawser.runtime.Build;
import dev.hawser.runtime.BuildException;
import dev.hawser.tunnel.app.GatewayMain;
import java.util.Arrays;
import java.util.List;

/** The program of the image: the first argument says which of ours it is to be. */
public final class Main {
    private Main() {}

    /** Becomes the program that is asked for; status 2 if there is none of that name. */
    public static void main(String[] arguments) {
        List<String> words = Arrays.asList(arguments);
        String program = words.isEmpty() ? "" : words.getFirst();
        String[] rest = words.stream().skip(1).toArray(String[]::new);
        switch (program) {
            case "gateway" -> GatewayMain.main(rest);
            case "controller" -> ControllerMain.main(rest);
            case "proxy" -> ProxyMain.main(rest);
            case "version" -> version();
            case "train" -> Training.run(List.of(rest));
            default -> {
                System.err.println("hawser: \"" + program + "\" is no program of this image; give gateway, controller,"
                        + " proxy or version as the first argument.");
                System.exit(2);
            }
        }
    }

    private static void version() {
        try {
            System.out.println("hawser " + Build.current());
        } catch (BuildException e) {
            System.err.println("hawser version: " + e.getMessage() + ".");
            System.exit(2);
        }
    }
}
