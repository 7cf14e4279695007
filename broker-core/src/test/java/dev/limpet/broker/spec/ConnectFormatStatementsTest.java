package dev.limpet.broker.spec;

import static dev.limpet.broker.spec.ConnectBytes.CLEAN;
import static dev.limpet.broker.spec.ConnectBytes.PASSWORD;
import static dev.limpet.broker.spec.ConnectBytes.USER_NAME;
import static dev.limpet.broker.spec.ConnectBytes.WILL;
import static dev.limpet.broker.spec.ConnectBytes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.wire.RawClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The form of CONNECT: sections 3.1.2 and 3.1.3 of both specifications. */
class ConnectFormatStatementsTest extends SharedBrokerFixture {
  private static final int WILL_QOS_1 = 0x08;
  private static final int WILL_QOS_3 = 0x18;
  private static final int WILL_RETAIN = 0x20;
  private static final String ID = text("bytes");
  private static final String NOT_UTF8 = "0002 C328";
  private static final AtomicReference<ConnectRequest> SEEN = new AtomicReference<>();

  @Override
  TestBroker.Setup setup() {
    return new TestBroker.Setup()
        .authenticator(
            (request, origin) -> {
              SEEN.set(request);
              return CompletableFuture.completedFuture(Authentication.ANONYMOUS);
            });
  }

