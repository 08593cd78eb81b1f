// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterPkiTest {
    private final ClusterPki pki = new ClusterPki(List.of("192.0.2.1", "api.example", "fd00:10:96::1"));

    @Test
    void certifiesTheServerUnderEveryNameOfIt() throws Exception {
        X509Certificate certificate = parse(pki.server().certificate());

        List<String> names = certificate.getSubjectAlternativeNames().stream()
                .map(name -> (String) name.get(1))
                .toList();

        certificate.verify(parse(pki.caCertificate()).getPublicKey());
        assertThat(names)
                .containsExactly(
                        "kubernetes",
                        "kubernetes.default",
                        "kubernetes.default.svc",
                        "kubernetes.default.svc.cluster.local",
                        "localhost",
                        "127.0.0.1",
                        "192.0.2.1",
                        "api.example",
                        "fd00:10:96:0:0:0:0:1");
    }

    @Test
    void namesClientsAsKubernetesReadsThem() throws Exception {
        X509Certificate admin = parse(pki.admin().certificate());
        X509Certificate node =
                parse(pki.client("system:node:one", "system:nodes").certificate());

        assertThat(admin.getSubjectX500Principal().getName()).contains("O=system:masters");
        assertThat(node.getSubjectX500Principal().getName()).isEqualTo("CN=system:node:one,O=system:nodes");
    }

    @Test
    void writesKeysThatNameTheirAlgorithm() {
        assertThat(pki.admin().key()).startsWith("-----BEGIN EC PRIVATE KEY-----\n");
        assertThat(pki.serviceAccountPublicKey()).startsWith("-----BEGIN PUBLIC KEY-----\n");
    }

    private static X509Certificate parse(String pem) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }
}
