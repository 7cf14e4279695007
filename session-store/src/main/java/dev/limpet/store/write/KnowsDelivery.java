package dev.limpet.store.write;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.SessionCell;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Performs {@code SessionStore.knowsAny} for one session. Immutable. */
public final class KnowsDelivery
    implements EntryProcessor<String, DurableSession, Boolean>, ReadOnly {
  private static final long serialVersionUID = 1L;

  public final transient PublicationId delivery;

  public KnowsDelivery(PublicationId delivery) {
    this.delivery = delivery;
  }

  @Override
  public Boolean process(Map.Entry<String, DurableSession> entry) {
    return new SessionCell(entry.getValue()).knows(delivery);
  }

  @Override
  public @Nullable EntryProcessor<String, DurableSession, Boolean> getBackupProcessor() {
    return null;
  }
}
