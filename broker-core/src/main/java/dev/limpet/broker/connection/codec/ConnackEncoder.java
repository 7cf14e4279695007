package dev.limpet.broker.connection.codec;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.Qos;

/** Writes the properties of CONNACK (MQTT 5.0 section 3.2.2.3). Stateless. */
final class ConnackEncoder {
  private ConnackEncoder() {}

  /** All but the reason string and the user properties, which may have to stay away. */
  static PropertyWriter properties(ConnackProperties from) {
    PropertyWriter out =
        new PropertyWriter()
            .number(Property.SESSION_EXPIRY, from.assigned().sessionExpirySeconds())
            .number(Property.RECEIVE_MAXIMUM, from.limits().receiveMaximum(), 65_535)
            .number(
                Property.MAXIMUM_QOS, from.limits().maximumQos().level(), Qos.EXACTLY_ONCE.level());
    return out.flag(Property.RETAIN_AVAILABLE, from.available().retain(), true)
        .number(
            Property.MAXIMUM_PACKET_SIZE,
            from.limits().maximumPacketBytes(),
            ConnectRequest.PACKET_BYTES_MAX)
        .text(Property.ASSIGNED_CLIENT_ID, from.assigned().clientId())
        .number(Property.TOPIC_ALIAS_MAXIMUM, from.limits().topicAliasMaximum(), 0)
        .flag(Property.WILDCARD_AVAILABLE, from.available().wildcards(), true)
        .flag(Property.SUBSCRIPTION_ID_AVAILABLE, from.available().subscriptionIds(), true)
        .flag(Property.SHARED_AVAILABLE, from.available().shared(), true)
        .number(Property.SERVER_KEEP_ALIVE, from.assigned().keepAliveSeconds())
        .text(Property.RESPONSE_INFORMATION, from.assigned().responseInformation())
        .text(Property.SERVER_REFERENCE, from.serverReference())
        .text(Property.AUTHENTICATION_METHOD, from.authenticationMethod())
        .binary(Property.AUTHENTICATION_DATA, from.authenticationData());
  }
}
