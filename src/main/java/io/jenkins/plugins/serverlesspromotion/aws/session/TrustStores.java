package io.jenkins.plugins.serverlesspromotion.aws.session;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import software.amazon.awssdk.http.TlsTrustManagersProvider;

/** The trusted certificates: those of this JVM, and the authorities that the settings add. */
public final class TrustStores {
    private TrustStores() {}

    /**
     * @param authorities certificates in PEM that the settings add; null: none
     * @return null: this JVM's own trust store is used
     * @throws IllegalArgumentException when {@code authorities} contains no certificate
     */
    public static TlsTrustManagersProvider of(String authorities) {
        if (authorities == null) {
            return null;
        }
        TrustManager[] managers = managers(certificates(authorities));
        return () -> managers;
    }

    /**
     * @param pem one or more certificates in PEM; text between them is ignored
     * @throws IllegalArgumentException when there is none, or one is damaged
     */
    static Collection<? extends Certificate> certificates(String pem) {
        if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
            throw new IllegalArgumentException(
                    "holds no certificate; it must be PEM, with lines -----BEGIN CERTIFICATE-----");
        }
        // Many bundles have the name of each certificate in a line before it.
        String blocks = pem.replaceAll("(?s)\\A.*?(?=-----BEGIN CERTIFICATE-----)", "")
                .replaceAll("(?s)(-----END CERTIFICATE-----).*?(?=-----BEGIN CERTIFICATE-----|\\z)", "$1\n");
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(blocks.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("is no certificate in PEM: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] managers(Collection<? extends Certificate> added) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (TrustManager manager : factory(null).getTrustManagers()) {
                if (manager instanceof X509TrustManager known) {
                    for (X509Certificate issuer : known.getAcceptedIssuers()) {
                        store.setCertificateEntry("jvm-" + ++number, issuer);
                    }
                }
            }
            for (Certificate certificate : added) {
                store.setCertificateEntry("added-" + ++number, certificate);
            }
            return factory(store).getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the trust store of this JVM cannot be read: " + e.getMessage(), e);
        }
    }

    /** @param store null: the JVM's */
    private static TrustManagerFactory factory(KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
