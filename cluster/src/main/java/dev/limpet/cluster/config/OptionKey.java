package dev.limpet.cluster.config;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.NodeLimits;
import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.routing.share.ShareStrategy;
import dev.limpet.broker.session.SessionLimits;
import dev.limpet.broker.spi.durable.InboxLimits;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every option of a node: the one table behind its flag ({@code --data}), its environment variable
 * ({@code LIMPET_DATA}), its key in the YAML file ({@code data}) and its documentation. Immutable.
 */
public enum OptionKey {
  NAME(
      "NAME",
      null,
      "this machine's host name",
      "Name of the node, unique in the cluster; it is what status and clients show."),
  BIND(
      "ADDR",
      "127.0.0.1",
      null,
      "Address that every port of the node listens on; any but loopback needs an authenticator or"
          + " --allow-anonymous."),
  MQTT(
      "PORT",
      null,
      "1883, unless a listener is given",
      "TCP port that sends each client to its home (0 = any free port)."),
  DIRECT(
      "PORT",
      null,
      "none",
      "TCP port that serves each client where it lands, which takes its session over (0 = any free"
          + " port)."),
  LISTENER(
      "URI",
      null,
      "none",
      "General form of the two, repeatable: mqtt://HOST:PORT?mode=sticky or mode=direct; mqtts, ws"
          + " (ws://HOST:PORT/PATH) and wss likewise. Further parameters: proxy=required with"
          + " trusted=CIDR,CIDR; max-connections (default 200000);"
          + " connect-rate (a second, default no bound); for TLS cert and key (PEM, repeatable, read again when they change) and client-ca, whose clients' common"
          + " names are their user names. password-file, acl-file and anonymous=true or false hold"
          + " for its clients instead of the node's; give them to listeners of all nodes alike. In a"
          + " file 'listeners' is a list of such URIs, or of entries with an address and the"
          + " parameters as keys."),
  HTTP(
      "PORT",
      "8081",
      null,
      "TCP port of health, metrics and the HTTP interface (0 = any free port)."),
  CLUSTER(
      "PORT", "5701", null, "TCP port on which the nodes find each other and share their data."),
  JOIN(
      "HOST:PORT",
      null,
      "none: a cluster of its own",
      "Cluster ports of the nodes to join, separated by commas. A node whose own address is in the"
          + " list may found the cluster; any other refuses to start while none of them answers."),
  CLUSTER_NAME("NAME", "limpet", null, "Name of the cluster; nodes with another one are refused."),
  DATA(
      "DIR",
      null,
      "none: nothing is written",
      "Directory for the node's log file (limpet.log, at most 6 files of 10 MiB)."),
  ALLOW_ANONYMOUS(
      null,
      "false",
      null,
      "Let in clients that prove nothing, also on other than loopback addresses; beside a password"
          + " file, those without a user name."),
  PASSWORD_FILE(
      "FILE",
      null,
      "none: nobody is asked",
      "Users and their passwords' hashes, as 'limpet passwd' writes them; read again when it"
          + " changes."),
  ACL_FILE(
      "FILE",
      null,
      "none: everybody may do everything",
      "Access rules in mosquitto's form, with %c and %u in patterns; what no rule allows is refused;"
          + " read again when it changes."),
  ACL_SUBSCRIBE(
      "filtered|covered",
      "filtered",
      null,
      "What an access file asks of a subscription. filtered, as in mosquitto: every one is granted,"
          + " and what the client may not read is not delivered; what comes while a session is away"
          + " takes room in its inbox and is asked for when it is delivered. A client whose rules"
          + " change stays connected."
          + " covered: one rule has to cover the whole of it, or it is refused (0x87), and a client"
          + " whose rules no longer cover one is disconnected. Take it where share groups must be kept"
          + " from clients that may not read them."),
  MAX_PACKET_BYTES(
      "BYTES",
      String.valueOf(Limits.CONNECTION.packetBytesMax()),
      null,
      "Largest packet a client may send, in bytes; MQTT 5 clients are told, and one that sends a larger"
          + " packet is disconnected (0x95)."),
  CONNECT_MILLIS_MAX(
      "MILLIS",
      String.valueOf(Limits.CONNECTION.connectTimeoutMillis()),
      null,
      "Time a new connection has for its whole CONNECT, in milliseconds; before it as long for PROXY header, TLS and WebSocket together."),
  CONNECT_BYTES_MAX(
      "BYTES",
      String.valueOf(Limits.CONNECTION.packets().connectBytesMax()),
      null,
      "Largest CONNECT, in bytes; also what a client may send before its id is complete."),
  HANDSHAKES_MAX(
      "N",
      String.valueOf(HandshakeLimits.DEFAULTS.connectionsMax()),
      null,
      "Connections of one listener whose CONNECT is not complete yet. For one more, the address with"
          + " the most of them loses its oldest."),
  HANDSHAKES_PER_ADDRESS_MAX(
      "N|PERCENT%",
      HandshakeLimits.PER_ADDRESS_PERCENT + "%",
      null,
      "Such connections of one address, or of one /64 of IPv6, as a number or percent of"
          + " --handshakes-max. With more it loses its oldest that have been silent for a second;"
          + " behind a PROXY header the address in it counts."),
  HANDSHAKE_BYTES_MAX(
      "BYTES",
      String.valueOf(HandshakeLimits.DEFAULTS.bytesMax()),
      null,
      "What such connections have sent together, in bytes; whoever sends more is closed. At least"
          + " one CONNECT of --connect-bytes-max has room."),
  TAKEOVER_PAUSE_MAX(
      "MILLIS",
      String.valueOf(Limits.CONNECTION.takeoverPauseMillisMax()),
      null,
      "Longest time a CONNECT waits, in milliseconds, when its client id is taken from one client by"
          + " another again and again: ten takeovers are free, then the pause grows from 100 ms (0 ="
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
      "Longest topic or filter, in bytes of UTF-8."),
  TOPIC_LEVELS_MAX(
      "N",
      String.valueOf(Limits.CONNECTION.packets().topicLevelsMax()),
      null,
      "Most levels of a topic or filter."),
  FILTERS_PER_PACKET_MAX(
      "N",
      String.valueOf(Limits.CONNECTION.packets().filtersPerPacketMax()),
      null,
      "Filters of one SUBSCRIBE that are looked at; those behind them are refused."),
  TOPIC_ALIASES_MAX(
      "N",
      String.valueOf(Limits.CONNECTION.topicAliasMaximum()),
      null,
      "Topic aliases an MQTT 5 client may use."),
  TOPIC_ALIASES_OUT(
      "N",
      String.valueOf(Limits.CONNECTION.protocol().topicAliasesOutMax()),
      null,
      "Topic aliases the node uses towards an MQTT 5 client that takes some (0 = none); its own"
          + " maximum if that is lower."),
  REASON_STRINGS(
      "on|off", "on", null, "Whether MQTT 5 clients are told in words why something failed."),
  RESPONSE_INFORMATION(
      "PREFIX",
      null,
      "none",
      "Response Information for MQTT 5 clients that ask for it, the basis of their response topics;"
          + " %c is the client id (an id with /, + or # gets none)."),
  SERVER_REFERENCE(
      "ADDR",
      null,
      "none",
      "Where to send MQTT 5 clients while this node stops: those it disconnects and those that come"
          + " get Use Another Server (0x9C) with this Server Reference."),
  RECEIVE_MAXIMUM(
      "N",
      String.valueOf(Limits.SESSION.receiveMaximum()),
      null,
      "Messages at QoS 1 and 2 that a client may send without an answer; MQTT 5 clients are told, and"
          + " one that has more at QoS 2 under way is disconnected (0x93)."),
  MAX_KEEP_ALIVE(
      "SECONDS",
      String.valueOf(Limits.CONNECTION.protocol().keepAliveSecondsMax()),
      "65535: as long as the client likes, and none if it likes none",
      "Longest keep alive, 1 to 65535 seconds. A client that asks for more, or for none, is held to"
          + " it: MQTT 5 clients are told, 3.x clients cannot be and are closed when they are silent"
          + " for one and a half times as long."),
  KEEP_ALIVE_COUNTS(
      "packets|bytes",
      "bytes",
      null,
      "What breaks a client's silence. bytes: also those of a packet that is not whole yet, for ten"
          + " times as long as it may be silent (one and a half keep alives) and at least two minutes,"
          + " so that a large message may come over a slow line. packets: whole packets only, by the"
          + " letter of MQTT."),
  SEND_MAX(
      "N",
      String.valueOf(Limits.SESSION.sendMaximum()),
      null,
      "Messages at QoS 1 and 2 that are sent to a client without its answer; its own Receive Maximum"
          + " if that is lower."),
  SEND_QUEUE_MESSAGES_MAX(
      "N",
      String.valueOf(Limits.SESSION.sendQueueMessagesMax()),
      null,
      "Messages that wait in memory for one connected client."),
  SEND_QUEUE_BYTES_MAX(
      "BYTES", String.valueOf(Limits.SESSION.sendQueueBytesMax()), null, "The same in bytes."),
  NODE_SEND_QUEUE_MESSAGES_MAX(
      "N",
      String.valueOf(Limits.NODE.sendQueueMessagesMax()),
      null,
      "Messages that wait in memory for all connected clients of the node together."),
  NODE_SEND_QUEUE_BYTES_MAX(
      "BYTES|PERCENT%",
      "25%",
      null,
      "The same in bytes, or percent of the largest heap; a message counts once for each client it"
          + " waits for."),
  NODE_SOCKET_BYTES_MAX(
      "BYTES|PERCENT%",
      "25%",
      null,
      "What is written for all clients of the node together and not yet taken by their connections,"
          + " in bytes or percent of the largest heap. Above it, a client that has some left is sent"
          + " nothing more until it has taken that, and is closed when it takes nothing for"
          + " --connect-millis-max."),
  SESSIONS_MAX(
      "N",
      String.valueOf(Limits.NODE.sessionsMax()),
      null,
      "Sessions that outlive their connections, of the clients at home on this node; another client"
          + " id is refused one."),
  SUBSCRIPTIONS_MAX(
      "N",
      String.valueOf(Limits.SESSION.subscriptionsMax()),
      null,
      "Subscriptions of one session."),
  INBOX_MESSAGES_MAX(
      "N",
      String.valueOf(Limits.INBOX.inboxMessagesMax()),
      null,
      "Unacknowledged messages that are kept for one durable session; what comes more is dropped and"
          + " counted."),
  INBOX_BYTES_MAX(
      "BYTES", String.valueOf(Limits.INBOX.inboxBytesMax()), null, "The same in bytes."),
  NODE_INBOX_MESSAGES_MAX(
      "N",
      String.valueOf(Limits.NODE.inboxMessagesMax()),
      null,
      "Unacknowledged messages that are kept for all durable sessions at home on the node together;"
          + " a publisher is told that there is no room for more (0x97)."),
  NODE_INBOX_BYTES_MAX(
      "BYTES|PERCENT%",
      "25%",
      null,
      "The same in bytes of the heap, or percent of the largest heap, of all durable sessions on the"
          + " node: those at home and the copies of others."),
  RETAINED_MAX(
      "N",
      String.valueOf(BrokerOptions.DEFAULTS.retainedMax()),
      null,
      "Retained messages of the cluster; a new topic's message above it is not kept."),
  SHARE_STRATEGY(
      "STRATEGY",
      ShareStrategy.ROUND_ROBIN.word(),
      null,
      "How the members of a share group take turns: round-robin; random; local-first (members on the"
          + " publisher's node before others); sticky (one of them until it leaves); client-hash or"
          + " topic-hash (always the same one for a publisher or topic while the group does not"
          + " change). Connected members come before durable ones that are away."),
  RETAINED_BYTES_MAX(
      "BYTES|PERCENT%",
      "12%", null, "The same in bytes, or percent of the largest heap of a node."),
  MEMORY_CEILING(
      "BYTES|PERCENT%",
      "80%",
      null,
      "Memory in use, in bytes or percent of the largest heap, above which messages at QoS 0 are"
          + " dropped instead of queued; 10 % further, new connections and subscriptions are refused,"
          + " and messages at QoS 1 and 2 that would have to be kept here."),
  SYS_INTERVAL(
      "SECONDS",
      String.valueOf(BrokerOptions.DEFAULTS.sysIntervalSeconds()),
      null,
      "How often the node publishes its numbers to its own clients under $SYS/broker, in seconds; 0"
          + " for never."),
  LANES(
      "THREADS",
      null,
      "one less than the machine's cores, at least 1",
      "Threads that serve the clients, each with its own; what goes from a client of one to a client"
          + " of another costs a little more."),
  LOG_CONNECTIONS(
      "on|off",
      "on",
      null,
      "Whether connects and ordinary disconnects are lines of the log at level info, or only at"
          + " debug. Like all events of clients at most 10 lines a second of each kind are written,"
          + " with the number of those left out."),
  LOG_LEVEL(
      "LEVEL",
      "info",
      null,
      "What goes to standard error: error, warn, info, debug or trace; debug shows stack traces.");

