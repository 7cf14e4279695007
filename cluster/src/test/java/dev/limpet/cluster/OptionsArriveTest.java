package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.cluster.config.OptionKey;
import dev.limpet.cluster.config.Setting;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Issue 7, item 18. The kind: what an operator may say is taken, and has no effect. Each option,
 * set beside its default, reaches exactly the places named here, and whatever bounds something is
 * either within an operator's reach or named here as fixed.
 */
class OptionsArriveTest {
  private static final String BROKER = "built.broker.";
  private static final String CONNECTION = BROKER + "connection.";
  private static final String SESSION = CONNECTION + "session.";
  private static final String PACKETS = CONNECTION + "packets.";
  private static final String PROTOCOL = CONNECTION + "protocol.";
  private static final String NODE = BROKER + "node.";
  private static final String STORE = "built.store.";

  private static final BuiltOptions DEFAULT = BuiltOptions.of();

  /** What no option changes, for it belongs to how a node works and not to what it is asked for. */
  private static final Set<String> FIXED =
      Set.of(
          "built.broker.connection.takeover.lastWordsMillisMax",
          "built.broker.connection.writeBufferBytesMax",
          "built.broker.stopMillisMax",
          "built.cluster.audit.momentMillis",
          "built.cluster.audit.periodMillis",
          "built.cluster.member.heartbeatSeconds",
          "built.cluster.member.leaveSecondsMax",
          "built.cluster.member.partitionCount",
          "built.cluster.peers.connectMillisMax",
          "built.cluster.peers.requestMillisMax",
          "built.cluster.peers.retryMillisMax",
          "built.cluster.wallMillis", // embedded clusters only
          "built.store.calls.attemptsMax",
          "built.store.calls.batchBytesMax",
          "built.store.calls.batchWritesMax",
          "built.store.calls.pendingBytesMax",
          "built.store.retained.searchesMax",
          "built.store.calls.retryBackoffMillis",
          "frontend.backend.failuresMax",
          "frontend.backend.retryMillis",
          "frontend.placement.retryMillis",
          "frontend.placement.waitMillis",
          "frontend.relay.connectTimeoutMillis",
          "frontend.relay.lingerMillis",
          "frontend.relay.queueBytesMax",
          "frontend.relay.stallMillis");

  /** A value beside the default, and where it arrives. */
  private record Row(String value, Set<String> places) {}

  private static final Map<OptionKey, Row> ROWS = new EnumMap<>(OptionKey.class);

  private static void row(OptionKey key, String value, String... places) {
    ROWS.put(key, new Row(value, Set.of(places)));
  }

  static {
    node();
    packets();
    clients();
    store();
  }

  private static void node() {
    row(OptionKey.NAME, "other", "node.name", "built.name");
    row(OptionKey.BIND, "localhost", bindPlaces());
    row(OptionKey.MQTT, "1999", "built.listeners", "listener.name");
    row(OptionKey.DIRECT, "1999", "built.listeners"); // beside the first listener
    row(
        OptionKey.LISTENER,
        "mqtt://127.0.0.1:1999?mode=direct",
        "built.listeners",
        "listener.name");
    row(OptionKey.HTTP, "1999", "node.httpPort");
    row(OptionKey.CLUSTER, "1999", "node.cluster.port", "built.cluster.member.port");
    row(OptionKey.JOIN, "localhost:1", "node.cluster.join", "built.cluster.member.join");
    row(OptionKey.CLUSTER_NAME, "x", "node.cluster.name", "built.cluster.member.clusterName");
    row(OptionKey.SPLIT, "available", "node.cluster.split", "built.cluster.split");
    row(
        OptionKey.DETECTION_MILLIS,
        "7000",
        "node.cluster.detectionMillis",
        "built.cluster.member.silenceSecondsMax");
    row(
        OptionKey.WITNESS,
        "true",
        "node.cluster.witness",
        "built.cluster.witness",
        "built.listeners");
    row(OptionKey.DATA, "target", "node.log.dataDir");
    row(OptionKey.ALLOW_ANONYMOUS, "true", "node.access.allowAnonymous");
    row(OptionKey.PASSWORD_FILE, "users", "node.access.passwords");
    row(OptionKey.ACL_FILE, "rules", "node.access.rules");
    row(OptionKey.ACL_SUBSCRIBE, "covered", "node.access.subscriptions");
    row(OptionKey.LANES, "7", "node.serving.lanes");
    row(OptionKey.LOG_CONNECTIONS, "off", BROKER + "logsConnections");
    row(OptionKey.LOG_LEVEL, "debug", "node.log.level");
    row(OptionKey.SYS_INTERVAL, "7", BROKER + "sysIntervalSeconds");
    row(OptionKey.SHARE_STRATEGY, "random", BROKER + "shareStrategy");
    row(OptionKey.MEMORY_CEILING, "70%", NODE + "memoryCeilingBytes");
  }

  private static String[] bindPlaces() {
    return new String[] {
      "node.bind", "built.cluster.member.bindHost", "built.listeners", "listener.name"
    };
  }

