package dev.limpet.cluster.config;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.NodeLimits;
import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.ProtocolOptions;
import dev.limpet.broker.connection.codec.PacketLimits;
import dev.limpet.broker.routing.share.ShareStrategy;
import dev.limpet.broker.session.SessionLimits;
import dev.limpet.broker.spi.durable.InboxLimits;
import org.jspecify.annotations.Nullable;

/** Reads the limits of the broker. Stateless. */
final class BrokerLimits {

  /** The largest packet its length field can express, header included. */
  private static final int PACKET_BYTES_MAX = 268_435_460;

  /** A CONNECT without client id, user and will. */
  private static final int PACKET_BYTES_MIN = 64;

  /** Two bytes on the wire. */
  private static final int PACKET_IDS = 65_535;

  /** Above the packet ids an inbox could not be read to its end. */
  private static final int INBOX_MAX = 60_000;

  private BrokerLimits() {}

  static BrokerOptions read(Settings settings) {
    return BrokerOptions.builder()
        .connection(connection(settings))
        .inbox(
            new InboxLimits(
                settings.count(OptionKey.INBOX_MESSAGES_MAX, 1, INBOX_MAX),
                settings.number(OptionKey.INBOX_BYTES_MAX, 1, Long.MAX_VALUE).orElseThrow()))
        .node(node(settings))
        .retainedMax(settings.count(OptionKey.RETAINED_MAX, 0, Integer.MAX_VALUE))
        .shareStrategy(shareStrategy(settings))
        .sysIntervalSeconds(settings.count(OptionKey.SYS_INTERVAL, 0, 86_400))
        .logsConnections(isOn(settings, OptionKey.LOG_CONNECTIONS))
        .build();
  }

  private static ShareStrategy shareStrategy(Settings settings) {
    String word = settings.text(OptionKey.SHARE_STRATEGY).orElseThrow();
    return ShareStrategy.of(word)
        .orElseThrow(
            () ->
                new ConfigException(
                    settings.where(OptionKey.SHARE_STRATEGY)
                        + " is '"
                        + word
                        + "': write one of "
                        + String.join(", ", ShareStrategy.words())));
  }

  private static ConnectionOptions connection(Settings settings) {
    return ConnectionOptions.builder()
        .packetBytesMax(
            settings.count(OptionKey.MAX_PACKET_BYTES, PACKET_BYTES_MIN, PACKET_BYTES_MAX))
        .connectTimeoutMillis(settings.count(OptionKey.CONNECT_MILLIS_MAX, 1, Integer.MAX_VALUE))
        .topicAliasMaximum(settings.count(OptionKey.TOPIC_ALIASES_MAX, 0, PACKET_IDS))
        .session(session(settings))
        .packets(packets(settings))
        .protocol(protocol(settings))
        .takeoverPauseMillisMax(settings.count(OptionKey.TAKEOVER_PAUSE_MAX, 0, 60_000))
        .build();
  }

  private static PacketLimits packets(Settings settings) {
    return PacketLimits.builder()
        .connectBytesMax(
            settings.count(OptionKey.CONNECT_BYTES_MAX, PACKET_BYTES_MIN, PACKET_BYTES_MAX))
        .clientIdBytesMax(
            settings.count(
                OptionKey.CLIENT_ID_BYTES_MAX,
                PacketLimits.CLIENT_ID_BYTES_MIN,
                PacketLimits.STRING_BYTES_MAX))
        .topicBytesMax(settings.count(OptionKey.TOPIC_BYTES_MAX, 1, PacketLimits.STRING_BYTES_MAX))
        .topicLevelsMax(
            settings.count(OptionKey.TOPIC_LEVELS_MAX, 1, PacketLimits.STRING_BYTES_MAX))
        .filtersPerPacketMax(settings.count(OptionKey.FILTERS_PER_PACKET_MAX, 1, Integer.MAX_VALUE))
        .build();
  }

