package dev.limpet.examples.nemesis.history;

/**
 * One line of a history. Immutable.
 *
 * @param millis since the round began
 * @param client who saw it, or which nodes; empty if nobody in particular
 * @param connection number of the connection, unique in the history; 0 for none
 * @param topic topic or filter, or empty
 * @param number of the message, ping or fault; see {@link Kind}
 * @param note the rest, in words
 */
public record Event(
    long millis,
    Kind kind,
    String client,
    long connection,
    String topic,
    int qos,
    long number,
    String note) {

  private static final String NOTHING = "-";
  private static final int FIELDS = 8;

  /** An event without a time, which {@link History#record} gives it. */
  public static Event of(Kind kind, String client) {
    return new Event(0, kind, client, 0, "", 0, 0, "");
  }

  public Event at(long newMillis) {
    return new Event(newMillis, kind, client, connection, topic, qos, number, note);
  }

  public Event on(long newConnection) {
    return new Event(millis, kind, client, newConnection, topic, qos, number, note);
  }

  public Event about(String newTopic, int newQos) {
    return new Event(millis, kind, client, connection, newTopic, newQos, number, note);
  }

  public Event number(long newNumber) {
    return new Event(millis, kind, client, connection, topic, qos, newNumber, note);
  }

  public Event noting(String newNote) {
    return new Event(millis, kind, client, connection, topic, qos, number, newNote);
  }

  /** The event as one line without its end; {@link #parse} reads it. */
  public String line() {
    return String.join(
        " ",
        Long.toString(millis),
        kind.name(),
        orNothing(client),
        Long.toString(connection),
        orNothing(topic),
        Integer.toString(qos),
        Long.toString(number),
        note.replace('\n', ' '));
  }

  /**
   * Reads what {@link #line} wrote.
   *
   * @throws IllegalArgumentException if the line is no event
   */
  public static Event parse(String line) {
    String[] parts = line.split(" ", FIELDS);
    if (parts.length < FIELDS) {
      throw new IllegalArgumentException("not a line of a history: " + line);
    }
    return new Event(
        Long.parseLong(parts[0]),
        Kind.valueOf(parts[1]),
        orEmpty(parts[2]),
        Long.parseLong(parts[3]),
        orEmpty(parts[4]),
        Integer.parseInt(parts[5]),
        Long.parseLong(parts[6]),
        parts[7]);
  }

  private static String orNothing(String text) {
    return text.isEmpty() ? NOTHING : text.replace(' ', '_');
  }

  private static String orEmpty(String text) {
    return text.equals(NOTHING) ? "" : text;
  }
}
