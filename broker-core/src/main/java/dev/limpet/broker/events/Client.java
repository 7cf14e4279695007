package dev.limpet.broker.events;

import org.jspecify.annotations.Nullable;

/**
 * Identifies the client of an event, as far as known. Immutable.
 *
 * @param id null before CONNECT was read
 * @param user null for one without a name
 * @param address null for one that is away
 * @param listener where it came in; null for one that is away
 */
public record Client(
    @Nullable String id,
    @Nullable String user,
    @Nullable String address,
    @Nullable String listener) {

  /** One that is not connected, or whose connection is somewhere else. */
  public static Client away(String id) {
    return new Client(id, null, null, null);
  }

  /** A socket without a known client. */
  public static Client unknown(@Nullable String address, @Nullable String listener) {
    return new Client(null, null, address, listener);
  }

  /** Beginning of a sentence; text chosen by a client cannot forge a line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(id == null ? "a client" : "client '" + Printable.of(id) + "'");
    if (user != null) {
      text.append(" (user '").append(Printable.of(user)).append("')");
    }
    if (address != null) {
      text.append(" from ").append(address);
    }
    if (listener != null) {
      text.append(" at ").append(listener);
    }
    return text.toString();
  }
}
