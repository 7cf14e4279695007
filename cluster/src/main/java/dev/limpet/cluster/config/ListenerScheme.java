package dev.limpet.cluster.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Names the transports of MQTT. */
public enum ListenerScheme {
  /** TCP. */
  MQTT,
  /** TLS. */
  MQTTS,
  /** WebSocket frames. */
  WS,
  /** WebSocket frames in TLS. */
  WSS;

  /** As written in a listener URI. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean isTls() {
    return this == MQTTS || this == WSS;
  }

  public boolean isWebSocket() {
    return this == WS || this == WSS;
  }

  static Optional<ListenerScheme> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equalsIgnoreCase(word)).findFirst();
  }
}
