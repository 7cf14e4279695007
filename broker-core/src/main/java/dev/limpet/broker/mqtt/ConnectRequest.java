package dev.limpet.broker.mqtt;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for in CONNECT, with the differences between the versions evened out: a 3.x
 * client with clean session 0 has the session expiry {@link #NEVER_EXPIRES}. Immutable.
 *
 * @param bridge whether another broker connects: it gets nothing back that it sent, and the RETAIN
 *     flag as it was published, by each of its subscriptions
 * @param clientId as sent; empty when the server shall assign one
 * @param keepAliveSeconds 0 to 65,535; 0 switches keep alive off
 * @param sessionExpirySeconds 0 (ends with the connection) to 0xFFFFFFFF ({@link #NEVER_EXPIRES})
 * @param receiveMaximum 1 to 65,535 unacknowledged QoS &gt; 0 deliveries
 * @param maximumPacketBytes largest packet the client takes, whole packet
 * @param topicAliasMaximum highest alias the client takes, 0 for none
 */
public record ConnectRequest(
    ProtocolVersion version,
    boolean bridge,
    String clientId,
    boolean cleanStart,
    int keepAliveSeconds,
    long sessionExpirySeconds,
    int receiveMaximum,
    int maximumPacketBytes,
    int topicAliasMaximum,
    boolean requestResponseInformation,
    boolean requestProblemInformation,
    @Nullable String userName,
    @Nullable Buffer password,
    @Nullable Will will,
    @Nullable String authenticationMethod,
    @Nullable Buffer authenticationData,
    List<UserProperty> userProperties) {

  /** Session expiry 0xFFFFFFFF: the session does not expire. */
  public static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

  /** The largest packet MQTT can carry: fixed header and 268,435,455 bytes. */
  public static final int PACKET_BYTES_MAX = 268_435_460;

  public ConnectRequest {
    userProperties = List.copyOf(userProperties);
  }
}
