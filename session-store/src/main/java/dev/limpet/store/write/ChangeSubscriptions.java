package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.List;

/** Performs {@code SessionStore.subscribe}; answers a flag, false when fenced. */
public record ChangeSubscriptions(long epoch, SubscriptionChange change) implements SessionWrite {
  static final int KIND = 2;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void write(BinaryWriter out) {
    out.int64(epoch);
    SessionFormat.writeSubscriptions(change.added(), out);
    out.varint(change.removed().size());
    change.removed().forEach(filter -> out.string(filter.toString()));
  }

  static ChangeSubscriptions read(BinaryReader in) {
    long epoch = in.int64();
    List<Subscription> added = SessionFormat.readSubscriptions(in);
    int count = in.count(1);
    List<SharedFilter> removed = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      removed.add(SharedFilter.parse(in.string()));
    }
    return new ChangeSubscriptions(epoch, new SubscriptionChange(added, removed));
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    answer.flag(cell.subscribe(epoch, change));
  }
}
