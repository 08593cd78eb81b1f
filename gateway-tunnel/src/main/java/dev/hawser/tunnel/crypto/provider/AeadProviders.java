// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.provider;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import dev.hawser.tunnel.crypto.nativeaead.BoringSslAead;
import dev.hawser.tunnel.crypto.nativeaead.OpenSslAead;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The AEAD providers this build knows, fastest first, and the choice among them. */
public final class AeadProviders {
    /** The wish for the fastest provider that works. */
    public static final String AUTO = "auto";

    private AeadProviders() {}

    /**
     * Chooses a provider that passes its self-test.
     *
     * @param wanted {@code auto}, or the name of the only acceptable one
     * @throws CryptoException if the wanted one is unknown, cannot be loaded or fails its self-test
     */
    public static AeadChoice choose(String wanted) {
        Map<String, Supplier<AeadProvider>> candidates = new LinkedHashMap<>();
        candidates.put(BoringSslAead.NAME, BoringSslAead::load);
        candidates.put(OpenSslAead.NAME, OpenSslAead::load);
        candidates.put(SunJceAead.NAME, SunJceAead::new);
        return choose(wanted, candidates);
    }

    static AeadChoice choose(String wanted, Map<String, Supplier<AeadProvider>> candidates) {
        if (!wanted.equals(AUTO) && !candidates.containsKey(wanted)) {
            throw new CryptoException(
                    "AEAD provider \"" + wanted + "\" is unknown; choose auto or one of " + candidates.keySet());
        }
        List<String> rejections = new ArrayList<>();
        for (Map.Entry<String, Supplier<AeadProvider>> candidate : candidates.entrySet()) {
            if (wanted.equals(AUTO) || wanted.equals(candidate.getKey())) {
                Optional<AeadProvider> tried = attempt(candidate.getKey(), candidate.getValue(), rejections);
                if (tried.isPresent()) {
                    return new AeadChoice(tried.get(), List.copyOf(rejections));
                }
            }
        }
        throw new CryptoException("no AEAD provider for \"" + wanted + "\" works: " + String.join("; ", rejections));
    }

    private static Optional<AeadProvider> attempt(
            String name, Supplier<AeadProvider> candidate, List<String> rejections) {
        try {
            AeadProvider provider = candidate.get();
            Optional<String> failure = AeadSelfTest.failureOf(provider);
            failure.ifPresent(reason -> rejections.add(name + " fails its self-test: " + reason));
            return failure.isPresent() ? Optional.empty() : Optional.of(provider);
        } catch (CryptoException e) {
            rejections.add(name + " is not usable: " + e.getMessage());
            return Optional.empty();
        }
    }
}
