package dev.limpet.broker.connection.codec;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.UserProperty;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The v5 properties of CONNACK (MQTT 5.0 section 3.2.2.3); what has the default is not sent.
 * Immutable.
 *
 * @param sessionExpirySeconds what the server made of it; null for what the client asked
 * @param receiveMaximum 1 to 65,535, the default
 * @param maximumQos the default is {@link Qos#EXACTLY_ONCE}
 * @param maximumPacketBytes {@link ConnectRequest#PACKET_BYTES_MAX} for no limit
 * @param topicAliasMaximum highest alias the server takes, 0 for none
 * @param serverKeepAliveSeconds what the client must use; null for what it asked
 */
public record ConnackProperties(
    @Nullable Long sessionExpirySeconds,
    int receiveMaximum,
    Qos maximumQos,
    boolean retainAvailable,
    int maximumPacketBytes,
    @Nullable String assignedClientId,
    int topicAliasMaximum,
    @Nullable String reasonString,
    boolean wildcardsAvailable,
    boolean subscriptionIdsAvailable,
    boolean sharedAvailable,
    @Nullable Integer serverKeepAliveSeconds,
    @Nullable String responseInformation,
    @Nullable String serverReference,
    @Nullable String authenticationMethod,
    @Nullable Buffer authenticationData,
    List<UserProperty> userProperties) {

  /** Nothing but defaults. */
  public static final ConnackProperties NONE = new Builder().build();

  public ConnackProperties {
    userProperties = List.copyOf(userProperties);
  }

  /** Collects what differs from the defaults. Confined to its caller. */
  public static final class Builder {
    private @Nullable Long sessionExpirySeconds;
    private int receiveMaximum = 65_535;
    private Qos maximumQos = Qos.EXACTLY_ONCE;
    private boolean retainAvailable = true;
    private int maximumPacketBytes = ConnectRequest.PACKET_BYTES_MAX;
    private @Nullable String assignedClientId;
    private int topicAliasMaximum;
    private @Nullable String reasonString;
    private boolean wildcardsAvailable = true;
    private boolean subscriptionIdsAvailable = true;
    private boolean sharedAvailable = true;
    private @Nullable Integer serverKeepAliveSeconds;
    private @Nullable String responseInformation;
    private @Nullable String serverReference;
    private @Nullable String authenticationMethod;
    private @Nullable Buffer authenticationData;
    private List<UserProperty> userProperties = List.of();

    public Builder sessionExpirySeconds(@Nullable Long value) {
      sessionExpirySeconds = value;
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

    public Builder retainAvailable(boolean value) {
      retainAvailable = value;
      return this;
    }

    public Builder maximumPacketBytes(int value) {
      maximumPacketBytes = value;
      return this;
    }

    public Builder assignedClientId(@Nullable String value) {
      assignedClientId = value;
      return this;
    }

    public Builder topicAliasMaximum(int value) {
      topicAliasMaximum = value;
      return this;
    }

    public Builder reasonString(@Nullable String value) {
      reasonString = value;
      return this;
    }

    public Builder wildcardsAvailable(boolean value) {
      wildcardsAvailable = value;
      return this;
    }

    public Builder subscriptionIdsAvailable(boolean value) {
      subscriptionIdsAvailable = value;
      return this;
    }

    public Builder sharedAvailable(boolean value) {
      sharedAvailable = value;
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
          sessionExpirySeconds,
          receiveMaximum,
          maximumQos,
          retainAvailable,
          maximumPacketBytes,
          assignedClientId,
          topicAliasMaximum,
          reasonString,
          wildcardsAvailable,
          subscriptionIdsAvailable,
          sharedAvailable,
          serverKeepAliveSeconds,
          responseInformation,
          serverReference,
          authenticationMethod,
          authenticationData,
          userProperties);
    }
  }
}
