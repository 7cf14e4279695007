package dev.limpet.cluster.config;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.NodeLimits;
import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.routing.share.ShareStrategy;
import dev.limpet.broker.session.SessionLimits;
import dev.limpet.broker.spi.durable.InboxLimits;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists every option of a node: the one table behind its flag ({@code --data}), its environment
 * variable ({@code LIMPET_DATA}), its key in the YAML file ({@code data}) and its documentation.
 * Immutable.
 */
public enum OptionKey {
  NAME(
      "NAME",
      null,
      "this machine's host name",
      "Name of the node, unique in the cluster; status and client listings show it."),
  BIND(
      "ADDR",
      "127.0.0.1",
      null,
      "Address that every port of the node listens on. On any address but loopback the node"
          + " starts only with --password-file or --allow-anonymous."),
  MQTT(
      "PORT",
      null,
      "1883, unless a listener is given",
      "TCP port of the sticky listener, which brings each client to its home (0 = any free port)."),
  DIRECT(
      "PORT",
      null,
      "none",
      "TCP port of the direct listener, which serves clients where they connect (0 = any free"
          + " port)."),
  LISTENER(
      "URI",
      null,
      "none",
      "Listener as a URI, repeatable; the general form of --mqtt and --direct:"
          + " mqtt://HOST:PORT?mode=sticky or mode=direct, likewise mqtts, ws"
          + " (ws://HOST:PORT/PATH) and wss. Parameters: proxy=required with trusted=CIDR,CIDR;"
          + " max-connections (default 200000); connect-rate (connections a second, unlimited by"
          + " default); for TLS cert and key (PEM, repeatable, reread when they change) and"
          + " client-ca, which makes the common name of the client's certificate its user name."
          + " password-file, acl-file and anonymous=true or false replace the node's settings"
          + " for clients of this listener; set them alike on all nodes. In a file, 'listeners'"
          + " is a list of such URIs, or of entries with an address and these as keys."),
  HTTP(
      "PORT",
      "8081",
      null,
      "TCP port for health checks, metrics and the HTTP API (0 = any free port)."),
  CLUSTER(
      "PORT", "5701", null, "TCP port on which the nodes find each other and share their data."),
  JOIN(
      "HOST:PORT",
      null,
      "none (a cluster of its own)",
      "Cluster ports of the nodes to join, separated by commas. A node whose own address is in"
          + " the list may found the cluster; any other ends after 20 seconds without an answer."),
  CLUSTER_NAME("NAME", "limpet", null, "Name of the cluster; nodes with another name cannot join."),
  SPLIT(
      "consistent|available",
      "consistent",
      null,
      "What a node does that sees no majority of the nodes that were together last. consistent: it"
          + " closes its clients and refuses others. available: it goes on serving."),
  DETECTION_MILLIS(
      "MILLIS",
      "5000",
      null,
      "After so much silence a node counts as gone; in whole seconds, from 3000 to 60000."),
  WITNESS(
      null,
      "false",
      null,
      "Only vote on who serves in a split: hold no data and serve no clients. Makes two a pair."),
  DATA(
      "DIR",
      null,
      "none (nothing is written)",
      "Directory for the log file (limpet.log, at most 6 files of 10 MiB); holds no messages."),
  ALLOW_ANONYMOUS(
      null,
      "false",
      null,
      "Admit clients without credentials, on any address; with a password file, clients without a"
          + " user name."),
  PASSWORD_FILE(
      "FILE",
      null,
      "none (no password is checked)",
      "Users and password hashes, as 'limpet passwd' writes them; reread when the file changes."),
  ACL_FILE(
      "FILE",
      null,
      "none (everything is allowed)",
      "Access rules in mosquitto's format, with %c and %u in patterns; what no rule allows is"
          + " denied. Reread when the file changes."),
  ACL_SUBSCRIBE(
      "filtered|covered",
      "filtered",
      null,
      "How the access rules apply to a subscription. filtered, as in mosquitto: every"
          + " subscription is granted, and the client gets only what it may read; what it may"
          + " not read takes room in the inbox of an offline session until then. A client whose"
          + " rules change stays connected. covered: a filter that no single rule covers is"
          + " refused (0x87), and a client whose rules no longer cover one is disconnected; use"
          + " it to close share groups to clients that may not read them."),
  MAX_PACKET_BYTES(
      "BYTES",
      String.valueOf(Limits.CONNECTION.packetBytesMax()),
      null,
      "Largest packet a client may send, in bytes. MQTT 5 clients learn it from CONNACK; a client"
          + " that sends a larger packet is disconnected (0x95)."),
  CONNECT_MILLIS_MAX(
      "MILLIS",
      String.valueOf(Limits.CONNECTION.connectTimeoutMillis()),
      null,
      "Time limit for the complete CONNECT of a new connection, in milliseconds; PROXY header,"
          + " TLS and WebSocket handshake together have as long before it."),
  CONNECT_BYTES_MAX(
      "BYTES",
      String.valueOf(Limits.CONNECTION.packets().connectBytesMax()),
      null,
      "Largest CONNECT, in bytes; also the most a client sends before its id is complete."),
  HANDSHAKES_MAX(
      "N",
      String.valueOf(HandshakeLimits.DEFAULTS.connectionsMax()),
      null,
      "Connections of one listener without a complete CONNECT. For one more, the address with the"
          + " most loses its oldest."),
  HANDSHAKES_PER_ADDRESS_MAX(
      "N|PERCENT%",
      HandshakeLimits.PER_ADDRESS_PERCENT + "%",
      null,
      "Such connections of one address (IPv6: one /64), as a number or a percentage of"
          + " --handshakes-max. Above it, the address loses its oldest ones that have been"
          + " silent for a second. Behind a PROXY header the address in the header counts."),
  HANDSHAKE_BYTES_MAX(
      "BYTES",
      String.valueOf(HandshakeLimits.DEFAULTS.bytesMax()),
      null,
      "Bytes that all such connections of a sticky listener have sent; a connection that sends"
          + " more is closed. At least one CONNECT of --connect-bytes-max fits."),
  TAKEOVER_PAUSE_MAX(
      "MILLIS",
      String.valueOf(Limits.CONNECTION.takeover().pauseMillisMax()),
      null,
      "Longest delay of a CONNECT, in milliseconds, while clients with the same id keep taking it"
          + " from each other: ten takeovers are free, then the delay grows from 100 ms (0 ="
          + " never; at most --connect-millis-max)."),
  CLIENT_ID_BYTES_MAX(
      "BYTES",
      String.valueOf(Limits.CONNECTION.packets().clientIdBytesMax()),
      null,
      "Longest client id, in bytes of UTF-8."),
  TOPIC_BYTES_MAX(
      "BYTES",
      String.valueOf(Limits.CONNECTION.packets().topicBytesMax()),
      null,
      "Longest topic name or filter, in bytes of UTF-8."),
  TOPIC_LEVELS_MAX(
      "N",
      String.valueOf(Limits.CONNECTION.packets().topicLevelsMax()),
      null,
      "Most levels of a topic name or filter."),
  FILTERS_PER_PACKET_MAX(
      "N",
      String.valueOf(Limits.CONNECTION.packets().filtersPerPacketMax()),
      null,
      "Filters of one SUBSCRIBE that the broker considers; it refuses the rest."),
  TOPIC_ALIASES_MAX(
      "N",
      String.valueOf(Limits.CONNECTION.topicAliasMaximum()),
      null,
      "Topic aliases an MQTT 5 client may use."),
  TOPIC_ALIASES_OUT(
      "N",
      String.valueOf(Limits.CONNECTION.protocol().topicAliasesOutMax()),
      null,
      "Topic aliases the node uses towards an MQTT 5 client, or its maximum if lower (0 = none)."),
  REASON_STRINGS(
      "on|off", "on", null, "Whether MQTT 5 clients get a reason string that explains a failure."),
  RESPONSE_INFORMATION(
      "PREFIX",
      null,
      "none",
      "Response Information for MQTT 5 clients that ask for it, the prefix of their response"
          + " topics; %c stands for the client id (an id with /, + or # gets none)."),
  SERVER_REFERENCE(
      "ADDR",
      null,
      "none",
      "Server Reference for MQTT 5 clients while this node stops: those it disconnects and those"
          + " that still connect get Use Another Server (0x9C) with it."),
  RECEIVE_MAXIMUM(
      "N",
      String.valueOf(Limits.SESSION.receiveMaximum()),
      null,
      "Messages at QoS 1 and 2 that a client may have in flight to the node. MQTT 5 clients learn"
          + " it from CONNACK; one with more at QoS 2 in flight is disconnected (0x93)."),
  MAX_KEEP_ALIVE(
      "SECONDS",
      String.valueOf(Limits.CONNECTION.protocol().keepAliveSecondsMax()),
      "65535 (whatever the client asks for, also none)",
      "Longest keep alive, 1 to 65535 seconds. It applies to clients that ask for a longer one,"
          + " or for none: MQTT 5 clients learn it from CONNACK; 3.x clients cannot be told, and"
          + " are closed after a silence of one and a half times as long."),
  KEEP_ALIVE_COUNTS(
      "packets|bytes",
      "bytes",
      null,
      "What breaks a client's silence. bytes: also bytes of an incomplete packet, so that a large"
          + " message can arrive over a slow line, for up to ten times the permitted silence"
          + " (one and a half keep alives) and at least two minutes. packets: complete packets"
          + " only, as MQTT says."),
  SEND_MAX(
      "N",
      String.valueOf(Limits.SESSION.sendMaximum()),
      null,
      "Messages at QoS 1 and 2 in flight to one client, or its Receive Maximum if lower."),
  SEND_QUEUE_MESSAGES_MAX(
      "N",
      String.valueOf(Limits.SESSION.sendQueueMessagesMax()),
      null,
      "Messages queued in memory for one connected client."),
  SEND_QUEUE_BYTES_MAX(
      "BYTES",
      String.valueOf(Limits.SESSION.sendQueueBytesMax()),
      null,
      "The same limit in bytes."),
  NODE_SEND_QUEUE_MESSAGES_MAX(
      "N",
      String.valueOf(Limits.NODE.sendQueueMessagesMax()),
      null,
      "Messages queued in memory for all connected clients of the node."),
  NODE_SEND_QUEUE_BYTES_MAX(
      "BYTES|PERCENT%",
      "25%",
      null,
      "The same limit in bytes or as a percentage of the maximum heap; messages count per client."),
  NODE_SOCKET_BYTES_MAX(
      "BYTES|PERCENT%",
      "25%",
      null,
      "Bytes written for all clients of the node that their connections have not taken yet, or a"
          + " percentage of the maximum heap. Above it, a client that has such bytes is sent"
          + " nothing more until it has taken them, and is closed when it takes none for"
          + " --connect-millis-max."),
  SESSIONS_MAX(
      "N",
      String.valueOf(Limits.NODE.sessionsMax()),
      null,
      "Durable sessions whose home is this node; the node refuses to create more."),
  SUBSCRIPTIONS_MAX(
      "N",
      String.valueOf(Limits.SESSION.subscriptionsMax()),
      null,
      "Subscriptions of one session."),
  INBOX_MESSAGES_MAX(
      "N",
      String.valueOf(Limits.INBOX.inboxMessagesMax()),
      null,
      "Unacknowledged messages kept for one durable session; further ones are dropped."),
  INBOX_BYTES_MAX(
      "BYTES", String.valueOf(Limits.INBOX.inboxBytesMax()), null, "The same limit in bytes."),
  NODE_INBOX_MESSAGES_MAX(
      "N",
      String.valueOf(Limits.NODE.inboxMessagesMax()),
      null,
      "Unacknowledged messages kept for all durable sessions whose home is this node; further"
          + " ones are refused to their publisher (0x97)."),
  NODE_INBOX_BYTES_MAX(
      "BYTES|PERCENT%",
      "25%",
      null,
      "The same limit in bytes of heap, or as a percentage of the maximum heap, for all durable"
          + " sessions on the node: those at home and the copies of others."),
  RETAINED_MAX(
      "N",
      String.valueOf(BrokerOptions.DEFAULTS.retainedMax()),
      null,
      "Retained messages of the cluster; beyond it a message to a new topic is not retained."),
  RETAINED_BYTES_MAX(
      "BYTES|PERCENT%",
      "12%", null, "The same limit in bytes, or as a percentage of a node's maximum heap."),
  MEMORY_CEILING(
      "BYTES|PERCENT%",
      "80%",
      null,
      "Memory in use, in bytes or as a percentage of the maximum heap, above which the node drops"
          + " messages at QoS 0 instead of queueing them. Above 110 % of it it also refuses new"
          + " connections and subscriptions, and messages at QoS 1 and 2 that it would store."),
  SHARE_STRATEGY(
      "STRATEGY",
      ShareStrategy.ROUND_ROBIN.word(),
      null,
      "How a share group spreads messages over its members: round-robin; random; local-first"
          + " (members on the publisher's node before others); sticky (one member until it"
          + " leaves); client-hash or topic-hash (the same member for each publisher or topic"
          + " while the group does not change). Connected members come before offline ones."),
  SYS_INTERVAL(
      "SECONDS",
      String.valueOf(BrokerOptions.DEFAULTS.sysIntervalSeconds()),
      null,
      "Seconds between the node's statistics under $SYS/broker for its own clients; 0 = never."),
  LANES(
      "THREADS",
      null,
      "one less than the machine's cores, at least 1",
      "Event loop threads that serve clients. Each client belongs to one; a message between"
          + " clients of different threads costs a little more."),
  LOG_CONNECTIONS(
      "on|off",
      "on",
      null,
      "Whether connects and ordinary disconnects are logged at level info, or only at debug. Like"
          + " all client events, at most 10 lines a second of each kind; then their number."),
  LOG_LEVEL(
      "LEVEL",
      "info",
      null,
      "Lowest level to log: error, warn, info, debug or trace; debug shows stack traces.");

