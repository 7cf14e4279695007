package dev.limpet.store.hazelcast;

import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.IMap;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.map.impl.recordstore.RecordStore;
import com.hazelcast.spi.impl.NodeEngine;
import com.hazelcast.spi.impl.PartitionSpecificRunnable;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Visits the values of a map that this member has, its own and its copies of others, which no
 * public call shows. Thread-safe.
 */
public final class PartitionVisits {
  private static final int HEADER_BYTES = 12;

  private final NodeEngine engine;
  private final String map;

  /** Sees one partition, on its thread, so that no write comes between. */
  public interface Visitor {
    /**
     * One of the entries; called before {@link #seen}.
     *
     * @param key deserializes the key, which costs a copy of it
     */
    void entry(Supplier<String> key, @Nullable Object value);

    /**
     * All values have been shown.
     *
     * @param isOwner whether this member owns the partition
     */
    void seen(boolean isOwner);

    /** The partition could not be shown. */
    void failed(RuntimeException failure);
  }

  public PartitionVisits(IMap<String, ?> map) {
    this.engine = new MapInternals(map).engine();
    this.map = map.getName();
  }

  /**
   * The first bytes that a serializer of ours made of a value, where the map keeps values in binary
   * form. Hazelcast puts the hash of the partition, the type and the length in front of them.
   *
   * @param bytesMax no more than these
   */
  public static byte[] bytesOf(Object value, int bytesMax) {
    byte[] whole = ((Data) value).toByteArray();
    int end = (int) Math.min(whole.length, (long) HEADER_BYTES + bytesMax);
    return Arrays.copyOfRange(whole, HEADER_BYTES, end);
  }

  public int partitions() {
    return engine.getPartitionService().getPartitionCount();
  }

  /** Shows a partition to a visitor, soon. */
  public void visit(int partition, Visitor visitor) {
    engine.getOperationService().execute(new Visit(partition, visitor));
  }

  private final class Visit implements PartitionSpecificRunnable {
    private final int partition;
    private final Visitor visitor;

    Visit(int partition, Visitor visitor) {
      this.partition = partition;
      this.visitor = visitor;
    }

    @Override
    public int getPartitionId() {
      return partition;
    }

    @Override
    public void run() {
      try {
        MapService maps = engine.getService(MapService.SERVICE_NAME);
        RecordStore<?> store =
            maps.getMapServiceContext()
                .getPartitionContainer(partition)
                .getExistingRecordStore(map);
        boolean isOwner = engine.getPartitionService().isPartitionOwner(partition);
        if (store != null) {
          store.forEach(
              (key, record) -> visitor.entry(() -> engine.toObject(key), record.getValue()),
              !isOwner);
        }
        visitor.seen(isOwner);
      } catch (RuntimeException e) {
        visitor.failed(e);
      }
    }
  }
}
