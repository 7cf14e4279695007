package dev.limpet.examples.surviving;

import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedListener;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An MQTT client that outlives the node it is connected to. Three things make it so: it knows
 * several nodes and tries the next one when its connection breaks, its session is durable, and it
 * publishes and subscribes at QoS 1, so that what got no answer is sent again.
 *
 * <p>Thread-safe, as the client it wraps.
 */
public final class SurvivingClient {

  /** How long the cluster keeps the session while the client is away. */
  private static final long SESSION_SECONDS = 3_600;

  private static final long PAUSE_MILLIS = 200;

  private final Mqtt5AsyncClient mqtt;

  /**
   * @param clientId always the same for the same client: the session hangs on it
   * @param nodes MQTT addresses of several nodes, any of them will do
   */
  public SurvivingClient(String clientId, List<InetSocketAddress> nodes) {
    mqtt =
        Mqtt5Client.builder()
            .identifier(clientId)
            .transportConfig(transport(nodes.get(0)))
            .addDisconnectedListener(new NextNode(nodes))
            .buildAsync();
  }

  /** Connects, and from then on stays connected. */
  public CompletableFuture<Mqtt5ConnAck> connect() {
    return mqtt.connectWith()
        .cleanStart(false)
        .sessionExpiryInterval(SESSION_SECONDS)
        .keepAlive(5)
        .send();
  }

  /** To publish and to subscribe, as with any other client. */
  public Mqtt5AsyncClient mqtt() {
    return mqtt;
  }

  private static MqttClientTransportConfig transport(InetSocketAddress node) {
    return MqttClientTransportConfig.builder().serverAddress(node).build();
  }

  /** Connects to the next node after a pause, unless the end of the connection was our own wish. */
  private static final class NextNode implements MqttClientDisconnectedListener {

    private final List<InetSocketAddress> nodes;
    private final AtomicInteger turn = new AtomicInteger();

    NextNode(List<InetSocketAddress> nodes) {
      this.nodes = List.copyOf(nodes);
    }

    @Override
    public void onDisconnected(MqttClientDisconnectedContext context) {
      if (context.getSource() != MqttDisconnectSource.USER) {
        int next = Math.floorMod(turn.incrementAndGet(), nodes.size());
        context
            .getReconnector()
            .reconnect(true)
            .delay(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
            .transportConfig(transport(nodes.get(next)));
      }
    }
  }
}
