// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.junit;

import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.kubernetes.ControlPlaneSpec;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.net.NetworkLab;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The one cluster of a test JVM, for tests that ask for a {@link ControlPlane} as a parameter.
 *
 * <p>Started by the first test that asks (three seconds), discarded after the last. Tests share it: each works in
 * objects of its own and leaves the two processes alone.
 */
public final class SharedControlPlane implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedControlPlane.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ControlPlane.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Cluster.class, key -> Cluster.start(), Cluster.class)
                .controlPlane();
    }

    private record Cluster(NetworkLab lab, ControlPlane controlPlane) implements AutoCloseable {
        static Cluster start() {
            KubernetesBinaries binaries = KubernetesBinaries.ensure(System.err::println);
            NetworkLab lab = NetworkLab.open("shared");
            try {
                ControlPlaneSpec spec = new ControlPlaneSpec(List.of("10.96.0.0/16", "fd00:10:96::/112"), List.of());
                return new Cluster(lab, ControlPlane.start(lab.host("cluster"), spec, binaries));
            } catch (RuntimeException e) {
                lab.close();
                throw e;
            }
        }

        @Override
        public void close() {
            controlPlane.close();
            lab.close();
        }
    }
}
