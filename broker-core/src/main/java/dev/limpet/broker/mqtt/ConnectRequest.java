package dev.limpet.broker.mqtt;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds a client's requests in CONNECT, in one form for all versions: a 3.x client with clean
 * session 0 has the session expiry {@link #NEVER_EXPIRES}. Immutable.
 *
 * @param bridge whether another broker connects: it gets nothing back that it sent, and the RETAIN
 *     flag as it was published, by each of its subscriptions
 * @param clientId as sent; empty when the server shall assign one
 * @param session requests for the session
 * @param connection requests for this network connection only
 * @param credentials credentials of the client
 * @param will published by the server when the connection ends without DISCONNECT; null for none
 */
public record ConnectRequest(
    ProtocolVersion version,
    boolean bridge,
    String clientId,
    SessionSettings session,
    ConnectionSettings connection,
    Credentials credentials,
    @Nullable Will will,
    List<UserProperty> userProperties) {

  /** Session expiry 0xFFFFFFFF: the session does not expire. */
  public static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

  /** The largest packet MQTT can carry: fixed header and 268,435,455 bytes. */
  public static final int PACKET_BYTES_MAX = 268_435_460;

  public ConnectRequest {
    userProperties = List.copyOf(userProperties);
  }

  /** The user name of the {@link #credentials}; null when the client sent none. */
  public @Nullable String userName() {
    return credentials.userName();
  }

  /** The password of the {@link #credentials}; null when the client sent none. */
  public @Nullable Buffer password() {
    return credentials.password();
  }

  /**
   * A client's requests for its session. Immutable.
   *
   * @param cleanStart whether a session that is there ends first
   * @param expirySeconds 0 (ends with the connection) to 0xFFFFFFFF ({@link #NEVER_EXPIRES})
   */
  public record SessionSettings(boolean cleanStart, long expirySeconds) {}

  /**
   * A client's requests for its network connection, and the limits it sets there. Immutable.
   *
   * @param keepAliveSeconds 0 to 65,535; 0 switches keep alive off
   * @param receiveMaximum 1 to 65,535 unacknowledged QoS &gt; 0 deliveries
   * @param maximumPacketBytes largest packet the client takes, whole packet
   * @param topicAliasMaximum highest alias the client takes, 0 for none
   * @param requestResponseInformation whether CONNACK may have response information
   * @param requestProblemInformation whether any packet may have a reason string and user
   *     properties [MQTT-3.1.2-29]
   */
  public record ConnectionSettings(
      int keepAliveSeconds,
      int receiveMaximum,
      int maximumPacketBytes,
      int topicAliasMaximum,
      boolean requestResponseInformation,
      boolean requestProblemInformation) {}

  /**
   * A client's credentials. Immutable; its text shows no secrets.
   *
   * @param userName null for none
   * @param password null for none
   * @param authenticationMethod of enhanced authentication (MQTT 5.0 section 4.12); null for none
   * @param authenticationData the first message of that method; null for none
   */
  public record Credentials(
      @Nullable String userName,
      @Nullable Buffer password,
      @Nullable String authenticationMethod,
      @Nullable Buffer authenticationData) {

    @Override
    public String toString() {
      return "Credentials[userName=%s, authenticationMethod=%s]"
          .formatted(userName, authenticationMethod);
    }
  }
}
