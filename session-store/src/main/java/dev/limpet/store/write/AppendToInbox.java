package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.broker.spi.durable.StoredDelivery;

/** Performs {@code SessionStore.append} for one inbox; answers a number of {@code AppendResult}. */
public record AppendToInbox(StoredDelivery delivery, InboxLimits limits, long nowMillis)
    implements SessionWrite {
  static final int KIND = 3;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public int bytes() {
    return 128 + delivery.heapBytes();
  }

  @Override
  public void write(BinaryWriter out) {
    delivery.write(out);
    out.varint(limits.inboxMessagesMax()).varint(limits.inboxBytesMax()).int64(nowMillis);
  }

  static AppendToInbox read(BinaryReader in) {
    StoredDelivery delivery = StoredDelivery.read(in);
    return new AppendToInbox(delivery, new InboxLimits(in.varint32(), in.varint()), in.int64());
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    answer.int64(cell.append(delivery, limits, nowMillis));
  }
}
