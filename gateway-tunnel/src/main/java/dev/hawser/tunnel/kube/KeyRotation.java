// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import java.util.Collection;

/**
 * How a static key is replaced without a gap: what comes next, if anything. Pure.
 *
 * <pre>
 *   rest --(keyGeneration rose)--> introducing --(every peer applies the next key)--> retiring --(nobody uses the last)--> rest
 * </pre>
 *
 * <p>In between both keys are answered for and announced. A keyGeneration that rises meanwhile is taken up at the end.
 */
final class KeyRotation {
    /** What is to be done. */
    enum Step {
        /** Nothing. */
        NONE,
        /** Make the next key, answer for it and announce it. */
        INTRODUCE,
        /** Initiate with it. */
        PROMOTE,
        /** Forget the last one. */
        RETIRE
    }

    private KeyRotation() {}

    /**
     * The step that is due.
     *
     * @param wished the ClusterGateway's {@code keyGeneration}, 0 if it has none
     * @param acknowledged public keys, base64, that the data path of every peer applies
     * @param inUse static keys of ours that present sessions were made with
     */
    static Step due(KeyMaterial keys, long wished, Collection<String> acknowledged, Collection<PublicKey> inUse) {
        return switch (keys.rotation()) {
            case KeyMaterial.Rotation.None() -> wished > keys.generation() ? Step.INTRODUCE : Step.NONE;
            case KeyMaterial.Rotation.Introducing(PrivateKey next) ->
                acknowledged.contains(next.publicKey().toBase64()) ? Step.PROMOTE : Step.NONE;
            case KeyMaterial.Rotation.Retiring(PrivateKey last) ->
                inUse.contains(last.publicKey()) ? Step.NONE : Step.RETIRE;
        };
    }
}
