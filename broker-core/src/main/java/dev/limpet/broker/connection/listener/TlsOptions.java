package dev.limpet.broker.connection.listener;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names the certificates of a listener. Immutable.
 *
 * @param identities at least one; the first is for clients that name no host or an unknown one
 * @param clientCa authorities whose certificates every client must prove, PEM; null to ask for none
 */
public record TlsOptions(List<Identity> identities, @Nullable Path clientCa) {

  /**
   * A certificate and its key. Immutable.
   *
   * @param certificate chain in PEM, the server's own first
   * @param key unencrypted in PEM: PKCS#8, PKCS#1 (RSA) or SEC1 (EC)
   */
  public record Identity(Path certificate, Path key) {}

  public TlsOptions {
    identities = List.copyOf(identities);
    if (identities.isEmpty()) {
      throw new IllegalArgumentException("TLS needs a certificate");
    }
  }

  List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Identity identity : identities) {
      files.add(identity.certificate());
      files.add(identity.key());
    }
    if (clientCa != null) {
      files.add(clientCa);
    }
    return files;
  }
}
