package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Subscription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds a whole durable session as a value, for serializers. Immutable.
 *
 * @param begun how it began
 * @param opened how it was opened last
 * @param expiry when it ends
 * @param sentThrough highest inbox sequence that may have been sent
 * @param received inbound QoS 2 packet ids without PUBREL
 */
public record SessionState(
    Begun begun,
    Opened opened,
    Expiry expiry,
    long sentThrough,
    List<Subscription> subscriptions,
    Map<Integer, PublicationId> received,
    InboxState inbox) {

  public SessionState {
    subscriptions = List.copyOf(subscriptions);
    received = Map.copyOf(received);
  }

  /**
   * How a session began: two copies with the same beginning are copies of one session. Immutable.
   *
   * @param incarnation of the host that it began at
   * @param epoch of the claim that it began with
   * @param cleanStart whether the client wanted to begin anew, rather than that no session was
   *     found
   */
  public record Begun(long incarnation, long epoch, boolean cleanStart) {
    /** Of a session that was written before beginnings were. */
    public static final Begun UNKNOWN = new Begun(0, 0, false);
  }

  /**
   * How a session was opened last. Immutable.
   *
   * @param epoch of the claim that opened it
   * @param host where it is connected; null when closed
   * @param resumed that open's answer to "session present"
   */
  public record Opened(long epoch, @Nullable NodeId host, boolean resumed) {}

  /**
   * When a session ends. Immutable.
   *
   * @param seconds life after the connection ends
   * @param atMillis wall clock; {@link Long#MAX_VALUE} while connected or without expiry
   */
  public record Expiry(long seconds, long atMillis) {}
}