  private void malformed(ConnectBytes connect) {
    connect.expectRefused(broker.port(), ReasonCode.MALFORMED_PACKET);
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-1", v5 = "MQTT-3.1.2-1")
  void another_protocol_name_is_not_served(ProtocolVersion version) {
    for (String name : new String[] {"mqtt", "MQTX", "MQT", "MQTTT"}) {
      try (RawClient client = RawClient.open(broker.port(), version)) {
        client.sendHex(ConnectBytes.of(version).protocolName(name).hex());
        client.expectEnd();
      }
    }
    ConnectBytes.of(version).expectAccepted(broker.port());
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-3", v5 = "MQTT-3.1.2-3")
  void the_reserved_flag_is_0(ProtocolVersion version) {
    malformed(ConnectBytes.of(version).flags(CLEAN | 0x01));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-9", v5 = "MQTT-3.1.2-9")
  void a_will_that_is_announced_is_there(ProtocolVersion version) {
    ConnectBytes connect = ConnectBytes.of(version).flags(CLEAN | WILL);
    malformed(connect.payload(ID));
    malformed(connect.payload(ID, version.isV5() ? "00" : "", text("w")));
    connect.payload(ID, connect.will(text("w"))).expectAccepted(broker.port());
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-3.1.2-11", "MQTT-3.1.2-13"},
      v5 = "MQTT-3.1.2-11")
  void will_qos_is_0_without_a_will(ProtocolVersion version) {
    malformed(ConnectBytes.of(version).flags(CLEAN | WILL_QOS_1));
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-3.1.2-11", "MQTT-3.1.2-15"},
      v5 = "MQTT-3.1.2-13")
  void will_retain_is_0_without_a_will(ProtocolVersion version) {
    malformed(ConnectBytes.of(version).flags(CLEAN | WILL_RETAIN));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-11")
  void a_will_that_is_not_announced_is_not_there(ProtocolVersion version) {
    ConnectBytes connect = ConnectBytes.of(version);
    malformed(connect.payload(ID, connect.will(text("w"))));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-14", v5 = "MQTT-3.1.2-12")
  void will_qos_is_not_3(ProtocolVersion version) {
    ConnectBytes connect = ConnectBytes.of(version);
    connect.payload(ID, connect.will(text("w")));
    for (Qos qos : Qos.values()) {
      connect.flags(CLEAN | WILL | qos.level() << 3).expectAccepted(broker.port());
      assertThat(seenWill().qos()).isEqualTo(qos);
    }
    malformed(connect.flags(CLEAN | WILL | WILL_QOS_3));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-18", v5 = "MQTT-3.1.2-16")
  void a_user_name_that_is_not_announced_is_not_there(ProtocolVersion version) {
    malformed(ConnectBytes.of(version).payload(ID, text("user")));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-19", v5 = "MQTT-3.1.2-17")
  void a_user_name_that_is_announced_is_there(ProtocolVersion version) {
    ConnectBytes connect = ConnectBytes.of(version).flags(CLEAN | USER_NAME);
    malformed(connect.payload(ID));
    connect.payload(ID, text("user")).expectAccepted(broker.port());
    assertThat(SEEN.get().userName()).isEqualTo("user");
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-20", v5 = "MQTT-3.1.2-18")
  void a_password_that_is_not_announced_is_not_there(ProtocolVersion version) {
    malformed(
        ConnectBytes.of(version)
            .flags(CLEAN | USER_NAME)
            .payload(ID, text("user"), text("password")));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-21", v5 = "MQTT-3.1.2-19")
  void a_password_that_is_announced_is_there(ProtocolVersion version) {
    ConnectBytes connect = ConnectBytes.of(version).flags(CLEAN | USER_NAME | PASSWORD);
    malformed(connect.payload(ID, text("user")));
    connect.payload(ID, text("user"), text("password")).expectAccepted(broker.port());
    assertThat(SEEN.get().password()).hasToString("password");
  }

  @Test
  @Spec(v3 = "MQTT-3.1.2-22")
  void only_v5_has_passwords_without_user_names() {
    malformed(
        ConnectBytes.of(ProtocolVersion.V3_1_1)
            .flags(CLEAN | PASSWORD)
            .payload(ID, text("password")));
    ConnectBytes.of(ProtocolVersion.V5)
        .flags(CLEAN | PASSWORD)
        .payload(ID, text("password"))
        .expectAccepted(broker.port());
    assertThat(SEEN.get().userName()).isNull();
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.3-1", v5 = "MQTT-3.1.3-1")
  void the_fields_of_the_payload_have_their_order(ProtocolVersion version) {
    ConnectBytes connect =
        ConnectBytes.of(version).flags(CLEAN | WILL | WILL_QOS_1 | USER_NAME | PASSWORD);
    connect
        .payload(text("first"), connect.will(text("second")), text("fourth"), text("fifth"))
        .expectAccepted(broker.port());
    ConnectRequest seen = SEEN.get();
    assertThat(seen.clientId()).isEqualTo("first");
    assertThat(seenWill().topic()).hasToString("second");
    assertThat(seenWill().payload()).hasToString("bye");
    assertThat(seen.userName()).isEqualTo("fourth");
    assertThat(seen.password()).hasToString("fifth");
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.3-3", v5 = "MQTT-3.1.3-3")
  void the_client_id_is_there(ProtocolVersion version) {
    malformed(ConnectBytes.of(version).payload());
    malformed(ConnectBytes.of(version).payload("0005 61"));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.3-4", v5 = "MQTT-3.1.3-4")
  void the_client_id_is_utf8(ProtocolVersion version) {
    malformed(ConnectBytes.of(version).payload(NOT_UTF8));
    malformed(ConnectBytes.of(version).payload("0001 00"));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.3-10", v5 = "MQTT-3.1.3-11")
  void the_will_topic_is_utf8(ProtocolVersion version) {
    ConnectBytes connect = ConnectBytes.of(version).flags(CLEAN | WILL);
    malformed(connect.payload(ID, connect.will(NOT_UTF8)));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.3-11", v5 = "MQTT-3.1.3-12")
  void the_user_name_is_utf8(ProtocolVersion version) {
    malformed(ConnectBytes.of(version).flags(CLEAN | USER_NAME).payload(ID, NOT_UTF8));
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.2.2-6")
  void where_no_return_code_fits_3_1_1_closes_without_one(ProtocolVersion version) {
    ConnectBytes connect = ConnectBytes.of(version).flags(CLEAN | WILL);
    connect
        .payload(ID, connect.will(text("a/#")))
        .expectRefused(broker.port(), ReasonCode.TOPIC_NAME_INVALID);
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.4-1", v5 = "MQTT-3.1.4-1")
  void a_connect_of_the_wrong_form_costs_the_connection(ProtocolVersion version) {
    malformed(ConnectBytes.of(version).payload(ID, "00"));
    if (version.isV5()) {
      malformed(ConnectBytes.of(version).properties("23 0001")); // a property of PUBLISH
    }
  }

  private static Will seenWill() {
    Will will = SEEN.get().will();
    assertThat(will).isNotNull();
    return will;
  }
}
