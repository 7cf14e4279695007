package dev.limpet.broker.unbreakable;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.connection.ConnectionOptions;

/** The default options but for their timeout. Stateless. */
final class QuickOptions {
  private QuickOptions() {}

  /** What waits for a client or a plug-in waits no longer than that. */
  static BrokerOptions connectTimeout(int millis) {
    return BrokerOptions.builder()
        .connection(ConnectionOptions.builder().connectTimeoutMillis(millis).build())
        .build();
  }
}
