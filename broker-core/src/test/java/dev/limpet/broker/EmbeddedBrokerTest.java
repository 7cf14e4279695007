package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** A broker inside a test, as its users meet it. */
class EmbeddedBrokerTest {

  @Test
  void it_serves_at_its_port_and_says_goodbye_when_closed() {
    RawClient client;
    try (var broker = EmbeddedBroker.start()) {
      assertThat(broker.uri()).isEqualTo("tcp://127.0.0.1:" + broker.port());
      client = RawClient.connect(broker.port(), ConnectSpec.v5("c"));
      client.subscribe("t", Qos.AT_LEAST_ONCE);
      client.publish("t", "hello", Qos.AT_MOST_ONCE);
      client.take("hello");
      assertThat(broker.connectionCount()).isEqualTo(1);
    }
    client.expectDisconnect(ReasonCode.SERVER_SHUTTING_DOWN);
    client.close();
  }

  @Test
  void two_of_them_know_nothing_of_each_other() {
    try (var one = EmbeddedBroker.start();
        var other = EmbeddedBroker.start();
        RawClient publisher = RawClient.connect(one.port(), ConnectSpec.v5("same"));
        RawClient subscriber = RawClient.connect(other.port(), ConnectSpec.v5("same"))) {
      subscriber.subscribe("t", Qos.AT_LEAST_ONCE);
      assertThat(publisher.publish("t", "x")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
      subscriber.ping();
    }
  }

  @Test
  void a_port_in_use_is_named_with_what_to_do() {
    try (var broker = EmbeddedBroker.start()) {
      assertThatThrownBy(() -> EmbeddedBroker.start(broker.port(), BrokerOptions.DEFAULTS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("127.0.0.1:" + broker.port())
          .hasMessageContaining("in use")
          .hasMessageContaining("choose another");
    }
  }

  @Test
  void its_port_is_free_again_after_close() {
    int port;
    try (var broker = EmbeddedBroker.start()) {
      port = broker.port();
    }
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
        .isInstanceOf(IOException.class);
    try (var again = EmbeddedBroker.start(port, BrokerOptions.DEFAULTS)) {
      assertThat(again.port()).isEqualTo(port);
    }
  }
}
