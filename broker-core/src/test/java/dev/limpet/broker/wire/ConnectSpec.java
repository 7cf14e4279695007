package dev.limpet.broker.wire;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what a CONNECT asks for. Confined to its test. */
public final class ConnectSpec {
  private final ProtocolVersion version;
  private final String clientId;
  private boolean bridge;
  private boolean cleanStart = true;
  private int keepAliveSeconds;
  private long sessionExpirySeconds;
  private int receiveMaximum = 65_535;
  private int maximumPacketBytes = ConnectRequest.PACKET_BYTES_MAX;
  private int topicAliasMaximum;
  private boolean responseInformation;
  private boolean problemInformation = true;
  private @Nullable String userName;
  private @Nullable Buffer password;
  private @Nullable Will will;
  private @Nullable String authenticationMethod;
  private @Nullable Buffer authenticationData;

  private ConnectSpec(ProtocolVersion version, String clientId) {
    this.version = version;
    this.clientId = clientId;
  }

  /** A clean start, no keep alive, nothing else. */
  public static ConnectSpec of(ProtocolVersion version, String clientId) {
    return new ConnectSpec(version, clientId);
  }

  public static ConnectSpec v5(String clientId) {
    return of(ProtocolVersion.V5, clientId);
  }

  public static ConnectSpec v3(String clientId) {
    return of(ProtocolVersion.V3_1_1, clientId);
  }

  /** A session that goes on where it was and stays. */
  public ConnectSpec durable() {
    cleanStart = false;
    sessionExpirySeconds = 3_600;
    return this;
  }

  /** Another broker, which says so in the protocol level. */
  public ConnectSpec bridge() {
    bridge = true;
    return this;
  }

  public ConnectSpec cleanStart(boolean value) {
    cleanStart = value;
    return this;
  }

  public ConnectSpec keepAlive(int seconds) {
    keepAliveSeconds = seconds;
    return this;
  }

  public ConnectSpec expiry(long seconds) {
    sessionExpirySeconds = seconds;
    return this;
  }

  public ConnectSpec receiveMaximum(int value) {
    receiveMaximum = value;
    return this;
  }

  public ConnectSpec maximumPacketBytes(int value) {
    maximumPacketBytes = value;
    return this;
  }

  public ConnectSpec topicAliasMaximum(int value) {
    topicAliasMaximum = value;
    return this;
  }

  public ConnectSpec requestResponseInformation() {
    responseInformation = true;
    return this;
  }

  public ConnectSpec withoutProblemInformation() {
    problemInformation = false;
    return this;
  }

  public ConnectSpec userName(String value) {
    userName = value;
    return this;
  }

  public ConnectSpec password(String value) {
    password = Buffer.buffer(value);
    return this;
  }

  public ConnectSpec authenticationMethod(String value) {
    authenticationMethod = value;
    return this;
  }

  public ConnectSpec authenticationData(String value) {
    authenticationData = Buffer.buffer(value);
    return this;
  }

  public ConnectSpec will(String topic, String payload, long delaySeconds) {
    return will(will(topic, payload, delaySeconds, false));
  }

  public ConnectSpec will(Will value) {
    will = value;
    return this;
  }

  /** A will at QoS 1. */
  public static Will will(String topic, String payload, long delaySeconds, boolean retain) {
    return new Will(
        TopicName.of(topic),
        Buffer.buffer(payload),
        Qos.AT_LEAST_ONCE,
        retain,
        delaySeconds,
        Will.NO_EXPIRY,
        PublicationProperties.NONE);
  }

  public ProtocolVersion version() {
    return version;
  }

  public ConnectRequest request() {
    return new ConnectRequest(
        version,
        bridge,
        clientId,
        new ConnectRequest.SessionSettings(cleanStart, sessionExpirySeconds),
        new ConnectRequest.ConnectionSettings(
            keepAliveSeconds,
            receiveMaximum,
            maximumPacketBytes,
            topicAliasMaximum,
            responseInformation,
            problemInformation),
        new ConnectRequest.Credentials(
            userName, password, authenticationMethod, authenticationData),
        will,
        List.of());
  }
}
