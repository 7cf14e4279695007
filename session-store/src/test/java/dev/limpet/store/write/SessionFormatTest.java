package dev.limpet.store.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.mqtt.UserProperty;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.InboxState;
import dev.limpet.broker.spi.durable.SessionState;
import dev.limpet.broker.spi.durable.StoredDelivery;
import dev.limpet.broker.spi.durable.StoredEntry;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionFormatTest {
  /** What version 1 wrote. Never changed: sessions outlive the code that wrote them. */
  private static final String VERSION_1 =
      "010000065dd083700001066e6f64652d61fffffffffffffffb01901c7fffffffffffffff2901011a"
          + "0c0c2473686172652f672f612f2b01ffff03ffffffffffffffff032b012a0101010c011e00000000"
          + "0000000803017003612f62000001a3185c5000010574657874000001016b017604626f6479012802"
          + "000000000000000801000000000000000802";

  private static final SessionState STATE =
      new SessionState(
          new SessionState.Begun(-5, 6_000_000_000_000L, true),
          new SessionState.Opened(7_000_000_000_000L, new NodeId("node-a", -5), true),
          new SessionState.Expiry(3600, Long.MAX_VALUE),
          41,
          List.of(
              new Subscription(
                  SharedFilter.parse("$share/g/a/+"),
                  Qos.EXACTLY_ONCE,
                  false,
                  true,
                  RetainHandling.SEND_IF_NEW,
                  12)),
          Map.of(65_535, new PublicationId(-1, 3)),
          new InboxState(
              43,
              List.of(new StoredEntry(42, StoredDelivery.of(delivery()))),
              List.of(40L),
              List.of(new PublicationId(8, 1), new PublicationId(8, 2))));

  @Test
  void a_session_comes_back_as_it_was_written() {
    assertThat(read(written(STATE))).isEqualTo(STATE);
  }

  @Test
  void a_closed_session_comes_back_as_it_was_written() {
    SessionState closed =
        new SessionState(
            SessionState.Begun.UNKNOWN,
            new SessionState.Opened(1, null, false),
            new SessionState.Expiry(60, 1_700_000_000_000L),
            0,
            List.of(),
            Map.of(),
            new InboxState(1, List.of(), List.of(), List.of()));
    assertThat(read(written(closed))).isEqualTo(closed);
  }

  @Test
  void what_version_1_wrote_can_be_read() {
    assertThat(read(HexFormat.of().parseHex(VERSION_1))).isEqualTo(beginningUnknown());
  }

  /** Version 2 wrote the same, without the beginning at the end. */
  @Test
  void what_version_2_wrote_can_be_read() {
    byte[] written = written(STATE);
    byte[] of2 = Arrays.copyOf(written, written.length - (2 * Long.BYTES + 1));
    of2[0] = 2;
    assertThat(read(of2)).isEqualTo(beginningUnknown());
  }

  private static SessionState beginningUnknown() {
    return new SessionState(
        SessionState.Begun.UNKNOWN,
        STATE.opened(),
        STATE.expiry(),
        STATE.sentThrough(),
        STATE.subscriptions(),
        STATE.received(),
        STATE.inbox());
  }

  @Test
  void an_unknown_version_is_refused_instead_of_misread() {
    byte[] bytes = written(STATE);
    bytes[0] = 99;
    assertThatThrownBy(() -> read(bytes)).isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] written(SessionState state) {
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    SessionFormat.write(DurableSession.of(state), out);
    return out.buffer().getBytes();
  }

  private static SessionState read(byte[] bytes) {
    BinaryReader in = new BinaryReader(Buffer.buffer(bytes));
    SessionState state = SessionFormat.readSession(in).state();
    in.requireEnd();
    return state;
  }

  private static Delivery delivery() {
    Publication publication =
        new Publication(
            new PublicationId(8, 3),
            ClientId.of("p"),
            TopicName.of("a/b"),
            Buffer.buffer("body"),
            Qos.EXACTLY_ONCE,
            true,
            1_800_000_000_000L,
            new PublicationProperties(
                PayloadFormat.UTF_8, "text", null, null, List.of(new UserProperty("k", "v"))));
    return new Delivery(publication, Qos.AT_LEAST_ONCE, false, List.of(12));
  }
}
