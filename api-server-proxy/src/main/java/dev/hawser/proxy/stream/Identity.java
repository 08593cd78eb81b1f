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
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/**
 * A certificate with its issuers, and the key that belongs to it: tried, because two files may be replaced one after the
 * other, and TLS would notice only when a client comes.
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
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
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey privateKey = key(key, publicKey.getAlgorithm());
        if (!belongTogether(publicKey, privateKey)) {
            throw new GeneralSecurityException("the key does not belong to the certificate");
        }
        return new Identity(privateKey, chain);
    }

    /** The first key of a file: as PKCS 8, or as PKCS 1 and SEC 1, which is what certificate managers write by default. */
    private static PrivateKey key(Path file, String algorithm) throws IOException, GeneralSecurityException {
        try (PEMParser pem = new PEMParser(Files.newBufferedReader(file))) {
            for (Object part = pem.readObject(); part != null; part = pem.readObject()) {
                PrivateKeyInfo key = part instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : null;
                key = part instanceof PrivateKeyInfo alone ? alone : key;
                if (key != null) {
                    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
                }
            }
        }
        throw new GeneralSecurityException("there is no key without a password in " + file);
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
