package dev.limpet.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.spi.merge.MergingValue;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionMergePolicyTest {
  private final SessionMergePolicy policy = new SessionMergePolicy();
  private final DurableSession older = session(1);
  private final DurableSession newer = session(2);

  @Test
  void the_session_of_the_newer_claim_stays_whichever_side_it_was_on() {
    assertThat(policy.merge(new Held(newer), new Held(older))).isSameAs(newer);
    assertThat(policy.merge(new Held(older), new Held(newer))).isSameAs(newer);
  }

  @Test
  void of_two_with_the_same_epoch_the_larger_side_keeps_its_own() {
    DurableSession existing = session(2);
    assertThat(policy.merge(new Held(newer), new Held(existing))).isSameAs(existing);
  }

  @Test
  void what_only_one_side_has_stays() {
    assertThat(policy.merge(new Held(older), null)).isSameAs(older);
    assertThat(policy.merge(null, new Held(older))).isSameAs(older);
    assertThat(policy.merge(null, null)).isNull();
  }

  /** Issue 9, item 9: the sides' members may have wall clocks that differ. */
  @Test
  void whether_a_copy_has_expired_is_judged_by_the_clock_of_the_stores() {
    long[] now = {60_999};
    try (Members members = new Members(1, config -> StoreMaps.useClock(config, () -> now[0]))) {
      policy.setHazelcastInstance(members.get(0));
      DurableSession closed = closedAt(1_000, 60);
      assertThat(merged(closed, opened(2, false).session())).isEqualTo(1);
      now[0]++;
      assertThat(merged(closed, opened(2, false).session())).isZero();
    }
  }

  /** How many subscriptions stay. */
  private int merged(DurableSession older, @Nullable DurableSession newer) {
    Object merged = policy.merge(new Held(older), new Held(Objects.requireNonNull(newer)));
    return ((DurableSession) Objects.requireNonNull(merged)).state().subscriptions().size();
  }

  /** With one subscription. */
  private static DurableSession closedAt(long nowMillis, long expirySeconds) {
    SessionCell cell = opened(1, true);
    Subscription news = Subscription.plain(SharedFilter.parse("news"), Qos.AT_LEAST_ONCE);
    assertThat(cell.subscribe(1, new SubscriptionChange(List.of(news), List.of()))).isTrue();
    Progress none = new Progress(List.of(), List.of(), List.of(), List.of(), 0);
    assertThat(cell.close(1, none, expirySeconds, nowMillis)).isTrue();
    return Objects.requireNonNull(cell.session());
  }

  private static DurableSession session(long epoch) {
    return Objects.requireNonNull(opened(epoch, true).session());
  }

  private static SessionCell opened(long epoch, boolean cleanStart) {
    SessionCell cell = new SessionCell(null);
    Claim claim = new Claim(ClientId.of("c"), new NodeId("n", 1), epoch);
    assertThat(cell.open(claim, cleanStart, ConnectRequest.NEVER_EXPIRES, 0)).isPresent();
    return cell;
  }

  private record Held(DurableSession session) implements MergingValue<DurableSession> {
    @Override
    public DurableSession getDeserializedValue() {
      return session;
    }

    @Override
    public Object getRawValue() {
      return session;
    }
  }
}
