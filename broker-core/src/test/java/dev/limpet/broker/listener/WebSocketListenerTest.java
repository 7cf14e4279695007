package dev.limpet.broker.listener;

import static dev.limpet.broker.listener.WebSocketClient.BINARY;
import static dev.limpet.broker.listener.WebSocketClient.CLOSE;
import static dev.limpet.broker.listener.WebSocketClient.CONTINUATION;
import static dev.limpet.broker.listener.WebSocketClient.FIN;
import static dev.limpet.broker.listener.WebSocketClient.PING;
import static dev.limpet.broker.listener.WebSocketClient.PONG;
import static dev.limpet.broker.listener.WebSocketClient.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.connection.listener.TlsOptions;
import dev.limpet.broker.connection.listener.WebSocketOptions;
import dev.limpet.broker.listener.WebSocketClient.Frame;
import dev.limpet.broker.spec.Spec;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketListenerTest {
  private static final byte[] CONNECT = {
    0x10, 0x0D, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'w'
  };
  private static final byte[] CONNACK = {0x20, 2, 0, 0};
  private static final byte[] PINGREQ = {(byte) 0xC0, 0};
  private static final byte[] PINGRESP = {(byte) 0xD0, 0};
  private static final byte[] DISCONNECT = {(byte) 0xE0, 0};
  private static final int FRAME_BYTES_MAX = 500_000;

  private final ListenerFixture fixture = new ListenerFixture();
  private int port;

  @BeforeEach
  void open() {
    port =
        fixture.open(
            ListenerOptions.tcp(ListenerFixture.NAME)
                .withWebSocket(new WebSocketOptions("/mqtt", FRAME_BYTES_MAX)));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static void talk(Mqtt5BlockingClient client) throws InterruptedException {
    client.connect();
    try (Mqtt5BlockingClient.Mqtt5Publishes received =
        client.publishes(MqttGlobalPublishFilter.ALL)) {
      client.subscribeWith().topicFilter("a/#").qos(MqttQos.AT_LEAST_ONCE).send();
      byte[] large = new byte[300_000];
      client.publishWith().topic("a/b").qos(MqttQos.AT_LEAST_ONCE).payload(large).send();
      assertThat(received.receive().getPayloadAsBytes()).isEqualTo(large);
    }
    client.disconnect();
  }

  @Test
  void a_client_talks_through_frames() throws Exception {
    talk(
        Mqtt5Client.builder()
            .serverHost("127.0.0.1")
            .serverPort(port)
            .webSocketConfig()
            .serverPath("mqtt")
            .applyWebSocketConfig()
            .buildBlocking());
    await().until(() -> fixture.connections() == 0);
  }

  @Test
  void a_client_talks_through_frames_in_tls(@TempDir Path folder) throws Exception {
    Certificates certificates = new Certificates(folder);
    X509Bundle server = certificates.issue("one.example");
    TlsOptions.Identity identity =
        new TlsOptions.Identity(
            certificates.certificateFile("s", server), certificates.keyFile("s", server));
    int securePort =
        fixture.open(
            ListenerOptions.tcp("secure")
                .withTls(new TlsOptions(List.of(identity), null))
                .withWebSocket(WebSocketOptions.at("/mqtt")));
    talk(
        Mqtt5Client.builder()
            .serverHost("127.0.0.1")
            .serverPort(securePort)
            .sslConfig()
            .trustManagerFactory(certificates.authority().toTrustManagerFactory())
            .hostnameVerifier((host, session) -> true)
            .applySslConfig()
            .webSocketConfig()
            .serverPath("mqtt")
            .applyWebSocketConfig()
            .buildBlocking());
  }

  @ParameterizedTest
  @CsvSource({
    "/mqtt, mqttx, 400",
    "/mqtt, '', 400",
    "/mqtt, MQTT, 400",
    "/other, mqtt, 404",
    "/mqtt/x, mqtt, 404"
  })
  @Spec(v3 = "MQTT-6.0.0-3", v5 = "MQTT-6.0.0-3")
  void other_requests_are_refused(String path, String subprotocol, int status) throws IOException {
    try (WebSocketClient client = new WebSocketClient(port)) {
      assertThat(client.request(path, subprotocol, "")).startsWith("HTTP/1.1 " + status + " ");
      assertThat(client.readToEnd()).isEmpty();
    }
    await().until(() -> fixture.refused("web_socket") == 1);
  }

  @Test
  @Spec(v3 = "MQTT-6.0.0-4", v5 = "MQTT-6.0.0-4")
  void one_offer_of_several_is_enough_and_a_query_does_not_matter() throws IOException {
    try (WebSocketClient client = new WebSocketClient(port)) {
      assertThat(client.request("/mqtt?token=1", "mqttv3.1, mqtt", ""))
          .startsWith("HTTP/1.1 101 ")
          .contains("sec-websocket-protocol: mqtt\r\n");
      client.frame(FIN | BINARY, CONNECT);
      assertThat(client.next().payload()).isEqualTo(CONNACK);
    }
  }

  /** Issue 7, item 8: what clients of 3.1 offered before there was a rule. */
  @Test
  void the_subprotocol_of_3_1_is_taken() throws IOException {
    byte[] connect = {0x10, 0x0F, 0, 6, 'M', 'Q', 'I', 's', 'd', 'p', 3, 2, 0, 0, 0, 1, 'w'};
    try (WebSocketClient client = new WebSocketClient(port)) {
      assertThat(client.request("/mqtt", "mqttv3.1", ""))
          .startsWith("HTTP/1.1 101 ")
          .contains("sec-websocket-protocol: mqttv3.1\r\n");
      client.frame(FIN | BINARY, connect);
      assertThat(client.next().payload()).isEqualTo(CONNACK);
    }
  }

  @Test
  void what_is_no_http_costs_only_its_sender() throws IOException {
    try (WebSocketClient client = new WebSocketClient(port)) {
      client.send(CONNECT).send("\r\n\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      client.readToEnd();
    }
    await().until(() -> fixture.refused("web_socket") == 1);
    try (WebSocketClient client = new WebSocketClient(port)) {
      client.request("/" + "x".repeat(20_000), "mqtt", "");
      client.readToEnd();
    }
    await().until(() -> fixture.connections() == 0);
  }

  @Test
  void bytes_before_the_upgrade_is_answered_end_it() throws IOException {
    try (WebSocketClient client = new WebSocketClient(port)) {
      client.request("/mqtt", "mqtt", "\u0002\u0003");
      client.readToEnd();
    }
    await().until(() -> fixture.connections() == 0);
    assertThat(fixture.seen).isEmpty();
  }

  @Test
  @Spec(
      v3 = {"MQTT-6.0.0-1", "MQTT-6.0.0-2"},
      v5 = {"MQTT-6.0.0-1", "MQTT-6.0.0-2"})
  void packets_share_frames_and_frames_share_packets() throws IOException {
    try (WebSocketClient client = WebSocketClient.open(port)) {
      client.frame(BINARY, CONNECT[0]);
      for (int i = 1; i < CONNECT.length; i++) {
        client.frame(FIN | PING, (byte) i); // before the last byte: CONNACK may overtake a PONG
        assertThat(client.next()).matches(frame -> frame.opcode() == PONG);
        client.frame(CONTINUATION, CONNECT[i]);
      }
      client.frame(FIN | CONTINUATION);
      assertThat(client.next().payload()).isEqualTo(CONNACK);
      client.frame(FIN | BINARY, PINGREQ[0], PINGREQ[1], PINGREQ[0]);
      client.frame(FIN | BINARY, PINGREQ[1]);
      for (int i = 0; i < 2; i++) {
        Frame frame = client.next();
        assertThat(frame.opcode()).isEqualTo(BINARY);
        assertThat(frame.payload()).isEqualTo(PINGRESP);
      }
      client.frame(FIN | BINARY, DISCONNECT);
      assertThat(client.next().opcode()).isEqualTo(CLOSE);
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  /** Issue 7, item 7: what the broker gathers in one write is still one frame for each packet. */
  @Test
  void a_message_and_the_acknowledgement_of_another_come_in_frames_of_their_own()
      throws IOException {
    byte[] subscribe = {(byte) 0x82, 6, 0, 1, 0, 1, 't', 1};
    byte[] publish = {0x32, 6, 0, 1, 't', 0, 2, 'm'};
    try (WebSocketClient client = WebSocketClient.open(port)) {
      client.frame(FIN | BINARY, CONNECT);
      assertThat(client.next().payload()).isEqualTo(CONNACK);
      client.frame(FIN | BINARY, subscribe);
      assertThat(client.next().payload()).containsExactly(0x90, 3, 0, 1, 1);
      for (int round = 0; round < 100; round++) {
        client.frame(FIN | BINARY, publish);
        List<Integer> types =
            Stream.of(client.next(), client.next()).map(frame -> onePacket(frame)).toList();
        assertThat(types).containsExactlyInAnyOrder(0x32, 0x40);
        client.frame(FIN | BINARY, (byte) 0x40, (byte) 2, (byte) 0, (byte) (round + 1));
      }
    }
  }

  @Test
  void a_large_packet_has_one_frame() throws IOException {
    int bodyBytes = 3 + 300_000;
    Buffer publish =
        Buffer.buffer(new byte[] {0x30})
            .appendBytes(new byte[] {(byte) (bodyBytes & 0x7F | 0x80)})
            .appendBytes(new byte[] {(byte) (bodyBytes >>> 7 & 0x7F | 0x80)})
            .appendBytes(new byte[] {(byte) (bodyBytes >>> 14)})
            .appendBytes(new byte[] {0, 1, 't'})
            .appendBytes(new byte[300_000]);
    try (WebSocketClient client = WebSocketClient.open(port)) {
      client.frame(FIN | BINARY, CONNECT);
      assertThat(client.next().payload()).isEqualTo(CONNACK);
      client.frame(
          FIN | BINARY,
          (byte) 0x82,
          (byte) 6,
          (byte) 0,
          (byte) 1,
          (byte) 0,
          (byte) 1,
          (byte) 't',
          (byte) 0);
      assertThat(client.next().payload()).containsExactly(0x90, 3, 0, 1, 0);
      client.frame(FIN | BINARY, publish.getBytes());
      assertThat(client.next().payload()).isEqualTo(publish.getBytes());
    }
  }

  /** The first byte of the one packet in a frame. */
  private static int onePacket(Frame frame) {
    assertThat(frame.payload()[1] + 2).isEqualTo(frame.payload().length);
    return frame.payload()[0];
  }

  @Test
  void a_close_frame_is_answered_with_its_own_status() throws IOException {
    try (WebSocketClient client = WebSocketClient.open(port)) {
      client.frame(FIN | BINARY, CONNECT);
      client.next();
      client.frame(FIN | CLOSE, (byte) (3_001 >>> 8), (byte) 3_001);
      Frame close = client.next();
      assertThat(close.opcode()).isEqualTo(CLOSE);
      assertThat(close.payload()).containsExactly(3_001 >>> 8, (byte) 3_001);
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  private void expectClosed(byte[] bytes, int status) throws IOException {
    try (WebSocketClient client = WebSocketClient.open(port)) {
      client.send(bytes);
      Frame close = client.next();
      assertThat(close.opcode()).isEqualTo(CLOSE);
      assertThat((close.payload()[0] & 0xFF) << 8 | close.payload()[1] & 0xFF).isEqualTo(status);
      client.readToEnd();
    }
    await().until(() -> fixture.connections() == 0);
  }

  @Test
  @Spec(v3 = "MQTT-6.0.0-1", v5 = "MQTT-6.0.0-1")
  void frames_that_may_not_come_end_the_connection() throws IOException {
    expectClosed(WebSocketClient.encode(FIN | TEXT, CONNECT), 1003);
    expectClosed(WebSocketClient.encode(FIN | CONTINUATION, CONNECT), 1002);
    expectClosed(WebSocketClient.encode(0x40 | FIN | BINARY, CONNECT), 1002);
    expectClosed(WebSocketClient.encode(FIN | 0x3, CONNECT), 1002);
    expectClosed(new byte[] {(byte) (FIN | BINARY), 1, 0x10}, 1002);
    expectClosed(new byte[] {(byte) (FIN | BINARY), (byte) 0xFF, 0, 0, 0, 0, 1, 0, 0, 0}, 1009);
  }
}
