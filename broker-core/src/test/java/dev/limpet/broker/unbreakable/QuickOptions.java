package dev.limpet.broker.unbreakable;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.connection.ConnectionOptions;

/** The default options but for their patience. Stateless. */
final class QuickOptions {
  private QuickOptions() {}

  /** What waits for a client or a plug-in waits no longer than that. */
  static BrokerOptions connectTimeout(int millis) {
    ConnectionOptions defaults = ConnectionOptions.DEFAULTS;
    return new BrokerOptions(
        new ConnectionOptions(
            defaults.packetBytesMax(),
            millis,
            defaults.topicAliasMaximum(),
            defaults.writeBufferBytesMax(),
            defaults.session()),
        BrokerOptions.DEFAULTS.inbox(),
        BrokerOptions.DEFAULTS.retainedMax(),
        BrokerOptions.DEFAULTS.stopMillisMax());
  }
}
