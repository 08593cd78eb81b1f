// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import dev.hawser.api.condition.Verdict;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.controller.peering.AdvertisementCheck.Finding;
import dev.hawser.controller.plan.InBand;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversation with one peer's API server, on a virtual thread of its own. It begins as soon as the tunnel passes
 * probes, asks again every {@link #PULSE}, and after a failure waits 1 s, then twice as long, at most 10 s.
 */
final class InBandSession implements AutoCloseable {
    /** A dead TCP connection tells nobody; a request does. */
    private static final Duration PULSE = Duration.ofSeconds(10);

    private static final Duration LEAST_WAIT = Duration.ofSeconds(1);
    private static final Duration MOST_WAIT = Duration.ofSeconds(10);
    private static final Optional<Verdict> ANSWERED =
            Optional.of(new Verdict.Holds("Answered", "CONNECT, TLS and our identity were accepted"));
    private static final Logger LOG = LoggerFactory.getLogger(InBandSession.class);

    private sealed interface Signal {
        /** Something about the target changed, or the session ends. */
        record Woken() implements Signal {}

        record Told(Advertisement advertisement) implements Signal {}

        record Lost(int watch, @Nullable String why) implements Signal {}
    }

    private record Judged(Credential credential, Verdict verdict) {
        boolean isAbout(Credential other) {
            return credential.token().equals(other.token());
        }
    }

    private final CredentialSecrets secrets;
    private final String peersNamespace;
    private final InstantSource clock;
    private final Runnable onNews;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile PeerTarget target;
    private volatile InBand known;
    private volatile boolean closed;
    /** What is wrong with the Advertisement that was read last; only for the thread of the session. */
    private Optional<Verdict> objection = Optional.empty();

    /** What the peer said of a token of ours, good until another one is there. Only for the thread. */
    private Optional<Judged> judged = Optional.empty();

    private Instant nextRenewal = Instant.MIN;
    /** How many watches there were; what a former one still has to say does not matter. Only for the thread. */
    private int watches;

    InBandSession(
            PeerTarget target,
            Optional<LearnedAdvertisement> learnedBefore,
            CredentialSecrets secrets,
            String peersNamespace,
            InstantSource clock,
            Runnable onNews) {
        this.target = target;
        this.known = new InBand(learnedBefore, Optional.empty(), Optional.empty());
        this.secrets = secrets;
        this.peersNamespace = peersNamespace;
        this.clock = clock;
        this.onNews = onNews;
        this.thread = Thread.ofVirtual().name("in-band " + target.peerID()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Talks to this target from now on. */
    void retarget(PeerTarget next) {
        if (!next.equals(target)) {
            target = next;
            signals.add(new Signal.Woken());
        }
    }

    InBand known() {
        return known;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        Duration wait = LEAST_WAIT;
        while (!closed) {
            PeerTarget current = target;
            try {
                if (!current.connected()) {
                    standBy(current);
                    signals.poll(PULSE.toSeconds(), TimeUnit.SECONDS);
                    wait = LEAST_WAIT;
                    continue;
                }
                if (talk(current)) {
                    wait = LEAST_WAIT;
                    continue;
                }
                signals.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException failure) {
                if (closed) {
                    return;
                }
                LOG.warn("the conversation with cluster \"{}\" broke; it is begun again", current.peerID(), failure);
            }
            wait = wait.multipliedBy(2).compareTo(MOST_WAIT) < 0 ? wait.multipliedBy(2) : MOST_WAIT;
        }
    }

    /** A peer that is away is not asked; that it answered before says nothing any more, and our token grows old. */
    private void standBy(PeerTarget current) {
        publish(known.learned(), Optional.of(InBand.NOT_CONNECTED), known.credentialsExpired());
        secrets.read(current.credentialSecret())
                .ifPresent(
                        credential -> publish(known.learned(), known.reachable(), Optional.of(freshness(credential))));
    }

    /** One conversation, until it fails (false) or should be held anew (true). */
    private boolean talk(PeerTarget current) throws InterruptedException {
        Optional<Credential> credential = secrets.read(current.credentialSecret());
        if (credential.isEmpty()) {
            fail(
                    "NoCredential",
                    "Secret " + current.credentialSecret() + " holds no token yet; create one in cluster \""
                            + current.peerID() + "\" for ServiceAccount " + peersNamespace + "/" + current.ownID());
            return false;
        }
        publish(known.learned(), known.reachable(), Optional.of(freshness(credential.get())));
        try (PeerApi api = PeerApi.open(current, credential.get(), peersNamespace)) {
            if (!identify(api, current)) {
                return false;
            }
            return !stillGood(api, current, credential.get()) || follow(api, current, credential.get());
        } catch (KubernetesClientException refused) {
            refused(refused, current, credential.get());
            return false;
        }
    }

    private boolean follow(PeerApi api, PeerTarget current, Credential credential) throws InterruptedException {
        watches++;
        try (Watch _ = api.watch(new Listener(watches))) {
            while (!closed && current.equals(target)) {
                Signal signal = signals.poll(PULSE.toSeconds(), TimeUnit.SECONDS);
                switch (signal) {
                    case Signal.Told told -> learn(current, told.advertisement());
                    case Signal.Lost lost
                    when lost.watch() == watches -> {
                        LOG.info("the watch of cluster \"{}\" ended: {}", current.peerID(), lost.why());
                        return true;
                    }
                    case Signal.Lost _, Signal.Woken _ -> LOG.trace("woken");
                    case null -> {
                        if (!identify(api, current) || !stillGood(api, current, credential)) {
                            return true;
                        }
                    }
                }
            }
            return true;
        }
    }

    private boolean identify(PeerApi api, PeerTarget current) {
        String expected = "system:serviceaccount:" + peersNamespace + ":" + current.ownID();
        String name = api.whoAmI();
        if (!expected.equals(name)) {
            fail(
                    "WrongIdentity",
                    "cluster \"" + current.peerID() + "\" knows our token as " + name + " instead of " + expected
                            + "; mint the token for that ServiceAccount");
            return false;
        }
        judged = judged.filter(word -> word.verdict() instanceof Verdict.Fails);
        publish(known.learned(), objection.or(() -> ANSWERED), known.credentialsExpired());
        return true;
    }

    /** Renews the token in time; false if another one is to be used from now on. */
    private boolean stillGood(PeerApi api, PeerTarget current, Credential credential) {
        Optional<Credential> stored = secrets.read(current.credentialSecret());
        if (stored.isPresent() && !stored.get().token().equals(credential.token())) {
            return false;
        }
        publish(known.learned(), known.reachable(), Optional.of(freshness(credential)));
        Optional<Duration> life = credential.life();
        Instant now = clock.instant();
        if (life.isEmpty() || !credential.wantsRenewal(now) || now.isBefore(nextRenewal)) {
            return true;
        }
        // Where the two clocks disagree by hours, every new token looks old.
        nextRenewal = now.plus(life.get().dividedBy(4));
        try {
            secrets.replace(current.credentialSecret(), api.renew(life.get()));
        } catch (KubernetesClientException refused) {
            LOG.warn("cluster \"{}\" does not renew our token: {}", current.peerID(), refused.getMessage());
            judge(
                    credential,
                    new Verdict.Fails(
                            "NotRenewed",
                            "our token is good until " + credential.expires().orElse(now)
                                    + " and could not be renewed: " + refused.getMessage()));
            return true;
        }
        LOG.info("renewed our token for cluster \"{}\" for {}", current.peerID(), life.get());
        return false;
    }

    private void learn(PeerTarget current, Advertisement advertisement) {
        switch (AdvertisementCheck.look(current, known.learned(), advertisement)) {
            case Finding.Right right -> {
                objection = Optional.empty();
                publish(Optional.of(right.learned()), ANSWERED, known.credentialsExpired());
            }
            case Finding.Wrong wrong -> {
                objection = Optional.of(new Verdict.Fails(wrong.reason(), wrong.message()));
                publish(known.learned(), objection, known.credentialsExpired());
            }
        }
    }

    private void refused(KubernetesClientException refused, PeerTarget current, Credential credential) {
        boolean unauthorized = refused.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED;
        if (unauthorized) {
            String why = credential.expired(clock.instant()) ? "has expired" : "is refused";
            Verdict expired = new Verdict.Holds(
                    "Unauthorized",
                    "our token " + why + " by cluster \"" + current.peerID() + "\"; put a new one into Secret "
                            + current.credentialSecret());
            judge(credential, expired);
            fail(expired.reason(), expired.message());
        } else if (refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
            fail(
                    "Forbidden",
                    "cluster \"" + current.peerID() + "\" lets us not read our Advertisement: " + refused.getMessage());
        } else {
            fail(
                    "Unreachable",
                    "its API server did not answer through " + current.proxy().address() + " port "
                            + current.proxy().port() + ": " + rootOf(refused));
        }
    }

    private void judge(Credential credential, Verdict verdict) {
        judged = Optional.of(new Judged(credential, verdict));
        publish(known.learned(), known.reachable(), Optional.of(freshness(credential)));
    }

    /** Whether a token has ended: what the peer said of it goes before what it says itself. */
    private Verdict freshness(Credential credential) {
        Instant now = clock.instant();
        Optional<Verdict> word =
                judged.filter(about -> about.isAbout(credential)).map(Judged::verdict);
        if (word.isPresent() && (word.get() instanceof Verdict.Holds || !credential.expired(now))) {
            return word.get();
        }
        return credential.expired(now)
                ? new Verdict.Holds(
                        "Expired", "our token ended at " + credential.expires().orElse(now))
                : new Verdict.Fails(
                        "Valid",
                        credential
                                .expires()
                                .map(end -> "our token is good until " + end + " and is renewed at half of its life")
                                .orElse("our token says no end"));
    }

    private void fail(String reason, String message) {
        publish(known.learned(), Optional.of(new Verdict.Fails(reason, message)), known.credentialsExpired());
    }

    private void publish(
            Optional<LearnedAdvertisement> learned, Optional<Verdict> reachable, Optional<Verdict> expired) {
        InBand now = new InBand(learned, reachable, expired);
        if (!now.equals(known)) {
            known = now;
            onNews.run();
        }
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private final class Listener implements Watcher<Advertisement> {
        private final int watch;

        Listener(int watch) {
            this.watch = watch;
        }

        @Override
        public void eventReceived(Action action, Advertisement advertisement) {
            if (action == Action.ADDED || action == Action.MODIFIED) {
                signals.add(new Signal.Told(advertisement));
            }
        }

        @Override
        public void onClose() {
            signals.add(new Signal.Lost(watch, "closed"));
        }

        @Override
        public void onClose(WatcherException cause) {
            signals.add(new Signal.Lost(watch, cause.getMessage()));
        }
    }
}
