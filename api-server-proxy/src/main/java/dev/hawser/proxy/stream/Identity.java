// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its issuers, and the key that belongs to it: tried, because two files may be replaced one after the
 * other, and TLS would notice only when a client comes.
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
    private static final Pattern KEY = Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END");
    private static final byte[] WORDS = "a signature to try a key with".getBytes(StandardCharsets.US_ASCII);

    static Identity read(Path certificate, Path key) throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificate)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("there is no certificate in " + certificate);
        }
        Matcher pem = KEY.matcher(Files.readString(key));
        if (!pem.find()) {
            throw new GeneralSecurityException("there is no key in PKCS 8 in " + key);
        }
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey privateKey = KeyFactory.getInstance(publicKey.getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
        if (!belongTogether(publicKey, privateKey)) {
            throw new GeneralSecurityException("the key does not belong to the certificate");
        }
        return new Identity(privateKey, chain);
    }

    private static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (publicKey.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> publicKey.getAlgorithm();
                });
        signature.initSign(privateKey);
        signature.update(WORDS);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(WORDS);
        return signature.verify(signed);
    }
}
