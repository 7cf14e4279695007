package dev.limpet.cluster.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Configures which clients one listener admits and what they may do, where that differs from the
 * node. Immutable.
 *
 * @param passwords users and their passwords; empty for the node's
 * @param rules empty for the node's
 * @param anonymous whether anonymous clients are admitted; empty for the node's setting, or for no
 *     if it has its own passwords
 */
public record ListenerAccess(
    Optional<Path> passwords, Optional<Path> rules, Optional<Boolean> anonymous) {

  /** As at the node. */
  public static final ListenerAccess OF_NODE =
      new ListenerAccess(Optional.empty(), Optional.empty(), Optional.empty());

  /** Whether it is as at the node. */
  public boolean isNodes() {
    return equals(OF_NODE);
  }

  /**
   * The same on every node where a listener has the same access, so that a client that is brought
   * home from here meets the same guards there.
   */
  public String name() {
    return parameters();
  }

  /** The parameters of a URI that say so, each behind an ampersand. */
  String parameters() {
    StringBuilder text = new StringBuilder();
    passwords.ifPresent(file -> text.append("&password-file=").append(encoded(file)));
    rules.ifPresent(file -> text.append("&acl-file=").append(encoded(file)));
    anonymous.ifPresent(value -> text.append("&anonymous=").append(value));
    return text.toString();
  }

  static String encoded(Path file) {
    return URLEncoder.encode(file.toString(), StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2F", "/");
  }
}
