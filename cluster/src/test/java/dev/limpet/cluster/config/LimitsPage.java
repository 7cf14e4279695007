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
    rule(OptionKey.MAX_PACKET_BYTES, "closed (0x95) before the packet is read", REFUSED);
    rule(
        OptionKey.CONNECT_BYTES_MAX,
        "CONNACK 0x95, or closed (3.x, or before the client id is complete)",
        REFUSED + ", " + REJECTED);
    rule(OptionKey.CONNECT_MILLIS_MAX, "closed", REFUSED + ", " + REJECTED);
    rule(
        OptionKey.HANDSHAKES_MAX,
        "the address with the most of them loses its oldest",
        LISTENER + "; `limpet.listener.handshakes`");
    rule(
        OptionKey.HANDSHAKES_PER_ADDRESS_MAX,
        "it loses those that have been silent for a second, the oldest first",
        LISTENER);
    rule(
        OptionKey.HANDSHAKE_BYTES_MAX,
        "whoever sends more is closed",
        FRONTEND + "; `limpet.frontend.handshake.bytes`");
    rule(
        OptionKey.TAKEOVER_PAUSE_MAX,
        "waits no longer; at most 10000 CONNECTs with 32 MiB wait, another gets CONNACK 0x89 / 3",
        "`limpet.connects.paused`, `limpet.connects.pauses`");
    rule(OptionKey.CLIENT_ID_BYTES_MAX, "CONNACK 0x85 / 2", REFUSED);
    rule(
        OptionKey.TOPIC_BYTES_MAX,
        "PUBLISH: closed (0x90); will: CONNACK 0x90; filter: SUBACK 0x8F",
        REFUSED);
    rule(OptionKey.TOPIC_LEVELS_MAX, "the same", REFUSED);
    rule(OptionKey.FILTERS_PER_PACKET_MAX, "SUBACK 0x97 / 0x80 for those beyond", REFUSED);
    rule(OptionKey.TOPIC_ALIASES_MAX, "closed (0x94)", "`limpet.connections.protocol.errors`");
  }

  private void clients() {
    rule(OptionKey.TOPIC_ALIASES_OUT, "topics are sent in full", "none: nothing is lost");
    rule(
        OptionKey.RECEIVE_MAXIMUM,
        "QoS 1: reading pauses; QoS 2: closed (0x93), 3.x: reading pauses",
        REFUSED);
    rule(OptionKey.MAX_KEEP_ALIVE, "held to it, told in CONNACK (v5)", "none: nothing is lost");
    rule(OptionKey.SEND_MAX, "waits in the send queue or inbox", "`limpet.queues.messages`");
    rule(OptionKey.SEND_QUEUE_MESSAGES_MAX, "the newest is dropped", DROPPED);
    rule(OptionKey.SEND_QUEUE_BYTES_MAX, "the newest is dropped", DROPPED);
    rule(OptionKey.SUBSCRIPTIONS_MAX, "SUBACK 0x97 / 0x80", REFUSED);
    rule(OptionKey.INBOX_MESSAGES_MAX, "the newest is dropped", INBOX);
    rule(OptionKey.INBOX_BYTES_MAX, "the newest is dropped", INBOX);
  }

  private void node() {
    rule(OptionKey.NODE_SEND_QUEUE_MESSAGES_MAX, "the newest is dropped", QUEUES);
    rule(OptionKey.NODE_SEND_QUEUE_BYTES_MAX, "the newest is dropped", QUEUES);
    rule(
        OptionKey.NODE_SOCKET_BYTES_MAX,
        "who has some left is sent no more (it waits in the send queue or inbox) and not read from,"
            + " and is closed after taking nothing for `--connect-millis-max`",
        REFUSED + "; `limpet.sockets.bytes`");
    String inboxes =
        "refused: PUBACK or PUBREC 0x97, none for a 3.x client, which is closed a second later; what"
            + " is on its way into inboxes just then (at most 64 MiB) is kept";
    rule(OptionKey.NODE_INBOX_MESSAGES_MAX, inboxes, REFUSED + " as `memory-ceiling`");
    rule(OptionKey.NODE_INBOX_BYTES_MAX, inboxes, REFUSED + " as `memory-ceiling`");
    rule(OptionKey.SESSIONS_MAX, "a new durable session gets CONNACK 0x97 / 3", REFUSED);
    rule(
        OptionKey.RETAINED_MAX,
        "delivered, but a new topic is not retained; exact for what comes by one node, see below",
        RETAINED);
    rule(
        OptionKey.RETAINED_BYTES_MAX,
        "the same; sizes are an estimate that is a second old",
        RETAINED);
    rule(
        OptionKey.MEMORY_CEILING,
        "QoS 0 is dropped instead of queued; 10 % further a new connection gets CONNACK 0x89 / 3, a"
            + " SUBSCRIBE 0x97 / 0x80, and what is for inboxes here is refused as above",
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

            Every queue has a bound, a rule for what comes beyond it, and a metric. This page is written by
            `LimitsPageTest` from the options; `limpet node --help` says the same in sentences. A percentage of
            bytes is one of the largest heap. Reason codes are those of MQTT 5.0 and, behind a stroke, of 3.1.1. The
            label `limit` is the option's name without its dashes.

            | option | unit | default | what comes beyond | metric |
            |---|---|---|---|---|
            """);
    rules.forEach((key, rule) -> text.append(row(key, rule)));
    text.append(
        """

        The retained messages of the cluster are counted once a second, and when a node has added its part
        of the room it last found: that room divided by the nodes, at least one. So topics that come by one
        node end exactly at `--retained-max`; while several nodes add at the same time, each of the others
        may add the rest of its part first, which is less than the room there was a second before.

        What a new subscription brings of retained messages comes at once. It takes no room of
        `--send-queue-messages-max` and `--send-queue-bytes-max`, but of those of the node: at most %d
        messages for one client (`limpet.deliveries.dropped{qos}`). One subscription that matches more
        brings as many and is counted in `limpet.retained.replays.cut`. For a durable session what is
        above QoS 0 waits in its inbox, as many again, and takes no room of `--inbox-messages-max` and
        `--inbox-bytes-max`. It ends when the inboxes of the node are seven eighths full, which leaves the
        rest to what publishers wait for (`limpet.store.inbox.dropped`).

        The bounds of all send queues of a node are exact to %d messages and %d bytes for each lane (see
        `--lanes`), which tells what it counts when it comes to so much; and so are
        `limpet.queues.messages` and `limpet.queues.bytes`.

        Each listener has bounds of its own, counted in `limpet.listener.refused{listener,reason}`:
        `max-connections` (default %d; a socket that has been silent for a second makes room, else the
        newest is closed) and `connect-rate` (connections a second, default no bound; what comes faster
        is closed).

        A line of the log that is like others is bounded, too: %d a second for each kind of event of
        clients (`limpet.client.events{kind}` counts all), and of any other kind 20 in 10 seconds; then a
        line says how many were left out.
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
