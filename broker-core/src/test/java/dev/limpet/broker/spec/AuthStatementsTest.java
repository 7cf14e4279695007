package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Auth;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.AuthenticationExchange;
import dev.limpet.broker.spi.AuthenticationExchange.Step;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AUTH and enhanced authentication: sections 3.15 and 4.12 of MQTT 5.0. */
class AuthStatementsTest extends SharedBrokerFixture {
  private static final String METHOD = "RIDDLE";

  /** Asks until it hears the answer, or a word it refuses at once. */
  private static final AuthenticationExchange RIDDLE =
      data ->
          CompletableFuture.completedFuture(
              switch (String.valueOf(data)) {
                case "answer" -> new Step(Authentication.user("sphinx"), Buffer.buffer("right"));
                case "wrong" -> new Step(refusal(ReasonCode.NOT_AUTHORIZED), null);
                case "password" -> new Step(refusal(ReasonCode.BAD_USER_NAME_OR_PASSWORD), null);
                default -> new Step(null, Buffer.buffer("riddle"));
              });

  private static Authentication refusal(ReasonCode reason) {
    return Authentication.deny(reason);
  }

  @Override
  TestBroker.Setup setup() {
    return new TestBroker.Setup()
        .enhanced((method, origin) -> METHOD.equals(method) ? RIDDLE : null);
  }

  private static Auth auth(ReasonCode reason, @Nullable String method, String data) {
    return new Auth(reason, method, Buffer.buffer(data), null, List.of());
  }

  private static Auth next(String data) {
    return auth(ReasonCode.CONTINUE_AUTHENTICATION, METHOD, data);
  }

  private RawClient begin(String method) {
    ConnectSpec spec =
        ConnectSpec.v5("client").authenticationMethod(method).authenticationData("hello");
    return RawClient.open(broker.port(), ProtocolVersion.V5).send(new Connect(spec.request()));
  }

  private RawClient loggedIn() {
    RawClient client = begin(METHOD);
    expectRiddle(client);
    client.send(next("answer"));
    assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
    return client;
  }

  private static void expectRiddle(RawClient client) {
    Auth auth = client.expect(Auth.class);
    assertThat(auth.reason()).isEqualTo(ReasonCode.CONTINUE_AUTHENTICATION);
    assertThat(auth.method()).isEqualTo(METHOD);
    assertThat(auth.data()).hasToString("riddle");
  }

  private static void expectRefused(RawClient client, ReasonCode reason) {
    assertThat(client.expect(Connack.class).reason()).isEqualTo(reason);
    client.expectEnd();
  }

  @Test
  @Spec(v5 = "MQTT-3.15.1-1")
  void an_auth_with_flags_closes_the_connection() {
    for (int flags = 1; flags < 16; flags++) {
      try (RawClient client = loggedIn()) {
        client.sendHex("F%x 0B 19 09 15 0006 524944444C45".formatted(flags));
        client.expectDisconnect(ReasonCode.MALFORMED_PACKET);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x01, 0x10, 0x80, 0x87, 0x8C})
  @Spec(v5 = "MQTT-3.15.2-1")
  void an_auth_with_a_reason_that_is_not_the_clients_closes_the_connection(int code) {
    try (RawClient client = loggedIn()) {
      client.sendHex("F0 0B %02x 09 15 0006 524944444C45".formatted(code));
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.15.2-1", "MQTT-4.12.0-2", "MQTT-4.12.0-5"})
  void every_auth_of_the_server_goes_on_or_says_success_and_names_the_method() {
    try (RawClient client = begin(METHOD)) {
      for (int i = 0; i < 5; i++) {
        expectRiddle(client);
        client.send(next("guess " + i));
      }
      expectRiddle(client);
      client.send(next("answer"));
      Connack connack = client.expect(Connack.class);
      assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
      assertThat(connack.properties().authenticationMethod()).isEqualTo(METHOD);
      client.send(auth(ReasonCode.REAUTHENTICATE, METHOD, "again"));
      expectRiddle(client);
      client.send(next("answer"));
      Auth done = client.expect(Auth.class);
      assertThat(done.reason()).isEqualTo(ReasonCode.SUCCESS);
      assertThat(done.method()).isEqualTo(METHOD);
    }
  }

  @Test
  @Spec(v5 = "MQTT-4.12.0-1")
  void a_method_that_is_not_supported_closes_the_connection() {
    for (String method : List.of("riddle", "", "OTHER")) {
      try (RawClient client = begin(method)) {
        expectRefused(client, ReasonCode.BAD_AUTHENTICATION_METHOD);
      }
    }
  }

  @Test
  @Spec(v5 = {"MQTT-4.12.0-3", "MQTT-4.12.0-5"})
  void an_auth_before_connack_that_does_not_go_on_with_the_method_is_refused() {
    List<Packet> wrong =
        List.of(
            auth(ReasonCode.REAUTHENTICATE, METHOD, "answer"),
            auth(ReasonCode.CONTINUE_AUTHENTICATION, "OTHER", "answer"));
    for (Packet packet : wrong) {
      try (RawClient client = begin(METHOD)) {
        expectRiddle(client);
        client.send(packet);
        expectRefused(client, ReasonCode.PROTOCOL_ERROR);
      }
    }
  }

  @Test
  @Spec(v5 = {"MQTT-4.12.0-4", "MQTT-4.13.2-1"})
  void the_server_refuses_at_any_point_and_closes() {
    try (RawClient client = begin(METHOD)) {
      expectRiddle(client);
      client.send(next("once more"));
      expectRiddle(client);
      client.send(next("wrong"));
      expectRefused(client, ReasonCode.NOT_AUTHORIZED);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-4.12.0-6")
  void without_a_method_in_connect_there_is_no_auth_and_none_in_connack(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "plain").userName("sphinx").password("riddle");
    try (RawClient client = RawClient.open(broker.port(), version)) {
      Connack connack = client.connect(spec);
      assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
      assertThat(connack.properties().authenticationMethod()).isNull();
      assertThat(connack.properties().authenticationData()).isNull();
      client.ping();
    }
  }

  @Test
  @Spec(v5 = "MQTT-4.12.0-7")
  void an_auth_of_a_client_without_a_method_closes_the_connection() {
    for (ReasonCode reason :
        List.of(ReasonCode.REAUTHENTICATE, ReasonCode.CONTINUE_AUTHENTICATION)) {
      try (RawClient client = broker.connect(ConnectSpec.v5("plain"))) {
        client.send(auth(reason, METHOD, "answer"));
        client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
      }
    }
  }

  @Test
  @Spec(v5 = "MQTT-4.12.1-1")
  void authenticating_anew_by_another_method_closes_the_connection() {
    try (RawClient client = loggedIn()) {
      client.send(auth(ReasonCode.REAUTHENTICATE, "OTHER", "answer"));
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrong", "password"})
  @Spec(v5 = {"MQTT-4.12.1-2", "MQTT-3.14.2-1"})
  void who_fails_to_authenticate_anew_is_told_by_a_code_of_disconnect_and_closed(String data) {
    try (RawClient client = loggedIn()) {
      client.send(auth(ReasonCode.REAUTHENTICATE, METHOD, "again"));
      expectRiddle(client);
      client.send(next(data));
      assertThat(client.expect(Disconnect.class).reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      client.expectEnd();
    }
  }
}