  /** Where the defaults of the broker's limits, and the reasons for them, are at home. */
  private static final class Limits {
    static final ConnectionOptions CONNECTION = BrokerOptions.DEFAULTS.connection();
    static final SessionLimits SESSION = CONNECTION.session();
    static final InboxLimits INBOX = BrokerOptions.DEFAULTS.inbox();
    static final NodeLimits NODE = BrokerOptions.DEFAULTS.node();
  }

  private static final String ENVIRONMENT_PREFIX = "LIMPET_";

  private final @Nullable String valueLabel;
  private final @Nullable String defaultValue;
  private final @Nullable String defaultWords;
  private final String meaning;

  /**
   * @param valueLabel what the value is, in capitals; null for a switch that is true or false
   * @param defaultValue as a user would write it; null when there is none
   * @param defaultWords what to say of the default when its value does not say it
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

  /** What the value is, in capitals; empty for a switch. */
  public Optional<String> valueLabel() {
    return Optional.ofNullable(valueLabel);
  }

  /** Whether it takes several values, separated by commas or as a YAML list. */
  public boolean isList() {
    return this == LISTENER || this == JOIN;
  }

  /** The value when nobody says anything, as a user would write it. */
  public Optional<String> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** Meaning, unit and default. */
  public String documentation() {
    return meaning + " Default: " + Optional.ofNullable(defaultWords).orElse(defaultValue) + ".";
  }

  /** The key written so in a file. */
  public static Optional<OptionKey> ofKey(String key) {
    return Arrays.stream(values()).filter(each -> each.key().equals(key)).findFirst();
  }

  /** All keys as written in a file. */
  public static List<String> allKeys() {
    return Arrays.stream(values()).map(OptionKey::key).toList();
  }

  /** The variables of the environment that look like an option but are none. */
  static boolean isForeignVariable(String variable) {
    return variable.startsWith(ENVIRONMENT_PREFIX)
        && Arrays.stream(values()).noneMatch(each -> each.variable().equals(variable));
  }
}