  /** Where the defaults of the broker's limits, and the reasons for them, are at home. */
  private static final class Limits {
    static final ConnectionOptions CONNECTION = BrokerOptions.DEFAULTS.connection();
    static final SessionLimits SESSION = CONNECTION.session();
    static final InboxLimits INBOX = BrokerOptions.DEFAULTS.inbox();
    static final NodeLimits NODE = BrokerOptions.DEFAULTS.node();
  }

  static final String ENVIRONMENT_PREFIX = "LIMPET_";

  private final @Nullable String valueLabel;
  private final @Nullable String defaultValue;
  private final @Nullable String defaultWords;
  private final String meaning;

  /**
   * @param valueLabel kind of the value, in capitals; null for a switch that is true or false
   * @param defaultValue as a user would write it; null when there is none
   * @param defaultWords description of the default when its value is not clear by itself
   * @param meaning one or two sentences, with the unit
   */
  OptionKey(
      @Nullable String valueLabel,
      @Nullable String defaultValue,
      @Nullable String defaultWords,
      String meaning) {
    this.valueLabel = valueLabel;
    this.defaultValue = defaultValue;
    this.defaultWords = defaultWords;
    this.meaning = meaning;
  }

  /** The key in the YAML file. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The command line's flag. */
  public String flag() {
    return "--" + key();
  }

  /** The environment variable. */
  public String variable() {
    return ENVIRONMENT_PREFIX + name();
  }

  /** The kind of the value, in capitals; empty for a switch. */
  public Optional<String> valueLabel() {
    return Optional.ofNullable(valueLabel);
  }

  /** Whether it takes several values, separated by commas or as a YAML list. */
  public boolean isList() {
    return this == LISTENER || this == JOIN;
  }

  /** The default value, as a user would write it. */
  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** Meaning, unit and default. */
  public String documentation() {
    return meaning + " Default: " + Optional.ofNullable(defaultWords).orElse(defaultValue) + ".";
  }
}
