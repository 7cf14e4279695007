package dev.limpet.broker.events;

import java.util.Locale;

/** Lists the events of a client; each kind has its own bound in the log and its own count. */
public enum EventKind {
  /** Got CONNACK with success. */
  CONNECTED("connected", Level.CONNECTION),
  /** Sent DISCONNECT, or closed its socket. */
  DISCONNECTED("disconnected", Level.CONNECTION),
  /** Closed because a newer connection claimed its client id. */
  TAKEN_OVER("was taken over", Level.INFO),
  /** Two clients with one id take it from each other again and again, and are slowed down. */
  CONTENDED("shares its client id with another client", Level.WARN),
  /** CONNECT was refused: who it is. */
  LOGIN_REFUSED("was refused", Level.INFO),
  /** CONNECT was refused for another reason: version, id, limits, a busy node. */
  CONNECT_REFUSED("was refused", Level.INFO),
  /** A PUBLISH, SUBSCRIBE or will was not allowed. */
  TOPIC_REFUSED("was not allowed", Level.INFO),
  /** A request was refused at a bound. */
  LIMIT_REACHED("reached a limit", Level.INFO),
  /** Closed for a protocol error. */
  PROTOCOL_ERROR("was closed for what it sent", Level.INFO),
  /** Closed because nothing came from it for too long. */
  KEEP_ALIVE("was closed for its silence", Level.INFO),
  /** Closed because it did not read its messages. */
  SLOW_READER("was closed for not reading", Level.INFO),
  /** Closed by the node for another reason. */
  CLOSED("was closed", Level.INFO),
  /** Something of the node failed, and it was closed or refused. */
  FAILED("could not be served", Level.WARN),
  /** A delivery to it was dropped. */
  DROPPED("lost a message", Level.INFO),
  /** A socket was closed before its CONNECT was read. */
  SOCKET_REFUSED("was closed before CONNECT", Level.INFO) {
    @Override
    int linesMax() {
      return 2; // a flood of strangers has little to say
    }
  };

  /** Lines of most kinds in one second. */
  public static final int LINES_MAX = 10;

  /** How loud a kind is. */
  enum Level {
    WARN,
    INFO,
    /** Ordinary connects and disconnects: info or debug, as the operator chooses. */
    CONNECTION
  }

  private final String words;
  private final Level level;

  EventKind(String words, Level level) {
    this.words = words;
    this.level = level;
  }

  /** The event, as the middle of a sentence. */
  String words() {
    return words;
  }

  Level level() {
    return level;
  }

  /** Lines in one second. */
  int linesMax() {
    return LINES_MAX;
  }

  /** For the label {@code kind}. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
