package dev.limpet.cluster.config;

import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.events.EventKind;
import dev.limpet.broker.session.QueueBudget;
import dev.limpet.broker.session.SendQueue;
import java.util.EnumMap;
import java.util.Map;

/** The page of all limits: what each does when it is reached, and where that is counted. */
final class LimitsPage {
  private static final String REFUSED = "`limpet.refused{limit}`";
  private static final String FRONTEND = "`limpet.frontend.connections.rejected{reason}`";
  private static final String LISTENER = "`limpet.listener.refused{listener,reason}`";
  private static final String REJECTED = "at a sticky port " + FRONTEND;
  private static final String DROPPED = "`limpet.deliveries.dropped{qos}`";
  private static final String QUEUES = "`limpet.queues.refused{limit}`";
  private static final String INBOX = "`limpet.store.inbox.dropped`";
  private static final String RETAINED = "`limpet.store.retained.dropped`";

  /** What happens at a limit, and the metric that shows it. */
  private record Rule(String overflow, String metric) {}

  private final Map<OptionKey, Rule> rules = new EnumMap<>(OptionKey.class);

  private LimitsPage() {
    packets();
    clients();
    node();
  }

  static LimitsPage page() {
    return new LimitsPage();
  }

  private void rule(OptionKey key, String overflow, String metric) {
    rules.put(key, new Rule(overflow, metric));
  }

  private void packets() {
    rule(OptionKey.MAX_PACKET_BYTES, "disconnected (0x95) before the packet is read", REFUSED);
    rule(
        OptionKey.CONNECT_BYTES_MAX,
        "CONNACK 0x95; closed without it for 3.x, and before the client id is complete",
        REFUSED + ", " + REJECTED);
    rule(OptionKey.CONNECT_MILLIS_MAX, "closed", REFUSED + ", " + REJECTED);
    rule(
        OptionKey.HANDSHAKES_MAX,
        "the address with the most such connections loses its oldest",
        LISTENER + "; `limpet.listener.handshakes`");
    rule(
        OptionKey.HANDSHAKES_PER_ADDRESS_MAX,
        "the address loses its oldest such connections that have been silent for a second",
        LISTENER);
    rule(
        OptionKey.HANDSHAKE_BYTES_MAX,
        "the connection that sends more is closed",
        FRONTEND + "; `limpet.frontend.handshake.bytes`");
    rule(
        OptionKey.TAKEOVER_PAUSE_MAX,
        "the CONNECT waits no longer; at most 10000 CONNECTs with 32 MiB wait, a further one gets"
            + " CONNACK 0x89 / 3",
        "`limpet.connects.paused`, `limpet.connects.pauses`");
    rule(OptionKey.CLIENT_ID_BYTES_MAX, "CONNACK 0x85 / 2", REFUSED);
    rule(
        OptionKey.TOPIC_BYTES_MAX,
        "PUBLISH: disconnected (0x90); will: CONNACK 0x90; filter: SUBACK 0x8F",
        REFUSED);
    rule(OptionKey.TOPIC_LEVELS_MAX, "as for `--topic-bytes-max`", REFUSED);
    rule(OptionKey.FILTERS_PER_PACKET_MAX, "SUBACK 0x97 / 0x80 for the filters beyond", REFUSED);
    rule(
        OptionKey.TOPIC_ALIASES_MAX, "disconnected (0x94)", "`limpet.connections.protocol.errors`");
  }

  private void clients() {
    rule(OptionKey.TOPIC_ALIASES_OUT, "the broker sends topics in full", "none: nothing is lost");
    rule(
        OptionKey.RECEIVE_MAXIMUM,
        "v5 at QoS 2: disconnected (0x93); otherwise the broker pauses reading",
        REFUSED);
    rule(
        OptionKey.MAX_KEEP_ALIVE,
        "the broker applies the limit, and tells v5 clients in CONNACK",
        "none: nothing is lost");
    rule(
        OptionKey.SEND_MAX,
        "the message waits in the send queue or inbox",
        "`limpet.queues.messages`");
    rule(OptionKey.SEND_QUEUE_MESSAGES_MAX, "the newest message is dropped", DROPPED);
    rule(OptionKey.SEND_QUEUE_BYTES_MAX, "the newest message is dropped", DROPPED);
    rule(OptionKey.SUBSCRIPTIONS_MAX, "SUBACK 0x97 / 0x80", REFUSED);
    rule(OptionKey.INBOX_MESSAGES_MAX, "the newest message is dropped", INBOX);
    rule(OptionKey.INBOX_BYTES_MAX, "the newest message is dropped", INBOX);
  }

