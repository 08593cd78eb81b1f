// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostNamesTest {
    private static final long SOON = 5;

    private final CountDownLatch test = new CountDownLatch(1);
    private final BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
    private volatile String address = "203.0.113.7";
    private final HostNames names = new HostNames(() -> changes.add(true), this::resolve, Duration.ofMillis(5));

    @AfterEach
    void close() {
        test.countDown();
        names.close();
    }

    @Test
    void waitsForNoResolver() throws InterruptedException {
        names.want(Set.of("hangs.example", "genoa.example"));

        assertThat(changes.poll(SOON, TimeUnit.SECONDS)).isTrue();
        assertThat(names.known()).containsOnlyKeys("genoa.example");
    }

    @Test
    void followsANameWhilePeersAreAway() throws InterruptedException {
        names.want(Set.of("genoa.example"));
        assertThat(changes.poll(SOON, TimeUnit.SECONDS)).isTrue();

        address = "203.0.113.8";
        names.hurry(true);

        assertThat(changes.poll(SOON, TimeUnit.SECONDS)).isTrue();
        assertThat(names.known()).containsEntry("genoa.example", List.of(IpAddress.parse("203.0.113.8")));
    }

    @Test
    void keepsTheAddressesOfANameThatCannotBeFound() throws InterruptedException {
        names.want(Set.of("genoa.example"));
        assertThat(changes.poll(SOON, TimeUnit.SECONDS)).isTrue();

        address = "";
        names.hurry(true);

        assertThat(changes.poll(50, TimeUnit.MILLISECONDS)).isNull();
        assertThat(names.known()).containsEntry("genoa.example", List.of(IpAddress.parse("203.0.113.7")));
    }

    @Test
    void asksSeldomWhileAllIsWell() throws InterruptedException {
        names.want(Set.of("genoa.example"));
        assertThat(changes.poll(SOON, TimeUnit.SECONDS)).isTrue();

        address = "203.0.113.8";

        assertThat(changes.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    private InetAddress[] resolve(String name) throws UnknownHostException {
        if (name.startsWith("hangs")) {
            try {
                test.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (address.isEmpty() || name.startsWith("hangs")) {
            throw new UnknownHostException(name);
        }
        return new InetAddress[] {InetAddress.ofLiteral(address)};
    }
}
