package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.access.PasswordEditor;
import dev.limpet.broker.access.PasswordFile;
import dev.limpet.broker.connection.codec.Packet.Auth;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Pingreq;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import dev.limpet.broker.wire.ScramClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** AUTH before CONNACK and after, with SCRAM-SHA-256. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnhancedAuthenticationTest {
  private static final String METHOD = "SCRAM-SHA-256";

  private final FileWatch watch = new FileWatch();
  private PasswordFile users;
  private TestBroker broker;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("users");
    PasswordEditor.put(file, "alice", "secret", true);
    PasswordEditor.put(file, "bob", "secret", true);
    PasswordEditor.put(file, "carol", "secret", false);
    users = PasswordFile.open(file, watch, new SimpleMeterRegistry());
    broker = new TestBroker.Setup().enhanced(users.scram()).start();
  }

  @AfterAll
  void stop() {
    broker.close();
    users.close();
    watch.close();
  }

  private static Auth auth(ReasonCode reason, @Nullable String data) {
    return auth(reason, METHOD, data);
  }

  private static Auth auth(ReasonCode reason, String method, @Nullable String data) {
    return new Auth(reason, method, data == null ? null : Buffer.buffer(data), null, List.of());
  }

  private static Connect connect(String id, String method, String data) {
    return new Connect(
        ConnectSpec.v5(id).authenticationMethod(method).authenticationData(data).request());
  }

  private RawClient open() {
    return RawClient.open(broker.port(), ProtocolVersion.V5);
  }

  private static String challenge(RawClient client) {
    Auth auth = client.expect(Auth.class);
    assertThat(auth.reason()).isEqualTo(ReasonCode.CONTINUE_AUTHENTICATION);
    assertThat(auth.method()).isEqualTo(METHOD);
    assertThat(auth.data()).isNotNull();
    return auth.data().toString();
  }

  /** Logs in as far as CONNACK. */
  private static Connack logIn(RawClient client, String id, ScramClient scram) {
    client.send(connect(id, METHOD, scram.first()));
    client.send(auth(ReasonCode.CONTINUE_AUTHENTICATION, scram.last(challenge(client))));
    return client.expect(Connack.class);
  }

  @Test
  void a_client_proves_its_password_without_saying_it() {
    ScramClient scram = new ScramClient("alice", "secret");
    try (RawClient client = open()) {
      Connack connack = logIn(client, "a", scram);
      assertThat(connack.reason()).isEqualTo(ReasonCode.SUCCESS);
      assertThat(connack.properties().authenticationMethod()).isEqualTo(METHOD);
      assertThat(connack.properties().authenticationData()).hasToString(scram.expectedVerifier());
      client.ping();
    }
  }

  @Test
  void a_wrong_password_an_unknown_user_and_one_without_a_verifier_look_the_same() {
    for (String user : List.of("alice", "nobody", "carol")) {
      try (RawClient client = open()) {
        Connack connack = logIn(client, "w", new ScramClient(user, "wrong"));
        assertThat(connack.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        client.expectEnd();
      }
    }
  }

  @Test
  void a_method_nobody_knows_is_refused() {
    try (RawClient client = open()) {
      client.send(connect("m", "OTHER", "x"));
      assertThat(client.expect(Connack.class).reason())
          .isEqualTo(ReasonCode.BAD_AUTHENTICATION_METHOD);
      client.expectEnd();
    }
  }

  @Test
  @Spec(v5 = "MQTT-4.12.0-5")
  void only_auth_of_the_same_method_may_come_before_connack() {
    try (RawClient client = open()) {
      client.send(connect("p", METHOD, new ScramClient("alice", "secret").first()));
      challenge(client);
      client.send(Pingreq.INSTANCE);
      assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
      client.expectEnd();
    }
    try (RawClient client = open()) {
      client.send(connect("p", METHOD, new ScramClient("alice", "secret").first()));
      challenge(client);
      client.send(auth(ReasonCode.CONTINUE_AUTHENTICATION, "OTHER", "x"));
      assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
      client.expectEnd();
    }
  }

  @Test
  void a_connected_client_proves_itself_again_while_its_packets_go_on() {
    try (RawClient client = open()) {
      logIn(client, "r", new ScramClient("alice", "secret"));
      ScramClient again = new ScramClient("alice", "secret");
      client.send(auth(ReasonCode.REAUTHENTICATE, again.first()));
      String challenge = challenge(client);
      client.subscribe("a", Qos.AT_LEAST_ONCE);
      client.send(auth(ReasonCode.CONTINUE_AUTHENTICATION, again.last(challenge)));
      Auth done = client.expect(Auth.class);
      assertThat(done.reason()).isEqualTo(ReasonCode.SUCCESS);
      assertThat(done.data()).hasToString(again.expectedVerifier());
      client.ping();
    }
  }

  @Test
  @Spec(v5 = "MQTT-4.12.1-2")
  void who_fails_to_prove_itself_again_or_becomes_another_is_closed() {
    for (ScramClient again :
        List.of(new ScramClient("alice", "wrong"), new ScramClient("bob", "secret"))) {
      try (RawClient client = open()) {
        logIn(client, "f", new ScramClient("alice", "secret"));
        client.send(auth(ReasonCode.REAUTHENTICATE, again.first()));
        client.send(auth(ReasonCode.CONTINUE_AUTHENTICATION, again.last(challenge(client))));
        client.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
      }
    }
  }

  @Test
  @Spec(v5 = "MQTT-4.12.0-7")
  void an_auth_nobody_asked_for_ends_the_connection() {
    try (RawClient client = broker.connect(ConnectSpec.v5("n"))) {
      client.send(auth(ReasonCode.REAUTHENTICATE, "x"));
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
    try (RawClient client = open()) {
      logIn(client, "o", new ScramClient("alice", "secret"));
      client.send(auth(ReasonCode.CONTINUE_AUTHENTICATION, "x"));
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }
}
