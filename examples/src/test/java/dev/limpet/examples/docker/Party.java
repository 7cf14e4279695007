package dev.limpet.examples.docker;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A client that remembers what it got and how it ended; it never reconnects. Thread-safe. */
final class Party {

  private static final long EXPIRY_SECONDS = 600;

  private final Set<String> received = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Mqtt5DisconnectReasonCode> reason = new AtomicReference<>();
  private final Mqtt5BlockingClient client;
  private final boolean sessionPresent;

  private Party(InetSocketAddress address, String id, boolean durable) {
    client =
        Mqtt5Client.builder()
            .identifier(id)
            .serverAddress(address)
            .addDisconnectedListener(
                context -> {
                  if (context.getCause() instanceof Mqtt5DisconnectException told) {
                    reason.set(told.getMqttMessage().getReasonCode());
                  }
                })
            .buildBlocking();
    // Also what a session that outlived its connection gets without a new subscription.
    client
        .toAsync()
        .publishes(
            MqttGlobalPublishFilter.ALL,
            message ->
                received.add(new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8)));
    sessionPresent =
        client
            .connectWith()
            .cleanStart(!durable)
            .sessionExpiryInterval(durable ? EXPIRY_SECONDS : 0)
            .send()
            .isSessionPresent();
  }

  /** Connects for as long as the connection lives. */
  static Party at(InetSocketAddress address, String id) {
    return new Party(address, id, false);
  }

  /** Connects to a session that outlives connections. */
  static Party durable(InetSocketAddress address, String id) {
    return new Party(address, id, true);
  }

  /** Subscribes unless the session, which has one filter at most, is said to be there already. */
  Party subscribed(String filter) {
    if (!sessionPresent) {
      client.subscribeWith().topicFilter(filter).qos(MqttQos.EXACTLY_ONCE).send();
    }
    return this;
  }

  /** Publishes; above QoS 0 it returns when the broker has acknowledged. */
  void publish(String topic, String text, MqttQos qos) {
    client
        .publishWith()
        .topic(topic)
        .qos(qos)
        .payload(text.getBytes(StandardCharsets.UTF_8))
        .send();
  }

  boolean hasReceived(String text) {
    return received.contains(text);
  }

  boolean isConnected() {
    return client.getState().isConnected();
  }

  /** What the broker said at the end; null as long as it said nothing. */
  @Nullable Mqtt5DisconnectReasonCode disconnectReason() {
    return reason.get();
  }

  void disconnect() {
    client.disconnect();
  }

  @Override
  public String toString() {
    return client.getConfig().getClientIdentifier().map(Object::toString).orElse("nobody");
  }
}
