package dev.limpet.store.partition;

import static dev.limpet.broker.spi.Samples.delivery;
import static dev.limpet.broker.spi.Samples.publication;
import static dev.limpet.broker.spi.Samples.subscription;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.durable.StoredDelivery;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.store.write.AcknowledgeInbox;
import dev.limpet.store.write.AppendToInbox;
import dev.limpet.store.write.ChangeSubscriptions;
import dev.limpet.store.write.CloseOrphan;
import dev.limpet.store.write.CloseSession;
import dev.limpet.store.write.ExpireSession;
import dev.limpet.store.write.OpenSession;
import dev.limpet.store.write.ReceivePublication;
import dev.limpet.store.write.ReplayToInbox;
import dev.limpet.store.write.SessionWrite;
import io.vertx.core.buffer.Buffer;
import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionWritesTest {
  private static final Claim CLAIM = new Claim(ClientId.of("c"), new NodeId("n", 1), 5);
  private static final Progress PROGRESS =
      new Progress(List.of(1L), List.of(2L), List.of(), List.of(8), 2);

  private static final List<SessionWrite> LIFE =
      List.of(
          new OpenSession(CLAIM, false, 60, 1_000),
          new ChangeSubscriptions(
              5,
              new SubscriptionChange(
                  List.of(
                      subscription("a/#", Qos.EXACTLY_ONCE), subscription("b", Qos.AT_LEAST_ONCE)),
                  List.of())),
          new ChangeSubscriptions(
              5, new SubscriptionChange(List.of(), List.of(SharedFilter.parse("b")))),
          append("one"),
          append("two"),
          append("three"),
          new ReplayToInbox(
              SharedFilter.parse("a/#"),
              List.of(
                  StoredDelivery.of(
                      Delivery.replayed(
                          publication("a/r", "retained"), subscription("a/#", Qos.EXACTLY_ONCE)))),
              InboxLimits.DEFAULT,
              1_600),
          new ReceivePublication(5, 8, new PublicationId(1, 1)),
          new ReceivePublication(5, 9, new PublicationId(1, 2)),
          new AcknowledgeInbox(5, PROGRESS),
          new CloseSession(5, PROGRESS, 30, 2_000));

  @Test
  void a_backup_that_gets_the_bytes_comes_to_the_same_session() {
    SimpleEntry<String, @Nullable DurableSession> owner = entry();
    SimpleEntry<String, @Nullable DurableSession> backup = entry();
    PartitionWrites writes = writes(LIFE);
    byte[] answers = writes.process(owner);
    assertThat(PartitionWrites.ofBytes(writes.toBytes()).process(backup)).isEqualTo(answers);
    assertThat(Objects.requireNonNull(backup.getValue()).state())
        .isEqualTo(Objects.requireNonNull(owner.getValue()).state());
  }

  @Test
  void writes_applied_again_change_nothing() {
    SimpleEntry<String, @Nullable DurableSession> entry = entry();
    writes(LIFE).process(entry);
    var state = Objects.requireNonNull(entry.getValue()).state();
    writes(LIFE.subList(1, LIFE.size())).process(entry);
    assertThat(Objects.requireNonNull(entry.getValue()).state()).isEqualTo(state);
  }

  @Test
  void an_orphan_is_closed_and_expires_also_from_bytes() {
    SimpleEntry<String, @Nullable DurableSession> entry = entry();
    writes(LIFE.subList(0, 1)).process(entry);
    process(entry, new CloseOrphan(CLAIM, 2_000));
    assertThat(Objects.requireNonNull(entry.getValue()).state().expiry().atMillis())
        .isEqualTo(62_000);
    process(entry, new ExpireSession(5, 61_999));
    assertThat(entry.getValue()).isNotNull();
    process(entry, new ExpireSession(5, 62_000));
    assertThat(entry.getValue()).isNull();
  }

  @Test
  void malformed_bytes_change_nothing() {
    SimpleEntry<String, @Nullable DurableSession> entry = entry();
    byte[] bytes = writes(LIFE).toBytes();
    bytes[0] = 99;
    assertThatThrownBy(() -> PartitionWrites.ofBytes(bytes).process(entry))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(entry.getValue()).isNull();
  }

  @Test
  void each_session_gets_its_own_writes() {
    SimpleEntry<String, @Nullable DurableSession> one = new SimpleEntry<>("one", null);
    SimpleEntry<String, @Nullable DurableSession> two = new SimpleEntry<>("two", null);
    Claim claimOfTwo = new Claim(ClientId.of("two"), new NodeId("n", 1), 9);
    Map<String, List<SessionWrite>> writes =
        Map.of(
            "one", LIFE.subList(0, 2),
            "two", List.of(new OpenSession(claimOfTwo, false, 60, 1_000)));
    PartitionWrites received = PartitionWrites.ofBytes(new PartitionWrites(writes).toBytes());
    received.process(two);
    received.process(one);
    assertThat(Objects.requireNonNull(one.getValue()).state().opened().epoch()).isEqualTo(5);
    assertThat(Objects.requireNonNull(two.getValue()).state().opened().epoch()).isEqualTo(9);
    assertThatThrownBy(() -> received.process(new SimpleEntry<>("three", null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_session_that_cannot_be_changed_says_so_and_leaves_the_others_alone() {
    Map.Entry<String, DurableSession> broken =
        new SimpleEntry<>("c", null) {
          @Override
          public DurableSession getValue() {
            throw new IllegalStateException("broken on purpose");
          }
        };
    byte[] answer = writes(LIFE).process(broken);
    assertThat(new BinaryReader(Buffer.buffer(answer)).flag()).isFalse();
  }

  private static PartitionWrites writes(List<SessionWrite> own) {
    return new PartitionWrites(Map.of("c", own));
  }

  private static void process(
      SimpleEntry<String, @Nullable DurableSession> entry, SessionWrite write) {
    byte[] bytes = writes(List.of(write)).toBytes();
    PartitionWrites.ofBytes(bytes).process(entry);
  }

  private static SimpleEntry<String, @Nullable DurableSession> entry() {
    return new SimpleEntry<>("c", null);
  }

  private static SessionWrite append(String payload) {
    StoredDelivery stored = StoredDelivery.of(delivery(publication("a/b", payload)));
    return new AppendToInbox(stored, InboxLimits.DEFAULT, 1_500);
  }
}
