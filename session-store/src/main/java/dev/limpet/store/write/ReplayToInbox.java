package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.broker.spi.durable.StoredDelivery;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * Performs {@code SessionStore.replay}; answers a number of {@code AppendResult} for each delivery.
 */
public record ReplayToInbox(
    SharedFilter subscription, List<StoredDelivery> retained, InboxLimits limits, long nowMillis)
    implements SessionWrite {
  static final int KIND = 9;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public int bytes() {
    int bytes = 128;
    for (StoredDelivery each : retained) {
      bytes += each.heapBytes();
    }
    return bytes;
  }

  @Override
  public void write(BinaryWriter out) {
    out.string(subscription.toString());
    out.varint(limits.inboxMessagesMax()).varint(limits.inboxBytesMax()).int64(nowMillis);
    out.varint(retained.size());
    retained.forEach(each -> each.write(out));
  }

  static ReplayToInbox read(BinaryReader in) {
    SharedFilter subscription = SharedFilter.parse(in.string());
    InboxLimits limits = new InboxLimits(in.varint32(), in.varint());
    long nowMillis = in.int64();
    int count = in.count(1);
    List<StoredDelivery> retained = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      retained.add(StoredDelivery.read(in));
    }
    return new ReplayToInbox(subscription, retained, limits, nowMillis);
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    for (StoredDelivery each : retained) {
      answer.int64(cell.replay(each, subscription, limits, nowMillis));
    }
  }
}
