// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import dev.hawser.lab.LabException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;
import org.jspecify.annotations.Nullable;

/**
 * The certificate authority of a laboratory cluster with what its API server needs; everything ECDSA on P-256.
 *
 * <p>Lives in memory and for a day: a laboratory never keeps a cluster.
 */
public final class ClusterPki {
    private static final List<String> SERVICE_NAMES = List.of(
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
            "localhost",
            "127.0.0.1");
    private static final Duration VALIDITY = Duration.ofDays(1);
    // Room for the clocks of machines that are compared with each other.
    private static final Duration BACKDATED = Duration.ofMinutes(5);
    private static final int P256_BITS = 256;

    private final SecureRandom random = new SecureRandom();
    private final X500Name authorityName = name("hawser-lab-ca");
    private final KeyPair authority = keyPair();
    private final KeyPair serviceAccounts = keyPair();
    private final String caCertificate;
    private final Credential server;
    private final Credential admin;

    /**
     * Makes a new authority and issues the certificates of the cluster.
     *
     * @param hosts addresses and names under which the API server is reached, besides its Service and loopback
     */
    public ClusterPki(Collection<String> hosts) {
        this.caCertificate = authorityCertificate();
        List<String> names = new ArrayList<>(SERVICE_NAMES);
        names.addAll(hosts);
        this.server = server("kube-apiserver", names);
        this.admin = client("hawser-lab-admin", "system:masters");
    }

    /** The certificate of the authority, as PEM. */
    public String caCertificate() {
        return caCertificate;
    }

    /** What the API server shows its callers. */
    public Credential server() {
        return server;
    }

    /** A client that may do everything. */
    public Credential admin() {
        return admin;
    }

    /** The private key that signs tokens of ServiceAccounts, as PEM. */
    public String serviceAccountKey() {
        return privateKey(serviceAccounts);
    }

    /** The public key that verifies tokens of ServiceAccounts, as PEM. */
    public String serviceAccountPublicKey() {
        return pem("PUBLIC KEY", serviceAccounts.getPublic().getEncoded());
    }

    /** A client certificate: Kubernetes takes the common name as user and the organisations as groups. */
    public Credential client(String user, String... groups) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        for (String group : groups) {
            subject.addRDN(BCStyle.O, group);
        }
        subject.addRDN(BCStyle.CN, user);
        return issue(subject.build(), KeyPurposeId.id_kp_clientAuth, null);
    }

    /** A certificate for what listens under the given addresses and names. */
    public Credential server(String commonName, Collection<String> hosts) {
        GeneralName[] names = hosts.stream()
                .distinct()
                .map(host ->
                        new GeneralName(IPAddress.isValid(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new);
        return issue(name(commonName), KeyPurposeId.id_kp_serverAuth, new GeneralNames(names));
    }

    private Credential issue(X500Name subject, KeyPurposeId purpose, @Nullable GeneralNames names) {
        KeyPair pair = keyPair();
        try {
            X509v3CertificateBuilder builder = builder(subject, pair.getPublic());
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            if (names != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, names);
            }
            return new Credential(sign(builder), privateKey(pair));
        } catch (IOException | OperatorCreationException e) {
            throw new LabException("no certificate for " + subject, e);
        }
    }

    private String authorityCertificate() {
        try {
            X509v3CertificateBuilder builder = builder(authorityName, authority.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign));
            return sign(builder);
        } catch (IOException | OperatorCreationException e) {
            throw new LabException("no certificate for " + authorityName, e);
        }
    }

    private X509v3CertificateBuilder builder(X500Name subject, PublicKey key) {
        Instant from = Instant.now().minus(BACKDATED);
        return new JcaX509v3CertificateBuilder(
                authorityName,
                new BigInteger(Long.SIZE, random),
                Date.from(from),
                Date.from(from.plus(VALIDITY)),
                subject,
                key);
    }

    private String sign(X509v3CertificateBuilder builder) throws IOException, OperatorCreationException {
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate());
        return pem("CERTIFICATE", builder.build(signer).getEncoded());
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new LabException("this JDK makes no P-256 keys; is the module jdk.crypto.ec missing?", e);
        }
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    /** RFC 5915: unlike PKCS #8, its PEM label tells the Fabric8 client that this is not an RSA key. */
    private static String privateKey(KeyPair pair) {
        BigInteger secret = ((ECPrivateKey) pair.getPrivate()).getS();
        ASN1BitString point =
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()).getPublicKeyData();
        try {
            return pem(
                    "EC PRIVATE KEY",
                    new org.bouncycastle.asn1.sec.ECPrivateKey(P256_BITS, secret, point, X9ObjectIdentifiers.prime256v1)
                            .getEncoded());
        } catch (IOException e) {
            throw new LabException("a private key cannot be encoded", e);
        }
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
