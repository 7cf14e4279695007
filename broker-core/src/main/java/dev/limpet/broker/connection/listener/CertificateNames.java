package dev.limpet.broker.connection.listener;

import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.ReadableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** Reads the names in certificates. Stateless. */
final class CertificateNames {
  private static final int DNS_NAME = 2;

  private CertificateNames() {}

  /** The host names that the first certificate of a PEM file is for, in lower case. */
  static List<String> hosts(Path file) throws IOException {
    ReadableFile.require(file);
    try (InputStream in = Files.newInputStream(file)) {
      return hosts(
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
    } catch (CertificateException e) {
      throw new FileProblemException(file + " holds no certificate in PEM: " + e.getMessage(), e);
    }
  }

  private static List<String> hosts(X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    List<String> hosts = new ArrayList<>();
    for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
      if (each.get(0).equals(DNS_NAME)) {
        hosts.add(String.valueOf(each.get(1)).toLowerCase(Locale.ROOT));
      }
    }
    return List.copyOf(hosts);
  }

  /** The common name of a certificate's subject; null when it has none. */
  static @Nullable String commonName(X509Certificate certificate) {
    try {
      // RFC 2253 turns the order round: the last is the most general.
      List<Rdn> rdns = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
      for (int i = rdns.size() - 1; i >= 0; i--) {
        Rdn rdn = rdns.get(i);
        if (rdn.getType().equalsIgnoreCase("CN") && rdn.getValue() instanceof String name) {
          return name.isBlank() ? null : name;
        }
      }
      return null;
    } catch (InvalidNameException e) {
      return null;
    }
  }
}
