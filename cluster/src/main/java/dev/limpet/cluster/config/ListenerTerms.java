package dev.limpet.cluster.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Holds the requirements of one listener on its clients. Immutable.
 *
 * @param trusted ranges of addresses that have to begin with a PROXY header; empty for no header
 * @param certificates each with its key, the usual one first; empty without TLS
 * @param clientCa authorities of the certificates that clients have to prove
 * @param connectionsMax empty for the usual bound
 * @param connectsPerSecondMax empty for no bound
 * @param access which clients are admitted and what they may do
 */
public record ListenerTerms(
    List<String> trusted,
    List<Certificate> certificates,
    Optional<Path> clientCa,
    OptionalInt connectionsMax,
    OptionalInt connectsPerSecondMax,
    ListenerAccess access) {

  /** A listener that asks nothing. */
  public static final ListenerTerms NONE =
      new ListenerTerms(
          List.of(), List.of(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty());

  /** PEM files. */
  public record Certificate(Path chain, Path key) {}

  /** With the node's access. */
  public ListenerTerms(
      List<String> trusted,
      List<Certificate> certificates,
      Optional<Path> clientCa,
      OptionalInt connectionsMax,
      OptionalInt connectsPerSecondMax) {
    this(
        trusted,
        certificates,
        clientCa,
        connectionsMax,
        connectsPerSecondMax,
        ListenerAccess.OF_NODE);
  }

  public ListenerTerms {
    trusted = List.copyOf(trusted);
    certificates = List.copyOf(certificates);
  }

  /** Whether each connection has to begin with a PROXY header. */
  public boolean isBehindProxy() {
    return !trusted.isEmpty();
  }

  /** The parameters of a URI that say so, each behind an ampersand. */
  String parameters() {
    StringBuilder text = new StringBuilder();
    if (isBehindProxy()) {
      text.append("&proxy=required&trusted=").append(String.join(",", trusted));
    }
    connectionsMax.ifPresent(max -> text.append("&max-connections=").append(max));
    connectsPerSecondMax.ifPresent(max -> text.append("&connect-rate=").append(max));
    for (Certificate certificate : certificates) {
      text.append("&cert=").append(ListenerAccess.encoded(certificate.chain()));
      text.append("&key=").append(ListenerAccess.encoded(certificate.key()));
    }
    clientCa.ifPresent(file -> text.append("&client-ca=").append(ListenerAccess.encoded(file)));
    return text.append(access.parameters()).toString();
  }
}
