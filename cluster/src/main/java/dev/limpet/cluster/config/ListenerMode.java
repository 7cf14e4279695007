package dev.limpet.cluster.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Selects how a listener treats a client whose home is another node. */
public enum ListenerMode {
  /** Reads CONNECT and relays the client to its home; at home the broker takes over the socket. */
  STICKY,
  /** Serves every client on this node, taking its session over if it lives elsewhere. */
  DIRECT;

  /** As written in a listener URI. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static String allWords() {
    return Arrays.stream(values()).map(ListenerMode::word).collect(Collectors.joining(" or "));
  }
}
