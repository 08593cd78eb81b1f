// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program that opens a laboratory wired to somebody else's host, says so, and waits to be killed. */
public final class AbandonedLab {
    private AbandonedLab() {}

    /** Arguments: the namespace of the other host, and the name of the interface to put there. */
    public static void main(String[] arguments) throws Exception {
        NetworkLab lab = NetworkLab.open("abandoned");
        Host observer = lab.attach("observer", Path.of(arguments[0]));
        Host host = lab.host("host");
        lab.link(host, "eth0", observer, arguments[1]);
        ChildProcess child = host.start(Command.of("sleep", "600"));
        System.out.println("child " + child.pid() + " directory " + lab.directory() + " ready");
        new CountDownLatch(1).await();
    }
}
