package dev.limpet.store.hazelcast;

import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.map.impl.MapEntries;
import com.hazelcast.spi.impl.NodeEngine;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Applies processors to some keys of one partition ({@link CommitOperation}). Thread-safe. */
public final class Commits {
  private final MapInternals map;
  private final String name;

  public Commits(IMap<String, ?> map) {
    this.map = new MapInternals(map);
    this.name = map.getName();
  }

  /** The partition of a key. */
  public int partitionOf(String key) {
    return map.partitionOf(key);
  }

  /**
   * Applies a processor, which may be told of it ({@link AppliedWrites}).
   *
   * @return completed when the owner and its backups have done so, on a thread of Hazelcast's;
   *     fails when it is not known whether they have
   * @throws com.hazelcast.core.HazelcastInstanceNotActiveException when the member shuts down
   */
  public CompletionStage<Answers> apply(
      int partition, Collection<String> keys, EntryProcessor<?, ?, byte[]> processor) {
    Set<Data> data = new HashSet<>();
    keys.forEach(key -> data.add(map.key(key)));
    return map.<MapEntries>invoke(new CommitOperation(name, data, processor), partition)
        .thenApply(entries -> new Answers(entries, map.engine()));
  }

  /** The answers of the processor. Immutable; decoded on the thread that asks. */
  public static final class Answers {
    private final MapEntries entries;
    private final NodeEngine engine;

    private Answers(MapEntries entries, NodeEngine engine) {
      this.entries = entries;
      this.engine = engine;
    }

    /** For each key. */
    public Map<String, byte[]> byKey() {
      Map<String, byte[]> answers = new HashMap<>(2 * entries.size());
      for (int i = 0; i < entries.size(); i++) {
        String key = engine.toObject(entries.getKey(i));
        byte[] answer = engine.toObject(entries.getValue(i));
        answers.put(key, Objects.requireNonNull(answer));
      }
      return answers;
    }
  }
}
