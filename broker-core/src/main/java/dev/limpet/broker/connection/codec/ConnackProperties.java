package dev.limpet.broker.connection.codec;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.UserProperty;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the v5 properties of CONNACK (MQTT 5.0 section 3.2.2.3); defaults are not sent. Immutable.
 *
 * @param assigned values the server assigned to the client
 * @param limits limits on what clients may send
 * @param available what the server offers
 * @param authenticationData the last message of enhanced authentication
 */
public record ConnackProperties(
    Assigned assigned,
    ServerLimits limits,
    Available available,
    @Nullable String reasonString,
    @Nullable String serverReference,
    @Nullable String authenticationMethod,
    @Nullable Buffer authenticationData,
    List<UserProperty> userProperties) {

  /** Nothing but defaults. */
  public static final ConnackProperties NONE = builder().build();

  public ConnackProperties {
    userProperties = List.copyOf(userProperties);
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Values the server assigned to the client. Immutable.
   *
   * @param sessionExpirySeconds the server's choice; null for the requested one
   * @param clientId null when the client sent one
   * @param keepAliveSeconds the value the client must use; null for the requested one
   * @param responseInformation basis of the client's response topics; null for none
   */
  public record Assigned(
      @Nullable Long sessionExpirySeconds,
      @Nullable String clientId,
      @Nullable Integer keepAliveSeconds,
      @Nullable String responseInformation) {}

  /**
   * Limits on what clients may send. Immutable.
   *
   * @param receiveMaximum 1 to 65,535, the default
   * @param maximumQos the default is {@link Qos#EXACTLY_ONCE}
   * @param maximumPacketBytes {@link ConnectRequest#PACKET_BYTES_MAX} for no limit
   * @param topicAliasMaximum highest alias the server takes, 0 for none
   */
  public record ServerLimits(
      int receiveMaximum, Qos maximumQos, int maximumPacketBytes, int topicAliasMaximum) {}

  /**
   * The features the server offers, by default all. Immutable.
   *
   * @param retain retained messages
   * @param wildcards subscriptions with wildcards
   * @param subscriptionIds subscription identifiers
   * @param shared shared subscriptions
   */
  public record Available(
      boolean retain, boolean wildcards, boolean subscriptionIds, boolean shared) {}

  /** Collects differences from the defaults. Confined to its caller. */
  public static final class Builder {
    private @Nullable Long sessionExpirySeconds;
    private @Nullable String assignedClientId;
    private @Nullable Integer serverKeepAliveSeconds;
    private @Nullable String responseInformation;
    private int receiveMaximum = 65_535;
    private Qos maximumQos = Qos.EXACTLY_ONCE;
    private int maximumPacketBytes = ConnectRequest.PACKET_BYTES_MAX;
    private int topicAliasMaximum;
    private Available available = new Available(true, true, true, true);
    private @Nullable String reasonString;
    private @Nullable String serverReference;
    private @Nullable String authenticationMethod;
    private @Nullable Buffer authenticationData;
    private List<UserProperty> userProperties = List.of();

    private Builder() {}

    public Builder sessionExpirySeconds(@Nullable Long value) {
      sessionExpirySeconds = value;
      return this;
    }

    public Builder assignedClientId(@Nullable String value) {
      assignedClientId = value;
      return this;
    }

    public Builder serverKeepAliveSeconds(@Nullable Integer value) {
      serverKeepAliveSeconds = value;
      return this;
    }

    public Builder responseInformation(@Nullable String value) {
      responseInformation = value;
      return this;
    }

    public Builder receiveMaximum(int value) {
      receiveMaximum = value;
      return this;
    }

    public Builder maximumQos(Qos value) {
      maximumQos = value;
      return this;
    }

    public Builder maximumPacketBytes(int value) {
      maximumPacketBytes = value;
      return this;
    }

    public Builder topicAliasMaximum(int value) {
      topicAliasMaximum = value;
      return this;
    }

    public Builder available(Available value) {
      available = value;
      return this;
    }

    public Builder reasonString(@Nullable String value) {
      reasonString = value;
      return this;
    }

    public Builder serverReference(@Nullable String value) {
      serverReference = value;
      return this;
    }

    public Builder authentication(@Nullable String method, @Nullable Buffer data) {
      authenticationMethod = method;
      authenticationData = data;
      return this;
    }

    public Builder userProperties(List<UserProperty> value) {
      userProperties = value;
      return this;
    }

    public ConnackProperties build() {
      return new ConnackProperties(
          new Assigned(
              sessionExpirySeconds, assignedClientId, serverKeepAliveSeconds, responseInformation),
          new ServerLimits(receiveMaximum, maximumQos, maximumPacketBytes, topicAliasMaximum),
          available,
          reasonString,
          serverReference,
          authenticationMethod,
          authenticationData,
          userProperties);
    }
  }
}
