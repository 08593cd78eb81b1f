// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import java.util.List;
import org.junit.jupiter.api.Test;

class KubeconfigTest {
    private final Kubeconfig plain = Kubeconfig.of("https://10.95.0.1:443", "authority");

    @Test
    void isReadByClientsAsMeant() {
        Config withToken = Config.fromKubeconfig(plain.withToken("abc.def").yaml());
        Config withCertificate = Config.fromKubeconfig(
                plain.with(new Credential("certificate", "key")).yaml());

        assertThat(withToken.getMasterUrl()).isEqualTo("https://10.95.0.1:443/");
        assertThat(withToken.getAutoOAuthToken()).isEqualTo("abc.def");
        assertThat(withCertificate.getClientCertData()).isEqualTo("Y2VydGlmaWNhdGU=");
        assertThat(withCertificate.getClientKeyData()).isEqualTo("a2V5");
    }

    @Test
    void namesTheProxyOnlyIfThereIsOne() {
        assertThat(plain.yaml()).doesNotContain("proxy-url");
        assertThat(plain.through("http://10.81.0.3:8118").yaml())
                .contains("    proxy-url: \"http://10.81.0.3:8118\"\n");
    }

    @Test
    void keepsSecretsOutOfMessages() {
        assertThat(plain.withToken("abc.def")).hasToString("kubeconfig for https://10.95.0.1:443");
    }

    @Test
    void findsTheFirstServiceAddress() {
        assertThat(new ControlPlaneSpec("10.95.0.0/16", List.of()).firstServiceAddress())
                .isEqualTo("10.95.0.1");
        assertThat(new ControlPlaneSpec("192.0.2.128/25", List.of()).firstServiceAddress())
                .isEqualTo("192.0.2.129");
        assertThat(new ControlPlaneSpec("fd00:10:96::/112", List.of()).firstServiceAddress())
                .isEqualTo("fd00:10:96:0:0:0:0:1");
        assertThat(new ControlPlaneSpec(List.of("10.95.0.0/16", "fd00:10:95::/112"), List.of()).firstServiceAddress())
                .isEqualTo("10.95.0.1");
    }

    @Test
    void refusesAServiceRangeThatIsNone() {
        assertThatThrownBy(() -> new ControlPlaneSpec("10.95.0.0", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.95.0.0");
    }
}
