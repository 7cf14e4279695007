package dev.limpet.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.spi.merge.MergingValue;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.SessionCell;
import java.util.Objects;
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

  private static DurableSession session(long epoch) {
    SessionCell cell = new SessionCell(null);
    assertThat(
            cell.open(
                new Claim(ClientId.of("c"), new NodeId("n", 1), epoch),
                true,
                ConnectRequest.NEVER_EXPIRES,
                0))
        .isPresent();
    return Objects.requireNonNull(cell.session());
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
