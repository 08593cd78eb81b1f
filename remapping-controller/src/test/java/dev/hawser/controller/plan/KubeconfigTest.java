// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.networking.APIServerIdentity;
import dev.hawser.api.networking.ProxyAddress;
import io.fabric8.kubernetes.client.Config;
import org.junit.jupiter.api.Test;

class KubeconfigTest {
    private static final APIServerIdentity SERVER =
            new APIServerIdentity("https://kubernetes.default.svc:443", "-----BEGIN CERTIFICATE-----\n");

    @Test
    void namesServerProxyAndAuthorityAndNoUser() {
        String text = Kubeconfig.text("3rd-lisbon", SERVER, new ProxyAddress("10.94.0.2", 8118));

        Config config = Config.fromKubeconfig(text);
        assertThat(config.getMasterUrl()).startsWith("https://kubernetes.default.svc:443");
        assertThat(config.getCaCertData()).isNotBlank();
        assertThat(config.getOauthToken()).isNull();
        assertThat(text)
                .contains("proxy-url: \"http://10.94.0.2:8118\"", "tls-server-name: \"kubernetes.default.svc\"");
    }

    @Test
    void writesAnIpv6ProxyInBrackets() {
        assertThat(Kubeconfig.proxyURL(new ProxyAddress("fd00::2", 8118))).isEqualTo("http://[fd00::2]:8118");
    }

    @Test
    void refusesAUrlWithoutHost() {
        assertThatThrownBy(() -> Kubeconfig.serverName(new APIServerIdentity("kubernetes", "")))
                .hasMessageContaining("https://kubernetes.default.svc:443");
    }
}