  private void node() {
    rule(
        OptionKey.DETECTION_MILLIS,
        "the silent node counts as gone, and others take its sessions over",
        "`limpet.cluster.nodes`");
    rule(OptionKey.NODE_SEND_QUEUE_MESSAGES_MAX, "the newest message is dropped", QUEUES);
    rule(OptionKey.NODE_SEND_QUEUE_BYTES_MAX, "the newest message is dropped", QUEUES);
    rule(
        OptionKey.NODE_SOCKET_BYTES_MAX,
        "a client with such bytes is sent nothing more (messages wait in its send queue or inbox)"
            + " and is not read from; it is closed when it takes nothing for"
            + " `--connect-millis-max`",
        REFUSED + "; `limpet.sockets.bytes`");
    String inboxes =
        "refused: PUBACK or PUBREC 0x97; a 3.x publisher gets none and is closed a second later."
            + " Messages already on their way into inboxes (at most 64 MiB) are kept";
    rule(OptionKey.NODE_INBOX_MESSAGES_MAX, inboxes, REFUSED + " as `memory-ceiling`");
    rule(OptionKey.NODE_INBOX_BYTES_MAX, inboxes, REFUSED + " as `memory-ceiling`");
    rule(
        OptionKey.SESSIONS_MAX,
        "a CONNECT that would create a durable session gets CONNACK 0x97 / 3",
        REFUSED);
    rule(
        OptionKey.RETAINED_MAX,
        "the message is delivered, but not retained if its topic is new; exact for publishers of one"
            + " node, see below",
        RETAINED);
    rule(
        OptionKey.RETAINED_BYTES_MAX,
        "as for `--retained-max`; sizes are estimates up to a second old",
        RETAINED);
    rule(
        OptionKey.MEMORY_CEILING,
        "QoS 0 is dropped instead of queued; above 110 % of it a new connection gets CONNACK 0x89 /"
            + " 3, a SUBSCRIBE 0x97 / 0x80, and messages for inboxes of this node are refused as for"
            + " `--node-inbox-bytes-max`",
        QUEUES + ", " + REFUSED + "; `limpet.memory.level`");
  }

  /** Whether a key bounds something, as its number has a unit. */
  static boolean isLimit(OptionKey key) {
    return key.valueLabel()
        .filter(label -> label.matches("N(\\|PERCENT%)?|BYTES.*|MILLIS|SECONDS"))
        .filter(label -> key != OptionKey.SYS_INTERVAL)
        .isPresent();
  }

  boolean hasRuleFor(OptionKey key) {
    return rules.containsKey(key);
  }

  String text() {
    StringBuilder text =
        new StringBuilder(
            """
            # Limits

            Every queue has a bound, a rule for what exceeds it, and a metric. [configuration.md](configuration.md)
            explains the options. A percentage of bytes refers to the maximum heap. Reason codes are those of
            MQTT 5.0 and, after a slash, of 3.1.1. The label `limit` is the option's name without its dashes.

            | option | unit | default | what happens beyond it | metric |
            |---|---|---|---|---|
            """);
    rules.forEach((key, rule) -> text.append(row(key, rule)));
    text.append(
        """

        `--sessions-max` refuses only a CONNECT that would create a durable session: clients with a stored
        session, and clients without one to store, are always admitted.

        Nodes count the retained messages of the cluster once a second, and whenever one of them has used
        its share of the remaining room (that room divided by the number of nodes, at least one). Topics
        that arrive through one node therefore stop exactly at `--retained-max`. When several nodes add
        topics at the same time, each may first use up its share, so together they can exceed the bound by
        less than the room that was left a second before.

        A new subscription gets its retained messages at once. They do not count towards
        `--send-queue-messages-max` and `--send-queue-bytes-max`, but towards the bounds of the node: at
        most %d messages for one client (`limpet.deliveries.dropped{qos}`). A subscription that
        matches more gets as many, and `limpet.retained.replays.cut` counts it. For a durable session, those
        above QoS 0 wait in its inbox, as many again, and do not count towards `--inbox-messages-max` and
        `--inbox-bytes-max`. They stop when the inboxes of the node are seven eighths full; the rest is
        reserved for publishers (`limpet.store.inbox.dropped`).

        The bounds of all send queues of a node are exact to %d messages and %d bytes for each lane (see
        `--lanes`): a lane reports what it has counted when it reaches that much. The same holds for
        `limpet.queues.messages` and `limpet.queues.bytes`.

        Each listener has bounds of its own, counted in `limpet.listener.refused{listener,reason}`:
        `max-connections` (default %d; beyond it a connection that has been silent for a second before
        its CONNECT makes room, otherwise the newest is closed) and `connect-rate` (connections a second,
        unlimited by default; faster ones are closed).

        Log lines are bounded, too: %d a second for each kind of client event
        (`limpet.client.events{kind}` counts all of them), and 20 in 10 seconds for every other kind of line;
        a further line says how many the node left out.
        """
            .formatted(
                SendQueue.REPLAYED_MAX,
                QueueBudget.BATCH_MESSAGES,
                QueueBudget.BATCH_BYTES,
                ListenerOptions.Limits.DEFAULTS.connectionsMax(),
                EventKind.LINES_MAX));
    return text.toString();
  }

  private static String row(OptionKey key, Rule rule) {
    return "| `%s` | %s | %s | %s | %s |%n"
        .formatted(
            key.flag(), unit(key), key.defaultValue().orElse("none"), rule.overflow, rule.metric)
        .replace(System.lineSeparator(), "\n");
  }

  private static String unit(OptionKey key) {
    return switch (key.valueLabel().orElseThrow()) {
      case "N" -> "number";
      case "N|PERCENT%" -> "number or %";
      case "BYTES" -> "bytes";
      case "MILLIS" -> "milliseconds";
      case "SECONDS" -> "seconds";
      default -> "bytes or %";
    };
  }
}
