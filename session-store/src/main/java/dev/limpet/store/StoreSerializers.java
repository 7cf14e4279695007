package dev.limpet.store;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationFormat;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.store.hazelcast.TopicFilterPredicate;
import dev.limpet.store.partition.CopiedWrites;
import dev.limpet.store.partition.PartitionWrites;
import dev.limpet.store.retained.TopicOrder;
import dev.limpet.store.write.DescribeSession;
import dev.limpet.store.write.KnowsDelivery;
import dev.limpet.store.write.ReadInbox;
import dev.limpet.store.write.SessionFormat;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Lists the serializers of everything the store sends through Hazelcast or keeps in it. Stateless.
 */
final class StoreSerializers {
  /** The cluster module takes its ids elsewhere. */
  private static final int FIRST_TYPE_ID = 7_000;

  private StoreSerializers() {}

  static List<BinarySerializer<?>> all() {
    return List.of(
        of(1, DurableSession.class, SessionFormat::write, SessionFormat::readSession),
        new BinarySerializer<>(
            FIRST_TYPE_ID + 8,
            PartitionWrites.class,
            PartitionWrites::toBytes,
            PartitionWrites::ofBytes),
        new BinarySerializer<>(
            FIRST_TYPE_ID + 12,
            CopiedWrites.class,
            copied -> copied.writes.toBytes(),
            bytes -> new CopiedWrites(PartitionWrites.ofBytes(bytes))),
        of(3, ReadInbox.class, ReadInbox::write, ReadInbox::read),
        of(
            11,
            KnowsDelivery.class,
            (question, out) -> SessionFormat.write(question.delivery, out),
            in -> new KnowsDelivery(SessionFormat.readPublicationId(in))),
        of(4, DescribeSession.class, (processor, out) -> {}, in -> new DescribeSession()),
        of(5, Publication.class, PublicationFormat::write, PublicationFormat::readPublication),
        of(
            6,
            TopicFilterPredicate.class,
            (predicate, out) ->
                out.string(predicate.filter().value()).varint(predicate.messagesMax()),
            in -> new TopicFilterPredicate(TopicFilter.of(in.string()), in.varint32())),
        of(7, TopicOrder.class, (order, out) -> {}, in -> new TopicOrder()));
  }

  private static <T> BinarySerializer<T> of(
      int number,
      Class<T> type,
      BiConsumer<T, BinaryWriter> write,
      Function<BinaryReader, T> read) {
    return new BinarySerializer<>(
        FIRST_TYPE_ID + number,
        type,
        value -> {
          Buffer out = Buffer.buffer();
          write.accept(value, new BinaryWriter(out));
          return out.getBytes();
        },
        bytes -> read.apply(new BinaryReader(Buffer.buffer(bytes))));
  }
}