  private static void packets() {
    row(OptionKey.KEEP_ALIVE_COUNTS, "packets", CONNECTION + "protocol.keepAliveCountsBytes");
    row(
        OptionKey.MAX_PACKET_BYTES,
        "100000000",
        CONNECTION + "packetBytesMax",
        "built.cluster.peers.frameBytesMax",
        "built.cluster.peers.linkBytesMax");
    row(
        OptionKey.CONNECT_MILLIS_MAX,
        "777",
        CONNECTION + "connectTimeoutMillis",
        "frontend.handshake.connectTimeoutMillis",
        "listener.limits.handshakeMillisMax");
    row(
        OptionKey.CONNECT_BYTES_MAX,
        "7777",
        PACKETS + "connectBytesMax",
        "frontend.handshake.connectBytesMax");
    row(
        OptionKey.HANDSHAKES_MAX,
        "700",
        "frontend.handshake.handshakesMax",
        "listener.limits.handshakesMax",
        "listener.limits.handshakesPerAddressMax");
    row(OptionKey.HANDSHAKES_PER_ADDRESS_MAX, "7", "listener.limits.handshakesPerAddressMax");
    row(OptionKey.HANDSHAKE_BYTES_MAX, "7777777", "frontend.handshake.handshakeBytesMax");
    row(OptionKey.TAKEOVER_PAUSE_MAX, "777", CONNECTION + "takeover.pauseMillisMax");
    row(OptionKey.CLIENT_ID_BYTES_MAX, "77", PACKETS + "clientIdBytesMax");
    row(OptionKey.TOPIC_BYTES_MAX, "77", PACKETS + "topicBytesMax");
    row(OptionKey.TOPIC_LEVELS_MAX, "7", PACKETS + "topicLevelsMax");
    row(OptionKey.FILTERS_PER_PACKET_MAX, "7", PACKETS + "filtersPerPacketMax");
    row(OptionKey.TOPIC_ALIASES_MAX, "7", CONNECTION + "topicAliasMaximum");
    row(OptionKey.TOPIC_ALIASES_OUT, "7", PROTOCOL + "topicAliasesOutMax");
    row(OptionKey.REASON_STRINGS, "off", PROTOCOL + "reasonStrings");
    row(OptionKey.RESPONSE_INFORMATION, "a/", PROTOCOL + "responseInformation");
    row(OptionKey.SERVER_REFERENCE, "b", PROTOCOL + "serverReference");
    row(OptionKey.MAX_KEEP_ALIVE, "77", PROTOCOL + "keepAliveSecondsMax");
  }

  private static void clients() {
    row(OptionKey.RECEIVE_MAXIMUM, "7", SESSION + "receiveMaximum");
    row(OptionKey.SEND_MAX, "7", SESSION + "sendMaximum");
    row(OptionKey.SEND_QUEUE_MESSAGES_MAX, "7", SESSION + "sendQueueMessagesMax");
    row(OptionKey.SEND_QUEUE_BYTES_MAX, "7", SESSION + "sendQueueBytesMax");
    row(OptionKey.SUBSCRIPTIONS_MAX, "7", SESSION + "subscriptionsMax");
    row(OptionKey.NODE_SEND_QUEUE_MESSAGES_MAX, "7", NODE + "sendQueueMessagesMax");
    row(OptionKey.NODE_SEND_QUEUE_BYTES_MAX, "7", NODE + "sendQueueBytesMax");
    row(OptionKey.NODE_SOCKET_BYTES_MAX, "7", NODE + "socketBytesMax");
    row(OptionKey.SESSIONS_MAX, "7", NODE + "sessionsMax");
  }

  private static void store() {
    row(
        OptionKey.INBOX_MESSAGES_MAX,
        "7",
        BROKER + "inbox.inboxMessagesMax",
        STORE + "inbox.inboxMessagesMax");
    row(
        OptionKey.INBOX_BYTES_MAX,
        "7",
        BROKER + "inbox.inboxBytesMax",
        STORE + "inbox.inboxBytesMax");
    row(
        OptionKey.NODE_INBOX_MESSAGES_MAX,
        "7",
        NODE + "inboxMessagesMax",
        STORE + "nodeInboxMessagesMax");
    row(OptionKey.NODE_INBOX_BYTES_MAX, "7", NODE + "inboxBytesMax", STORE + "nodeInboxBytesMax");
    row(OptionKey.RETAINED_MAX, "7", BROKER + "retainedMax", STORE + "retained.topicsMax");
    row(OptionKey.RETAINED_BYTES_MAX, "7", NODE + "retainedBytesMax", STORE + "retained.bytesMax");
  }

  private static BuiltOptions with(OptionKey key, String value) {
    return BuiltOptions.of(Setting.ofFlag(key, List.of(value)));
  }

  @ParameterizedTest
  @EnumSource(OptionKey.class)
  void every_option_reaches_its_place(OptionKey key) {
    Row row = ROWS.get(key);
    assertThat(row).as("a value and the places of %s, in this test", key.flag()).isNotNull();
    Set<String> changed = with(key, row.value).changedFrom(DEFAULT);
    assertThat(changed).containsExactlyInAnyOrderElementsOf(row.places);
  }

  @ParameterizedTest
  @CsvSource({
    "max-connections=300000, listener.limits.connectionsMax, frontend.connectionsMax, 300000",
    "connect-rate=7, listener.limits.connectsPerSecondMax,, 7",
    "proxy=required&trusted=127.0.0.1/8, listener.proxy.trusted,, dev.limpet.cluster.ListenerFactory"
  })
  void every_word_of_a_listener_reaches_its_place(
      String word, String place, String second, String value) {
    BuiltOptions built = with(OptionKey.LISTENER, "mqtt://127.0.0.1:1883?" + word);
    assertThat(built.values()).containsEntry(place, value);
    if (second != null) {
      assertThat(built.values()).containsEntry(second, value);
    }
  }

  @Test
  void whatever_no_option_changes_is_known_to_be_fixed() {
    Set<String> unchanged = new TreeSet<>(DEFAULT.values().keySet());
    ROWS.values().forEach(row -> unchanged.removeAll(row.places));
    unchanged.removeIf(path -> path.startsWith("built.guards") || path.startsWith("listener."));
    unchanged.remove("frontend.connectionsMax"); // by the word of a listener, above
    assertThat(unchanged).containsExactlyInAnyOrderElementsOf(FIXED);
  }
}