  private static NodeLimits node(Settings settings) {
    return NodeLimits.builder()
        .sessionsMax(settings.count(OptionKey.SESSIONS_MAX, 0, Integer.MAX_VALUE))
        .sendQueueMessagesMax(
            settings
                .number(OptionKey.NODE_SEND_QUEUE_MESSAGES_MAX, 1, Long.MAX_VALUE)
                .orElseThrow())
        .sendQueueBytesMax(settings.heapShare(OptionKey.NODE_SEND_QUEUE_BYTES_MAX))
        .socketBytesMax(settings.heapShare(OptionKey.NODE_SOCKET_BYTES_MAX))
        .inboxMessagesMax(
            settings.number(OptionKey.NODE_INBOX_MESSAGES_MAX, 1, Long.MAX_VALUE).orElseThrow())
        .inboxBytesMax(settings.heapShare(OptionKey.NODE_INBOX_BYTES_MAX))
        .retainedBytesMax(settings.heapShare(OptionKey.RETAINED_BYTES_MAX))
        .memoryCeilingBytes(settings.heapShare(OptionKey.MEMORY_CEILING))
        .build();
  }

  private static ProtocolOptions protocol(Settings settings) {
    String information = settings.text(OptionKey.RESPONSE_INFORMATION).orElse(null);
    if (information != null && !information.matches("[^+#\\x00]+")) {
      throw new ConfigException(
          settings.where(OptionKey.RESPONSE_INFORMATION)
              + " is '"
              + information
              + "': write the beginning of a topic, without + and #");
    }
    return ProtocolOptions.builder()
        .keepAliveSecondsMax(
            settings.count(OptionKey.MAX_KEEP_ALIVE, 1, ProtocolOptions.KEEP_ALIVE_UNLIMITED))
        .keepAliveCountsBytes(keepAliveCountsBytes(settings))
        .topicAliasesOutMax(settings.count(OptionKey.TOPIC_ALIASES_OUT, 0, PACKET_IDS))
        .reasonStrings(isOn(settings, OptionKey.REASON_STRINGS))
        .responseInformation(information)
        .serverReference(serverReference(settings))
        .build();
  }

  private static boolean keepAliveCountsBytes(Settings settings) {
    String word = settings.text(OptionKey.KEEP_ALIVE_COUNTS).orElseThrow();
    if (!word.equals("bytes") && !word.equals("packets")) {
      throw new ConfigException(
          settings.where(OptionKey.KEEP_ALIVE_COUNTS)
              + " is '"
              + word
              + "': write bytes or packets");
    }
    return word.equals("bytes");
  }

  private static @Nullable String serverReference(Settings settings) {
    String reference = settings.text(OptionKey.SERVER_REFERENCE).orElse(null);
    if (reference != null && reference.isBlank()) {
      throw new ConfigException(
          settings.where(OptionKey.SERVER_REFERENCE)
              + " is empty: write the address of another server, or leave it out");
    }
    return reference;
  }

  private static boolean isOn(Settings settings, OptionKey key) {
    String word = settings.text(key).orElseThrow();
    if (!word.equals("on") && !word.equals("off")) {
      throw new ConfigException(settings.where(key) + " is '" + word + "': write on or off");
    }
    return word.equals("on");
  }

  private static SessionLimits session(Settings settings) {
    return SessionLimits.builder()
        .sendQueueMessagesMax(
            settings.count(OptionKey.SEND_QUEUE_MESSAGES_MAX, 1, Integer.MAX_VALUE))
        .sendQueueBytesMax(
            settings.number(OptionKey.SEND_QUEUE_BYTES_MAX, 1, Long.MAX_VALUE).orElseThrow())
        .receiveMaximum(settings.count(OptionKey.RECEIVE_MAXIMUM, 1, PACKET_IDS))
        .sendMaximum(settings.count(OptionKey.SEND_MAX, 1, PACKET_IDS))
        .subscriptionsMax(settings.count(OptionKey.SUBSCRIPTIONS_MAX, 1, Integer.MAX_VALUE))
        .build();
  }
}
